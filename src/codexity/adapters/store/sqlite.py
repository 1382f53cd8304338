"""Runs and threads in a SQLite file that several processes may share."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from codexity.adapters.private import create_private
from codexity.adapters.sqlite.wal import write_ahead
from codexity.errors import StoreFailed
from codexity.events import Done, tells
from codexity.ports import Batch, Entries, Keep, RunRecord, ThreadRecord

_BUSY_SECONDS: Final = 5.0
_READ_ROWS: Final = 8
"""So many of the pieces of a run are read at once: each has some dozens of events."""
# What is told goes to the end of its table: where it was sorted by run, a write for 2,000 runs
# touched two thousand pages, and took ten times as long.
_SCHEMA: Final = """
create table if not exists runs (
    number integer primary key, run text not null unique, principal text not null,
    thread text not null, question text not null, owner text not null, started real not null,
    lease_until real not null, key text, asked text not null,
    closed integer not null default 0, last integer not null default 0,
    bytes integer not null default 0
) strict;
create index if not exists runs_open on runs (lease_until) where closed = 0;
create index if not exists runs_thread on runs (principal, thread);
create index if not exists runs_key on runs (principal, key) where key is not null;
create table if not exists told (
    number integer not null references runs on delete cascade, first integer not null,
    last integer not null, events blob not null
) strict;
create unique index if not exists told_in_order on told (number, first);
"""
_BEGIN: Final = """
insert or ignore into runs values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
"""
_OWNED: Final = """
select run, number, last from runs
where owner = ? and run in (select value from json_each(?))
"""
_TELL: Final = "insert into told values (?, ?, ?, ?)"
_GROW: Final = "update runs set last = ?, bytes = bytes + ?, closed = ? where number = ?"
_READ: Final = """
select first, last, events from told where number = (select number from runs where run = ?)
and last > ? order by first limit ?
"""
_TAKE_OVER: Final = """
update runs set owner = ?, lease_until = ? where closed = 0 and lease_until < ? returning *
"""
_TRIM: Final = """
delete from runs where number in (
    select number from (
        select number, started, row_number() over newest as place, sum(bytes) over newest as total
        from runs where closed = 1 window newest as (order by number desc)
    ) where place > ? or started < ? or total > ?
)
"""
_BLOCK: Final = re.compile(rb"[^\n]*\n[^\n]*\n\n")
_T = TypeVar("_T")


class SqliteRunLog:
    """The ports `RunLog` and `Threads` in the file at `path`, made for this user alone.

    The file is opened when it is first used, and anew after it has failed. What a run said is
    kept in pieces of as many events as were written together.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: sqlite3.Connection | None = None
        self._one_at_a_time = CapacityLimiter(1)

    async def aclose(self) -> None:
        """Closes the file; it is opened again if it is used again."""
        await run_sync(self._close, limiter=self._one_at_a_time)

    async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
        """Begins and continues runs in one transaction, except those of another owner."""
        return await self._do(partial(_write, owner=owner, batches=batches))

    async def record(self, run: str) -> RunRecord | None:
        """The run, or None."""
        found = await self._records("run = ?", run)
        return found[0] if found else None

    async def asked(self, principal: str, key: str) -> RunRecord | None:
        """The principal's run of this key, or None."""
        found = await self._records("principal = ? and key = ?", principal, key)
        return found[0] if found else None

    async def entries(self, run: str, *, after: int = 0) -> Entries:
        """The next of what is kept behind number `after`."""
        # No number of an event is larger than SQLite's integers.
        values = (run, min(after, 2**63 - 1), _READ_ROWS)
        rows = await self._do(lambda file: file.execute(_READ, values).fetchall())
        return _joined(rows, after)

    async def renew(self, owner: str, until: float) -> None:
        """Extends the leases of this owner's open runs."""
        statement = "update runs set lease_until = ? where owner = ? and closed = 0"
        await self._do(lambda file: file.execute(statement, (until, owner)))

    async def expired(self, now: float, new_owner: str, until: float) -> Sequence[RunRecord]:
        """Takes over the open runs whose lease has ended."""
        values = (new_owner, until, now)
        rows = await self._do(lambda file: file.execute(_TAKE_OVER, values).fetchall())
        return tuple(_record(row) for row in rows)

    async def trim(self, now: float, keep: Keep) -> None:
        """Forgets the oldest closed runs."""
        values = (keep.runs, now - keep.seconds, keep.total_bytes)
        await self._do(lambda file: file.execute(_TRIM, values))

    async def threads(self, principal: str, *, limit: int) -> Sequence[ThreadRecord]:
        """The principal's threads, the last used first."""
        statement = (
            "select first.thread, first.question, found.runs, found.updated from (select"
            " count(*) as runs, max(started) as updated, min(number) as first, max(number) as last"
            " from runs where principal = ? group by thread) as found"
            " join runs as first on first.number = found.first order by found.last desc limit ?"
        )
        values = (principal, limit)
        rows = await self._do(lambda file: file.execute(statement, values).fetchall())
        return tuple(
            ThreadRecord(thread=thread, question=question, runs=runs, updated=updated)
            for thread, question, runs, updated in rows
        )

    async def runs(self, thread: str, *, principal: str) -> Sequence[RunRecord]:
        """The runs of a thread, oldest first."""
        return await self._records("thread = ? and principal = ?", thread, principal)

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread and its runs."""
        statement = "delete from runs where thread = ? and principal = ?"
        await self._do(lambda file: file.execute(statement, (thread, principal)))

    async def _records(self, where: str, *values: str) -> Sequence[RunRecord]:
        statement = f"select * from runs where {where} order by number"  # noqa: S608 - our words
        rows = await self._do(lambda file: file.execute(statement, values).fetchall())
        return tuple(_record(row) for row in rows)

    async def _do(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await run_sync(self._transact, work, limiter=self._one_at_a_time)

    def _transact(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            if self._file is None:
                self._file = _opened(self._path)
            with self._file:
                return work(self._file)
        except (sqlite3.Error, OSError) as error:
            self._close()
            message = "The store of runs cannot be used. Is the disk full or the folder read-only?"
            raise StoreFailed(message, detail=f"{self._path}: {error}") from error

    def _close(self) -> None:
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.close()
            self._file = None


def _opened(path: Path) -> sqlite3.Connection:
    create_private(path)
    # One thread at a time uses it, but not always the same one.
    file = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        write_ahead(file, busy_seconds=_BUSY_SECONDS)
        file.execute("pragma synchronous = normal")
        file.execute("pragma foreign_keys = on")
        file.executescript(_SCHEMA)
    except sqlite3.Error:
        file.close()
        raise
    return file


def _write(file: sqlite3.Connection, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
    file.execute("begin immediate")
    begun = (one.record for one in batches if one.entries and one.entries.first == 1)
    file.executemany(_BEGIN, map(_begun, begun))
    runs = json.dumps([one.record.run for one in batches])
    owned = {run: (number, last) for run, number, last in file.execute(_OWNED, (owner, runs))}
    said: list[tuple[int, int, int, bytes]] = []
    grown: list[tuple[int, int, bool, int]] = []
    for batch in batches:
        number, last = owned.get(batch.record.run, (0, 0))
        entries = batch.entries.behind(last)
        if number and entries:
            owned[batch.record.run] = number, entries.last
            events = b"".join(entries.blocks)
            said.append((number, entries.first, entries.last, events))
            grown.append((entries.last, len(events), tells(entries.blocks[-1], Done), number))
    file.executemany(_TELL, said)
    file.executemany(_GROW, grown)
    return frozenset(one.record.run for one in batches if one.record.run not in owned)


def _begun(record: RunRecord) -> tuple[str | float | None, ...]:
    return (
        record.run, record.principal, record.thread, record.question, record.owner,
        record.started, record.lease_until, record.key, record.asked,
    )  # fmt: skip


def _joined(rows: Sequence[tuple[int, int, bytes]], after: int) -> Entries:
    """Rows of one run as far as their numbers follow each other."""
    if not rows:
        return Entries(after + 1, ())
    begin = end = rows[0][0]
    blocks: list[bytes] = []
    for first, last, events in rows:
        if first != end:
            break
        blocks += _BLOCK.findall(events)
        end = last + 1
    return Entries(begin, blocks).behind(after)


def _record(
    row: tuple[int, str, str, str, str, str, float, float, str | None, str, int, int, int],
) -> RunRecord:
    _, run, principal, thread, question, owner, started, lease_until, key, asked, *kept = row
    closed, last, _ = kept
    return RunRecord(
        run=run,
        principal=principal,
        thread=thread,
        question=question,
        owner=owner,
        started=started,
        lease_until=lease_until,
        key=key,
        asked=asked,
        closed=bool(closed),
        last=last,
    )
