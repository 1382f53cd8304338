"""What was found in folders: the files to read, and what was left out of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from codexity.adapters.library.named_kinds import what_it_is
from codexity.adapters.library.rows import State

_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFailure:
    """A file or folder that could not be read, and why in plain words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """One file to read; `size` in bytes, `changed` in nanoseconds since 1970.

    `guessed`: nothing but its content can say whether it is a document.
    """

    path: str
    size: int
    changed: int
    media_type: str
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherKind:
    """Files of a kind that is not read: `what` they are and what can be done, in plain words.

    `suffix` is empty for what has none; `names` are those of the first few.
    """

    suffix: str
    count: int
    names: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What of the folders was not looked at, and why.

    `folders` are the names of hidden folders and of those that tools fill, `made` those of files
    that tools write, `hidden` counts hidden files, `empty` those of source code that hold nothing,
    `by_rules` files and folders by the place of the rules that leave them out (`.gitignore`).
    `kinds` are files of kinds that are not read.
    """

    folders: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    hidden: int = 0
    empty: int = 0
    by_rules: tuple[tuple[str, int], ...] = ()
    kinds: tuple[OtherKind, ...] = ()


@dataclass(slots=True, kw_only=True)
class Scan:
    """What was found under some paths, and what of them was left out.

    `unlisted` are folders of which it is not known what is in them, `devices` says of the others
    on which file system each is. `kinds` counts files that are
    not read by their suffix, and `names` has the first few of each.
    """

    files: dict[str, FoundFile] = field(default_factory=dict[str, FoundFile])
    failed: list[FileFailure] = field(default_factory=list[FileFailure])
    unlisted: list[str] = field(default_factory=list[str])
    devices: dict[str, int] = field(default_factory=dict[str, int])
    folders: list[str] = field(default_factory=list[str])
    made: list[str] = field(default_factory=list[str])
    hidden: int = 0
    empty: int = 0
    by_rules: Counter[str] = field(default_factory=Counter[str])
    kinds: Counter[str] = field(default_factory=Counter[str])
    names: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def of_other_kind(self, name: str, suffix: str) -> None:
        """Notes a file that is not read."""
        self.kinds[suffix] += 1
        names = self.names.setdefault(suffix, [])
        if len(names) < _NAMED:
            names.append(name)

    def left_out(self) -> LeftOut:
        """All that was left out, the kinds by their suffixes."""
        kinds = (
            OtherKind(
                suffix=suffix,
                count=count,
                names=tuple(self.names[suffix]),
                what=what_it_is(suffix),
            )
            for suffix, count in sorted(self.kinds.items())
        )
        return LeftOut(
            folders=tuple(self.folders),
            made=tuple(self.made),
            hidden=self.hidden,
            empty=self.empty,
            by_rules=tuple(sorted(self.by_rules.items())),
            kinds=tuple(kinds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is known of files from looking at them before.

    `away` are folders that cannot be looked into now: what came from them stays. `unread` are files
    that could not be read, as they were then: they are not read again.
    """

    away: tuple[str, ...] = ()
    unread: Mapping[str, State] = field(default_factory=dict[str, State])


def absolute(paths: Sequence[Path]) -> list[str]:
    """The paths from the root of the file system, with the links in them."""
    # Links stay: what a link points to may change, and its documents are then of the old.
    return [os.path.abspath(path) for path in paths]  # noqa: PTH100 - `resolve` follows links


def reason(error: OSError) -> str:
    """Why the system refused, in plain words."""
    if isinstance(error, FileNotFoundError):
        return "There is no such file or folder."
    if isinstance(error, PermissionError):
        return "You may not read it."
    return f"It cannot be read: {error.strerror or type(error).__name__}."


def was_found(root: str, found: Scan) -> bool:
    """Whether a path is there and could be read."""
    return all(failure.path != root for failure in found.failed)


def was_looked_for(path: str, roots: Sequence[str], found: Scan) -> bool:
    """Whether the file would have been found if it were there."""
    return any(below(path, root) for root in roots) and not any(
        below(path, folder) for folder in found.unlisted
    )


def below(path: str, root: str) -> bool:
    """Whether a path is the other one, or stands below it."""
    return path == root or path.startswith(root.rstrip("/") + "/")
