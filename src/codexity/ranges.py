"""Rows and items that are about a range of numbers: the one that a number of the question is in."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from codexity.analysis import stem
from codexity.number_words import IN_WORDS, NUMBER_WORDS, value_of
from codexity.record import Record

_I: Final = re.IGNORECASE
_GROUPED: Final = (
    r"[1-9]\d{0,2}(?:,\d{3}){1,3}(?:\.\d{1,2})?(?!\d)"
    r"|[1-9]\d{0,2}(?:\.\d{3}){1,3}(?:,\d{1,2})?(?!\d)"
)
_NUMBER: Final = rf"(?:{_GROUPED}|\d{{1,9}}(?:[.,]\d{{1,3}})?)"
_BEFORE: Final = r"(?<![\w.,:/-])"
_BEHIND: Final = r"(?=(?:[kcm]?m|[km]?g|m?l|min|h|[mg]b|s|st|nd|rd|th)?(?!\w))(?![:/]|[.,-]\d)"
"""A number is no part of a date, a time, a code; a short unit may stand right behind it."""
_WHOLE: Final = f"{_BEFORE}{_NUMBER}{_BEHIND}"
_UNIT: Final = r"(?:\s{0,2}(?:%|°|[^\W\d_]{1,20}))?"
_SIGN: Final = r"[£$€]?\s?"
_BETWEEN: Final = re.compile(
    rf"(?:(?<!\w)(?P<between>between |zwischen |entre ))?"
    rf"{_BEFORE}{_SIGN}(?P<low>{_NUMBER})(?P<of>{_UNIT})\s{{0,2}}"
    rf"(?:(?P<dash>[-–—])|to|till|until|bis|à|a|(?(between)(?:and|und|et|y)|(?!)))"
    rf"\s{{0,2}}{_SIGN}(?P<high>{_NUMBER}){_BEHIND}",
    _I,
)
_ABOVE: Final = re.compile(
    r"(?<!\w)(?P<open>more than|over|above|older than|longer than|heavier than|larger than|after|>"
    r"|über|mehr als|plus de)\s{0,2}(?P<sign>[£$€]?)\s?(?P<low>NUMBER)"
    r"|(?<!\w)(?:from|at least|≥|>=|ab|mindestens|dès|desde)\s{0,2}[£$€]?\s?(?P<from>NUMBER)"
    r"|(?P<plus>NUMBER)UNIT{0,1}\s{0,2}(?:\+|(?:or|and) (?:more|over|above|older|longer|heavier)"
    r"|oder mehr|und mehr|ou plus|o más)".replace("NUMBER", _WHOLE).replace("UNIT{0,1}", _UNIT),
    _I,
)
_BELOW: Final = re.compile(
    r"(?<!\w)(?P<open>less than|fewer than|under|below|younger than|shorter than|<|unter"
    r"|weniger als|moins de)\s{0,2}[£$€]?\s?(?P<high>NUMBER)"
    r"|(?<!\w)(?:up to|at most|not more than|until|≤|<=|bis(?: zu)?|höchstens|jusqu'à|hasta)"
    r"\s{0,2}[£$€]?\s?(?P<to>NUMBER)"
    r"|(?P<less>NUMBER)UNIT{0,1}\s{0,2}(?:or|and|oder) (?:less|fewer|under|below|younger|shorter"
    r"|weniger)".replace("NUMBER", _WHOLE).replace("UNIT{0,1}", _UNIT),
    _I,
)
_ASKED: Final = re.compile(
    rf"{_BEFORE}(?P<sign>[£$€])?\s?(?P<number>{_NUMBER}|{IN_WORDS})(?![\w:/]|-\d|[.,]\d)"
    r"[ \u00a0-]?(?P<unit>[^\W\d_]{1,20}|%|°)?",
    _I,
)
_KIND: Final = re.compile(r"([^\W\d_]{1,20})\s$")
_FAR: Final = 24
_WORDS: Final = re.compile(r"[^\W\d_]{1,20}|%")
_IS_GROUPED: Final = re.compile(_GROUPED)
_MONTH: Final = re.compile(
    r"jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?",
    _I,
)
_LED_BY_ZERO: Final = re.compile(r"0\d")
_LONGEST: Final = 80
_MOST_ASKED: Final = 4
_MOST_LIMITS: Final = 8
_AMOUNTING: Final = frozenset(map(stem, "is am are was aged of with".split()))
"""A number behind these is how old or how many, and no name: `my son is 12`."""
_LIMITS_CHARS: Final = 2_000
_NEGATED: Final = ("not ", "no ")
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
_SIGNS: Final = {"£": "pound", "$": "dollar", "€": "euro", "percent": "%"}
_SHARES: Final = frozenset(map(stem, ("pound", "euro", "dollar", "%")))
"""A number of these says so; `children of 7` are not said by `£7`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    low: float
    high: float
    dash: bool = False

    def holds(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it stands in a text, and the stems of the words behind and before it, if any."""

    text: str
    value: float
    unit: str
    kind: str


def asked_numbers(question: str) -> Sequence[Number]:
    """The first numbers of a question that may be in a range."""
    return tuple(_numbers(question))[:_MOST_ASKED]


def _numbers(text: str) -> Iterator[Number]:
    for one in _ASKED.finditer(text):
        number = one["number"]
        value = _value(number) if number[0].isdigit() else value_of(number)
        unit = (one["sign"] or one["unit"] or "").lower()
        if value is not None and unit not in NUMBER_WORDS:  # `2 hundred` is not 2
            unit = _SIGNS.get(unit, unit)
            before = _KIND.search(text, max(0, one.start() - _FAR), one.start("number"))
            kind = stem(before[1].lower()) if before else ""
            yield Number(text=number, value=value, unit=stem(unit) if unit else "", kind=kind)


def in_range(
    numbers: Sequence[Number], every: Iterable[Record]
) -> Mapping[str, tuple[set[int], set[int]]]:
    """For each number where the records begin whose range it is in, and those beside them.

    Of rows that stand together one is about the number; the others are not, whatever they have.
    Where one of them has the number itself behind its range, none is chosen.
    """
    if not numbers:
        return {}
    groups: defaultdict[int, list[Record]] = defaultdict(list)
    for one in every:
        if one.known:
            groups[one.group].append(one)
    chosen: dict[str, tuple[set[int], set[int]]] = {}
    for group in groups.values():
        ranged = _ranged(group)
        for number in numbers if ranged else ():
            best = _best(number, ranged)
            if best is not None and not any(_has(number, one) for one in group):
                starts, beside = chosen.setdefault(number.text, (set(), set()))
                starts.add(best.start)
                beside.update(one.start for one, _ in ranged if one is not best)
    return chosen


def within_limits(numbers: Sequence[Number], text: str) -> frozenset[str]:
    """Those of the numbers that a limit in a text is about: of 800 euros `above 500 euros`.

    None of a number that only names something, such as a year or `space 18`.
    """
    numbers = [one for one in numbers if one.unit in _MEASURES or one.kind in _AMOUNTING]
    if not numbers or not any(map(str.isdigit, text)):
        return frozenset()
    limits = [
        (range_of(one), _measure(text, one))
        for pattern, range_of in ((_ABOVE, _above), (_BELOW, _below))
        for one in islice(pattern.finditer(text[:_LIMITS_CHARS]), _MOST_LIMITS)
        if not text[: one.start()].lower().endswith(_NEGATED)
    ]
    return frozenset(
        number.text
        for number in numbers
        for found, unit in limits
        if found.holds(number.value) and (number.unit if number.unit in _MEASURES else "") == unit
    )


def _measure(text: str, limit: re.Match[str]) -> str:
    """The measure that stands behind or before the number of a limit; empty where none does."""
    said = f"{limit[0]}{text[limit.end() : limit.end() + _FAR]}"
    own = next(iter(_numbers(said)), None)
    return own.unit if own is not None and own.unit in _MEASURES else ""


def _ranged(group: Sequence[Record]) -> Sequence[tuple[Record, _Range]]:
    """The rows of a group that are about ranges; none where they have codes (`555-0034`)."""
    found = [(one, own) for one in group if (own := _range_of(one.name)) is not None]
    dashed = [own for _, own in found if own.dash]
    codes = any(own.low >= own.high for own in dashed) or (
        len(dashed) >= _FEWEST and len({own.low for own in dashed}) == 1
    )
    return () if codes or len(found) < _FEWEST else found


def _has(number: Number, one: Record) -> bool:
    """Whether a record has the number itself, elsewhere than in its name.

    `Week 28` is meant where the name or its head is of weeks, whatever has 28 besides.
    """
    head, name, behind = one.said.partition(one.name) if one.name else ("", "", one.said)
    if number.kind and number.kind in _stems(head + name) - _stems(behind):
        return False
    return any(
        own.value == number.value and _is_alike(number.unit, own.unit) for own in _numbers(behind)
    )


def _is_alike(asked: str, had: str) -> bool:
    """Whether numbers of these may be the same one: 15 days are no 15 %."""
    if asked == had:
        return True
    return had not in _SHARES and not (asked in _MEASURES and had in _MEASURES)


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
    said = _MEASURES & _stems(one.name)
    return unit not in _MEASURES or not said or unit in said


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in _WORDS.findall(text))


def _range_of(name: str) -> _Range | None:
    if not name or len(name) > _LONGEST or not any(map(str.isdigit, name)):
        return None
    if one := _BETWEEN.search(name):
        return _between(one)
    if one := _ABOVE.search(name):
        return _above(one)
    if one := _BELOW.search(name):
        return _below(one)
    return None


def _above(one: re.Match[str]) -> _Range:
    low = _value(one["low"] or one["from"] or one["plus"])
    return _Range(low=math.nextafter(low, math.inf) if one["open"] else low, high=math.inf)


def _below(one: re.Match[str]) -> _Range:
    high = _value(one["high"] or one["to"] or one["less"])
    return _Range(low=-math.inf, high=math.nextafter(high, -1) if one["open"] else high)


def _between(one: re.Match[str]) -> _Range:
    """A range of two numbers; an empty one of `3-1`, `555-0034`, `5 May to 2 June`."""
    low, high = _value(one["low"]), _value(one["high"])
    if _MONTH.fullmatch(one["of"].strip()):
        return _Range(low=math.inf, high=-math.inf, dash=True)
    if not one["dash"]:
        return _Range(low=min(low, high), high=max(low, high))
    if low >= high or any(map(_LED_BY_ZERO.match, (one["low"], one["high"]))):
        return _Range(low=math.inf, high=-math.inf, dash=True)
    return _Range(low=low, high=high, dash=True)


def _value(number: str) -> float:
    """The value of figures: `1,200` and `1.200` are grouped, `1.5` and `1,5` are not."""
    if _IS_GROUPED.fullmatch(number):
        number = number.replace(min(",.", key=f"{number},.".index), "")
    return float(number.replace(",", "."))
