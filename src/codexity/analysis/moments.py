"""Dates, times and large numbers: one stem for all the ways to write one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_I: Final = re.IGNORECASE
_MONTHS: Final = (
    "january|jan|januar|jänner|janvier|janv|enero|ene|gennaio|gen|janeiro|januari",
    "february|feb|februar|febr|février|févr|febrero|febbraio|fevereiro|februari",
    "march|mar|märz|mrz|mars|marzo|março|maart",
    "april|apr|avril|avr|abril|abr|aprile",
    "may|mai|mayo|maggio|maio|mei|maj",
    "june|jun|juni|juin|junio|giugno|giu|junho",
    "july|jul|juli|juillet|juil|julio|luglio|lug|julho",
    "august|aug|août|aout|agosto|ago|augustus|augusti",
    "september|sept|sep|septembre|septiembre|settembre|set|setembro",
    "october|oct|oktober|okt|octobre|octubre|ottobre|ott|outubro",
    "november|nov|novembre|noviembre|novembro",
    "december|dec|dezember|dez|décembre|déc|diciembre|dic|dicembre|dezembro|desember",
)
_NUMBER_OF: Final = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")
}
_STEMS: Final = tuple(
    "januari februari march april may june juli august septemb octob novemb decemb".split()
)
_NAMES: Final = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_MONTH: Final = rf"(?P<month>{_NAMES})(?![^\W\d_])\.?"
# What is no month in small letters: `may 5 people`, `mar`.
_CAPITAL: Final = frozenset(("may", "mar", "march", "set", "gen", "ago", "lug", "mars"))

_FORWARD: Final = re.compile(
    r"(?P<year>[12]\d{3})(?P<sign>[-/.])(?P<m>\d{1,2})(?P=sign)(?P<d>\d{1,2})(?![.-]?\d)"
    r"|(?P<cjk_y>\d{4}) ?[年년] ?(?P<cjk_m>\d{1,2}) ?[月월] ?(?P<cjk_d>\d{1,2}) ?[日号號일]"
    r"|(?P<md_m>\d{1,2}) ?[月월] ?(?P<md_d>\d{1,2}) ?[日号號일]"
    r"|(?P<hour>[01]?\d)(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])(?:m\b|\.m\.)"
    r"|(?P<clock_h>[01]?\d|2[0-4])(?:[:h](?P<clock_m>[0-5]\d)(?![:\d])|(?:[.:](?P<uhr_m>[0-5]\d))?"
    r" ?(?:uhr|heures|kello)\b|h\b)"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)? (?:(?:of|de|den) )?{_MONTH}"
    r"|(?P<dot_d>\d{1,2})\. ?(?P<dot_m>\d{1,2})\.(?: ?(?P<dot_y>\d{4}|\d\d))?(?!\.?\d)"
    r"|(?P<a>\d{1,2})(?P<between>[/-])(?P<b>\d{1,2})(?P=between)(?:\d{4}|\d\d)(?![/-]?\d)"
    r"|(?P<large>[1-9]\d{0,2}(?P<part>[ \u00a0\u202f.,'’])\d{3}(?:(?P=part)\d{3}){0,5})"
    r"(?![.,]?\d)",
    _I,
)
_BEFORE: Final = re.compile(rf"(?<![^\W_]){_MONTH} $", _I)
_DAY_BEHIND: Final = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\w:/])(?!\.\d)", _I)
# Most numbers are none of these, and say so by what stands beside them.
_NUMBERS: Final = re.compile(
    r"(?<![\w.,])\d{1,4}"
    r"(?=(?P<on>[-/.:,'’hapsnrtue\u00ba年月년월]"
    r"|[ \u00a0\u202f](?:[^\W\d_]|\d{3}|\d{1,2}[月월])))?",
    _I,
)
_DATE_STEM: Final = re.compile(r"@\d{1,2}-\d{1,2}")
_REACH: Final = 13
_MONTHS_A_YEAR: Final = 12
_DAYS_A_MONTH: Final = 31
_NOON: Final = 12
_HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date, a time or a number, and where in the text it stands.

    `stem` is the same for all its spellings (`@9-28`, `@17:00`, `12500`); `others` are stems that
    it is found by as well: its month, the same date with day and month in each other's place.
    """

    start: int
    end: int
    stem: str
    others: tuple[str, ...] = ()


def moments(text: str) -> Iterator[Moment]:
    """The dates, times and large numbers of a text, in order."""
    at = 0
    for number in _NUMBERS.finditer(text):
        start = number.start()
        if start < at:
            continue
        found = _behind_month(text, start)
        if found is None and number["on"]:
            match = _FORWARD.match(text, start)
            found = _read(match) if match else None
        if found is not None:
            yield found
            at = found.end


def _behind_month(text: str, start: int) -> Moment | None:
    """The date whose day begins here, where the month stands before it."""
    if text[start - 1 : start] != " " or text[start - 2 : start - 1].isdigit():
        return None
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    day = _DAY_BEHIND.match(text, start) if before else None
    if before is None or day is None:
        return None
    return _date(before, int(day["day"]), _month(before), start=before.start(), end=day.end())


def counted_once(stems: Iterable[str]) -> Iterator[str]:
    """The stems of a question without those of whole dates: their month and day stand for them.

    Ranking would count three words that a date has where it has two.
    """
    return (one for one in stems if not _DATE_STEM.fullmatch(one))


def without_moments(text: str) -> str:
    """The text with blanks in the places of its `moments`."""
    for one in moments(text):
        text = f"{text[: one.start]}{' ' * (one.end - one.start)}{text[one.end :]}"
    return text


def _read(match: re.Match[str]) -> Moment | None:
    if match["large"]:
        return Moment(start=match.start(), end=match.end(), stem=re.sub(r"\D", "", match["large"]))
    if match["hour"] or match["clock_h"] or match["half"]:
        return _time(match)
    if match["month"]:
        return _date(match, int(match["day"]), _month(match))
    if match["a"]:
        first, second = int(match["a"]), int(match["b"])
        found = _date(match, first, second) or _date(match, second, first)
        turned = _date(match, second, first)
        if found and turned and found.stem != turned.stem:
            others = (*found.others, turned.stem, *turned.others)
            return Moment(start=found.start, end=found.end, stem=found.stem, others=others)
        return found
    names = (("d", "m"), ("cjk_d", "cjk_m"), ("md_d", "md_m"), ("dot_d", "dot_m"))
    day, month = next((match[d], match[m]) for d, m in names if match[d])
    return _date(match, int(day), int(month))


def _month(match: re.Match[str]) -> int:
    name = match["month"]
    if name in _CAPITAL:
        return 0
    # The pattern has letters for the same that are no small letters of these: `ſ`, `ı`.
    return _NUMBER_OF.get(name.casefold(), 0)


def _date(
    match: re.Match[str], day: int, month: int, *, start: int | None = None, end: int | None = None
) -> Moment | None:
    if not (1 <= month <= _MONTHS_A_YEAR and 1 <= day <= _DAYS_A_MONTH):
        return None
    return Moment(
        start=match.start() if start is None else start,
        end=match.end() if end is None else end,
        stem=f"@{month}-{day}",
        others=(_STEMS[month - 1], str(day)),
    )


def _time(match: re.Match[str]) -> Moment | None:
    if match["half"]:
        hour = int(match["hour"])
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"].casefold() == "p" else 0)
        minute = match["minute"] or "00"
    else:
        hour = int(match["clock_h"]) % _HOURS_A_DAY
        minute = match["clock_m"] or match["uhr_m"] or "00"
    return Moment(start=match.start(), end=match.end(), stem=f"@{hour}:{minute}")
