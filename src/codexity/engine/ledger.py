"""Writing runs behind their memory logs: in batches, by one writer, under leases."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import anyio

from codexity.errors import StoreFailed
from codexity.events import Done, encode
from codexity.ports import Batch, Entries, Journal, Keep, RunLog, RunRecord

from .clock import Clock
from .run import Run

_BATCH_SECONDS: Final = 0.25
_BATCH_EVENTS: Final = 64
_READERS_FIRST_SECONDS: Final = 0.05
"""Where many runs have said much at once, their readers have it before the store does."""
_BATCH_RUNS: Final = 256
"""So many are written at once: what is done for all of them holds the event loop."""
_LEASE_SECONDS: Final = 10.0
_KEEP_SECONDS: Final = 2.5
_RETRY_SECONDS: Final = 5.0
_MAX_UNSAVED: Final = 256
_MAX_DOUBTFUL: Final = 4_096
"""Runs of ours that are over and may be open in the store: nobody else would ever close them."""
_TRIM_SECONDS: Final = 60.0
_AGES_AFTER_SECONDS: Final = 600.0
"""By age nothing is forgotten before: by then a machine has set its clock that starts with none."""
_AGES_SECONDS: Final = 3_600.0
_AGES_PARTS: Final = 240
"""A tenth of the runs may go for their age once an hour, so that who sees it can set the clock;
more often where they are kept for less than ten days: as often as the 240th part of that."""
_BEYOND: Final = 1_000_000_000
"""A reader may have heard more than a crash kept: no reader has an id so far behind that."""


class Ledger:
    """Keeps this process' runs in a `RunLog`, and closes those whose owner is gone.

    A store that fails costs the replay after a restart, never the answer: the journal is told.
    `write` and `keep` are loops for a supervisor, to be begun again after an unforeseen error:
    nothing is lost by one.
    """

    def __init__(
        self,
        log: RunLog,
        journal: Journal,
        *,
        keep: Keep,
        stored: Callable[[Run], None],
        clock: Clock | None = None,
    ) -> None:
        self._log = log
        self._journal = journal
        self.owner = secrets.token_hex(16)
        self._keep = keep
        self._stored = stored
        self._clock = clock or Clock()
        self._trims_at = self._clock.monotonic()
        self._ages_at = self._trims_at + _AGES_AFTER_SECONDS
        self._doubtful: deque[RunRecord] = deque(maxlen=_MAX_DOUBTFUL)
        self._batch_runs = _BATCH_RUNS
        self._suspect: str | None = None
        self._unwritable: set[str] = set()
        self._saved: dict[str, int] = {}
        self._dirty: dict[str, Run] = {}
        self._some, self._hurry = anyio.Event(), anyio.Event()
        self._writing = anyio.Lock()

    def owned(self, record: RunRecord) -> RunRecord:
        """A new run's record, owned by this process from now on."""
        return replace(record, owner=self.owner, started=self._clock.wall())

    async def begin(self, record: RunRecord) -> RunRecord:
        """Stores a new run before anything of it is said; returns who has its key.

        Raises:
            StoreFailed: it may not begin, since another process may begin it as well.
        """
        try:
            return await self._log.begin(record)
        except BaseException:
            self.abandon(record)
            raise

    def abandon(self, record: RunRecord) -> None:
        """The run does not begin; it may be stored all the same, and is closed there then."""
        self._doubtful.append(record)

    def grown(self, run: Run) -> None:
        """The run has said something that is not written yet."""
        if run.id in self._unwritable:
            if run.closed:
                self._give_up(run)
            return
        if run.id not in self._dirty:
            self._dirty[run.id] = run
            self._saved.setdefault(run.id, 0)
            self._some.set()
        if run.closed or len(run.blocks) - self._saved.get(run.id, 0) >= _BATCH_EVENTS:
            self._hurry.set()

    def forget(self, run: str) -> None:
        """What the run has said is not to be written."""
        self._dirty.pop(run, None)
        self._saved.pop(run, None)
        self._unwritable.discard(run)

    async def write(self) -> None:
        """Writes what is said, at most 250 ms behind or 50 ms and 64 events, until cancelled."""
        while True:
            await self._some.wait()
            with anyio.move_on_after(_BATCH_SECONDS):
                await self._hurry.wait()
                await anyio.sleep(_READERS_FIRST_SECONDS)
            if not await self.flush():
                await anyio.sleep(_RETRY_SECONDS)
                self._some.set()

    async def flush(self) -> bool:
        """Writes everything said so far; False when the store failed, and it is to be tried again.

        At most `_MAX_UNSAVED` runs wait for a store that fails; the oldest are given up. After an
        unforeseen error, which is raised, each run is written alone until all is well: the one that
        fails twice so is given up for good, and keeps no other from being written.
        """
        async with self._writing:
            self._begin_anew()
            pending, self._dirty = list(self._dirty.values()), {}
            try:
                while pending:
                    batch = pending[: self._batch_runs]
                    try:
                        await self._write(batch)
                    except StoreFailed as error:
                        self._journal.fault("", error)
                        return False
                    except Exception as error:
                        if not self._is_given_up(batch, error):
                            raise
                    del pending[: self._batch_runs]
                self._batch_runs = _BATCH_RUNS
            finally:
                self._put_back(pending)
        return True

    async def flush_at_end(self) -> None:
        """Writes what it can: what ends its owner is not to fail by it."""
        try:
            await self.flush()
        except Exception as error:  # noqa: BLE001 - the rest of the end is to follow
            self._journal.fault("", error)

    def _is_given_up(self, batch: Sequence[Run], error: Exception) -> bool:
        """Whether the batch was one run that cannot be written; else each is, next time, alone."""
        run = batch[0]
        if self._batch_runs == 1 and self._suspect == run.id:
            self._journal.fault(run.id, error)
            self._give_up(run)
            if not run.closed:
                # Were it tried again at its next word, its faults would end the process at last.
                self._unwritable.add(run.id)
            return True
        self._suspect = run.id if self._batch_runs == 1 else None
        self._batch_runs = 1
        return False

    def _begin_anew(self) -> None:
        """New events for what is said from now on; who waits on the old ones looks again."""
        old = self._some, self._hurry
        self._some, self._hurry = anyio.Event(), anyio.Event()
        for event in old:
            event.set()

    async def _write(self, runs: Sequence[Run]) -> None:
        batches: list[Batch] = []
        for run in runs:
            saved = self._saved.get(run.id, 0)
            entries = Entries(saved + 1, run.blocks[saved:])
            batches.append(Batch(record=run.record, entries=entries))
        lost = await self._log.write(self.owner, batches)
        for run, batch in zip(runs, batches, strict=True):
            self._wrote(run, batch.entries.last, lost=run.id in lost)

    def _put_back(self, runs: Sequence[Run]) -> None:
        if not runs:
            return
        self._dirty = {run.id: run for run in runs} | self._dirty
        self._some.set()
        for run in tuple(self._dirty.values())[:-_MAX_UNSAVED]:
            self._give_up(run)

    def _give_up(self, run: Run) -> None:
        self.forget(run.id)
        if run.closed:
            self._doubtful.append(run.record)
        run.stored = True
        self._stored(run)

    def _wrote(self, run: Run, last: int, *, lost: bool) -> None:
        self._saved[run.id] = last
        if lost:
            run.cancel(None)
        if run.closed and last == len(run.blocks):
            del self._saved[run.id]
            run.stored = True
            self._stored(run)

    async def keep(self) -> None:
        """Renews leases, closes runs whose owner is gone, forgets the oldest; until cancelled."""
        while True:
            try:
                await self.tend()
            except StoreFailed as error:
                self._journal.fault("", error)
            await anyio.sleep(_KEEP_SECONDS)

    async def tend(self) -> None:
        """One round of what `keep` does: where none can be closed, the oldest go all the same."""
        await self._log.renew(self.owner)
        try:
            await self._close_expired()
        finally:
            await self._forget_oldest()

    async def _forget_oldest(self) -> None:
        passed = self._clock.monotonic()
        if passed >= self._trims_at:
            self._trims_at = passed + _TRIM_SECONDS
            await self._log.trim(self._keep)
        if passed >= self._ages_at:
            self._ages_at = passed + min(_AGES_SECONDS, self._keep.seconds / _AGES_PARTS)
            forgotten = await self._log.forget_old(self._clock.wall(), self._keep.seconds)
            if forgotten:
                self._journal.forgotten(forgotten)

    async def current(self, run: str) -> RunRecord | None:
        """A run as it is stored; `keep` closes one whose owner is gone."""
        return await self._log.record(run)

    async def entries(self, run: str, *, after: int = 0) -> Entries:
        """The next of what is stored of a run behind number `after`."""
        return await self._log.entries(run, after=after)

    async def blocks(self, run: str) -> list[bytes]:
        """Everything that is stored of a run."""
        blocks: list[bytes] = []
        entries = await self._log.entries(run)
        while entries:
            blocks += entries.blocks
            entries = await self._log.entries(run, after=entries.last)
        return blocks

    async def asked(self, principal: str, key: str) -> RunRecord | None:
        """The principal's run that was asked for under this key."""
        return await self._log.asked(principal, key)

    async def _close_expired(self) -> None:
        # Not as ourselves: a run that could not be closed would be renewed for ever.
        closer = secrets.token_hex(16)
        late = await self._log.take_over(closer, but=self.owner, seconds=_LEASE_SECONDS)
        await self._interrupt(closer, late)
        doubtful = tuple(self._doubtful)
        self._doubtful.clear()
        try:
            await self._interrupt(self.owner, doubtful)
        except StoreFailed:
            self._doubtful.extend(doubtful)
            raise

    async def _interrupt(self, owner: str, records: Sequence[RunRecord]) -> None:
        """Closes runs; one that cannot be closed for an unforeseen error keeps no other open."""
        batches: list[Batch] = []
        for record in records:
            done = Done(status="interrupted", run=record.run, seconds={})
            entries = Entries(record.last + _BEYOND, (encode(done),))
            batches.append(Batch(record=record, entries=entries))
        try:
            if batches:
                await self._log.write(owner, batches)
        except StoreFailed:
            raise
        except Exception as error:  # noqa: BLE001 - the others, and later rounds, are to follow
            if len(records) == 1:
                self._journal.fault(records[0].run, error)
                return
            for record in records:
                await self._interrupt(owner, [record])
