"""A run log in a SQLite file that several processes may share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from anyio.to_thread import run_sync

from codexity.adapters.private import create_private
from codexity.errors import StoreFailed
from codexity.events import Done, decode
from codexity.ports import Entry, RunRecord

_BUSY_SECONDS: Final = 5.0
_SCHEMA: Final = """
create table if not exists run (
    run text primary key, principal text not null, question text not null, owner text not null,
    lease_until real not null, closed integer not null default 0
) strict;
create index if not exists run_open on run (lease_until) where closed = 0;
create table if not exists event (
    run text not null references run on delete cascade, seq integer not null, name text not null,
    data blob not null, primary key (run, seq)
) strict, without rowid;
"""
_T = TypeVar("_T")


class SqliteRunLog:
    """Port `RunLog` in the file at `path`, made when it is missing, for this user alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def open(self, record: RunRecord) -> None:
        """Begins a run's log; beginning it again changes nothing."""
        values = (record.run, record.principal, record.question, record.owner, record.lease_until)
        statement = "insert or ignore into run values (?, ?, ?, ?, ?, 0)"
        await self._do(lambda file: file.execute(statement, values))

    async def append(self, run: str, owner: str, entries: Sequence[Entry]) -> bool:
        """Adds entries in one transaction, unless the lease is somebody else's."""
        return await self._do(partial(_append, run=run, owner=owner, entries=entries))

    async def record(self, run: str) -> RunRecord | None:
        """The run, or None."""
        rows = await self._do(
            lambda file: file.execute("select * from run where run = ?", (run,)).fetchall()
        )
        return _record(rows[0]) if rows else None

    async def entries(self, run: str, *, after: int = 0) -> Sequence[Entry]:
        """What is kept behind number `after`."""
        statement = "select seq, name, data from event where run = ? and seq > ? order by seq"
        rows = await self._do(lambda file: file.execute(statement, (run, after)).fetchall())
        try:
            return tuple(
                Entry(seq=seq, event=decode(name, data), data=data) for seq, name, data in rows
            )
        except (KeyError, TypeError, ValueError) as error:
            message = "This run was stored by another version of Codexity."
            raise StoreFailed(message, detail=f"{run}: {error!r}") from error

    async def renew(self, owner: str, until: float) -> None:
        """Extends the leases of this owner's open runs."""
        statement = "update run set lease_until = ? where owner = ? and closed = 0"
        await self._do(lambda file: file.execute(statement, (until, owner)))

    async def expired(self, now: float, new_owner: str, until: float) -> Sequence[RunRecord]:
        """Takes over the open runs whose lease has ended."""
        statement = (
            "update run set owner = ?, lease_until = ? where closed = 0 and lease_until < ?"
            " returning *"
        )
        rows = await self._do(
            lambda file: file.execute(statement, (new_owner, until, now)).fetchall()
        )
        return tuple(_record(row) for row in rows)

    async def trim(self, keep: int) -> None:
        """Forgets the oldest closed runs."""
        statement = (
            "delete from run where closed = 1 and run not in"
            " (select run from run where closed = 1 order by rowid desc limit ?)"
        )
        await self._do(lambda file: file.execute(statement, (keep,)))

    async def _do(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await run_sync(self._transact, work)

    def _transact(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            create_private(self._path)
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as file:
                file.execute("pragma journal_mode = wal")
                file.execute("pragma synchronous = normal")
                file.execute("pragma foreign_keys = on")
                file.executescript(_SCHEMA)
                with file:
                    return work(file)
        except (sqlite3.Error, OSError) as error:
            message = "The store of runs cannot be used. Is the disk full or the folder read-only?"
            raise StoreFailed(message, detail=f"{self._path}: {error}") from error


def _append(file: sqlite3.Connection, run: str, owner: str, entries: Sequence[Entry]) -> bool:
    file.execute("begin immediate")
    holds = file.execute("select 1 from run where run = ? and owner = ?", (run, owner)).fetchone()
    if holds is None:
        return False
    rows = [(run, entry.seq, entry.event.name, entry.data) for entry in entries]
    file.executemany("insert or ignore into event values (?, ?, ?, ?)", rows)
    if any(isinstance(entry.event, Done) for entry in entries):
        file.execute("update run set closed = 1 where run = ?", (run,))
    return True


def _record(row: tuple[str, str, str, str, float, int]) -> RunRecord:
    run, principal, question, owner, lease_until, closed = row
    return RunRecord(
        run=run,
        principal=principal,
        question=question,
        owner=owner,
        lease_until=lease_until,
        closed=bool(closed),
    )
