"""The shortening step: as few of what is ranked as answer."""

from __future__ import annotations

from collections.abc import Sequence

from codexity.analysis.unspaced import alone
from codexity.likeness import says_otherwise
from codexity.model import Evidence

from .candidates import Candidate
from .ranking import Ranking

_ALIKE = 0.7
"""Two sentences that share more of their stems say the same."""
_MOST = 3
_NEAR = 0.8


def sayable(ranking: Ranking) -> list[Candidate]:
    """What an answer may say, the best first, nothing twice: what tells, and what speaks of it."""
    looked_for = ranking.asked
    if not any(looked_for.intersection(one.stems) for one in ranking.every):
        looked_for = frozenset(alone(ranking.question))
    chosen: list[Candidate] = []
    fits = [
        one
        for one in ranking.best
        if one.tells or (one.prose and looked_for.intersection((*one.stems, *one.heading)))
    ]
    for one in fits or [one for one in ranking.best if one.prose] or ranking.best:
        if not said(one, chosen):
            chosen.append(one)
    return chosen


def said(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether what is chosen says it already."""
    mine = set(one.stems)
    for other in chosen:
        theirs = set(other.stems)
        if one.text == other.text or one.text.rstrip(":：") == other.label:
            return True
        if one.index == other.index and one.start < other.end and other.start < one.end:
            return True
        near = len(mine & theirs) > _ALIKE * len(mine | theirs)
        if near and not says_otherwise(one.text, other.text):
            return True
    return False


def shortened(
    ranking: Ranking, evidence: Sequence[Evidence], most: int
) -> list[Candidate]:
    """The best, and what adds to it."""
    ranked = sayable(ranking)
    weight = dict(zip(map(id, ranking.best), ranking.weights, strict=True))
    chosen = ranked[:1]
    for one in ranked[1:]:
        if len(chosen) >= min(_MOST, most):
            break
        if weight[id(one)] >= _NEAR * weight[id(ranked[0])]:
            chosen.append(one)
    return chosen
