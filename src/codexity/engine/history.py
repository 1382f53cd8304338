"""Threads: what was asked before, run by run."""

from __future__ import annotations

from collections.abc import Sequence

from codexity.errors import UnknownRun
from codexity.ports import RunRecord, ThreadRecord, Threads

from .held import Held
from .ledger import Ledger

_MOST_THREADS = 200


class History:
    """The threads of this installation, those of this process' runs included.

    Every method may raise `StoreFailed`.
    """

    def __init__(self, threads: Threads, ledger: Ledger, held: Held) -> None:
        self._threads = threads
        self._ledger = ledger
        self._held = held

    async def threads(self, *, principal: str) -> Sequence[ThreadRecord]:
        """The principal's threads, the last used first; at most 200."""
        await self._ledger.flush()
        return await self._threads.threads(principal, limit=_MOST_THREADS)

    async def runs(self, thread: str, *, principal: str) -> Sequence[RunRecord]:
        """The runs of a thread, oldest first.

        Raises:
            UnknownRun: the principal has no such thread.
        """
        await self._ledger.flush()
        found = await self._threads.runs(thread, principal=principal)
        if not found:
            raise UnknownRun("There is no such thread.")
        return found

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread of runs that are over, from memory too."""
        await self._ledger.flush()
        for run in await self._threads.runs(thread, principal=principal):
            self._ledger.forget(run.run)
            self._held.forget(run.run)
        await self._threads.forget(thread, principal=principal)
