"""The runs that this process holds in memory."""

from __future__ import annotations

from itertools import islice
from typing import Final

from .ledger import Ledger
from .run import Run

_MOST_OVER: Final = 64


class Held(dict[str, Run]):
    """Runs by their ids: those that are not over, and the last of those that are."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger
        self._over: dict[str, Run] = {}

    def over(self, run: Run) -> None:
        """The run is over: lets the oldest go, except who is read or is not stored yet."""
        self._over[run.id] = run
        for old in tuple(islice(self._over.values(), max(0, len(self._over) - _MOST_OVER))):
            if not old.followers and not self._ledger.owes(old.id):
                del self._over[old.id]
                self.pop(old.id, None)
