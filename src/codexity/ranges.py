"""Rows and items that are about a range of numbers: the one that a number of the question is in."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from codexity.analysis import stem
from codexity.number_words import FIGURES
from codexity.record import Record

_I: Final = re.IGNORECASE
_NUMBER: Final = r"\d{1,9}(?:[.,]\d{1,3})?"
_UNIT: Final = r"(?:\s{0,2}(?:%|°|[^\W\d_]{1,20}))?"
_SIGN: Final = r"[£$€]?\s?"
_BETWEEN: Final = re.compile(
    rf"(?:from |between |ages? |aged |von |de )?{_SIGN}(?P<low>{_NUMBER})(?:{_UNIT}?)\s{{0,2}}"
    rf"(?:-|–|—|to|till|until|and|bis|à|a)\s{{0,2}}{_SIGN}(?P<high>{_NUMBER})",
    _I,
)
_ABOVE: Final = re.compile(
    r"(?P<open>more than|over|above|older than|longer than|heavier than|larger than|after|>|über"
    r"|mehr als|plus de)\s{0,2}(?P<sign>[£$€]?)\s?(?P<low>NUMBER)"
    r"|(?:from|at least|≥|>=|ab|mindestens|dès|desde)\s{0,2}[£$€]?\s?(?P<from>NUMBER)"
    r"|(?P<plus>NUMBER)UNIT{0,1}\s{0,2}(?:\+|(?:or|and) (?:more|over|above|older|longer|heavier)"
    r"|oder mehr|und mehr|ou plus|o más)".replace("NUMBER", _NUMBER).replace("UNIT{0,1}", _UNIT),
    _I,
)
_BELOW: Final = re.compile(
    r"(?P<open>less than|fewer than|under|below|younger than|shorter than|<|unter|weniger als"
    r"|moins de)\s{0,2}[£$€]?\s?(?P<high>NUMBER)"
    r"|(?:up to|at most|not more than|until|≤|<=|bis(?: zu)?|höchstens|jusqu'à|hasta)"
    r"\s{0,2}[£$€]?\s?(?P<to>NUMBER)"
    r"|(?P<less>NUMBER)UNIT{0,1}\s{0,2}(?:or|and|oder) (?:less|fewer|under|below|younger|shorter"
    r"|weniger)".replace("NUMBER", _NUMBER).replace("UNIT{0,1}", _UNIT),
    _I,
)
_ASKED: Final = re.compile(
    rf"(?<![\w.,:/-])(?P<number>{_NUMBER}|{'|'.join(FIGURES)})(?![\w:/]|-\d|[.,]\d)"
    r"[ \u00a0-]?(?P<unit>[^\W\d_]{1,20}|%|°)?",
    _I,
)
_WORDS: Final = re.compile(r"[^\W\d_]{1,20}|%")
_LONGEST: Final = 80
_MOST_ASKED: Final = 4
_FEWEST: Final = 2
"""So many rows that stand together are about ranges, before they are taken for such."""
_MEASURES: Final = frozenset(
    map(
        stem,
        """second minute min hour h day night week month year kg g gram kilo kilogram tonne t km m
        cm mm metre meter mile inch litre liter l ml percent % pound euro dollar mb gb""".split(),
    )
)
"""What a number may be of; of what else it is, a range need not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    low: float
    high: float

    def holds(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of a question as it stands there, and the stem of the word behind it, if any."""

    text: str
    value: float
    unit: str


def asked_numbers(question: str) -> Sequence[Number]:
    """The first numbers of a question that may be in a range."""
    return tuple(_numbers(question))[:_MOST_ASKED]


def _numbers(question: str) -> Iterator[Number]:
    for one in _ASKED.finditer(question):
        unit = (one["unit"] or "").lower()
        figure = FIGURES.get(one["number"].lower(), one["number"])
        yield Number(text=one["number"], value=_value(figure), unit=stem(unit) if unit else "")


def in_range(
    numbers: Sequence[Number], every: Iterable[Record]
) -> Mapping[str, tuple[set[int], set[int]]]:
    """For each number where the records begin whose range it is in, and those beside them.

    Of rows that stand together one is about the number; the others are not, whatever they have.
    """
    if not numbers:
        return {}
    groups: defaultdict[int, list[tuple[Record, _Range]]] = defaultdict(list)
    for one in every:
        found = _range_of(one.name) if one.known else None
        if found is not None:
            groups[one.group].append((one, found))
    chosen: dict[str, tuple[set[int], set[int]]] = {}
    for number in numbers:
        for ranged in groups.values():
            if len(ranged) >= _FEWEST and (best := _best(number, ranged)) is not None:
                starts, beside = chosen.setdefault(number.text, (set(), set()))
                starts.add(best.start)
                beside.update(one.start for one, _ in ranged if one is not best)
    return chosen


def _best(number: Number, ranged: Sequence[tuple[Record, _Range]]) -> Record | None:
    """Of the rows whose range holds the number the one with the narrowest."""
    holding = [
        (found.high - found.low, found.high, -found.low, one.start, one)
        for one, found in ranged
        if found.holds(number.value) and _is_of(number.unit, one)
    ]
    return min(holding)[-1] if holding else None


def _is_of(unit: str, one: Record) -> bool:
    """Whether a range is of what the number is of, where both say so."""
    said = _MEASURES.intersection(stem(word.lower()) for word in _WORDS.findall(one.name))
    return unit not in _MEASURES or not said or unit in said


def _range_of(name: str) -> _Range | None:
    if not name or len(name) > _LONGEST or not any(map(str.isdigit, name)):
        return None
    if one := _BETWEEN.search(name):
        low, high = sorted((_value(one["low"]), _value(one["high"])))
        return _Range(low=low, high=high)
    if one := _ABOVE.search(name):
        low = _value(one["low"] or one["from"] or one["plus"])
        return _Range(low=math.nextafter(low, math.inf) if one["open"] else low, high=math.inf)
    if one := _BELOW.search(name):
        high = _value(one["high"] or one["to"] or one["less"])
        return _Range(low=-math.inf, high=math.nextafter(high, -1) if one["open"] else high)
    return None


def _value(number: str) -> float:
    return float(number.replace(",", "."))
