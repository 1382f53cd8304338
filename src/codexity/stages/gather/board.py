"""The hits of all providers, merged, and handed out best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import anyio

from codexity.links import canonical, site
from codexity.model import Hit, Limits

_RRF_K: Final = 60
"""Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion", SIGIR 2009."""


@dataclass(slots=True)
class Candidate:
    """An address that was named: `key` is its canonical form, `groups` who named it."""

    key: str
    hit: Hit
    site: str
    score: float = 0.0
    groups: set[int] = field(default_factory=set[int])
    taken: bool = False


class Board:
    """The hits of all providers merged by reciprocal rank, handed out best first."""

    def __init__(self, groups: int, limits: Limits) -> None:
        self.candidates: dict[str, Candidate] = {}
        self.asked = False
        self.closed = False
        self.named_at = anyio.current_time()
        self.changed = anyio.Event()
        self._max_per_site = limits.max_hits_per_site
        # While others still search, no group of providers may take all the places.
        self._early_share = max(1, limits.max_pages // (groups + 1))
        self._taken_of_site: Counter[str] = Counter()
        self._taken_of_group: Counter[int] = Counter()

    @property
    def best(self) -> float:
        """The highest score of a candidate; there is one."""
        return max(one.score for one in self.candidates.values())

    def add(self, group: int, hits: Sequence[Hit]) -> None:
        """Merges the hits of a group of providers for one query."""
        for rank, hit in enumerate(hits, 1):
            key = canonical(hit.url)
            new = Candidate(key, hit, site(hit.url))
            candidate = self.candidates.setdefault(key, new)
            candidate.score += 1 / (_RRF_K + rank)
            candidate.groups.add(group)
            if candidate.hit.published is None and hit.published is not None:
                candidate.hit = replace(candidate.hit, published=hit.published)
        self.named_at = anyio.current_time()
        self.wake()

    def all_asked(self) -> None:
        """No more queries will come; hits still may."""
        self.asked = True
        self.named_at = anyio.current_time()
        self.wake()

    def close(self) -> None:
        """No more hits will come."""
        self.closed = True
        self.wake()

    def wake(self) -> None:
        """Tells those who wait for `changed`."""
        self.changed.set()
        self.changed = anyio.Event()

    def take(self) -> Candidate | None:
        """The best candidate that may be read now."""
        free = [one for one in self.candidates.values() if not one.taken and self._may(one)]
        if not free:
            return None
        best = max(free, key=lambda one: (not self._crowded(one), one.score))
        self.mark(best)
        return best

    def mark(self, candidate: Candidate) -> None:
        """Takes a candidate out of those that may be read."""
        candidate.taken = True
        self._taken_of_site[candidate.site] += 1
        self._taken_of_group.update(candidate.groups)

    def _may(self, one: Candidate) -> bool:
        if self.closed:
            return True
        early = any(self._taken_of_group[group] < self._early_share for group in one.groups)
        return early and not self._crowded(one)

    def _crowded(self, one: Candidate) -> bool:
        return self._taken_of_site[one.site] >= self._max_per_site
