"""Which files of a folder are documents: by suffix, and by a look at their first bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".rst": "text/plain",
    ".adoc": "text/plain",
    ".org": "text/plain",
    ".pdf": "application/pdf",
}
"""The suffixes that are read; a file without one is read when it looks like text or is a PDF."""

_LOOKED_AT_BYTES = 8_192
_MAX_DEPTH = 64
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1_024
_OTHER_KINDS = (
    b"PK\x03\x04",
    b"\x7fELF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)


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


@dataclass(slots=True, kw_only=True)
class Scan:
    """What was found under some paths; `ignored` counts files of kinds that are not read."""

    files: dict[str, FoundFile] = field(default_factory=dict[str, FoundFile])
    failed: list[FileFailure] = field(default_factory=list[FileFailure])
    unlisted: list[str] = field(default_factory=list[str])
    ignored: int = 0


def scan(roots: Sequence[str], max_files: int) -> Scan:
    """Looks through folders and all below them, in the order of their names.

    Hidden files and folders are left out, and a folder that was met already, through whatever
    link, is not entered again. A file that is named itself is taken whatever its suffix.
    """
    found = Scan()
    met: set[tuple[int, int]] = set()
    for root in roots:
        try:
            told = Path(root).stat()
        except OSError as error:
            found.failed.append(FileFailure(path=root, reason=reason(error)))
            if not isinstance(error, FileNotFoundError):
                found.unlisted.append(root)
            continue
        if stat.S_ISDIR(told.st_mode):
            _walk(root, found, met, max_files)
        else:
            _take(root, told, found, MEDIA_TYPES.get(Path(root).suffix.lower(), "text/plain"))
    return found


def kind_of(found: FoundFile, body: bytes) -> str | None:
    """The media type after a look at the bytes; None when this is neither text nor a PDF.

    What begins as a PDF is one under any name; what is only named as one is left to its reader.
    """
    head = body[:_LOOKED_AT_BYTES]
    named = found.media_type == "application/pdf" and _PDF_MARK in head[:_PDF_MARK_WITHIN]
    if named or head.startswith(_PDF_MARK):
        return "application/pdf"
    if head.startswith(_OTHER_KINDS):
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


def _walk(root: str, found: Scan, met: set[tuple[int, int]], max_files: int) -> None:
    waiting = [(root, 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            told = Path(folder).stat()
            here = (told.st_dev, told.st_ino)
            if here in met:
                continue
            met.add(here)
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            found.failed.append(FileFailure(path=folder, reason=reason(error)))
            found.unlisted.append(folder)
            continue
        deeper: list[tuple[str, int]] = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if len(found.files) >= max_files:
                why = f"More than {max_files} files: the rest was left out."
                found.failed.append(FileFailure(path=root, reason=why))
                found.unlisted.append(root)
                return
            if _is_folder(entry) and depth < _MAX_DEPTH:
                deeper.append((entry.path, depth + 1))
            else:
                _look(entry, found)
        waiting.extend(reversed(deeper))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _look(entry: os.DirEntry[str], found: Scan) -> None:
    suffix = Path(entry.name).suffix.lower()
    media_type = MEDIA_TYPES.get(suffix) if suffix else "text/plain"
    if media_type is None:
        found.ignored += 1
        return
    try:
        told = entry.stat()
    except OSError as error:
        found.failed.append(FileFailure(path=entry.path, reason=reason(error)))
        return
    _take(entry.path, told, found, media_type, guessed=not suffix)


def _take(
    path: str, told: os.stat_result, found: Scan, media_type: str, *, guessed: bool = False
) -> None:
    if not stat.S_ISREG(told.st_mode):
        found.ignored += 1
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
