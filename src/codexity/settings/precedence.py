"""The layers on top of each other: which of those who gave a setting is heard, and who is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from codexity.settings import layers
from codexity.settings.directory import DOTENV, FILE, WorkingDirectory
from codexity.settings.layers import Given
from codexity.settings.names import Names
from codexity.settings.tree import leaves
from codexity.settings.trust import TrustState

_MOST_NAMED: Final = 6
TRUST: Final = "`codexity trust`"
"""The command that allows what a folder's files set, as warnings name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """For the name of each setting, what was given and counts.

    `ignored` does not, although no flag, variable or file beats it; `warnings` tell it, each in a
    line.
    """

    given: Mapping[str, Given]
    ignored: tuple[Given, ...] = ()
    warnings: tuple[str, ...] = ()


def heard(
    directory: WorkingDirectory,
    overrides: Mapping[str, object],
    environ: Mapping[str, str],
    state: TrustState,
    changed: Sequence[str] = (),
) -> Heard:
    """What counts: flags beat the environment, then `.env`, `codexity.toml`, the user's file.

    The files of a directory that is not trusted are heard where what they say is harmless;
    `changed` are those that are not what they were when it was. A key counts where its address was
    given, or nobody gave one.

    Raises:
        Misconfigured: a name is no setting, or a file cannot be understood.
    """
    names = Names()
    lowest_first = [
        *layers.from_user(names, environ),
        *given_by(directory, names),
        *layers.from_environment(names, environ),
        *layers.from_flags(names, overrides),
    ]
    taken = [
        one
        for one in lowest_first
        if not one.of_directory or state == "trusted" or one.leaf.takes(one.value)
    ]
    given = {one.leaf.name: one for one in taken}
    left_out = tuple(one for one in lowest_first if one not in taken)
    warnings = [*directory.unread]
    if left_out and state != "trusted":
        warnings.append(_untrusted(left_out, _doubt(changed)))
    apart, said = _keep_beside(given, taken)
    return Heard(given=given, ignored=(*left_out, *apart), warnings=(*warnings, *said))


def given_by(directory: WorkingDirectory, names: Names) -> list[Given]:
    """What the files of a working directory give, the lowest layer first."""
    file, dotenv = (directory.texts.get(name) for name in (FILE, DOTENV))
    return [
        *(layers.from_directory(names, file.text) if file else ()),
        *(layers.from_dotenv(names, dotenv.text) if dotenv else ()),
    ]


def _keep_beside(
    given: dict[str, Given], taken: Sequence[Given]
) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    """Puts for each key the one that was given where its address was, or none.

    There are two places: the working directory, and what is the user's alone (flags, environment,
    the configuration folder).
    """
    by_name = {leaf.name: leaf for leaf in leaves()}
    apart: list[Given] = []
    said: list[str] = []
    for leaf in leaves():
        key = given.get(leaf.name)
        if leaf.sent_to is None or key is None:
            continue
        address = given.get(leaf.sent_to)
        if address is None and by_name[leaf.sent_to].field.get_default() is None:
            said.append(f"{key.spelled} is sent nowhere: {leaf.sent_to} is not set beside it")
        if address is None or address.of_directory == key.of_directory:
            continue
        apart.append(key)
        beside = [
            one for one in taken if one.leaf == leaf and one.of_directory == address.of_directory
        ]
        if beside:
            given[leaf.name] = beside[-1]
            continue
        del given[leaf.name]
        said.append(
            f"{key.spelled} is sent nowhere: the address that counts, {address.spelled}, was not "
            "set beside it; set both in one place"
        )
    return tuple(apart), tuple(said)


def _untrusted(left_out: Sequence[Given], why: str) -> str:
    files = list(dict.fromkeys(one.origin for one in left_out))
    names = list(dict.fromkeys(one.leaf.name for one in left_out))
    more = len(names) - _MOST_NAMED
    told = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"ignored from {' and '.join(files)} of the working directory, because {why}: {told}; "
        f"{TRUST} shows and allows them"
    )


def _doubt(changed: Sequence[str]) -> str:
    if not changed:
        return "this folder is not trusted"
    was = "is not what it was" if len(changed) == 1 else "are not what they were"
    return f"{' and '.join(changed)} {was} when this folder was trusted"
