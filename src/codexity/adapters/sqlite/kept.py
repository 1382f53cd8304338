"""Tries a SQLite file that is kept, and its folder: the faults that both have, and their mends."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Final

from codexity.adapters.private import create_private
from codexity.adapters.sqlite.faults import fault_of
from codexity.adapters.sqlite.schema import Schema
from codexity.ports import Trial, mending

_PROBE_BYTES: Final = 1_000_000
_BUSY_SECONDS: Final = 1.0
_CHECK_SECONDS: Final = 3.0
_STEPS_BETWEEN_LOOKS: Final = 100_000
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ELSEWHERE: Final = "CODEXITY_DATA_DIR=~/codexity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A SQLite file: what it is called, and what is lost (in words) when it has to go."""

    path: Path
    name: str
    schema: Schema
    lost: str


def fault(kept: Kept) -> Trial | None:
    """What keeps the file from being used; None where nothing does.

    Makes the folder and the file where they are missing, as their first use would, and writes a
    megabyte beside it that is removed again: a disk is full only for who writes. Of a large file
    as much is checked as can be in three seconds. Belongs in a thread.
    """
    try:
        create_private(kept.path)
        with tempfile.TemporaryFile(dir=kept.path.parent) as probe:
            probe.write(bytes(_PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        why = error.strerror or str(error)
        return _full(kept, why) if error.errno in _FULL else _closed(kept, why)
    try:
        with closing(sqlite3.connect(kept.path, timeout=_BUSY_SECONDS)) as file:
            return _checked(kept, file)
    except sqlite3.Error as error:
        return _failed(kept, error)


def _checked(kept: Kept, file: sqlite3.Connection) -> Trial | None:
    file.execute("begin immediate")
    file.rollback()
    found = _quick_check(file)
    if found != "ok":
        return _damaged(kept, found)
    kept.schema.check(file)
    return None


def _quick_check(file: sqlite3.Connection) -> str:
    """What SQLite says of the file's pages, "ok" too where it is not through in its time."""
    deadline = time.monotonic() + _CHECK_SECONDS
    file.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
    try:
        (found,) = file.execute("pragma quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return "ok"
        raise
    finally:
        file.set_progress_handler(None, 0)
    return str(found)


def _failed(kept: Kept, error: sqlite3.Error) -> Trial:
    fault = fault_of(kept.name, error, path=kept.path)
    match fault.kind:
        case "held":
            return Trial(
                ok=False,
                said=f"{kept.name} ({kept.path}) is held by another process.",
                mend=mending("See which one holds it, and end that:", f"fuser -v {_at(kept)}"),
            )
        case "full":
            return _full(kept, str(error))
        case "damaged":
            return _damaged(kept, str(error))
        case "newer" | "foreign":
            # No command moves what may be dear to somebody.
            first = "Update Codexity, or keep" if fault.kind == "newer" else "Keep"
            mend = mending(f"{first} everything in another folder:", ELSEWHERE)
            return Trial(ok=False, said=f"{fault.message} ({kept.path}: {error})", mend=mend)
        case "altered":
            said = f"{fault.message} ({kept.path}: {error})"
            return Trial(ok=False, said=said, mend=moved_away(kept))
        case _:
            return _closed(kept, str(error))


def _damaged(kept: Kept, why: str) -> Trial:
    said = f"{kept.name} ({kept.path}) is damaged: {' '.join(why.split())}."
    return Trial(ok=False, said=said, mend=moved_away(kept))


def moved_away(kept: Kept) -> str:
    """The mend of a file that cannot be used any more."""
    away = quote(str(kept.path.with_name("damaged")))
    return mending(
        f"End every Codexity that runs, and move the file away; {kept.lost}:",
        f"mkdir -p {away}",
        f"mv {_at(kept)}* {away}/",
    )


def _closed(kept: Kept, why: str) -> Trial:
    folder = kept.path.parent
    own = f" (chmod -R u+rwX {quote(str(folder))})" if _is_ours(folder) else ""
    return Trial(
        ok=False,
        said=f"{kept.name} cannot be written in {folder}: {why}.",
        mend=mending(
            f"Make the folder and its files writable for the user who runs Codexity{own}, or keep"
            " everything in another folder:",
            ELSEWHERE,
        ),
    )


def _is_ours(folder: Path) -> bool:
    try:
        return folder.stat().st_uid == os.geteuid()
    except OSError:
        return False


def _full(kept: Kept, why: str) -> Trial:
    folder = kept.path.parent
    try:
        left = f"{shutil.disk_usage(folder).free / 1_000_000:,.0f} MB"
    except OSError:
        left = "nothing"
    return Trial(
        ok=False,
        said=f"{kept.name} cannot grow in {folder}: {why} ({left} left on its disk).",
        mend=mending(
            "Make room on that disk, or in the quota of the user who runs Codexity, or keep"
            " everything in a folder on another disk:",
            ELSEWHERE,
        ),
    )


def _at(kept: Kept) -> str:
    return quote(str(kept.path))
