"""Answers to a question of several parts: what answers each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codexity.model import Evidence
from codexity.question_parts import parts_of

from .candidates import Candidate
from .ranking import Ranking
from .shortening import said, shortened


def parted(
    question: str, evidence: Sequence[Evidence], near: Mapping[str, float] | None
) -> list[Candidate]:
    """The best of each part, in their order; empty where the question has one part.

    Or where a part is not answered, or not by something else: the question is taken as a whole
    then.
    """
    chosen: list[Candidate] = []
    for ways in parts_of(question):
        best = next(filter(None, (_best(way, evidence, near) for way in ways)), None)
        if best is None or said(best, chosen):
            return []
        chosen.append(best)
    return chosen


def _best(
    question: str, evidence: Sequence[Evidence], near: Mapping[str, float] | None
) -> Candidate | None:
    found = shortened(Ranking(question, evidence, near), evidence, 1)
    return found[0] if found else None
