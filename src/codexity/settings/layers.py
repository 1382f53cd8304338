"""Reads what was set: flags, environment, `.env` and `codexity.toml`, each as a layer of values."""

from __future__ import annotations

import io
import json
import stat
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from codexity.errors import Misconfigured
from codexity.settings.names import Names
from codexity.settings.tree import PREFIX, Leaf

FILE = "codexity.toml"
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One setting as somebody gave it: where, and how the name and its place are told in errors."""

    leaf: Leaf
    value: object
    origin: str
    spelled: str


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


def from_dotenv(names: Names, path: Path) -> Iterator[Given]:
    """The variables of an `.env` file; those of other programs are passed over."""
    from dotenv.parser import parse_stream

    text = _read(path, path.name)
    variables: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text or "")):
        if binding.error and PREFIX in binding.original.string:
            raise Misconfigured(f"{path.name}: line {binding.original.line} cannot be understood")
        if binding.key:
            variables[binding.key] = binding.value or ""
    return from_environment(names, variables, where=f" in {path.name}", origin=path.name)


def from_file(names: Names, path: Path, shown: str) -> Iterator[Given]:
    """The settings of a `codexity.toml`, when there is one."""
    text = _read(path, shown)
    try:
        tree = tomllib.loads(text or "")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured(f"{shown} is not valid TOML: {error}") from error
    return _from_tree(names, tree, where=f" in {shown}", origin=shown)


def config_dir(environ: Mapping[str, str]) -> Path | None:
    """The user's configuration folder, if any. Source: XDG Base Directory; macOS's own."""
    return _user_dir(environ, "XDG_CONFIG_HOME", ".config")


def data_dir(environ: Mapping[str, str]) -> Path | None:
    """The user's data folder, if any. Source: XDG Base Directory; macOS's own."""
    return _user_dir(environ, "XDG_DATA_HOME", ".local/share")


def home(environ: Mapping[str, str]) -> Path | None:
    """The user's own folder; None for a user without one, as containers have them."""
    if environ.get("HOME"):
        return Path(environ["HOME"])
    try:
        return Path.home()
    except RuntimeError:
        return None


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


def _read(path: Path, shown: str) -> str | None:
    """The file's text, or None when there is no such file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode) and path.name == ".env":
            return None  # A virtual environment of that name.
        if not stat.S_ISREG(mode):
            raise Misconfigured(f"{shown} is not a file")
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        if len(raw) > _MOST_BYTES:
            raise Misconfigured(f"{shown} is larger than {_MOST_BYTES:,} bytes")
        return raw.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Misconfigured(f"{shown} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{shown} is not UTF-8 text") from error
