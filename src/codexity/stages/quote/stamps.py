"""The days that a text tells of itself: of a message in it, and of its edition."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_I: Final = re.IGNORECASE
_MONTHS: Final = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY: Final = (
    r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})(?P<sign>[-/.])(?P<m2>\d{1,2})(?P=sign)(?P<y2>(?:20)?\d\d)"
    rf"|(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<m3>{_MONTH}),? (?P<y3>(?:19|20)\d\d)"
    rf"|(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>(?:19|20)\d\d)"
)
_TIME: Final = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)"
_MESSAGE: Final = re.compile(
    rf"^[ \t]{{0,4}}(?:\[?(?:{_DAY}),?[ T]{{1,2}}{_TIME}(?::\d\d)?\b"
    r"|(?:date|sent|datum|gesendet|fecha|envoyé)[ \t]{0,3}:[ \t]{0,4}(?:[^\W\d_]{2,10}\.?,? )?"
    rf"(?:{_DAY.replace('(?P<', '(?P<m_').replace('(?P=', '(?P=m_')}))",
    _I | re.MULTILINE,
)
_EDITION: Final = re.compile(
    r"\b(?:state of|as (?:of|at)|valid (?:from|since)|in force (?:from|since)|effective(?: from)?"
    r"|edition(?: of)?|version of|(?:last )?(?:changed|updated|revised)(?: on)?|issued(?: on)?"
    r"|adopted(?: on)?|passed(?: on)?|signed(?: on)?|since|stand|gültig ab|en vigueur depuis"
    rf"|vigente desde)[ :]{{1,3}}(?:the |le |el |dem )?(?:{_DAY})",
    _I,
)
_DATED: Final = re.compile(rf"(?<![\d/.-])(?:{_DAY})(?!\d)", _I)
_BEFORE: Final = 3_000
_LINE: Final = 60
BEGINNING: Final = 600
_MONTHS_A_YEAR: Final = 12
_DAYS_A_MONTH: Final = 31


def stamped(text: str, start: int) -> str:
    """The day, with the time where it is told, of the message that a place stands in.

    Of a chat, each line of which begins with one, or of e-mails one behind the other; empty where
    there is none.
    """
    if not has_messages(text):
        return ""
    line = _MESSAGE.match(text, text.rfind("\n", 0, start + 1) + 1)
    if line is not None and (own := _iso(line)):
        return own
    found = ""
    first = max(0, start - _BEFORE)
    first = text.rfind("\n", 0, first) + 1
    for one in _MESSAGE.finditer(text, first, start + _LINE):
        if one.start() > start:
            break
        found = _iso(one) or found
    return found


@lru_cache(maxsize=16)
def has_messages(text: str) -> bool:
    """Whether a text has messages with their days: a chat, a thread of e-mails."""
    return _MESSAGE.search(text) is not None


def edition(text: str) -> str:
    """The day that a document tells of itself at its beginning: `State of 1 May 2026`."""
    one = _EDITION.search(text, 0, BEGINNING)
    return _iso(one) if one else ""


def dated(title: str) -> str:
    """The first day that a title or a name has: `Committee, 9 September 2031`; empty if none."""
    one = _DATED.search(title)
    return _iso(one) if one else ""


def _iso(one: re.Match[str]) -> str:
    told = {name.removeprefix("m_"): value for name, value in one.groupdict().items() if value}
    for part in ("", "2", "3", "4"):
        if year := told.get(f"y{part}"):
            break
    else:
        return ""
    month, day = _number(told[f"m{part}"]), int(told.get(f"d{part}", "1"))
    if month > _MONTHS_A_YEAR:
        month, day = day, month  # written in the other order
    if not (1 <= month <= _MONTHS_A_YEAR and 1 <= day <= _DAYS_A_MONTH):
        return ""
    known = f"{year:0>4}" if len(year) > 2 else f"20{year}"
    known = f"{known}-{month:02}" + (f"-{day:02}" if f"d{part}" in told else "")
    return f"{known} {int(told['hour']):02}:{told['minute']}" if "hour" in told else known


def _number(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
