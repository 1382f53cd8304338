"""The day that a document gives for itself in its first lines, or in the name of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

_MONTHS: Final = (
    "january jan januar janvier enero gennaio januari janeiro",
    "february feb februar février fevrier febrero febbraio februari fevereiro",
    "march mar märz maerz mrz mars marzo maart março",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août aout agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct okt oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dez dezember décembre decembre diciembre dicembre dezembro",
)
_MONTH: Final = {name: at for at, names in enumerate(_MONTHS, 1) for name in names.split()}
_WORD: Final = r"[^\W\d_]{3,10}"
_TIME: Final = r"(?:[T ]\d{1,2}:\d\d\S*)"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<sign>[-/._])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){_TIME}?",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}",
        (
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s(?:de\s|of\s)?(?P<name>{_WORD})\.?,?\s"
            rf"(?:de\s)?{_YEAR}"
        ),
        rf"(?P<name>{_WORD})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]",
    )
)
_LABEL = re.compile(
    r"(?:date|dated|published|posted|written|created|datum|stand|veröffentlicht|fecha|data|publié)"
    r"(?:\s(?:on|am|le|el|vom))?\s?:?\s+",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,?\s(?:(?:den|the|le|el)\s)?(?=\S*\d)", re.IGNORECASE)
_PARTS = re.compile(r"\s[–—|-]\s|,\s(?:(?:den|the|le|el)\s)?|:\s|\s\(")
_NAMED = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")
_LONGEST: Final = 100
_FIRST_LINES: Final = 6
_EARLIEST: Final = date(1900, 1, 1)


def day(text: str) -> str | None:
    """The day that a text is, in ISO 8601; None where it is no day, or one to come.

    Days and months in figures alone (`3/5/2024`) are none: who wrote them decides which is which.
    """
    text = " ".join(text.split()).strip(" .,()[]*_\"'")
    for form in _FORMS if len(text) <= _LONGEST else ():
        if match := form.fullmatch(text):
            told = match.groupdict()
            month = told.get("month") or _MONTH.get(told.get("name", "").lower(), 0)
            return _real(told["year"], month, told["day"])
    return None


def dateline(lines: Iterable[str]) -> str | None:
    """The day of a dateline among the first lines of a document; None where there is none.

    `5 March 2024`, `Date: 2024-03-05`, `Tarn, 5 March 2024`, `Minutes, 5 March 2024`.
    """
    for line, _ in zip(lines, range(_FIRST_LINES), strict=False):
        if len(line) <= _LONGEST and any(letter.isdigit() for letter in line):
            bare = _LABEL.sub("", line.strip(), count=1)
            parts = [bare, _WEEKDAY.sub("", bare, count=1), *_ends(bare)]
            if found := next(filter(None, map(day, parts)), None):
                return found
    return None


def day_in_name(name: str) -> str | None:
    """The day in the name of a file (`2024-03-05-notes.md`); None where there is none."""
    match = _NAMED.search(name)
    return _real(match[1], match[3], match[4]) if match else None


def _ends(line: str) -> list[str]:
    """What stands before the first sign that parts a line, and behind each of the others."""
    signs = list(_PARTS.finditer(line))
    return [line[: signs[0].start()], *(line[one.end() :] for one in signs)] if signs else []


def _real(year: str, month: str | int, number: str) -> str | None:
    try:
        found = date(int(year), int(month), int(number))
    except ValueError:
        return None
    latest = datetime.now(UTC).date() + timedelta(days=1)
    return found.isoformat() if _EARLIEST <= found <= latest else None
