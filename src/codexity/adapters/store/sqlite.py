"""Runs and threads in a SQLite file that several processes may share."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from anyio import CapacityLimiter, fail_after
from anyio.to_thread import run_sync

from codexity.adapters.private import create_private
from codexity.adapters.sqlite.faults import fault_of
from codexity.adapters.sqlite.schema import prepare, writing
from codexity.adapters.store import tables
from codexity.adapters.store.leases import LeaseWatch
from codexity.adapters.store.tables import COLUMNS
from codexity.errors import StoreFailed
from codexity.events import Done, tells
from codexity.ports import Batch, Entries, Keep, RunRecord, ThreadRecord

_BUSY_SECONDS: Final = 5.0
_TURN_SECONDS: Final = 8.0
"""Many may want the file at once: where somebody else holds it, each would wait for all before."""
_MOST: Final = 2**63 - 1
"""No number is larger than SQLite's integers."""
_READ_ROWS: Final = 8
"""So many of the pieces of a run are read at once: each has some dozens of events."""
_BEGIN: Final = f"""
insert into runs ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, 0, 0) on conflict do nothing
"""  # noqa: S608 - our words
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
_RENEW: Final = """
insert into owners select ?1, 1 where exists (select 1 from runs where owner = ?1 and closed = 0)
on conflict do update set beat = beat + 1
"""
_THREADS: Final = """
select first.thread, first.question, found.runs, latest.started, latest.number from (
    select count(*) as runs, min(number) as first, max(number) as latest from runs
    where principal = ? group by thread having max(number) < ? order by latest desc limit ?
) as found
join runs as first on first.number = found.first join runs as latest on latest.number = found.latest
order by latest.number desc
"""
_BEAT: Final = "coalesce((select beat from owners where owners.owner = runs.owner), 0)"
_BEATS: Final = f"""
select owner, {_BEAT} from runs where closed = 0 and owner <> ? group by owner
"""  # noqa: S608 - our words
_TAKE_OVER: Final = f"""
update runs set owner = ? where closed = 0 and owner = ? and {_BEAT} = ? returning {COLUMNS}
"""  # noqa: S608 - our words
_TRIM: Final = """
delete from runs where number in (
    select number from (
        select number, row_number() over newest as place, sum(bytes) over newest as total
        from runs where closed = 1 window newest as (order by number desc)
    ) where place > ? or total > ?
)
"""
_GONE: Final = "delete from owners where owner not in (select owner from runs where closed = 0)"
# When the clock was wrong while a run began, its neighbours say better when that was: no run began
# before those in front of it, nor is one from the future.
_FORGET_OLD: Final = """
delete from runs where number in (
    select number from (
        select number, closed,
        max(case when started <= :now then started end) over (order by number) as began from runs
    ) where closed = 1 and began < :now - :seconds order by number
    limit max(1, (select count(*) / 10 from runs where closed = 1))
)
"""
_BLOCK: Final = re.compile(rb"[^\n]*\n[^\n]*\n\n")
_T = TypeVar("_T")


