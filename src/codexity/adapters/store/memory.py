"""Runs and threads that live as long as their process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from codexity.adapters.store.leases import LeaseWatch
from codexity.events import Done, tells
from codexity.ports import Batch, Entries, Keep, RunRecord, ThreadRecord


class MemoryRunLog:
    """The ports `RunLog` and `Threads` in memory."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._watch = LeaseWatch(monotonic)
        self._beats: dict[str, int] = {}
        self._records: dict[str, RunRecord] = {}
        self._numbers: dict[str, int] = {}
        self._number = count(1)
        self._said: dict[str, list[Entries]] = {}

    async def begin(self, record: RunRecord) -> RunRecord:
        """Begins a run, unless another has its principal's key: that one then."""
        return self._begin(record)

    async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
        """Begins and continues runs, except those of another owner."""
        return frozenset(one.record.run for one in batches if not self._wrote(owner, one))

    async def record(self, run: str) -> RunRecord | None:
        """The run, or None."""
        return self._records.get(run)

    async def asked(self, principal: str, key: str) -> RunRecord | None:
        """The principal's run of this key, or None."""
        return self._keyed(principal, key)

    async def entries(self, run: str, *, after: int = 0) -> Entries:
        """The next of what is kept behind number `after`."""
        left = (said.behind(after) for said in self._said.get(run, ()) if said.last > after)
        return next(left, Entries(after + 1, ()))

    async def renew(self, owner: str) -> None:
        """Renews the lease of this owner's open runs."""
        self._beats[owner] = self._beats.get(owner, 0) + 1

    async def take_over(self, new_owner: str, *, but: str, seconds: float) -> Sequence[RunRecord]:
        """Takes over the open runs of owners who have not renewed for so long."""
        open_ = [one for one in self._records.values() if not one.closed and one.owner != but]
        beats = {one.owner: self._beats.get(one.owner, 0) for one in open_}
        expired = self._watch.expired(beats, seconds)
        taken = tuple(replace(one, owner=new_owner) for one in open_ if one.owner in expired)
        self._records.update({one.run: one for one in taken})
        return taken

    async def trim(self, keep: Keep) -> None:
        """Forgets the oldest closed runs beyond a number and a size."""
        runs = size = 0
        for run, record in reversed(tuple(self._records.items())):
            if not record.closed:
                continue
            runs += 1
            size += sum(len(block) for said in self._said[run] for block in said.blocks)
            if runs > keep.runs or size > keep.total_bytes:
                self._remove(run)

    async def forget_old(self, now: float, seconds: float) -> int:
        """Forgets closed runs that are older, a tenth at most; returns how many."""
        old: list[str] = []
        began = math.nan
        for run, record in self._records.items():
            if record.started <= now and not record.started < began:
                began = record.started
            if record.closed and began < now - seconds:
                old.append(run)
        closed = sum(one.closed for one in self._records.values())
        old = old[: max(1, closed // 10)]
        for run in old:
            self._remove(run)
        return len(old)

    async def threads(
        self, principal: str, *, limit: int, before: int | None = None
    ) -> Sequence[ThreadRecord]:
        """The principal's threads, the last used first."""
        found: dict[str, ThreadRecord] = {}
        for one in self._records.values():
            if one.principal == principal:
                known = found.pop(one.thread, None)
                found[one.thread] = ThreadRecord(
                    thread=one.thread,
                    question=known.question if known else one.question,
                    runs=known.runs + 1 if known else 1,
                    updated=one.started,
                    number=self._numbers[one.run],
                )
        last_first = reversed(found.values())
        return tuple(one for one in last_first if before is None or one.number < before)[:limit]

    async def runs(
        self, thread: str, *, principal: str, limit: int, after: str | None = None
    ) -> Sequence[RunRecord]:
        """The runs of a thread, oldest first."""
        mine = self._of(thread, principal)
        begin = next((at for at, one in enumerate(mine, 1) if one.run == after), 0)
        return tuple(mine[begin : begin + limit])

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread and its runs."""
        for record in self._of(thread, principal):
            self._remove(record.run)

    def _remove(self, run: str) -> None:
        del self._records[run], self._said[run], self._numbers[run]

    def _of(self, thread: str, principal: str) -> list[RunRecord]:
        mine = (one for one in self._records.values() if one.principal == principal)
        return [one for one in mine if one.thread == thread]

    def _keyed(self, principal: str, key: str | None) -> RunRecord | None:
        mine = (one for one in self._records.values() if one.key is not None)
        return next((one for one in mine if (one.principal, one.key) == (principal, key)), None)

    def _begin(self, record: RunRecord) -> RunRecord:
        known = self._keyed(record.principal, record.key)
        if known is None:
            self._records[record.run], self._said[record.run] = record, []
            self._numbers[record.run] = next(self._number)
        return known or record

    def _wrote(self, owner: str, batch: Batch) -> bool:
        run = batch.record.run
        if batch.entries.first == 1 and batch.entries and run not in self._records:
            self._begin(batch.record)
        record = self._records.get(run)
        if record is None or record.owner != owner:
            return False
        said = batch.entries.behind(record.last)
        if said:
            self._said[run].append(said)
            closed = tells(said.blocks[-1], Done)
            self._records[run] = replace(record, closed=closed, last=said.last)
        return True
