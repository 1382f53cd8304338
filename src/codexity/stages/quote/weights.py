"""How well a sentence answers a question: what its weight is made of."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from codexity.model import Evidence
from codexity.text import asked, points_elsewhere, relevance, stems

from .candidates import BRACKETED, Candidate
from .kinds import holds

# What a sentence's weight is made of, beside its own BM25 of at most 1. Tuned on the even questions
# of `bench/answers.py`: one of them left out or doubled moves the figures by some 0.02 at most.
_COVER = 0.5
# On 70 questions of an FAQ the answer quotes what stands under them for 42 with this, for 33
# without, and for 27 where it may also quote the question. Other sets stay as they are.
_UNDER = 0.5
_PASSAGE = 0.5
_SOURCE = 0.5
_AGREEMENT = 0.5
_KIND = 0.35
_EXPLAINS = 0.2
_LEANS = 0.1
_QUOTED = 0.5
"""What is shown as a source's quote is mostly said as well; `bench/answers.py` finds the same."""
_ELSEWHERE = 0.5
_TELLS = 3.0
"""More than all the others: what answers in a row comes before what only speaks of it."""
_SHORT = 5.0
"""Keeps a sentence of few words from agreeing wholly by one of them."""
_LEANING = re.compile(r"(?:For example|For instance|Changed in|New in|See also|See|Note)\b")


def weights(
    question: str,
    evidence: Sequence[Evidence],
    candidates: Sequence[Candidate],
    language: str | None = None,
) -> list[float]:
    """One weight a candidate, in their order; the larger, the better it answers.

    `language` is that of the question, None where it is to tell it.
    """
    looked_for = asked(question, language)
    plain = frozenset(stems(question, language))
    fits = _of_best(relevance(looked_for, [one.stems for one in candidates]))
    passages = [passage.stems for one in evidence for passage in one.passages]
    around = _of_best(relevance(looked_for, passages))
    best = max((one.score for one in evidence), default=0.0) or 1.0
    trust = {one.source.index: one.score / best for one in evidence}
    agreed = _of_best(_agreement(plain, candidates))
    found = holds(question)
    return [
        fit
        + _COVER * len(plain.intersection(one.stems)) / max(1, len(plain))
        + _PASSAGE * around[one.passage]
        + _KIND * (fit > 0 and any(new not in question for new in found(one.text)))
        + _SOURCE * trust[one.index]
        + _AGREEMENT * agree
        - _LEANS * _leans(one)
        + _QUOTED * one.quoted
        - _ELSEWHERE * points_elsewhere(one.text)
        + _EXPLAINS * bool(one.label)
        + _UNDER * len(plain & one.heading) / max(1, len(plain))
        + _TELLS * one.tells
        for one, fit, agree in zip(candidates, fits, agreed, strict=True)
    ]


def _leans(one: Candidate) -> bool:
    """Whether a sentence wants something beside it: what `It` means, a footnote, an example."""
    return (
        one.leaning
        or one.text.endswith(":")
        or bool(_LEANING.match(one.text) or BRACKETED.search(one.text))
    )


def _of_best(values: Sequence[float]) -> list[float]:
    best = max(values, default=0.0) or 1.0
    return [value / best for value in values]


def _agreement(plain: frozenset[str], candidates: Sequence[Candidate]) -> list[float]:
    """How much of what a sentence adds to the question is said by other sources as well.

    Only sentences that have something in common with the question are asked.
    """
    says: dict[str, set[int]] = defaultdict(set)
    often: Counter[str] = Counter()
    for one in candidates:
        new = set(one.stems) - plain
        often.update(new)
        if len(new) < len(set(one.stems)):
            for stem in new:
                says[stem].add(one.index)
    rarity = {stem: math.log(1 + len(candidates) / count) for stem, count in often.items()}
    agreed: list[float] = []
    for one in candidates:
        new = set(one.stems) - plain
        shared = math.fsum(rarity[stem] for stem in new if says[stem] - {one.index})
        agreed.append(shared / (_SHORT + math.fsum(rarity[stem] for stem in new)))
    return agreed
