"""The ranking step: everything that an answer could say, the best first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from codexity.model import Evidence
from codexity.question_kind import asked_for
from codexity.question_word import Word
from codexity.question_words import telling_words
from codexity.ranges import asked_numbers, within_limits
from codexity.text import asked, is_foreign, stemmed_in, stems, told

from .candidates import Candidate, candidates
from .favouring import forbidding, forbids
from .mass import Mass
from .ranged import ranged
from .weights import Signs, holding, near_of, signs, weight, with_meaning

_ALONE = 0.01
_NEIGHBOURS = 3
"""A sentence stands beside one that leans on it, which begins with it and has the same place."""


class Ranking:
    """The candidates of a question: `best` first, `every` in the order of sources and pages.

    By `mass` they are ranked; `said` is for the gate, to which what is said otherwise is said.
    """

    def __init__(
        self,
        question: str,
        evidence: Sequence[Evidence],
        near: Mapping[str, float] | None = None,
    ) -> None:
        self.question = question
        self.language = told(question) or _language(evidence)
        self.asked = frozenset(asked(question, self.language)).union(near_of(question))
        self.asked_plain = frozenset(stems(question, self.language))
        words = telling_words(question, _languages(evidence))
        self.every = _candidates(question, evidence, words)
        held = list(map(self.held, self.every))
        self.mass = Mass(words, held)
        self.said = Mass(words, held, otherwise=True)
        found = signs(question, evidence, self.every, self.language, self.mass)
        self._foreign = {
            one.source.index: is_foreign(question, one.page.text, one.page.language)
            for one in evidence
        }
        self._near = {id(one): (near or {}).get(one.under_heading, 0.0) for one in self.every}
        if near:
            found = self._with_meaning(found)
        self._places = {id(one): at for at, one in enumerate(self.every)}
        self._known_as = {one.source.index: one.page.known_as for one in evidence}
        self._titles = {
            one.source.index: frozenset(stems(one.page.known_as, self.language or "en"))
            for one in evidence
        }
        self._signs = {id(one): sign for one, sign in zip(self.every, found, strict=True)}
        self._weights = {at: weight(sign) for at, sign in self._signs.items()}
        self._lower_what_only_goes_on()
        self.best = sorted(self.every, key=lambda one: -self.weight(one))

    def _with_meaning(self, found: Sequence[Signs]) -> Sequence[Signs]:
        """The signs with how near each is in meaning, of which a text of any language may be."""
        found = with_meaning(found, [self._near[id(one)] for one in self.every])
        held = holding(self.question, anywhere=True)
        return [
            replace(sign, holds=max(sign.holds, held(one)), lacks=0.0 if held(one) else sign.lacks)
            if self.meant(one)
            else sign
            for one, sign in zip(self.every, found, strict=True)
        ]

    def _lower_what_only_goes_on(self) -> None:
        """A sentence with one that leans on it comes behind it alone, where that holds as much.

        Where only both hold what is asked for, such as a day, they come before it.
        """
        asks = asked_for(self.question) is not None
        for before, one in pairwise(self.every):
            if not goes_on(before, one):
                continue
            told, more = self.sign(before), self.sign(one)
            enough = told.covers >= more.covers and told.holds >= more.holds
            if enough:
                self._weights[id(one)] = min(self.weight(one), self.weight(before) - _ALONE)
            elif asks and told.holds < more.holds and more.covers >= told.covers:
                self._weights[id(one)] = max(self.weight(one), self.weight(before) + _ALONE)

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

    def meant(self, one: Candidate) -> float:
        """How much its meaning stands for the words of the question that it does not say.

        For none in the question's own language, in which it could have said them.
        """
        near = min(1.0, max(0.0, self._near[id(one)]))
        return near if self._foreign[one.index] else 0.0

    def weight(self, one: Candidate) -> float:
        """How well a candidate answers."""
        return self._weights[id(one)]

    def sign(self, one: Candidate) -> Signs:
        """What speaks for a candidate."""
        return self._signs[id(one)]

    def rows(self, one: Candidate) -> tuple[list[float], list[float], list[float], list[float]]:
        """How much of each word of the question it says.

        By itself; with the nearest heading; with all headings and the title; and with the sentences
        beside it as well.
        """
        own, title = self.held(one), self._titles[one.index]
        beside = frozenset[str]().union(*map(self.held, self._beside(one)))
        led = own | self.stems_of(one.under)
        above = led | one.heading | title
        rows = map(self.said.row, (own, led, above, above | beside))
        first, second, third, fourth = rows
        return first, second, third, fourth

    def _beside(self, one: Candidate) -> Iterator[Candidate]:
        """The candidates right before and behind it; none that has a part of it."""
        at = self._places[id(one)]
        before = reversed(self.every[max(0, at - _NEIGHBOURS) : at])
        behind = self.every[at + 1 : at + 1 + _NEIGHBOURS]
        for near in (before, behind):
            apart = (o for o in near if o.start >= one.end or o.end <= one.start)
            yield from (o for o in islice(apart, 1) if o.index == one.index)

    def texts(self, one: Candidate) -> tuple[str, str]:
        """What it says with its label; and with its headings, its title and its neighbours.

        A row tells nothing of the next one.
        """
        at = self._places[id(one)]
        near = (*self.every[max(0, at - 1) : at], *self.every[at + 1 : at + 2])
        near = () if one.shown else near
        beside = (other.under_heading for other in near if other.index == one.index)
        own = f"{one.label}: {one.text}"
        return own, "\n".join((one.under, own, self._known_as[one.index], *beside))

    def above(self, one: Candidate) -> frozenset[str]:
        """The stems of a candidate with all headings and the title above it."""
        return self.held(one) | one.heading | self._titles[one.index]

    def subject(self, one: Candidate) -> list[float]:
        """How much of each word of the question the title of its page says."""
        return self.said.row(self._titles[one.index])

    def is_title(self, one: Candidate) -> bool:
        """Whether it says nothing but the title of its page."""
        return self._titles[one.index].issuperset(one.stems)

    def held(self, one: Candidate) -> frozenset[str]:
        """The stems of a candidate with what leads it."""
        return one.shown or frozenset(one.stems)

    def stems_of(self, text: str) -> frozenset[str]:
        """The stems of a text in the language of the question."""
        return frozenset(stems(text, self.language or "en"))


def goes_on(one: Candidate, other: Candidate) -> bool:
    """Whether a candidate is another with the sentence behind it, which leans on it."""
    return (one.index, one.start) == (other.index, other.start) and one.end < other.end


def _candidates(
    question: str, evidence: Sequence[Evidence], words: Sequence[Word]
) -> list[Candidate]:
    """What could be said, each with those words of the question that its shape or a range says."""
    every = list(candidates(question, evidence))
    if code := [one for one in words if one.quoted or one.called]:
        every = [_with_code(one, code) for one in every]
    if denied := forbidding(question):
        stems_of_denial = _stems_of(words, denied)
        every = [_with(one, stems_of_denial) if forbids(one.text) else one for one in every]
    if numbers := asked_numbers(question):
        every = [
            _with(one, _stems_of(words, limited))
            if one.prose and (limited := within_limits(numbers, one.text))
            else one
            for one in ranged(every, numbers, evidence)
        ]
    return every


def _stems_of(words: Sequence[Word], texts: Collection[str]) -> list[str]:
    return [stem for word in words if word.text.lower() in texts for stem in word.stems]


def _with_code(one: Candidate, code: Sequence[Word]) -> Candidate:
    """It with the words of code that it has in quotes or called, which no stems tell."""
    text, held = f"{one.under} {one.label} {one.text}", one.shown or frozenset(one.stems)
    return _with(one, [stem for word in code if word.stands_in(text, held) for stem in word.stems])


def _with(one: Candidate, found: Sequence[str]) -> Candidate:
    """It with more stems."""
    shown = one.shown.union(found) if one.shown else one.shown
    return replace(one, stems=(*one.stems, *found), shown=shown)


def _languages(evidence: Sequence[Evidence]) -> list[str]:
    every = {stemmed_in(one.page.text, one.page.language) for one in evidence}
    return sorted(filter(None, every))


def _language(evidence: Sequence[Evidence]) -> str | None:
    """The language to look for a question in that does not tell its own: of the best such page."""
    every = (stemmed_in(one.page.text, one.page.language) for one in evidence)
    return next(filter(None, every), None)
