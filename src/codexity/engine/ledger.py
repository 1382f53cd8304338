"""Writing runs behind their memory logs: in batches, by one writer, under leases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import anyio

from codexity.errors import StoreFailed
from codexity.events import Done, encode
from codexity.ports import Entry, Journal, RunLog, RunRecord

from .run import Run

_BATCH_SECONDS: Final = 0.25
_BATCH_EVENTS: Final = 64
_LEASE_SECONDS: Final = 15.0
_RETRY_SECONDS: Final = 5.0
_MAX_UNSAVED: Final = 256


class Ledger:
    """Keeps this process' runs in a `RunLog`, and closes those whose owner is gone.

    A store that fails costs the replay after a restart, never the answer: the journal is told.
    """

    def __init__(
        self, log: RunLog, journal: Journal, *, owner: str, now: Callable[[], float], keep: int
    ) -> None:
        self._log = log
        self._journal = journal
        self._owner = owner
        self._now = now
        self._keep = keep
        self._saved: dict[str, int] = {}
        self._dirty: dict[str, Run] = {}
        self._some = anyio.Event()
        self._hurry = anyio.Event()
        self._writing = anyio.Lock()

    def record(self, run: str, principal: str, question: str) -> RunRecord:
        """A new run's record, owned by this process."""
        return RunRecord(
            run=run,
            principal=principal,
            question=question,
            owner=self._owner,
            lease_until=self._now() + _LEASE_SECONDS,
        )

    def grown(self, run: Run) -> None:
        """The run has said something that is not written yet."""
        self._dirty[run.id] = run
        self._some.set()
        if run.closed or len(run.entries) - self._saved.get(run.id, 0) >= _BATCH_EVENTS:
            self._hurry.set()

    async def write(self) -> None:
        """Writes what is said, at most 250 ms or 64 events behind, until cancelled."""
        while True:
            await self._some.wait()
            with anyio.move_on_after(_BATCH_SECONDS):
                await self._hurry.wait()
            if not await self.flush():
                await anyio.sleep(_RETRY_SECONDS)
                self._some.set()

    async def flush(self) -> bool:
        """Writes everything said so far; False when the store failed, and it is to be tried again.

        At most `_MAX_UNSAVED` runs wait for a store that fails; the oldest are given up.
        """
        async with self._writing:
            self._some, self._hurry = anyio.Event(), anyio.Event()
            for run in tuple(self._dirty.values()):
                try:
                    await self._save(run)
                except StoreFailed as error:
                    self._journal.fault(run.id, error)
                    for one in tuple(self._dirty)[:-_MAX_UNSAVED]:
                        del self._dirty[one]
                        self._saved.pop(one, None)
                    return False
        return True

    async def _save(self, run: Run) -> None:
        saved = self._saved.get(run.id)
        if saved is None:
            await self._log.open(run.record)
            saved = 0
        pending = run.entries[saved:]
        self._saved[run.id] = saved
        if not await self._log.append(run.id, self._owner, pending):
            run.cancel("interrupted")
        self._saved[run.id] = saved + len(pending)
        if len(run.entries) == self._saved[run.id]:
            self._dirty.pop(run.id, None)
        if run.closed and self._saved[run.id] == len(run.entries):
            del self._saved[run.id]

    async def keep(self) -> None:
        """Renews leases, closes runs whose owner is gone, forgets the oldest; until cancelled."""
        while True:
            try:
                await self._log.renew(self._owner, self._now() + _LEASE_SECONDS)
                await self._close_expired()
                await self._log.trim(self._keep)
            except StoreFailed as error:
                self._journal.fault("", error)
            await anyio.sleep(_LEASE_SECONDS / 3)

    async def _close_expired(self) -> None:
        until = self._now() + _LEASE_SECONDS
        for record in await self._log.expired(self._now(), self._owner, until):
            entries = await self._log.entries(record.run)
            seq = entries[-1].seq + 1 if entries else 1
            event = Done(status="interrupted", run=record.run, seconds={})
            entry = Entry(seq=seq, event=event, data=encode(event))
            await self._log.append(record.run, self._owner, (entry,))

    async def stored(self, run: str) -> tuple[RunRecord, tuple[Entry, ...]] | None:
        """A run that is no longer, or was never, in this process' memory."""
        record = await self._log.record(run)
        if record is None:
            return None
        return record, tuple(await self._log.entries(run))
