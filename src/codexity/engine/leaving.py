"""Runs that nobody reads: how long they go on, and their end."""

from __future__ import annotations

import time
from typing import Final

import anyio
from anyio.abc import TaskGroup

from codexity.model import CancelReason
from codexity.ports import Journal
from codexity.supervisor import is_ending

from .run import Run

_END_SECONDS: Final = 10.0
"""How long the end of a run is waited for: its work has deadlines of its own below that."""


class Leaving:
    """Ends runs that nobody reads once nobody is owed them any more; `tasks` own the waiting."""

    def __init__(self, tasks: TaskGroup, journal: Journal) -> None:
        self._tasks = tasks
        self._journal = journal

    async def left(self, run: Run) -> None:
        """A reader has left: where it was the last, and nothing is owed, waits for the end."""
        if not run.followers and run.owed_until <= time.monotonic():
            await end(run, "left")
        else:
            self.linger(run)

    def linger(self, run: Run) -> None:
        """Has somebody look after the run until it is over, or has readers."""
        if not run.lingering and not run.over.is_set():
            run.lingering = True
            self._tasks.start_soon(self._lingering, run)

    async def _lingering(self, run: Run) -> None:
        try:
            while (left := run.owed_until - time.monotonic()) > 0:
                with anyio.move_on_after(left):
                    await run.over.wait()
                    return
        except BaseException as error:
            if is_ending(error):
                raise
            # Nobody looks after this one any more: it ends, and all the others go on.
            self._journal.fault(run.id, error)
        run.lingering = False
        if not run.followers:
            run.cancel("left")


async def end(run: Run, reason: CancelReason) -> None:
    """Ends the work; returns once nothing of it runs any more."""
    run.cancel(reason)
    with anyio.move_on_after(_END_SECONDS, shield=True):
        await run.over.wait()
