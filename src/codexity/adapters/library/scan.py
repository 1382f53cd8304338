"""Which files of a folder are documents: by suffix, and by a look at their first bytes."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codexity.adapters.library.ignored import NAME as RULES
from codexity.adapters.library.ignored import IgnoreRules, is_of_tools, rules_above, rules_of
from codexity.adapters.library.kinds import MEDIA_TYPES, PACKED_TYPES, SOURCE_CODE
from codexity.adapters.library.other_kinds import is_other, packed_type

_LOOKED_AT_BYTES = 8_192
_MAX_DEPTH = 64
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1_024


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
class LeftOut:
    """What of the folders was not looked at, and why.

    `folders` are the names of hidden folders and of those that tools fill, `hidden` counts hidden
    files, `empty` those of source code that hold nothing, `by_rules` files and folders that a
    `.gitignore` names. `kinds` counts files of kinds that are not read, by their suffix; an empty
    one stands for those that have none.
    """

    folders: tuple[str, ...] = ()
    hidden: int = 0
    empty: int = 0
    by_rules: int = 0
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True, kw_only=True)
class Scan:
    """What was found under some paths, and what of them was left out."""

    files: dict[str, FoundFile] = field(default_factory=dict[str, FoundFile])
    failed: list[FileFailure] = field(default_factory=list[FileFailure])
    unlisted: list[str] = field(default_factory=list[str])
    folders: list[str] = field(default_factory=list[str])
    hidden: int = 0
    empty: int = 0
    by_rules: int = 0
    kinds: Counter[str] = field(default_factory=Counter[str])

    def left_out(self) -> LeftOut:
        """All that was left out, the kinds by their suffixes."""
        return LeftOut(
            folders=tuple(self.folders),
            hidden=self.hidden,
            empty=self.empty,
            by_rules=self.by_rules,
            kinds=tuple(sorted(self.kinds.items())),
        )


def scan(roots: Sequence[str], max_files: int, *, ignore: bool = True) -> Scan:
    """Looks through folders and all below them, in the order of their names.

    Hidden files and folders are left out, and a folder that was met already, through whatever
    link, is not entered again. With `ignore` so is what `.gitignore` names, and folders that tools
    fill. A file that is named itself is taken whatever its suffix.
    """
    found = Scan()
    walk = _Walk(found, max_files, ignore=ignore)
    for root in roots:
        try:
            told = Path(root).stat()
        except OSError as error:
            found.failed.append(FileFailure(path=root, reason=reason(error)))
            if not isinstance(error, FileNotFoundError):
                found.unlisted.append(root)
            continue
        if stat.S_ISDIR(told.st_mode):
            walk.through(root)
        else:
            _take(root, told, found, MEDIA_TYPES.get(Path(root).suffix.lower(), "text/plain"))
    return found


def kind_of(found: FoundFile, body: bytes) -> str | None:
    """The media type after a look at the bytes; None when it is of a kind that is not read.

    What begins as a PDF is one under any name; what is only named as one is left to its reader.
    """
    head = body[:_LOOKED_AT_BYTES]
    named = found.media_type == "application/pdf" and _PDF_MARK in head[:_PDF_MARK_WITHIN]
    if named or head.startswith(_PDF_MARK):
        return "application/pdf"
    if found.media_type in PACKED_TYPES:
        return found.media_type
    if (packed := packed_type(head)) is not None:
        return packed
    if is_other(head):
        return None
    if b"\0" in head and not head.startswith(_BOMS):
        return None
    return found.media_type


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
    return any(_below(path, root) for root in roots) and not any(
        _below(path, folder) for folder in found.unlisted
    )


def files_below(paths: Sequence[str], roots: Sequence[str]) -> list[str]:
    """Those of the paths that are files, and stand below one of the roots."""
    return [
        path
        for path in paths
        if path not in roots and any(_below(path, root) for root in roots) and Path(path).is_file()
    ]


def _below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


class _Walk:
    """Goes through folders, each of which it enters once."""

    def __init__(self, found: Scan, max_files: int, *, ignore: bool) -> None:
        self._found = found
        self._max_files = max_files
        self._ignore = ignore
        self._met: set[tuple[int, int]] = set()

    def through(self, root: str) -> None:
        """Takes what is in a folder and below it, until there are too many files."""
        found = self._found
        waiting = [(root, 0, rules_above(root) if self._ignore else None)]
        while waiting:
            folder, depth, rules = waiting.pop()
            try:
                entries = self._entries(folder)
            except OSError as error:
                found.failed.append(FileFailure(path=folder, reason=reason(error)))
                found.unlisted.append(folder)
                continue
            if self._ignore and any(entry.name == RULES for entry in entries):
                rules = rules_of(folder, rules)
            deeper: list[tuple[str, int, IgnoreRules | None]] = []
            for entry in entries:
                is_folder = _is_folder(entry)
                if entry.path in found.files:  # it was named itself
                    continue
                if self._leave_out(entry, rules, is_folder=is_folder):
                    continue
                if len(found.files) >= self._max_files:
                    why = f"More than {self._max_files} files: the rest was left out."
                    found.failed.append(FileFailure(path=root, reason=why))
                    found.unlisted.append(root)
                    return
                if is_folder and depth < _MAX_DEPTH:
                    deeper.append((entry.path, depth + 1, rules))
                else:
                    _look(entry, found)
            waiting.extend(reversed(deeper))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder, by name; nothing where it was met before."""
        told = Path(folder).stat()
        here = (told.st_dev, told.st_ino)
        if here in self._met:
            return []
        self._met.add(here)
        with os.scandir(folder) as listed:
            return sorted(listed, key=lambda entry: entry.name)

    def _leave_out(
        self, entry: os.DirEntry[str], rules: IgnoreRules | None, *, is_folder: bool
    ) -> bool:
        """Whether this is nobody's document; it is counted then."""
        found = self._found
        if entry.name.startswith("."):
            if is_folder:
                found.folders.append(entry.name)
            else:
                found.hidden += 1
        elif self._ignore and is_folder and is_of_tools(entry.path):
            found.folders.append(entry.name)
        elif rules is not None and rules.ignore(entry.path, is_folder=is_folder):
            found.by_rules += 1
        else:
            return False
        return True


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _look(entry: os.DirEntry[str], found: Scan) -> None:
    suffix = Path(entry.name).suffix.lower()
    media_type = MEDIA_TYPES.get(suffix) if suffix else "text/plain"
    if media_type is None:
        found.kinds[suffix] += 1
        return
    try:
        told = entry.stat()
    except OSError as error:
        found.failed.append(FileFailure(path=entry.path, reason=reason(error)))
        return
    if stat.S_ISREG(told.st_mode) and not told.st_size and suffix in SOURCE_CODE:
        # It only marks a folder as a package.
        found.empty += 1
        return
    _take(entry.path, told, found, media_type, guessed=not suffix)


def _take(
    path: str, told: os.stat_result, found: Scan, media_type: str, *, guessed: bool = False
) -> None:
    if not stat.S_ISREG(told.st_mode):
        found.kinds[""] += 1
        return
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = path.encode(errors="surrogateescape").decode(errors="replace")
        found.failed.append(FileFailure(path=shown, reason="Its name is not UTF-8: rename it."))
        return
    found.files[path] = FoundFile(
        path=path,
        size=told.st_size,
        changed=told.st_mtime_ns,
        media_type=media_type,
        guessed=guessed,
    )
