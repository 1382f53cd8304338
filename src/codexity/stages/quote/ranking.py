"""The ranking step: everything that an answer could say, the best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from codexity.model import Evidence
from codexity.text import asked, stemmed_in, stems, told

from .candidates import Candidate, candidates
from .weights import Signs, masses, meant, signs, weight

_ALONE = 0.01


class Ranking:
    """The candidates of a question: `best` first, `every` in the order of sources and pages."""

    def __init__(
        self,
        question: str,
        evidence: Sequence[Evidence],
        near: Mapping[str, float] | None = None,
    ) -> None:
        self.question = question
        self.language = told(question) or _language(evidence)
        self.asked = frozenset(asked(question, self.language))
        self.asked_plain = frozenset(stems(question, self.language))
        self.every = list(candidates(question, evidence))
        self.mass = masses(self.asked_plain, list(map(self.held, self.every)))
        found = signs(question, evidence, self.every, self.language, self.mass)
        found = meant(found, [(near or {}).get(one.under_heading, 0.0) for one in self.every])
        self._signs = {id(one): sign for one, sign in zip(self.every, found, strict=True)}
        self._weights = {at: weight(sign) for at, sign in self._signs.items()}
        self._lower_what_only_goes_on()
        self.best = sorted(self.every, key=lambda one: -self.weight(one))

    def _lower_what_only_goes_on(self) -> None:
        """A sentence with one that leans on it comes behind it alone, where that holds as much."""
        for before, one in pairwise(self.every):
            if goes_on(before, one) and self.mass(self.held(before)) >= self.mass(self.held(one)):
                told, more = self.sign(before), self.sign(one)
                if told.holds >= more.holds:
                    self._weights[id(one)] = min(self.weight(one), self.weight(before) - _ALONE)

    def going_on(self, one: Candidate) -> Candidate:
        """It with what leans on it, where something does."""
        return next(
            (
                other
                for first, other in pairwise(self.every)
                if first is one and goes_on(one, other)
            ),
            one,
        )

    def weight(self, one: Candidate) -> float:
        """How well a candidate answers."""
        return self._weights[id(one)]

    def sign(self, one: Candidate) -> Signs:
        """What speaks for a candidate."""
        return self._signs[id(one)]

    def held(self, one: Candidate) -> frozenset[str]:
        """The stems of a candidate with what leads it."""
        return one.shown or frozenset(one.stems)

    def stems_of(self, text: str) -> frozenset[str]:
        """The stems of a text in the language of the question."""
        return frozenset(stems(text, self.language or "en"))


def goes_on(one: Candidate, other: Candidate) -> bool:
    """Whether a candidate is another with the sentence behind it, which leans on it."""
    return (one.index, one.start) == (other.index, other.start) and one.end < other.end


def _language(evidence: Sequence[Evidence]) -> str | None:
    """The language to look for a question in that does not tell its own: of the best such page."""
    every = (stemmed_in(one.page.text, one.page.language) for one in evidence)
    return next(filter(None, every), None)
