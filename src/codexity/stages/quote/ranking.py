"""The ranking step: everything that an answer could say, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codexity.model import Evidence
from codexity.records import covered, stems_of_words
from codexity.text import asked, stemmed_in, told

from .candidates import WHOLE, Candidate, candidates
from .kinds import holds_number
from .weights import weights

_ENGLISH = "en"


class Ranking:
    """The candidates of a question: `best` first, each with its weight; `every` in page order."""

    def __init__(self, question: str, evidence: Sequence[Evidence]) -> None:
        self.question = question
        self.language = told(question) or _language(evidence)
        self.every = _weighed(question, candidates(question, evidence), self.language)
        scores = weights(question, evidence, self.every, self.language)
        order = sorted(range(len(self.every)), key=lambda at: (-scores[at], at))
        self.best = [self.every[at] for at in order]
        self.weights = [scores[at] for at in order]
        self.asked = frozenset(asked(question, self.language))


def _language(evidence: Sequence[Evidence]) -> str | None:
    """The language to look for a question in that does not tell its own: of the best such page."""
    every = (stemmed_in(one.page.text, one.page.language) for one in evidence)
    return next(filter(None, every), None)


def _weighed(question: str, every: Iterable[Candidate], language: str | None) -> list[Candidate]:
    """The candidates; of lists and tables only those that hold as much as the best sentence.

    A sentence without a number does not answer a question for one.
    """
    held = list(every)
    wanted = stems_of_words(question, language or _ENGLISH)
    numbers = holds_number(question)
    rivals = (one for one in held if one.prose and numbers(one.text))
    share = max((covered(wanted, one.stems) for one in rivals), default=0.0)
    return [one for one in held if not one.tells or one.tells + WHOLE >= share]
