"""The runs that this process holds in memory."""

from __future__ import annotations

from typing import Final

from .run import Run

_MOST_SPARE: Final = 64


class Held(dict[str, Run]):
    """Runs by their ids: those that are needed, and the last of those that are not any more."""

    def __init__(self) -> None:
        super().__init__()
        self._spare: dict[str, Run] = {}

    def settle(self, run: Run) -> None:
        """To be called when a run is over, is stored, or was left by a reader.

        The oldest are let go that are over and stored, and that nobody reads.
        """
        if run.over.is_set() and run.stored and not run.followers:
            self._spare[run.id] = run
        while len(self._spare) > _MOST_SPARE:
            oldest = next(iter(self._spare))
            del self._spare[oldest]
            self.pop(oldest, None)

    def forget(self, run: str) -> None:
        """Lets a run go at once."""
        self._spare.pop(run, None)
        self.pop(run, None)

    def need(self, run: Run) -> None:
        """A reader comes to the run."""
        self._spare.pop(run.id, None)
