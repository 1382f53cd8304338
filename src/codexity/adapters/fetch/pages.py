"""Pages as they came, kept in a SQLite file of bounded size and age."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
import zlib
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar, cast

from anyio.to_thread import run_sync

from codexity.adapters.private import create_private
from codexity.adapters.sqlite.faults import fault_of
from codexity.adapters.sqlite.schema import Schema, prepare, writing

_BUSY_SECONDS: Final = 0.25
_TOUCHED_SECONDS: Final = 60.0
"""When a page was last used is noted once in this time: noting it is a write."""
_AHEAD_SECONDS: Final = 60.0
"""What was checked later than that after now was so by a clock that has been set since."""
_AGES_AFTER_SECONDS: Final = 600.0
_AGES_SECONDS: Final = 3_600.0
"""By age nothing is dropped at first, and then rarely, a tenth at most: the clock may be wrong."""
_LEFT_FULL: Final = 0.95
"""How full it is left when it was too full: sorting by use at every page doubled its time."""
NAME: Final = "The cache of pages"
_FIRST: Final = (
    """CREATE TABLE pages (
    url TEXT PRIMARY KEY,
    asked TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    size INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    checked REAL NOT NULL,
    used REAL NOT NULL
)""",
    "CREATE INDEX pages_by_use ON pages (used, size)",
    "CREATE INDEX pages_by_age ON pages (checked)",
)
SCHEMA: Final = Schema(
    application_id=0x43445850,  # "CDXP"
    migrations=(_FIRST,),
    unmarked={"pages": "url asked status headers body size crc checked used"},
)
_DROP_OLD: Final = """DELETE FROM pages WHERE url IN (
    SELECT url FROM pages WHERE checked <= ? OR checked > ? ORDER BY used
    LIMIT max(1, (SELECT count(*) / 10 FROM pages)))"""
_DROP_UNUSED: Final = """DELETE FROM pages WHERE url IN (
    SELECT url FROM (SELECT url, sum(size) OVER (ORDER BY used DESC, rowid DESC) AS upto FROM pages)
    WHERE upto > ?)"""
Value = TypeVar("Value")
Headers = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """An answer as it came over the wire, and the headers that it was `asked` with."""

    url: str
    asked: Headers
    status: int
    headers: Headers
    body: bytes


class Pages:
    """Keeps pages in the file at `path`: `most_bytes` together, and each for `most_seconds`.

    Those that were not used for longest go first. What is too old is not given any more, and is
    dropped a tenth at a time: `now` gives Unix times by a clock that may be set at any time.
    Several processes may share the file. Nothing here raises: where the file cannot be used that is
    logged, and nothing is kept.
    """

    def __init__(
        self,
        path: Path,
        *,
        most_bytes: int,
        most_seconds: float,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._now = now
        self._monotonic = monotonic
        self._ages_at = monotonic() + _AGES_AFTER_SECONDS
        self._log = logging.getLogger("codexity.fetch")
        self._is_ready = False
        self._is_told = False

    def fits(self, size: int) -> bool:
        """Whether a body of so many bytes may be kept at all."""
        return size < self._most_bytes

    async def get(self, url: str) -> KeptPage | None:
        """The page at this address; None where there is none, or none that is young enough."""
        return await run_sync(self._tried, partial(self._get, url))

    async def put(self, page: KeptPage) -> None:
        """Keeps a page in place of what was kept under its address."""
        await run_sync(self._tried, partial(self._put, page))

    async def renew(self, url: str, headers: Headers) -> None:
        """The page was found unchanged, and is told about in these words from now on."""
        await run_sync(self._tried, partial(self._renew, url, headers))

    async def drop(self, url: str) -> None:
        """Forgets what is kept under this address."""
        await run_sync(self._tried, partial(self._drop, url))

    def fault(self) -> str:
        """Why the file cannot be used; empty where it can. Belongs in a thread."""
        try:
            with self._session() as file:
                file.execute("SELECT count(size) FROM pages").fetchone()
        except (sqlite3.Error, OSError) as error:
            return f"{fault_of(NAME, error, path=self._path).message} ({error})"
        return ""

    def _tried(self, work: Callable[[sqlite3.Connection], Value]) -> Value | None:
        try:
            with self._session() as file:
                done = work(file)
        except (sqlite3.Error, OSError) as error:
            self._is_ready = False
            if not self._is_told:
                self._is_told = True
                said = fault_of(NAME, error, path=self._path).message
                detail = f"{said} ({self._path}: {error})"
                self._log.warning("pages are not kept", extra={"detail": detail})
            return None
        self._is_told = False
        return done

    @contextmanager
    def _session(self) -> Generator[sqlite3.Connection]:
        if not self._is_ready:
            create_private(self._path)
        opened = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        with closing(opened) as file:
            file.execute("PRAGMA synchronous = NORMAL")
            if not self._is_ready:
                prepare(file, SCHEMA, busy_seconds=_BUSY_SECONDS)
                self._is_ready = True
            yield file

    def _get(self, url: str, file: sqlite3.Connection) -> KeptPage | None:
        now = self._now()
        row = file.execute(
            "SELECT asked, status, headers, body, crc, used FROM pages"
            " WHERE url = ? AND checked > ? AND checked <= ?",
            (url, now - self._most_seconds, now + _AHEAD_SECONDS),
        ).fetchone()
        if row is None:
            return None
        *about, body, crc, used = row
        if zlib.crc32(body) != crc:
            raise sqlite3.DatabaseError("a page that is kept is damaged")
        asked, status, headers = about
        if abs(now - used) > _TOUCHED_SECONDS:
            file.execute("UPDATE pages SET used = ? WHERE url = ?", (now, url))
        return KeptPage(
            url=url, asked=_parsed(asked), status=status, headers=_parsed(headers), body=body
        )

    def _put(self, page: KeptPage, file: sqlite3.Connection) -> None:
        now = self._now()
        asked, headers = json.dumps(dict(page.asked)), json.dumps(dict(page.headers))
        about = (page.url, asked, page.status, headers)
        size = len(page.url) + len(asked) + len(headers) + len(page.body)
        with writing(file):
            file.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*about, page.body, size, zlib.crc32(page.body), now, now),
            )
            self._drop_old(now, file)
            (together,) = file.execute("SELECT sum(size) FROM pages").fetchone()
            if (together or 0) > self._most_bytes:
                file.execute(_DROP_UNUSED, (self._most_bytes * _LEFT_FULL,))

    def _drop_old(self, now: float, file: sqlite3.Connection) -> None:
        passed = self._monotonic()
        if passed < self._ages_at:
            return
        self._ages_at = passed + _AGES_SECONDS
        ahead = now + _AHEAD_SECONDS
        dropped = file.execute(_DROP_OLD, (now - self._most_seconds, ahead)).rowcount
        file.execute("UPDATE pages SET used = ? WHERE used > ?", (now, ahead))
        if dropped:
            self._log.info("old pages dropped", extra={"pages": dropped})

    def _renew(self, url: str, headers: Headers, file: sqlite3.Connection) -> None:
        file.execute(
            "UPDATE pages SET headers = ?, checked = ? WHERE url = ?",
            (json.dumps(dict(headers)), self._now(), url),
        )

    def _drop(self, url: str, file: sqlite3.Connection) -> None:
        file.execute("DELETE FROM pages WHERE url = ?", (url,))


def _parsed(headers: str) -> Headers:
    """Raises `sqlite3.DatabaseError` for what this program did not write."""
    try:
        parsed = cast("dict[str, list[str]]", json.loads(headers))
        return {str(name): [str(value) for value in values] for name, values in parsed.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise sqlite3.DatabaseError("a page's headers are damaged") from error
