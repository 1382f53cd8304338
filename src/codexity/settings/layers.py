"""Reads what was set: flags, environment, `.env` and `codexity.toml`, each as a layer of values."""

from __future__ import annotations

import io
import json
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from codexity.errors import Misconfigured
from codexity.settings.directory import DOTENV, FILE
from codexity.settings.files import read
from codexity.settings.names import Names
from codexity.settings.tree import PREFIX, Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One setting as somebody gave it: where, and how the name and its place are told in errors.

    `of_directory`: by a file of the working directory, and so perhaps not by the user.
    """

    leaf: Leaf
    value: object
    origin: str
    spelled: str
    of_directory: bool = False


def from_flags(names: Names, overrides: Mapping[str, object]) -> Iterator[Given]:
    """The flags of a command; None means that a flag was not given."""
    return _from_tree(names, overrides, where=" (flag)", origin="flag")


def from_environment(
    names: Names, environ: Mapping[str, str], *, where: str = "", origin: str = "environment {}"
) -> Iterator[Given]:
    """Variables that begin with `CODEXITY_`; one with an empty value counts as not set."""
    for variable in sorted(environ):
        value = environ[variable]
        if not variable.upper().startswith(PREFIX):
            continue
        leaf = names.of_variable(variable, value, where=where)
        if leaf is None or not value.strip():
            continue
        spelled = f"{variable}{where}"
        yield Given(
            leaf=leaf,
            value=_from_json(value, leaf, spelled) if leaf.is_json else value,
            origin=origin.format(variable),
            spelled=spelled,
        )


def from_dotenv(names: Names, text: str) -> Iterator[Given]:
    """The variables of an `.env` file of this text; those of other programs are passed over.

    They are settings or nothing: no variable of the process becomes another by them.
    """
    from dotenv.parser import parse_stream

    variables: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error and PREFIX in binding.original.string.upper():
            raise Misconfigured(f"{DOTENV}: line {binding.original.line} cannot be understood")
        if binding.key:
            variables[binding.key] = binding.value or ""
    for given in from_environment(names, variables, where=f" in {DOTENV}", origin=DOTENV):
        yield replace(given, of_directory=True)


def from_directory(names: Names, text: str) -> Iterator[Given]:
    """The settings of the working directory's `codexity.toml`, which holds this text."""
    for given in _from_toml(names, text, FILE):
        yield replace(given, of_directory=True)


def from_user(names: Names, environ: Mapping[str, str]) -> Iterator[Given]:
    """The settings of the `codexity.toml` in the user's configuration folder, when there is one."""
    folder = config_dir(environ)
    path = None if folder is None else folder / FILE
    found = None if path is None else read(path, str(path))
    return iter(()) if found is None else _from_toml(names, found.text, str(path))


def _from_toml(names: Names, text: str, shown: str) -> Iterator[Given]:
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured(f"{shown} is not valid TOML: {error}") from error
    return _from_tree(names, tree, where=f" in {shown}", origin=shown)


def of_process() -> Mapping[str, str]:
    """The environment of this process."""
    return os.environ  # noqa: TID251 -- the one reader


def config_dir(environ: Mapping[str, str]) -> Path | None:
    """The user's configuration folder, if any. Source: XDG Base Directory; macOS's own."""
    return _user_dir(environ, "XDG_CONFIG_HOME", ".config")


def data_dir(environ: Mapping[str, str]) -> Path | None:
    """The user's data folder, if any. Source: XDG Base Directory; macOS's own."""
    return _user_dir(environ, "XDG_DATA_HOME", ".local/share")


def home(environ: Mapping[str, str]) -> Path | None:
    """The user's own folder; None for a user without one, as containers have them.

    A relative one is none: what is kept there would be whatever the working directory holds.
    """
    try:
        found = Path(environ.get("HOME") or Path.home())
    except RuntimeError:
        return None
    return found if found.is_absolute() else None


def _user_dir(environ: Mapping[str, str], variable: str, below_home: str) -> Path | None:
    # The specification has relative paths ignored.
    if Path(environ.get(variable, "")).is_absolute():
        return Path(environ[variable]) / "codexity"
    own = home(environ)
    below = "Library/Application Support" if sys.platform == "darwin" else below_home
    return None if own is None else own / below / "codexity"


def _from_tree(
    names: Names, tree: Mapping[str, object], *, where: str, origin: str
) -> Iterator[Given]:
    pairs: list[tuple[tuple[str, ...], object]] = []
    for key, value in tree.items():
        if key not in names.groups and not isinstance(value, Mapping):
            pairs.append(((key,), value))
        elif isinstance(value, Mapping):
            inner = cast("Mapping[str, object]", value)
            group = names.group(key, where=where)
            pairs.extend(((group, own), one) for own, one in inner.items())
        else:
            example = names.nearest((key,)).name
            raise Misconfigured(f"{key}{where}: is a group of settings, such as {example}")
    for path, value in pairs:
        leaf = names.of_path(path, where=where)
        if value is not None:
            yield Given(leaf=leaf, value=value, origin=origin, spelled=f"{leaf.name}{where}")


def _from_json(text: str, leaf: Leaf, spelled: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        example = json.dumps(leaf.example)
        raise Misconfigured(f"{spelled}: must be JSON, such as {example}") from error
