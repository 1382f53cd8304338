"""How well a sentence answers a question: what its weight is made of."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from codexity.kind_nouns import without_names
from codexity.model import Evidence
from codexity.near_words import Near, near_words, weakened
from codexity.question_kind import asked_for
from codexity.text import asked, points_elsewhere, relevance, stems

from .candidates import BRACKETED, Candidate
from .kinds import holds
from .mass import Mass

LEAST_HELD = 0.65
"""So far a sentence holds what is asked for, at least: see `AskedFor.held_by`."""
_SHORT = 5.0
"""Keeps a sentence of few words from agreeing wholly by one of them."""
_LEAST_NEAR = 0.7
"""Where nothing is as near as this, what is nearest is not near."""
_LEANING = re.compile(
    r"(?:If|Otherwise|PEP \d+|For example|For instance|Changed in|New in|See also|See|Note)\b"
)
_VERSION_NOTE = re.compile(r"(?:Changed|New|Added|Deprecated|Removed) (?:in|since)(?: version)? \d")
_SINCE = re.compile(
    r"\b(?:versions?|since|new|still|longer|chang\w+|deprecat\w+|remov\w+|add(?:ed|itions?)|3\.\d+)\b",
    re.IGNORECASE,
)


_NEAR = 0.6
"""How much of its share a near word counts."""


def near_of(question: str) -> Near:
    """The near words of a question, as they count in the weight of a sentence."""
    return weakened(near_words(question), _NEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for a candidate, each from 0 to 1, or how much each counts in its weight.

    `fits` is its BM25, `covers` the share of the question's mass (the rarity of its words among all
    candidates) that it holds, `within` that which it holds together with its headings and title,
    `beside` with its neighbours as well. `passage` is its passage's BM25, `source` its source's
    score, `agrees` what other sources say as well, `holds` what this kind of question asks for,
    `tells` how much of it a record that may answer and its heads hold, `near` how near it is to the
    question in meaning, where something can tell. `prose` says that it is a
    sentence; `leans`, `elsewhere` and `lacks` (none of the asked kind) speak against it.
    """

    fits: float
    covers: float
    within: float
    beside: float
    passage: float
    source: float
    agrees: float
    holds: float
    lacks: float
    tells: float
    prose: float
    leans: float
    elsewhere: float
    near: float = 0.0


_NAMES = tuple(one.name for one in fields(Signs))
COUNTS = Signs(
    fits=1.0,
    covers=1.4,
    within=0.8,
    beside=0.9,
    passage=0.5,
    source=0.3,
    agrees=0.2,
    holds=0.55,
    lacks=-0.6,
    tells=0.7,
    prose=0.4,
    leans=-0.2,
    elsewhere=-0.3,
    near=2.0,
)


def weight(one: Signs) -> float:
    """What a candidate weighs; the larger, the better it answers."""
    return math.fsum(getattr(COUNTS, name) * getattr(one, name) for name in _NAMES)


def with_meaning(every: Sequence[Signs], near: Sequence[float]) -> list[Signs]:
    """The signs with a nearness in meaning each: 1 for the nearest, where one is near at all."""
    best = max(near, default=0.0)
    if best <= 0:
        return list(every)
    scale = max(best, _LEAST_NEAR)
    return [
        replace(sign, near=max(0.0, one) / scale) for sign, one in zip(every, near, strict=True)
    ]


