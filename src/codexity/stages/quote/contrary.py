"""Whether a text is about another number, year or month than is asked, or about the contrary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from codexity import kind_signs as signs
from codexity.question_word import Word

_I: Final = re.IGNORECASE
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH_OF_YEAR: Final = re.compile(rf"({signs.MONTH})\.? ((?:19|20)\d\d)(?!\d)", _I)
_MONTH_LETTERS: Final = 3
_PARTED: Final = re.compile(r"\d[.,:/-]\w|\w[/-]\d")
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d+)*")
_RANGE: Final = re.compile(
    r"\d[^\W\d]{0,3} ?(?:[-–—]|to|until|till|bis|à) ?[£$€]?\d|\d ?\+"
    r"|\b(?:over|above|more|under|below|less|up to|at least|at most|from|until)\b|[<>≤≥]",
    _I,
)
"""A row of a range says a number that it does not have."""
_MAY_BE_BOTH: Final = re.compile(
    r"^\W*(?:and |but |so )?(?:is|are|was|were|am|do|does|did|can|could|may|must|should|will|would"
    r"|has|have|had)\b|\b(?:or|if|whether|both|between|compared?|than|difference)\b",
    _I,
)
"""A question that its contrary may answer: `are you open on Monday` with `closed`."""
_CONTRARY: Final = tuple(
    tuple(re.compile(rf"\b(?:{one})\b", _I) for one in pair)
    for pair in (
        (
            r"begins?|began|beginning|starts?|started|opens?|opened",
            r"end(?:s|ed)|finish\w*|close[sd]",
        ),
        (r"arriv\w+", r"depart\w+|leaves?|left"),
        (r"old", r"new"),
        (r"first", r"last"),
        (r"max(?:imum)?|most", r"min(?:imum)?|least"),
        (r"summer", r"winter"),
        (r"mornings?", r"afternoons?|evenings?"),
        (r"weekdays?", r"weekends?"),
        (r"indoors?|inside", r"outdoors?|outside"),
        (r"upper|upstairs", r"lower|downstairs"),
        (r"front", r"rear|back"),
        (r"north\w*", r"south\w*"),
        (r"east(?:ern)?", r"west(?:ern)?"),
        (r"imports?|imported", r"exports?|exported"),
        (r"hot", r"cold"),
    )
)


class Contrary:
    """The numbers, times and contraries of one question."""

    def __init__(self, question: str, words: Sequence[Word]) -> None:
        self._years = frozenset(_YEAR.findall(question))
        self._months = _months(question)
        both = _MAY_BE_BOTH.search(question) is not None
        numbers = () if both else tuple(filter(_is_parted, words))
        self._numbers = tuple((*_whole(word), word) for word in numbers)
        self._contraries = () if both else tuple(_contraries(question))

    @property
    def may_be(self) -> bool:
        """Whether the question has anything of which there is a contrary."""
        return bool(self._years or self._months or self._numbers or self._contraries)

    def is_said(self, own: str, around: str, *, record: bool) -> bool:
        """Whether a text says another or the contrary; `around` is what stands above it as well."""
        if self._years and self._years.isdisjoint(years := _YEAR.findall(around)) and years:
            return True
        if self._months and self._months.isdisjoint(months := _months(around)) and months:
            return True
        ranged = record and _RANGE.search(own) is not None
        for part, whole, word in self._numbers:
            if ranged and _PLAIN.fullmatch(word.text):
                continue
            if part.search(around) and not whole.search(around):
                return True
            if whole.search(own) and not _is_of_the_same(word, own, around, record=record):
                return True
        return any(
            other.search(own) and not asked.search(around) for asked, other in self._contraries
        )


def _months(text: str) -> frozenset[tuple[str, str]]:
    """The months of a year that it names, as `jul 2025`."""
    found = _MONTH_OF_YEAR.findall(text)
    return frozenset((month[:_MONTH_LETTERS].lower(), year) for month, year in found)


def _is_parted(word: Word) -> bool:
    """Whether a word is a number, or of numbers: `25-11`, `3.7`, `10`."""
    return word.exact and not word.also and word.text[:1].isdigit()


def _whole(word: Word) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds one of the numbers of a word, and what finds the word itself."""
    parts = "|".join(map(re.escape, re.findall(r"\w+", word.text)))
    behind = r"(?!\w|[.,]\d" + (r"|[-/]\d)" if _PARTED.search(word.text) else ")")
    return (
        re.compile(rf"(?<!\w)(?:{parts})(?!\w)", _I),
        re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(word.text)}{behind}", _I),
    )


def _is_of_the_same(word: Word, own: str, around: str, *, record: bool) -> bool:
    """Whether a number is of what it is of in the question: `plot 17`, and not `children up to 17`.

    What it is of stands beside it, or above; in a row it may stand anywhere.
    """
    if not word.stands_in(own, word.stems, record=record):
        return False
    above = around.lower()
    return record or not word.beside or any(one in above for one in word.beside)


def _contraries(question: str) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """What the question has of a pair, and the other of it."""
    return [
        (asked, other)
        for pair in _CONTRARY
        for asked, other in (pair, pair[::-1])
        if asked.search(question) and not other.search(question)
    ]
