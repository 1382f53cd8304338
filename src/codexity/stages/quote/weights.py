"""How well a sentence answers a question: what its weight is made of."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from codexity.model import Evidence
from codexity.text import asked, points_elsewhere, relevance, stems

from .candidates import BRACKETED, Candidate

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

_NAME = r"(?<=[\w,)] )[A-Z][\w.'’-]+"
_NUMBER = r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b"
_DATE = (
    r"\b1\d{3}s?\b|\b20\d\ds?\b|\b(?:January|February|March|April|June|July|August|September"
    r"|October|November|December|century|BC|AD)\b"
)
_CALL = r"\w\(|\b(?:[Uu]se|[Cc]all|[Ss]et|[Rr]eturns?|[Pp]ass|[Aa]dd|[Cc]reate)\b"
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds))
    for asks, holds in (
        (r"\bhow (?:many|much|long|old|far|tall|high|large|big|often|fast)\b|\bpercent", _NUMBER),
        (r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b", _DATE),
        (r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|actor|author|singer|band)\b", _NAME),
        (
            r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|town|county|nation)\b",
            r"\b(?:in|at|from|near|to|of) (?:the )?[A-Z]",
        ),
        (
            r"\bwhy\b|\bwhat (?:caused?|reason)",
            r"\b(?:because|since|due to|so that|in order to|as a result|reason|caused?)\b",
        ),
        (r"\bhow (?:do|to|can|could|should|would|does|might)\b", _CALL),
        (
            r"\bwhat(?:'s| is| are| was| were| does)\b|\bdefine\b|\bmean",
            r"\b(?:is|are|was|were) (?:an?|the|one)\b|\b(?:refers? to|means?|returns?|called)\b",
        ),
    )
)
_LEANING = re.compile(
    r"(?:It|He|She|They|This|These|Those|That|Its|His|Her|Their|Such|But|And|Or|So|However|Also"
    r"|Then|Thus|Therefore|Moreover|Otherwise|For example|For instance|Changed in|New in"
    r"|See also|See|Note)\b"
)


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
    holds = _holds(question)
    return [
        fit
        + _COVER * len(plain.intersection(one.stems)) / max(1, len(plain))
        + _PASSAGE * around[one.passage]
        + _KIND * (fit > 0 and any(new not in question for new in holds(one.text)))
        + _SOURCE * trust[one.index]
        + _AGREEMENT * agree
        - _LEANS * _leans(one.text)
        + _QUOTED * one.quoted
        - _ELSEWHERE * points_elsewhere(one.text)
        + _EXPLAINS * bool(one.label)
        + _UNDER * len(plain & one.heading) / max(1, len(plain))
        + _TELLS * one.tells
        for one, fit, agree in zip(candidates, fits, agreed, strict=True)
    ]


def holds_number(question: str) -> Callable[[str], bool]:
    """What says of a sentence whether it may answer: to a question for a number, if it has one."""
    asks, holds = _KINDS[0]
    if not asks.search(question):
        return lambda _: True
    return lambda text: any(new not in question for new in re.findall(holds, text))


def _leans(text: str) -> bool:
    """Whether a sentence wants something beside it: what `It` means, a footnote, an example."""
    return text.endswith(":") or bool(_LEANING.match(text) or BRACKETED.search(text))


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


def _holds(question: str) -> Callable[[str], list[str]]:
    """What finds in a sentence that which this kind of question asks for."""
    for asks, holds in _KINDS:
        if asks.search(question):
            return holds.findall
    return lambda _: []
