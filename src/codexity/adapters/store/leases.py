"""Owners of runs who are gone, told from those who are there by durations alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

_LOOKS: Final = 3
"""A lease ends after so many looks at the earliest, however long the pauses between them were."""


class LeaseWatch:
    """Watches the beats of owners: numbers that change whenever an owner renews its lease.

    No clock is compared with another process', and none that somebody can set is read: an owner is
    gone whose beat has not changed for a time by this process' `monotonic` clock. Of a pause in
    which nobody looked a third of a lease counts at most: whoever was held up (a machine that
    slept, a store that was locked) may have held up the owners as well.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._looked = monotonic()
        self._still: dict[str, tuple[int, float]] = {}

    def expired(self, beats: Mapping[str, int], seconds: float) -> list[str]:
        """Those of the owners whose beat has not changed for so long; call it again and again."""
        now = self._monotonic()
        passed = min(now - self._looked, seconds / _LOOKS)
        self._looked = now
        before = self._still
        self._still = {}
        for owner, beat in beats.items():
            known, still = before.get(owner, (None, 0.0))
            self._still[owner] = (beat, still + passed if beat == known else 0.0)
        return [owner for owner, (_, still) in self._still.items() if still >= seconds]
