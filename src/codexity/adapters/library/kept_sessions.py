"""Sessions on the library's file that stay open between questions, for what only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import anyio
from anyio.to_thread import run_sync

from codexity.adapters.library.database import connected, renamed

_MOST: Final = 4
"""What more are needed at once are closed behind their task."""

_State = tuple[int, int, int]


class KeptSessions:
    """A few sessions, each used by one thread at a time.

    A question has eight; to open the file, to read what tables it has and to close it again took
    longer than most searches in it. A session is used again only while the file is the one that was
    opened, and nobody has changed it or who may read it. One in which something fails is closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: list[tuple[_State | None, sqlite3.Connection]] = []
        self._closed = False

    @contextmanager
    def session(self) -> Generator[sqlite3.Connection]:
        """As `database.session`, for what writes nothing."""
        with renamed(self._path):
            state, connection = self._taken()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            if state is None or self._closed or len(self._free) >= _MOST:
                connection.close()
            else:
                self._free.append((state, connection))

    async def aclose(self) -> None:
        """Closes those that are free; what is in use is closed behind its task."""
        with anyio.CancelScope(shield=True):
            await run_sync(self._close)

    def _close(self) -> None:
        self._closed = True
        while self._free:
            self._free.pop()[1].close()

    def _taken(self) -> tuple[_State | None, sqlite3.Connection]:
        # Before it is opened: a file that is put in its place meanwhile is another.
        state = _state_of(self._path)
        while self._free:
            try:
                kept, connection = self._free.pop()
            except IndexError:  # another thread took it
                break
            if kept == state:
                return state, connection
            connection.close()
        return state, connected(self._path, any_thread=True)


def _state_of(path: Path) -> _State | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_ctime_ns
