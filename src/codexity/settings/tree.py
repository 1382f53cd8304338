"""All settings as one tree, and the name that each has in files and in the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_origin

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from codexity.errors import Misconfigured
from codexity.settings.connections import ConnectionsGroup
from codexity.settings.embedding import EmbedGroup
from codexity.settings.groups import (
    LibraryGroup,
    LLMGroup,
    LogGroup,
    SearchGroup,
    SearxngGroup,
    ServerGroup,
)
from codexity.settings.keyed import BraveGroup, MojeekGroup, TavilyGroup
from codexity.settings.limits import LimitsGroup
from codexity.settings.reading import BrowserGroup, FetchGroup
from codexity.settings.streaming import RunsGroup, StreamGroup
from codexity.settings.values import Group, Harmless, HarmlessAs, SentTo

PREFIX = "CODEXITY_"


class Settings(Group):
    """Every setting of Codexity."""

    data_dir: Path = Field(
        description="The folder of everything that is kept: database, caches, library. Not set: "
        "the user's data folder, such as `~/.local/share/codexity`.",
        examples=["~/.local/share/codexity"],
    )
    server: ServerGroup = ServerGroup()
    connections: ConnectionsGroup = ConnectionsGroup()
    stream: StreamGroup = StreamGroup()
    runs: RunsGroup = RunsGroup()
    llm: LLMGroup = LLMGroup()
    embed: EmbedGroup = EmbedGroup()
    search: SearchGroup = SearchGroup()
    searxng: SearxngGroup = SearxngGroup()
    brave: BraveGroup = BraveGroup()
    tavily: TavilyGroup = TavilyGroup()
    mojeek: MojeekGroup = MojeekGroup()
    fetch: FetchGroup = FetchGroup()
    browser: BrowserGroup = BrowserGroup()
    library: LibraryGroup = LibraryGroup()
    limits: LimitsGroup = LimitsGroup()
    log: LogGroup = LogGroup()

    def make_data_dir(self) -> None:
        """Makes the folder of everything that is kept, where it is not there.

        Raises:
            Misconfigured: it cannot be made, or may not be entered.
        """
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Misconfigured(
                f"data_dir: {self.data_dir} cannot be made a folder ({why}); set CODEXITY_DATA_DIR "
                "to one that can"
            ) from error
        try:
            # What is in it can be looked at only by who may enter it; a `Path` has no such end.
            os.stat(f"{self.data_dir}/.")  # noqa: PTH116
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Misconfigured(
                f"data_dir: {self.data_dir} cannot be entered ({why}); run Codexity as the user"
                " whose folder it is, or set CODEXITY_DATA_DIR to one of your own"
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One setting: its path in the tree, and what pydantic knows of it."""

    path: tuple[str, ...]
    field: FieldInfo

    @property
    def name(self) -> str:
        """Its name in files: `server.port`."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """Its name in the environment: `CODEXITY_SERVER__PORT`."""
        return PREFIX + "__".join(self.path).upper()

    @property
    def is_json(self) -> bool:
        """Whether its value in the environment is written as JSON: lists and mappings are."""
        return get_origin(self.field.annotation) in {tuple, dict}

    @property
    def may_be_echoed(self) -> bool:
        """Whether an error may repeat the wrong value: text may be a secret in a wrong place."""
        kind = self.field.annotation
        return any(kind is one for one in (int, float, bool)) or get_origin(kind) is Literal

    @property
    def is_harmless(self) -> bool:
        """Whether the files of a working directory that nobody trusted may give it."""
        return any(isinstance(mark, Harmless) for mark in self.field.metadata)

    @property
    def harmless_as(self) -> object:
        """The one value that is harmless from anybody; None where there is none."""
        found = [mark.value for mark in self.field.metadata if isinstance(mark, HarmlessAs)]
        return found[0] if found else None

    def takes(self, value: object) -> bool:
        """Whether the files of a working directory that nobody trusted may give it this value."""
        if self.is_harmless or self.harmless_as is None:
            return self.is_harmless
        kind = cast("Any", Annotated[self.field.annotation, *self.field.metadata])
        adapter: TypeAdapter[object] = TypeAdapter(kind)
        try:
            return adapter.validate_python(value) == self.harmless_as
        except ValidationError:
            return False

    @property
    def sent_to(self) -> str | None:
        """Of a key that is sent to somebody, the name of the setting that is their address."""
        found = [mark for mark in self.field.metadata if isinstance(mark, SentTo)]
        return ".".join((*self.path[:-1], found[0].sibling)) if found else None

    @property
    def example(self) -> object:
        """A value to show people: the example that the setting names, else its default."""
        if self.field.examples:
            return self.field.examples[0]
        return self.field.get_default()


def leaves() -> tuple[Leaf, ...]:
    """Every setting, in the order in which people should read of them."""
    found: list[Leaf] = []
    for name, field in Settings.model_fields.items():
        group = group_of(field)
        if group is None:
            found.append(Leaf(path=(name,), field=field))
        else:
            found.extend(Leaf(path=(name, own), field=f) for own, f in group.model_fields.items())
    return tuple(found)


def group_of(field: FieldInfo) -> type[Group] | None:
    """The group that a field of `Settings` holds; None where it is a setting itself."""
    annotation = field.annotation
    if isinstance(annotation, type) and issubclass(annotation, Group):
        return annotation
    return None
