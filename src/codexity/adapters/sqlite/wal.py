"""SQLite's write-ahead log, turned on where several open a new file at once."""

from __future__ import annotations

import sqlite3
import time
from typing import Final

_PAUSE_SECONDS: Final = 0.005


def write_ahead(file: sqlite3.Connection, *, busy_seconds: float) -> None:
    """Has the file keep a write-ahead log; at once where it does. Belongs in a thread.

    The change needs the file alone. Where another has it, SQLite may refuse without waiting: two
    locks that wait for each other would never end. So it is asked again.

    Raises:
        sqlite3.Error: the file is held for longer than `busy_seconds`, or cannot be used.
    """
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            if file.execute("pragma journal_mode").fetchone()[0] != "wal":
                file.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
