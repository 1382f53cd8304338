"""Which files of a folder are documents: by suffix, and by a look at their first bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from codexity.adapters.library.found import FileFailure, FoundFile, Scan, below, reason
from codexity.adapters.library.ignored import (
    PLACES,
    IgnoreRules,
    is_made,
    is_of_tools,
    rules_above,
    rules_of,
)
from codexity.adapters.library.kinds import MEDIA_TYPES, PACKED_TYPES, SOURCE_CODE
from codexity.adapters.library.other_kinds import is_other, packed_type

_LOOKED_AT_BYTES = 8_192
_MAX_DEPTH = 64
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1_024


def scan(roots: Sequence[str], max_files: int, *, ignore: bool = True) -> Scan:
    """Looks through folders and all below them, in the order of their names.

    Hidden files and folders are left out, and a folder that was met already, through whatever
    link, is not entered again. With `ignore` so is what `.gitignore` and `.ignore` name, and what
    tools put there. A file that is named itself is taken whatever its suffix.
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


def files_below(paths: Sequence[str], roots: Sequence[str]) -> list[str]:
    """Those of the paths that are files, and stand below one of the roots."""
    return [
        path
        for path in paths
        if path not in roots and any(below(path, root) for root in roots) and Path(path).is_file()
    ]


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
            if self._ignore and any(entry.name in PLACES for entry in entries):
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
            entries = sorted(listed, key=lambda entry: entry.name)
        self._found.devices[folder] = told.st_dev
        return entries

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
        elif not self._ignore:
            return False
        elif is_folder and is_of_tools(entry.path):
            found.folders.append(entry.name)
        elif not is_folder and is_made(entry.name):
            found.made.append(entry.name)
        elif rules is not None and (place := rules.ignore(entry.path, is_folder=is_folder)):
            found.by_rules[place] += 1
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
        found.of_other_kind(entry.name, suffix)
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
        found.of_other_kind(Path(path).name, "")
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
