"""Front matter: what a document says of itself before it begins, in YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.text.dateline import day_told
from codexity.adapters.extract.text.logseq import is_own, properties_at_top
from codexity.adapters.extract.text.obsidian import shown

_LONGEST: Final = 50_000
_MOST_FIELDS: Final = 200
_MOST_VALUES: Final = 100
_YAML = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(
    r"([^\W\d_][\w.-]*(?: [\w.-]+){0,3}|\"[^\"]{1,60}\"|'[^']{1,60}') ?:(?:[ \t]+(.*))?"
)
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?")
_LINK = re.compile(r"\[\[([^\[\]\n]{1,300})\]\]")
_TAG = re.compile(r"(?:(?<=[\s,\[\"'])|\A)#(?=[^\W\d_])")
_SIGNS = re.compile(r"[\s_.-]+")
_TITLE: Final = ("title", "name")
_SUMMARY: Final = ("summary", "description", "abstract", "excerpt", "subtitle")
_PUBLISHED: Final = tuple(
    """date datetime published datepublished publisheddate publisheddate publishedat publishedon
    publishdate pubdate publicationdate issued dateissued dcdate posted postedon dateposted written
    datum fecha data дата 日期 日付 날짜 created createdat createdon createdtime datecreated
    creationdate creationtime erstellt erstelltam timestamp day""".split()
)
_MODIFIED: Final = tuple(
    """updated updatedat updatedon dateupdated lastupdated lastupdate modified modifiedat modifiedon
    modifiedtime datemodified lastmod lastmodified lastedited edited revised revdate mtime geändert
    aktualisiert""".split()
)
_OF_NO_READER: Final = frozenset(
    """layout draft weight slug type permalink url id uid uuid cssclass cssclasses lang language
    publish template toc math comments sidebar sidebar_position sidebar_label nav_order image cover
    banner icon markup theme output kernelspec jupyter bibliography hide kanban-plugin
    excalidraw-plugin obsidianuimode obsidianeditingmode dg-publish""".split()
)
"""Fields that tell a program how to show a document, and a reader nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The fields in their order, by their names as written; the text begins at `end`."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    end: int = 0

    def first(self, names: Iterable[str]) -> str:
        """The value of the first of these names that has one; empty where there is none."""
        lower = {name.lower(): values for name, values in reversed([*self.fields.items()])}
        return next((" ".join(lower[name]) for name in names if lower.get(name)), "")

    @property
    def title(self) -> str:
        """The title that it gives, or an empty one."""
        return blocks.prose(self.first(_TITLE))

    @property
    def published(self) -> str:
        """The words that say when the document was published."""
        return self._day(_PUBLISHED)

    @property
    def modified(self) -> str:
        """The words that say when the document was changed."""
        return self._day(_MODIFIED)

    def _day(self, names: Iterable[str]) -> str:
        """The value of the first of these names that has a day; names with signs in them too."""
        bare = {_bare(name): values for name, values in reversed([*self.fields.items()])}
        said = (" ".join(bare[name]) for name in names if bare.get(name))
        return next((one for one in said if day_told(one)), "")

    def drafts(self) -> Iterator[Draft]:
        """What a reader is to know of it: the summary, then the other fields as pairs."""
        for name, values in self.fields.items():
            if name.lower() in _SUMMARY:
                yield Draft(text=blocks.prose(" ".join(values)))
        told = {*_TITLE, *_SUMMARY, *_OF_NO_READER}
        days = {*_PUBLISHED, *_MODIFIED}
        for name, values in self.fields.items():
            key, value = blocks.prose(name), blocks.prose(", ".join(values))
            is_day = _bare(name) in days and day_told(" ".join(values)) is not None
            own = name.lower() in told or is_own(name)
            if not own and not is_day and key and value:
                yield blocks.pair(key, value)


def _linked(value: str) -> str:
    """A value with the words of its links, and of its tags."""
    return _TAG.sub("", _LINK.sub(lambda link: shown(link[1], embedded=False), value))


def _bare(name: str) -> str:
    return _SIGNS.sub("", name.lower())


def front_matter(source: str) -> FrontMatter:
    """The front matter of a document; an empty one where it has none.

    A rule at the top is none: every line between the two has to be a field (`key: value`), or to
    belong to the one before.
    """
    head = source[:_LONGEST]
    if match := _YAML.match(head):
        fields = _of_yaml(match.group(1))
    elif match := _TOML.match(head):
        fields = _of_toml(match.group(1))
    elif head.startswith("{"):
        return _of_json(head)
    else:
        return _of_properties(head)
    return FrontMatter(fields=fields, end=match.end()) if fields else FrontMatter()


def _of_properties(head: str) -> FrontMatter:
    """The properties that a page of Logseq begins with, as fields."""
    told, end = properties_at_top(head)
    fields = {name: [words] for name, value in told if (words := _linked(value))}
    return FrontMatter(fields=_bounded(fields), end=end) if told else FrontMatter()


def _of_yaml(text: str) -> dict[str, tuple[str, ...]]:
    """The fields of the YAML that people write by hand; none where a line is no YAML at all.

    Lines are read one by one: a title with a colon in it, which is an error in YAML, is a title.
    """
    fields: dict[str, list[str]] = {}
    values: list[str] | None = None
    for line in text.split("\n"):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        is_item = bare == "-" or bare.startswith("- ")
        if line[0].isspace() or is_item or (values is not None and bare in {"]", "}"}):
            if values is None:
                return {}
            values += _values(bare[1:].strip() if is_item else bare)
            continue
        match = _FIELD.fullmatch(line.rstrip())
        if match is None:
            return {}
        values = fields.setdefault(match.group(1).strip("\"'"), [])
        if not _BLOCK_SCALAR.fullmatch(match.group(2) or ""):
            values += _values((match.group(2) or "").strip())
    return _bounded(fields)


def _values(text: str) -> list[str]:
    """The values of one line: a list in brackets, or one scalar without its quotation marks."""
    text = _linked(text)
    if text[:1] in {'"', "'"} and text.rfind(text[0]) > 0:
        return [text[1 : text.rfind(text[0])]]
    text = _COMMENT.sub("", text)
    if text[:1] in "[{" and text[-1:] in "]}":
        parts = text[1:-1].split(",")
    elif text in {"[", "]", "{", "}"}:
        parts = []
    else:
        parts = [text]
    return [one.strip().strip("\"'") for one in parts if one.strip()]


def _of_toml(text: str) -> dict[str, tuple[str, ...]]:
    try:
        return _bounded(_flat(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError):
        return _of_yaml(re.sub(r"^([\w.-]+)[ \t]*=", r"\1:", text, flags=re.MULTILINE))


def _of_json(head: str) -> FrontMatter:
    try:
        said, end = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(said, dict) or not said or head[end : end + 1] not in {"", "\n"}:
        return FrontMatter()
    return FrontMatter(fields=_bounded(_flat(cast("dict[str, Any]", said))), end=end)


def _flat(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of a table; what is within one of them is its values, whatever their shape."""
    fields: dict[str, list[str]] = {}
    for name, value in table.items():
        waiting, values = [value], fields.setdefault(str(name), [])
        while waiting and len(values) < _MOST_VALUES:
            one = waiting.pop()
            if isinstance(one, dict):
                waiting += reversed(list(cast("dict[str, Any]", one).values()))
            elif isinstance(one, list):
                waiting += reversed(cast("list[Any]", one))
            elif one is not None:
                values.append(str(one))
    return fields


def _bounded(fields: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(values[:_MOST_VALUES]) for name, values in list(fields.items())[:_MOST_FIELDS]
    }
