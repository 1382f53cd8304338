"""Rows of ranges: the one that a number of the question is in says that number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codexity.model import Evidence
from codexity.ranges import Number, in_range
from codexity.text import stems

from .candidates import Candidate


def ranged(
    every: Sequence[Candidate], numbers: Sequence[Number], evidence: Sequence[Evidence]
) -> list[Candidate]:
    """The candidates, the row of a range with the number that is in it, and the others without.

    `29 to 8 days: 80 %` is about 20 days, and `more than 60 days: 20 %` is not.
    """
    found = list(every)
    for source in evidence:
        records = [one for passage in source.passages for one in passage.records]
        for text, (starts, beside) in in_range(numbers, records).items():
            own = frozenset(stems(text, "en"))
            for at, one in enumerate(found):
                if one.index == source.source.index and one.shown:
                    if one.start in starts:
                        found[at] = _saying(one, own)
                    elif one.start in beside:
                        found[at] = _without(one, own)
    return found


def _saying(one: Candidate, own: frozenset[str]) -> Candidate:
    return replace(one, stems=(*one.stems, *own), shown=one.shown | own, tells=one.tells or 1.0)


def _without(one: Candidate, own: frozenset[str]) -> Candidate:
    left = tuple(stem for stem in one.stems if stem not in own)
    return replace(one, stems=left, shown=one.shown - own, tells=0.0)