class SqliteRunLog:
    """The ports `RunLog` and `Threads` in the file at `path`, made for this user alone.

    The file is opened when it is first used, and anew after it has failed. What a run said is
    kept in pieces of as many events as were written together.
    """

    def __init__(self, path: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._watch = LeaseWatch(monotonic)
        self._file: sqlite3.Connection | None = None
        self._one_at_a_time = CapacityLimiter(1)

    async def aclose(self) -> None:
        """Closes the file; it is opened again if it is used again."""
        await run_sync(self._close, limiter=self._one_at_a_time)

    async def begin(self, record: RunRecord) -> RunRecord:
        """Begins a run, unless another has its principal's key: that one then."""
        return await self._do(partial(_begin, record=record))

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
        values = (run, min(after, _MOST), _READ_ROWS)
        rows = await self._do(lambda file: file.execute(_READ, values).fetchall())
        return _joined(rows, after)

    async def renew(self, owner: str) -> None:
        """Renews the lease of this owner's open runs."""
        await self._do(lambda file: file.execute(_RENEW, (owner,)))

    async def take_over(self, new_owner: str, *, but: str, seconds: float) -> Sequence[RunRecord]:
        """Takes over the open runs of owners who have not renewed for so long."""
        return await self._do(lambda file: _take_over(file, self._watch, (new_owner, but), seconds))

    async def trim(self, keep: Keep) -> None:
        """Forgets the oldest closed runs beyond a number and a size."""

        def work(file: sqlite3.Connection) -> None:
            file.execute(_TRIM, (keep.runs, keep.total_bytes))
            file.execute(_GONE)

        await self._do(work)

    async def forget_old(self, now: float, seconds: float) -> int:
        """Forgets closed runs that are older, a tenth at most; returns how many."""
        values = {"now": now, "seconds": seconds}
        return await self._do(lambda file: file.execute(_FORGET_OLD, values).rowcount)

    async def threads(
        self, principal: str, *, limit: int, before: int | None = None
    ) -> Sequence[ThreadRecord]:
        """The principal's threads, the last used first."""
        values = (principal, _MOST if before is None else before, limit)
        rows = await self._do(lambda file: file.execute(_THREADS, values).fetchall())
        return tuple(
            ThreadRecord(
                thread=thread, question=question, runs=runs, updated=updated, number=number
            )
            for thread, question, runs, updated, number in rows
        )

    async def runs(
        self, thread: str, *, principal: str, limit: int, after: str | None = None
    ) -> Sequence[RunRecord]:
        """The runs of a thread, oldest first."""
        where = (
            "thread = ? and principal = ?"
            " and number > ifnull((select number from runs where run = ?), 0)"
        )
        return await self._records(where, thread, principal, after or "", limit=limit)

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread and its runs."""
        statement = "delete from runs where thread = ? and principal = ?"
        await self._do(lambda file: file.execute(statement, (thread, principal)))

    async def _records(self, where: str, *values: str, limit: int = 1) -> Sequence[RunRecord]:
        statement = f"select {COLUMNS} from runs where {where} order by number limit ?"  # noqa: S608 - our words
        rows = await self._do(lambda file: file.execute(statement, (*values, limit)).fetchall())
        return tuple(tables.record(row) for row in rows)

    async def _do(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            with fail_after(_TURN_SECONDS):
                # Work that was begun is not given up: it ends by itself.
                return await run_sync(self._transact, work, limiter=self._one_at_a_time)
        except TimeoutError as error:
            message = f"{tables.NAME} is busy, or held by another program. Try again in a moment."
            raise StoreFailed(message, detail=f"{message} ({self._path})") from error

    def _transact(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            if self._file is None:
                self._file = _opened(self._path)
            return work(self._file)
        except (sqlite3.Error, OSError) as error:
            self._close()
            message = fault_of(tables.NAME, error, path=self._path).message
            raise StoreFailed(message, detail=f"{message} ({self._path}: {error})") from error

    def _close(self) -> None:
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.close()
            self._file = None


def _opened(path: Path) -> sqlite3.Connection:
    create_private(path)
    # One thread at a time uses it, but not always the same one.
    file = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
    )
    try:
        prepare(file, tables.SCHEMA, busy_seconds=_BUSY_SECONDS)
        file.execute("pragma synchronous = normal")
        file.execute("pragma foreign_keys = on")
    except sqlite3.Error:
        file.close()
        raise
    return file


def _begin(file: sqlite3.Connection, record: RunRecord) -> RunRecord:
    with writing(file):
        if file.execute(_BEGIN, tables.begun(record)).rowcount:
            return record
        statement = f"select {COLUMNS} from runs where principal = ? and key = ?"  # noqa: S608
        return tables.record(file.execute(statement, (record.principal, record.key)).fetchone())


def _take_over(
    file: sqlite3.Connection, watch: LeaseWatch, owners: tuple[str, str], seconds: float
) -> Sequence[RunRecord]:
    new_owner, but = owners
    beats: dict[str, int] = dict(file.execute(_BEATS, (but,)).fetchall())
    expired = watch.expired(beats, seconds)
    if not expired:
        return ()
    rows: list[tables.Row] = []
    with writing(file):
        for owner in expired:
            rows += file.execute(_TAKE_OVER, (new_owner, owner, beats[owner])).fetchall()
    return tuple(map(tables.record, rows))


def _write(file: sqlite3.Connection, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
    with writing(file):
        begun = (one.record for one in batches if one.entries and one.entries.first == 1)
        file.executemany(_BEGIN, map(tables.begun, begun))
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
