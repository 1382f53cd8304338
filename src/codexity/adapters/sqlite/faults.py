"""What is wrong with a SQLite file that cannot be used, in words that are true."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from codexity.adapters.sqlite.schema import ForeignFile, NewerFile, Schema

Kind = Literal[
    "foreign",
    "newer",
    "altered",
    "damaged",
    "held",
    "moved",
    "full",
    "closed",
    "unopened",
    "disk",
    "other",
]

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LEAST_BYTES: Final = 1024 * 1024
"""With less than that left, a disk is taken for full where a write to it failed."""
_CLOSED: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_UNOPENED: Final = {
    errno.ENOENT,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EMFILE,
    errno.ENFILE,
}
_KINDS: Final[dict[int, Kind]] = {
    sqlite3.SQLITE_BUSY: "held",
    sqlite3.SQLITE_LOCKED: "held",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_FORMAT: "damaged",
    sqlite3.SQLITE_READONLY: "closed",
    sqlite3.SQLITE_PERM: "closed",
    sqlite3.SQLITE_AUTH: "closed",
    sqlite3.SQLITE_CANTOPEN: "unopened",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_ERROR: "altered",
    sqlite3.SQLITE_CONSTRAINT: "altered",
    sqlite3.SQLITE_MISMATCH: "altered",
    sqlite3.SQLITE_SCHEMA: "altered",
}
_WORDS: Final[dict[Kind, str]] = {
    "foreign": "is another program's file, not one of Codexity's. Move that file away, or set"
    " CODEXITY_DATA_DIR to another folder.",
    "newer": "was written by a newer Codexity ({detail}): update Codexity, or set CODEXITY_DATA_DIR"
    " to another folder.",
    "altered": "has other tables than Codexity made: another program has changed them.",
    "damaged": "is damaged, or not a database: `codexity doctor` says what can be done.",
    "held": "is held by another program. Try again in a moment.",
    "moved": "was moved or removed while it was used. Restart Codexity.",
    "full": "cannot grow: the disk is full, or the quota of the user who runs Codexity.",
    "closed": "cannot be opened for writing: its file or folder is read-only, or is not for the"
    " user who runs Codexity.",
    "unopened": "cannot be opened: something else is in its place, it is not for the user who runs"
    " Codexity, or too many files are open.",
    "disk": "cannot be read or written: the disk failed, or a limit on the size of files was met.",
    "other": "cannot be used: the log says why.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A kind of fault, and a message for people: no path, no words of the library's."""

    kind: Kind
    message: str

    @property
    def is_lasting(self) -> bool:
        """Whether the file is right as it is, but not for this Codexity: waiting mends nothing."""
        return self.kind in {"foreign", "newer"}


def fault_of(name: str, error: sqlite3.Error | OSError, *, path: Path | None = None) -> Fault:
    """What the error says of the file that is called `name`, such as "The store of runs".

    With the file's `path` its folder and disk are looked at, where the error says little. Belongs
    in a thread then.
    """
    kind = _kind(error)
    if path is not None and kind in {"disk", "unopened", "closed"}:
        kind = _seen(path) or kind
    return Fault(kind=kind, message=f"{name} {_WORDS[kind].format(detail=error)}")


def lasting_fault(name: str, path: Path, schema: Schema) -> Fault | None:
    """What keeps this Codexity from ever using the file; None where nothing does, or it is missing.

    Changes nothing, and waits for nobody. Belongs in a thread.
    """
    try:
        if not path.is_file():
            return None
        with closing(sqlite3.connect(path, timeout=0)) as file:
            schema.check(file)
    except OSError:
        return None  # What the system lets nobody look at is told when it is used.
    except sqlite3.Error as error:
        fault = fault_of(name, error, path=path)
        return fault if fault.is_lasting else None
    return None


def _seen(path: Path) -> Kind | None:
    """What is wrong with the place of a file of which SQLite said only that it could not be used.

    It says so where the file of shared memory that it needs beside it cannot be made, too.
    """
    try:
        needed = (path, path.parent) if path.is_file() else (path.parent,)
        disk = os.statvfs(path.parent)
    except OSError:
        return None
    if not all(os.access(one, os.W_OK) for one in needed):
        return "closed"
    is_full = disk.f_bavail * disk.f_frsize < _LEAST_BYTES or (disk.f_files and not disk.f_favail)
    return "full" if is_full else None


def _kind(error: sqlite3.Error | OSError) -> Kind:
    match error:
        case ForeignFile():
            return "foreign"
        case NewerFile():
            return "newer"
        case OSError():
            return _system(error.errno)
        case _:
            # Who reads what cannot be raises one of these without a code.
            code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
            if code == sqlite3.SQLITE_READONLY_DBMOVED:
                return "moved"
            # The code's last byte says what it is; the others, which kind of that.
            return _KINDS.get(code & 0xFF, "other")


def _system(code: int | None) -> Kind:
    if code in _FULL:
        return "full"
    if code in _CLOSED:
        return "closed"
    if code in _UNOPENED:
        return "unopened"
    return "disk" if code == errno.EIO else "other"