def signs(
    question: str,
    evidence: Sequence[Evidence],
    candidates: Sequence[Candidate],
    language: str | None,
    mass: Mass,
) -> list[Signs]:
    """What speaks for each of the candidates, in their order.

    `language` is that of the question, None where it is to tell it.
    """
    looked_for = asked(without_names(question), language)
    near = near_of(question)
    fits = _of_best(relevance(looked_for, [*_led(candidates, language)], near=near))
    passages = [passage.stems for one in evidence for passage in one.passages]
    around = _of_best(relevance(looked_for, passages, near=near))
    best = max((one.score for one in evidence), default=0.0) or 1.0
    trust = {one.source.index: one.score / best for one in evidence}
    titles = {
        one.source.index: frozenset(stems(one.page.known_as, language or "en")) for one in evidence
    }
    agreed = _of_best(_agreement(frozenset(stems(question, language)), candidates))
    holds = holding(question, {one.source.index: one.page.title for one in evidence})
    # Of what is held only what is asked for has a mass: the sets stay small.
    held = [mass.reach.intersection(one.shown or one.stems) for one in candidates]
    wide = [
        held[max(0, at - 1)] | held[at] | held[min(len(held) - 1, at + 1)]
        for at in range(len(held))
    ]
    above = [mass.reach & (one.heading | titles[one.index]) for one in candidates]
    asks = asked_for(question) is not None
    asks_since = _SINCE.search(question) is not None
    found = [
        holds(one) if own or higher else 0.0
        for one, own, higher in zip(candidates, held, above, strict=True)
    ]
    return [
        Signs(
            fits=fit,
            covers=mass.share(held[at]),
            within=mass.share(held[at] | above[at]),
            beside=mass.share(wide[at] | above[at]),
            passage=around[one.passage],
            source=trust[one.index],
            agrees=agree,
            holds=found[at],
            lacks=float(asks and found[at] < LEAST_HELD),
            tells=one.tells,
            prose=float(one.prose),
            leans=float(_leans(one)),
            elsewhere=float(points_elsewhere(one.text) or (not asks_since and _of_version(one))),
        )
        for at, (one, fit, agree) in enumerate(zip(candidates, fits, agreed, strict=True))
    ]


def _led(candidates: Sequence[Candidate], language: str | None) -> Iterator[tuple[str, ...]]:
    """The stems of each, those of sentences with the nearest heading's."""
    known: dict[str, tuple[str, ...]] = {}
    for one in candidates:
        if one.prose and one.under not in known:
            known[one.under] = stems(one.under, language or "en")
        yield (*one.stems, *known[one.under]) if one.prose else one.stems


def holding(
    question: str, titles: Mapping[int, str] | None = None, *, anywhere: bool = False
) -> Callable[[Candidate], float]:
    """What tells of a candidate how far it holds what this kind of question asks for.

    The title of a page, of which `titles` tells by the number of its source, holds none: its date
    is that of the minutes. `anywhere` is for texts of another language, see `AskedFor.anywhere`.
    """
    named = titles or {}
    kind = asked_for(question)
    if kind is not None:
        kind = kind.anywhere() if anywhere else kind
        return lambda one: kind.held_by(
            f"{one.label}: {one.text}"
            if one.label and one.label != named.get(one.index)
            else one.text,
            question,
            record=bool(one.shown),
            under=one.under,
        )
    found = holds(question)
    return lambda one: float(any(new not in question for new in found(f"{one.text} {one.under}")))


def _of_version(one: Candidate) -> bool:
    """Whether it tells what became other in a version: that answers who asks for just this."""
    return _VERSION_NOTE.match(one.text) is not None


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
    adds = [frozenset(one.stems) - plain for one in candidates]
    for one, new in zip(candidates, adds, strict=True):
        often.update(new)
        if not plain.isdisjoint(one.stems):
            for stem in new:
                says[stem].add(one.index)
    rarity = {stem: math.log(1 + len(candidates) / count) for stem, count in often.items()}
    several = {stem for stem, sources in says.items() if len(sources) > 1}
    agreed: list[float] = []
    for one, new in zip(candidates, adds, strict=True):
        by_others = (stem for stem in new if stem in several or says[stem] - {one.index})
        shared = math.fsum(rarity[stem] for stem in by_others)
        agreed.append(shared / (_SHORT + math.fsum(rarity[stem] for stem in new)))
    return agreed
