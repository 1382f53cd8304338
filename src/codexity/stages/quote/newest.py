"""The step of versions: what answers, and before it what a newer document or message says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from codexity.model import Page
from codexity.question_kind import asked_for

from .answering import Answering
from .candidates import Candidate
from .ranking import Ranking
from .versions import moment, same_series, speaks_of_change, versions

_MOST: Final = 3
_NEAR_VERSION: Final = 0.7
_AS_MUCH: Final = 0.9
"""What is to stand for another holds so much of that which the other holds of the question."""
_ENOUGH_TOLD: Final = 0.8
"""What says that it has changed is to tell so much of it, with its heading."""
_HELD: Final = 0.95
_CHANGING: Final = 0.8
"""What says that something has changed comes before its neighbours."""
_LOOKED_AT: Final = 40
_FAR: Final = 0.4
"""What weighs less than this part of the best speaks of something else."""


def newest(
    ranking: Ranking, ranked: Sequence[Candidate], answering: Answering, pages: Mapping[int, Page]
) -> list[Candidate]:
    """The best that answers; where others of other times say otherwise, the newest of them first.

    Those are versions of the same sentence or of the same document; of another one that holds as
    much of what is asked, and the asked kind of thing; or what says under such a heading, later,
    that something has changed.
    """
    first = next((one for one in ranked if answering.answers(one)), None)
    if first is None:
        return []
    return _Versions(ranking, answering, pages, first).of(ranked)


class _Versions:
    """What says otherwise than the best, and when each was said."""

    def __init__(
        self,
        ranking: Ranking,
        answering: Answering,
        pages: Mapping[int, Page],
        first: Candidate,
    ) -> None:
        self._ranking = ranking
        self._answering = answering
        self._pages = pages
        self._first = first
        self._kind = asked_for(ranking.question)
        self._when = moment(first, pages[first.index])
        self._least = _NEAR_VERSION * ranking.weight(first)
        own, _, above, _ = ranking.rows(first)
        self._own = ranking.mass.of_row(own)
        self._above = ranking.mass.of_row(above)

    def of(self, ranked: Sequence[Candidate]) -> list[Candidate]:
        found: dict[tuple[int, str], Candidate] = {}
        for one in sorted(ranked[:_LOOKED_AT], key=self._order):
            if one is self._first or len(found) == _MOST - 1:
                continue
            if self._ranking.weight(one) < _FAR * self._ranking.weight(self._first):
                continue
            when = moment(one, self._pages[one.index])
            same = (one.index, when)
            if same == (self._first.index, self._when) or same in found:
                continue
            if self._rivals(one, when):
                found[same] = one
        every = [((self._first.index, self._when), self._first), *found.items()]
        every.sort(key=lambda pair: (pair[0][1], speaks_of_change(pair[1])), reverse=True)
        return [one for _, one in every]

    def _order(self, one: Candidate) -> float:
        return -self._ranking.weight(one) - _CHANGING * speaks_of_change(one)

    def _rivals(self, one: Candidate, when: str) -> bool:
        """Whether it says otherwise of the same."""
        first = self._first
        if one.index != first.index and self._ranking.weight(one) >= self._least:
            page, other = self._pages[one.index], self._pages[first.index]
            dated = when and self._when and when != self._when
            if same_series(page, other) or (dated and versions(one, first)):
                return self._answering.answers(one)
        alike = when == self._when and (one.index == first.index or speaks_of_change(first))
        if not when or alike:
            return False
        own, led, _, _ = self._ranking.rows(one)
        mass = self._ranking.mass
        sign, best = self._ranking.sign(one), self._ranking.sign(first)
        holds = self._kind is None or sign.holds >= min(_HELD, best.holds)
        if not holds:
            return False
        if self._kind is not None and self._when and when != self._when and best.holds >= _HELD:
            as_much = mass.of_row(own) >= _AS_MUCH * self._own
            if as_much and self._answering.answers(one):
                return True
        newer = when >= self._when and speaks_of_change(one)
        said = max(mass.of_row(led), mass.of_row(own))
        return newer and said >= _ENOUGH_TOLD * self._above
