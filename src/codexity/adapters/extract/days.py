"""Days as pages write them: in digits, in words, and as Chinese, Japanese and Korean have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

_FIRST: Final = date(1990, 1, 1)
_LOOKED_AT: Final = 400
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=T\d|\Z)",
        rf"{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日日号號일]",
        (
            rf"(?<![\w.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?\s?[-\s]\s?(?:(?:de|of)\s)?"
            rf"(?P<name>[^\W\d_]{{3,12}})[.,]?\s?[-\s]\s?(?:(?:de|del)\s)?{_YEAR}(?!\d)"
        ),
        rf"(?<!\w)(?P<name>[^\W\d_]{{3,12}})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)",
        rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\d)",
    )
)
_NAMES: Final = tuple(
    tuple(names.split())
    for names in (
        "jan ene gen янв січ sty led tammi oca sau",
        "feb fev fév февр фев лют lut uno úno helmi sub şub vas",
        "mar maa märz mrz maerz март мар бер bre kov",
        "apr avr abr апр квіт kwi dub huhti nis bal",
        "may mai mag maj mei мая май трав kve touko geg",
        "jun juin giu июн черв cze kesä kesa haz bir",
        "jul juil lug июл лип lip čvc heinä heina tem lie",
        "aug aou aoû ago авг серп sie srp elo agu ağu rugp",
        "sep set сен вер wrz zář zari syys eyl rugs",
        "oct okt ott out окт жовт paź paz říj rij loka eki spa",
        "nov ноя лист lis listop marras kas lap",
        "dec dez dic déc дек груд gru pro joulu ara des gruo",
    )
)
"""How the names of months begin, in the languages that most pages are written in."""


def day_in(text: str) -> str | None:
    """The first day that a text names, as ISO 8601; None where there is none.

    Digits alone are a day where their order is sure. A day in the future, or before there was a
    web, is none.
    """
    return next(days_in(text), None)


def days_in(text: str) -> Iterator[str]:
    """Every day that the first 400 characters of a text name, in their order."""
    shown = unicodedata.normalize("NFKC", text[:_LOOKED_AT])
    found = (match for form in _FORMS for match in form.finditer(shown))
    for match in sorted(found, key=lambda one: one.start()):
        told = _told(match.groupdict())
        if told is not None:
            yield told


def _told(parts: dict[str, str | None]) -> str | None:
    month = int(parts.get("month") or 0) or month_of(parts.get("name") or "")
    try:
        found = date(int(parts["year"] or 0), month, int(parts["day"] or 0))
    except ValueError:
        return None
    latest = datetime.now(UTC).date() + timedelta(days=1)
    return found.isoformat() if _FIRST <= found <= latest else None


def month_of(name: str) -> int:
    """The number of a month; of several beginnings of its name the longest counts."""
    lower = name.casefold()
    known = [
        (len(beginning), number)
        for number, names in enumerate(_NAMES, start=1)
        for beginning in names
        if lower.startswith(beginning)
    ]
    return max(known)[1] if known else 0
