"""The answer without a model: the sources' own sentences that fit the question best, cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from codexity.model import Evidence, Limits, Sentence, Source
from codexity.outline import COLON

from .layout import laid_out, listed
from .lists import announced, listing, ticked
from .named import named
from .parted import parted
from .ranking import Ranking
from .shortening import sayable, shortened

__all__ = ["best", "nearest", "quote", "sayings"]

_WHOLE = 0.95
"""A list that holds less of a question comes behind what stands under a name that holds all."""


def quote(
    question: str,
    evidence: Sequence[Evidence],
    *,
    limits: Limits,
    near: Mapping[str, float] | None = None,
) -> tuple[Sentence, ...]:
    """As few of the sources' own sentences, rows and items as answer the question, best first.

    `near` says of `sayings` how near they are to the question in meaning, where that is known.
    """
    whole = ticked(question, evidence) or listing(question, evidence)
    if whole and whole.cover >= _WHOLE:
        return tuple(listed(whole))
    ranking = Ranking(question, evidence, near)
    if said := named(ranking, evidence):
        return said
    if whole:
        return tuple(listed(whole))
    chosen = parted(question, evidence, near) or shortened(
        ranking, evidence, limits.answer_sentences
    )
    if chosen and chosen[0].text.endswith(COLON):
        source = next(one for one in evidence if one.source.index == chosen[0].index)
        if behind := announced(source, chosen[0].end):
            return tuple(listed(behind))
    return tuple(laid_out(ranking, chosen, evidence))


def sayings(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What an answer could say, the likelier first, each under what it stands under."""
    ranking = Ranking(question, evidence)
    return tuple(dict.fromkeys(one.under_heading for one in ranking.best))


def nearest(question: str, evidence: Sequence[Evidence]) -> tuple[Source, ...]:
    """The sources, each with what comes nearest to the question in it, under its heading."""
    ranking = Ranking(question, evidence)
    said: dict[int, str] = {}
    for one in sayable(ranking):
        said.setdefault(one.index, one.under_heading)
    return tuple(
        replace(one.source, quote=said.get(one.source.index, one.source.quote)) for one in evidence
    )


def best(question: str, evidence: Sequence[Evidence], *, most: int) -> tuple[str, ...]:
    """The best sentences by weight alone, before the answer is made short."""
    ranking = Ranking(question, evidence)
    return tuple(one.text for one in sayable(ranking)[:most])
