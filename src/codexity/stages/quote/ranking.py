"""The ranking step: everything that an answer could say, the best first."""

from __future__ import annotations

from collections.abc import Sequence

from codexity.model import Evidence
from codexity.text import asked, stemmed_in, told

from .candidates import Candidate, candidates
from .weights import weights


class Ranking:
    """The candidates of a question: `best` first, each with its weight; `every` in page order."""

    def __init__(self, question: str, evidence: Sequence[Evidence]) -> None:
        self.question = question
        self.language = told(question) or _language(evidence)
        self.every = list(candidates(question, evidence))
        scores = weights(question, evidence, self.every, self.language)
        order = sorted(range(len(self.every)), key=lambda at: (-scores[at], at))
        self.best = [self.every[at] for at in order]
        self.weights = [scores[at] for at in order]
        self.asked = frozenset(asked(question, self.language))


def _language(evidence: Sequence[Evidence]) -> str | None:
    """The language to look for a question in that does not tell its own: of the best such page."""
    every = (stemmed_in(one.page.text, one.page.language) for one in evidence)
    return next(filter(None, every), None)
