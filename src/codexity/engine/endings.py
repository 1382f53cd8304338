"""Telling the operator of runs that have ended, once their readers know."""

from __future__ import annotations

from typing import Final

import anyio

from codexity.ports import Journal

from .run import Run

_READERS_FIRST_SECONDS: Final = 0.05


class Endings:
    """The runs that have ended and of which the operator is not told yet.

    A line of a log takes as long as two hundred tokens. Where many runs end at once, the last of
    their readers waited for the lines of all.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ended: list[Run] = []
        self._some = anyio.Event()

    def add(self, run: Run) -> None:
        """This run has said its last event."""
        self._ended.append(run)
        self._some.set()

    async def write(self) -> None:
        """Tells of each a moment after its end, until cancelled."""
        while True:
            await self._some.wait()
            await anyio.sleep(_READERS_FIRST_SECONDS)
            self.flush()

    def flush(self) -> None:
        """Tells of all that have ended so far."""
        self._some = anyio.Event()
        ended, self._ended = self._ended, []
        for run in ended:
            self._journal.run_ended(run.ended())
