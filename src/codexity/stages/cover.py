"""Step: does what was gathered cover the question, and which of its places does best?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from codexity.model import LIBRARY, STARTER, Page, Passage
from codexity.ports import Near
from codexity.question_kind import AskedFor, asked_for
from codexity.question_word import Word, said_by
from codexity.question_words import telling_words
from codexity.ranges import asked_numbers, in_range, within_limits
from codexity.reaching import reaching
from codexity.sayings import Unit, units_of
from codexity.synonyms import FAMILY
from codexity.text import is_foreign, stemmed_in, stems

__all__ = ["Coverage", "cover", "covering"]

_ENGLISH: Final = "en"
NEEDED: Final = 0.3
"""The share of a question's mass that one passage has to hold."""
NEEDED_OF_FEW: Final = 0.6
"""The same of a question of one or two telling words: a missing one is what was asked for."""
FEW: Final = 2
MANY: Final = 5
NEEDED_OF_TWO: Final = 0.6
"""The share that two passages have to hold together, of a question of `MANY` words."""
_PRIOR: Final = 50
"""So many passages that have none of the words are counted besides: a few pages tell no rarity."""
_LOOKED_INTO: Final = 4
_LOOKED_FOR_KIND: Final = 20
_ABOUT: Final = 0.9
"""Passages with this part of the share of another are about as good."""
_NEAR: Final = 0.6
"""How much what stands in the sentences beside one counts."""
_NEAR_KIND: Final = 0.2
"""The same where the asked kind is looked for: it is to stand beside the words themselves."""
_KIND: Final = 0.7
"""The share of what is needed that a sentence with the asked kind has to hold."""
_LACKING: Final = 0.3
"""What is left of a share where a number or a word of code of the question is missing."""


