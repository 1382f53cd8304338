"""Puts the layers on top of each other, checks the whole, and says where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from codexity.errors import Misconfigured
from codexity.settings import layers
from codexity.settings.directory import WorkingDirectory, working_directory
from codexity.settings.keyed import NEEDS
from codexity.settings.layers import Given
from codexity.settings.names import Names
from codexity.settings.precedence import Heard, given_by, heard
from codexity.settings.tree import Leaf, Settings, leaves
from codexity.settings.trust import TrustStore

MASK = "********"

_NOTHING: Mapping[str, object] = MappingProxyType({})
_SAYS = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "path_type": "must be a path",
    "tuple_type": "must be a list",
    "dict_type": "must be a table of names and keys",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must be plain ASCII on one line, without brackets",
    "literal_error": "must be {expected}",
    "value_error": "{error}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting to show: `value` is plain data for JSON, its secrets masked.

    `ignored` names who gave it and was not heard, although nothing beats them.
    """

    name: str
    variable: str
    value: object
    origin: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The settings in effect, and for the name of each where its value came from.

    An origin is `default`, `environment CODEXITY_...`, `.env`, a file's name, or `flag`. `ignored`
    has the origins that were not heard, by the names of settings; `warnings` tell it in lines.
    """

    settings: Settings
    origins: Mapping[str, str]
    ignored: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...]

    def rows(self) -> tuple[Row, ...]:
        """Every setting with its value, in the order of the reference."""
        return tuple(
            Row(
                name=leaf.name,
                variable=leaf.variable,
                value=_shown(_value(self.settings, leaf)),
                origin=self.origins[leaf.name],
                ignored=self.ignored.get(leaf.name, ()),
            )
            for leaf in leaves()
        )


def load(
    *,
    overrides: Mapping[str, object] = _NOTHING,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """The settings in effect. Reads files, so it does not belong onto an event loop.

    Flags beat the environment, which beats `.env`, which beats the `codexity.toml` of the working
    directory, which beats the one in the user's configuration folder.

    Args:
        overrides: flags, nested like the settings (`{"server": {"port": 9000}}`); None is unset.
        cwd: the folder of `.env` and `codexity.toml`; the working directory when not given.
        environ: the environment; the process's own when not given.

    Raises:
        Misconfigured: whatever is wrong, as one line that names the setting. It shows no secret.
    """
    surroundings = layers.of_process() if environ is None else environ
    folder = Path() if cwd is None else cwd
    directory = working_directory(folder, of_user=layers.config_dir(surroundings))
    store = trust_store(surroundings)
    state, changed = store.state(directory), store.changed(directory)
    found = heard(directory, overrides, surroundings, state, changed)
    loaded = _checked(found, surroundings, cwd)
    _check_needs(loaded.settings, found)
    return loaded


def trust_store(environ: Mapping[str, str]) -> TrustStore:
    """Where it is kept which working directories the user said yes to.

    Its place is the environment's alone: no file can have moved it.
    """
    own = layers.data_dir(environ)
    return TrustStore(own / "trusted" if own is not None and own.is_absolute() else None)


def given_in(directory: WorkingDirectory, environ: Mapping[str, str]) -> tuple[Row, ...]:
    """What the files of a working directory set that needs trust, as they would set it alone.

    Raises:
        Misconfigured: they would stop the start.
    """
    given = {one.leaf.name: one for one in given_by(directory, Names())}
    loaded = _checked(Heard(given=given), environ, directory.path)
    needing = {name for name, one in given.items() if not one.leaf.takes(one.value)}
    return tuple(row for row in loaded.rows() if row.name in needing)


def _checked(found: Heard, environ: Mapping[str, str], cwd: Path | None) -> Loaded:
    try:
        tree, origins = _tree(found.given, environ, cwd)
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise Misconfigured(_told(error.errors(include_url=False)[0], found.given)) from None
    ignored: dict[str, tuple[str, ...]] = {}
    for one in found.ignored:
        ignored[one.leaf.name] = (*ignored.get(one.leaf.name, ()), one.origin)
    return Loaded(
        settings=settings,
        origins=MappingProxyType(origins),
        ignored=MappingProxyType(ignored),
        warnings=found.warnings,
    )


def _check_needs(settings: Settings, found: Heard) -> None:
    needed = {leaf.name: leaf for leaf in leaves()}
    for name in sum(settings.search.alternatives(), ()):
        leaf = needed.get(NEEDS.get(name, ""))
        if leaf is not None and _value(settings, leaf) is None:
            names = (leaf.name, leaf.variable)
            why = next((one for one in found.warnings if any(n in one for n in names)), "")
            raise Misconfigured(
                f"{found.given['search.providers'].spelled}: names {name}, but {leaf.name} "
                f"({leaf.variable}) is not set{why and f' ({why})'}"
            )


def _tree(
    given: Mapping[str, Given], environ: Mapping[str, str], cwd: Path | None
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, object] = {name: one.value for name, one in given.items()}
    if "search.providers" not in given and "searxng.url" in given:
        values["search.providers"] = ("duckduckgo", "searxng", "library")
    values.setdefault("data_dir", layers.data_dir(environ))
    values["data_dir"] = _folder(values["data_dir"], environ, cwd)
    tree: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for leaf in leaves():
        origins[leaf.name] = given[leaf.name].origin if leaf.name in given else "default"
        if leaf.name in values:
            *above, last = leaf.path
            branch = tree.setdefault(above[0], {}) if above else tree
            branch[last] = values[leaf.name]
    return tree, origins


def _folder(path: object, environ: Mapping[str, str], cwd: Path | None) -> object:
    home = layers.home(environ)
    if path is None or (home is None and str(path).startswith("~")):
        raise Misconfigured("data_dir: you have no home folder; set CODEXITY_DATA_DIR")
    if not isinstance(path, str | Path):
        return path
    parts = Path(path).parts
    if not parts or "\0" in str(path):
        raise Misconfigured("data_dir: must be a folder")
    whole = home.joinpath(*parts[1:]) if home and parts[0] == "~" else Path(path)
    try:
        return (whole if cwd is None else cwd / whole).absolute()
    except FileNotFoundError as error:
        raise Misconfigured("data_dir: the working directory is gone; give a whole path") from error


def _told(fault: ErrorDetails, given: Mapping[str, Given]) -> str:
    place = [str(part) for part in fault["loc"]]
    name = next(one for one in (".".join(place[:2]), place[0]) if one in given)
    one = given[name]
    says = fault["msg"]
    if fault["type"] in _SAYS:
        says = _SAYS[fault["type"]].format_map(fault.get("ctx", {}))
    if len(place) > len(one.leaf.path) and fault["type"] == "string_type":
        says = "must hold text only"
    if fault["type"] != "value_error" and one.leaf.may_be_echoed:
        says = f"{says}, not {_short(fault['input'])}"
    return " ".join(f"{one.spelled}: {says}".split())


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}..."


def _value(settings: Settings, leaf: Leaf) -> object:
    value: object = settings
    for part in leaf.path:
        value = cast("object", getattr(value, part))
    return value


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, dict):
        return {str(name): _shown(one) for name, one in cast("dict[object, object]", value).items()}
    if isinstance(value, tuple):
        return [_shown(one) for one in cast("tuple[object, ...]", value)]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str) and "://" in value and "@" in value:
        parts = urlsplit(value)
        return parts._replace(netloc=f"{MASK}@{parts.netloc.rpartition('@')[2]}").geturl()
    return value
