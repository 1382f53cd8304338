"""The answer without a model: the sources' own sentences that fit the question best, cited."""

from __future__ import annotations

from collections.abc import Sequence

from codexity.model import Evidence, Limits, Sentence

from .layout import laid_out
from .ranking import Ranking
from .shortening import shortened, sayable

__all__ = ["best", "quote"]


def quote(question: str, evidence: Sequence[Evidence], *, limits: Limits) -> tuple[Sentence, ...]:
    """As few of the sources' own sentences, rows and items as answer the question, best first."""
    ranking = Ranking(question, evidence)
    return tuple(laid_out(shortened(ranking, evidence, limits.answer_sentences)))


def best(question: str, evidence: Sequence[Evidence], *, most: int) -> tuple[str, ...]:
    """The best sentences by weight alone, before the answer is made short."""
    ranking = Ranking(question, evidence)
    return tuple(one.text for one in sayable(ranking)[:most])