_PLAIN: Final = 1.0
"""What weighs more is a name, a number or a word of code."""
_ALIKE: Final = 0.5
"""So much of a nearness in meaning has what is about something alike."""
_SAME: Final = 0.2
"""How much of a question's words the meaning stands for in a text of its own language, in which
they could have been said."""
_BETTER: Final = 0.1
_LENIENT: Final = 0.5
_OR: Final = re.compile(r"\b(?:or|oder|ou)\b", re.IGNORECASE)
_TASK: Final = re.compile(
    r"\b(?:summari[sz]e|summary|overview|compare|comparison|write|draft|translate|list|explain"
    r"|describe|outline|rewrite|zusammenfass\w*|fasse|vergleiche|schreibe?|übersetze|erkläre"
    r"|résume[rz]?|compare[rz]?|rédige[rz]?|traduis|explique[rz]?|resume|resumir|compara|escribe"
    r"|traduce|explica)\b|总结|摘要|比较|翻译|要約|まとめて|比較|翻訳|لخص|قارن|اشرح",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far passages cover a question: whether they answer, and the share of its mass."""

    answers: bool
    share: float


def covering(
    question: str, passages: Sequence[Passage], near: Near | None = None, *, lenient: bool = False
) -> Sequence[Passage]:
    """The passages of the sources that can answer: of the library, the web, the starter collection.

    Each is asked by the same rule, see `cover`. The starter's are taken where it covers clearly
    better than the others do, and then alone; empty where nothing answers.

    `near` says how near passages are in meaning, where something can tell that.
    `lenient` is for a model that writes: it is to be given what there is for tasks too
    (`summarise ...`), and for half of what is else needed.
    """
    every: dict[str, list[Passage]] = {}
    for one in passages:
        every.setdefault(_source(one.page), []).append(one)
    found = {name: cover(question, held, near, lenient=lenient) for name, held in every.items()}
    answering = {name: one.share for name, one in found.items() if one.answers}
    others = max((share for name, share in answering.items() if name != STARTER), default=0.0)
    if answering.get(STARTER, 0.0) > others + (_BETTER if others else 0.0):
        return every[STARTER]
    answering.pop(STARTER, None)
    return [one for one in passages if _source(one.page) in answering]


def _source(page: Page) -> str:
    if page.url.startswith(f"/library/{STARTER}/"):
        return STARTER
    return LIBRARY if page.via == "library" else "web"


def cover(
    question: str, passages: Sequence[Passage], near: Near | None = None, *, lenient: bool = False
) -> Coverage:
    """Whether these passages can answer the question.

    They do when one of them holds `NEEDED` of its telling words, by rarity (of a short question
    more), with all its numbers and words of code; of a long one two may do so together. Where
    a question asks for a date, an amount, a person, a sentence that speaks of it has to hold one.
    """
    languages = {
        stemmed_in(one.text, one.language)
        for one in {p.page.url: p.page for p in passages}.values()
    }
    words = telling_words(question, sorted(filter(None, languages)))
    if not words or not passages:
        return Coverage(answers=bool(passages) and not words, share=0.0)
    if lenient and _TASK.search(question):
        return Coverage(answers=True, share=0.0)
    return _Covering(question, words, passages, near or {}).coverage(lenient=lenient)


class _Covering:
    """One question held against the passages of one source."""

    def __init__(
        self, question: str, words: Sequence[Word], passages: Sequence[Passage], near: Near
    ) -> None:
        self._question = question
        self._words = words
        self._passages = passages
        self._titles: dict[str, frozenset[str]] = {}
        self._held = [frozenset(one.stems) | self._title(one) for one in passages]
        vocabulary = frozenset(chain.from_iterable(self._held))
        self._near = said_by(words, vocabulary, otherwise=True)
        self._reach = [frozenset(near) for near in self._near]
        numbers = self._numbers = asked_numbers(question)
        self._ranged = [
            within_limits(numbers, one.text).union(in_range(numbers, one.records))
            for one in passages
        ]
        self._rows = [
            self._row(held, one.text, record=bool(one.records), ranged=ranged)
            for held, one, ranged in zip(self._held, passages, self._ranged, strict=True)
        ]
        self._mass = self._masses()
        self._meant = [
            _meant(words, row, near.get((one.page.url, one.start), 0.0)) * self._stands(one.page)
            for row, one in zip(self._rows, passages, strict=True)
        ]
        self._rows = [
            _with(words, row, meant) for row, meant in zip(self._rows, self._meant, strict=True)
        ]
        self._whole = math.fsum(self._mass)

    def coverage(self, *, lenient: bool) -> Coverage:
        shares = [self._share(row) for row in self._rows]
        kind = None if lenient else asked_for(self._question)
        order = self._order(shares, kind)[:_LOOKED_INTO]
        best = of_kind = 0.0
        for at in order:
            whole = self._is_whole(self._rows[at])
            for unit, held, own in self._units(self._passages[at], self._meant[at]):
                share, alone = (one if whole else _LACKING * one for one in (held, own))
                best = max(best, share)
                if kind is not None and alone > of_kind:
                    foreign = self._meant[at] > _SAME
                    found = (kind.anywhere() if foreign else kind).held_by(
                        unit.text, self._question, record=unit.alone, under=unit.under
                    )
                    of_kind = max(of_kind, alone * found)
            if whole:
                best = max(best, shares[at])
        together = self._together(order) if len(self._main()) >= MANY else 0.0
        needed = self._needed() * (_LENIENT if lenient else 1)
        answers = best >= needed or together >= NEEDED_OF_TWO
        if kind is not None:
            answers = answers and (
                of_kind >= _KIND * needed or bool(reaching(self._question, self._passages))
            )
        return Coverage(answers=answers, share=max(best, together))

    def _order(self, shares: Sequence[float], kind: AskedFor | None) -> Sequence[int]:
        """The passages, the best first; of those that are about as good what has the asked kind."""
        order = sorted(range(len(shares)), key=lambda at: -shares[at])
        if kind is None or len(order) <= _LOOKED_INTO:
            return order
        enough = _ABOUT * shares[order[_LOOKED_INTO - 1]]
        near = [at for at in order[:_LOOKED_FOR_KIND] if shares[at] >= enough]
        of_kind = {at for at in near if kind.finds.search(self._passages[at].text)}
        return sorted(near, key=lambda at: at not in of_kind)

    def _is_whole(self, row: Sequence[float]) -> bool:
        """Whether all numbers and words of code are said; of those to choose from one."""
        exact = [value for word, value in zip(self._words, row, strict=True) if word.exact]
        return not exact or (any if _OR.search(self._question) else all)(exact)

    def _main(self) -> list[Word]:
        return [word for word in self._words if word.weight >= 0.5]

    def _needed(self) -> float:
        number = min(MANY, max(FEW, len(self._main())))
        return NEEDED_OF_FEW - (NEEDED_OF_FEW - NEEDED) * (number - FEW) / (MANY - FEW)

    def _masses(self) -> list[float]:
        count = len(self._rows) + _PRIOR
        masses: list[float] = []
        for at, word in enumerate(self._words):
            said = sum(row[at] >= FAMILY for row in self._rows)
            often = said or sum(row[at] > 0 for row in self._rows)
            masses.append(word.weight * math.log(1 + (count - often + 0.5) / (often + 0.5)))
        return masses

    def _row(
        self,
        held: frozenset[str],
        text: str,
        *,
        record: bool,
        ranged: frozenset[str] = frozenset(),
    ) -> list[float]:
        """How much of each word is said; of a number also by a range that it is in."""
        return [
            float(word.text in ranged or word.stands_in(text, held, record=record))
            if word.exact
            else max((near[one] for one in reach & held), default=0.0)
            for word, near, reach in zip(self._words, self._near, self._reach, strict=True)
        ]

    def _share(self, row: Sequence[float]) -> float:
        return math.fsum(a * b for a, b in zip(row, self._mass, strict=True)) / self._whole

    def _together(self, order: Sequence[int]) -> float:
        """The largest share that one of the best passages and any other hold together."""
        return max(
            (
                self._share([max(pair) for pair in zip(self._rows[first], other, strict=True)])
                for first in order
                for other in self._rows
            ),
            default=0.0,
        )

    def _stands(self, page: Page) -> float:
        """How much the meaning of a page may stand for the words of the question."""
        return 1.0 if is_foreign(self._question, page.text, page.language) else _SAME

    def _title(self, one: Passage) -> frozenset[str]:
        page = one.page
        if page.url not in self._titles:
            language = stemmed_in(page.text, page.language) or _ENGLISH
            self._titles[page.url] = frozenset(stems(page.known_as, language))
        return self._titles[page.url]

    def _units(self, passage: Passage, meant: float) -> Iterator[tuple[Unit, float, float]]:
        units = units_of(passage, self._title(passage))
        rows = [
            _with(
                self._words,
                self._row(
                    one.held,
                    one.text,
                    record=one.alone,
                    ranged=within_limits(self._numbers, one.text),
                ),
                meant,
            )
            for one in units
        ]
        for at, one in enumerate(units):
            own = rows[at]
            beside = [] if one.alone else [*rows[max(0, at - 1) : at], *rows[at + 1 : at + 2]]
            near = [max(column) for column in zip(*beside, strict=True)] or [0.0] * len(own)
            wide, closer = (
                self._share([max(a, part * b) for a, b in zip(own, near, strict=True)])
                for part in (_NEAR, _NEAR_KIND)
            )
            yield one, wide, closer


def _meant(words: Sequence[Word], row: Sequence[float], near: float) -> float:
    """How much of the words that a passage does not say its meaning stands for.

    Of none where it lacks a name, a number or a word of code, which nothing else stands for.
    """
    if any(not value for word, value in zip(words, row, strict=True) if word.weight > _PLAIN):
        return 0.0
    return min(1.0, max(0.0, (near - _ALIKE) / (1 - _ALIKE)))


def _with(words: Sequence[Word], row: Sequence[float], meant: float) -> list[float]:
    return [
        value if word.exact else max(value, meant) for word, value in zip(words, row, strict=True)
    ]
