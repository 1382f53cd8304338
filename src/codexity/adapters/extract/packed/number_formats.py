"""Values of spreadsheets as their number formats show them: dates, shares, sums with their unit.

Source: ISO/IEC 29500-1, 18.8.30 (numFmt) and 18.17.4 (dates are days since a first one).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

_LONGEST: Final = 200
_PART = re.compile(
    r'"([^"]*)"?|\\(.)|[_*].|\[([^\]]*)\]?|(General|AM/PM|A/P)|([0#?.,]+)|(E[+-])|([ymdhs]+)'
    r"|(;)|(.)",
    re.IGNORECASE | re.DOTALL,
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.DOTALL)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
}  # fmt: skip
_DAYS_OF_ASIA: Final = (*range(27, 32), 36, *range(50, 59))
_MOST_DIGITS: Final = 1e15
_LAST_DAY: Final = 2_958_466
_DAY: Final = 86_400

Kind = Literal["general", "number", "moment", "elapsed", "hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """What a format makes of a number; `of_day`: it shows the day, `of_time`: the time of it."""

    kind: Kind = "general"
    decimals: int = 0
    is_grouped: bool = False
    times: int = 1
    before: str = ""
    behind: str = ""
    of_day: bool = False
    of_time: bool = False

    def shown(self, value: str, *, from_1904: bool = False) -> str:
        """A value as a reader sees it; days and times as ISO 8601 has them."""
        number = _number(value)
        if self.kind == "hidden":
            return ""
        if number is None or not math.isfinite(number):
            return value
        if self.kind == "moment":
            return self._moment(number, from_1904=from_1904) or value
        if self.kind == "elapsed":
            minutes = round(abs(number) * _DAY / 60)
            return f"{'-' if number < 0 else ''}{minutes // 60}:{minutes % 60:02}"
        if self.kind == "general" or abs(number) * self.times >= _MOST_DIGITS:
            return _plain(number)
        grouped = "," if self.is_grouped else ""
        text = f"{abs(number) * self.times:{grouped}.{self.decimals}f}"
        is_less = number < 0 and any(one in "123456789" for one in text)
        return f"{'-' if is_less else ''}{self.before}{text}{self.behind}"

    def _moment(self, number: float, *, from_1904: bool) -> str:
        if not 0 <= number < _LAST_DAY:
            return ""
        # The first of these calendars has a 29 February 1900, which there was not.
        first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 + (number < 60))  # noqa: DTZ001 - the clock on the wall, wherever that is
        when = first + timedelta(seconds=round(number * _DAY))
        day = when.date().isoformat() if self.of_day else ""
        time = f"{when:%H:%M:%S}".removesuffix(":00") if self.of_time else ""
        return f"{day} {time}".strip()


def format_of(number: int, codes: dict[int, str]) -> NumberFormat:
    """The format of a number of a workbook's; `codes` are those that it defines itself."""
    if number in codes:
        return _parsed(codes[number])
    if number in _DAYS_OF_ASIA:
        return _parsed("yyyy-mm-dd")
    return _parsed(_BUILT_IN.get(number, "General"))


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _plain(number: float) -> str:
    """A number without a format: without what computing in halves leaves behind it."""
    if abs(number) < _MOST_DIGITS and number == int(number):
        return str(int(number))
    return f"{number:.12g}"


class _Parser:
    """Takes the parts of a format up to the one for what is below zero."""

    def __init__(self) -> None:
        self.digits: list[str] = []
        self.around = ["", ""]
        self.letters = ""
        self.elapsed = self.general = self.percent = False

    def literal(self, text: str) -> None:
        self.around[bool(self.digits)] += text

    def take(self, part: re.Match[str]) -> None:
        quoted, escaped, bracketed, general, digits, power, letters, _, other = part.groups()
        if bracketed is not None:
            if currency := _CURRENCY.fullmatch(bracketed):
                self.literal(currency[1])
            self.elapsed |= _ELAPSED.fullmatch(bracketed) is not None
        elif digits:
            self.digits.append(digits)
        elif letters:
            self.letters += letters.lower()
        elif general:
            self.general |= general.lower() == "general"
        elif power:
            self.general = True
        elif other == "%":
            self.percent = True
            self.literal("%")
        elif other == "@" or (other == "/" and self.digits):
            self.general = True
        else:
            self.literal(quoted or escaped or other or "")


def _parsed(code: str) -> NumberFormat:
    code = code[:_LONGEST]
    if code.strip() and not code.strip(" ;"):
        return NumberFormat(kind="hidden")
    parser = _Parser()
    for part in _PART.finditer(code):
        if part[8]:
            break
        parser.take(part)
    if parser.elapsed:
        return NumberFormat(kind="elapsed")
    if parser.letters and not parser.general:
        of_time = not set(parser.letters).isdisjoint("hs")
        of_day = not set(parser.letters).isdisjoint("yd") or not of_time
        return NumberFormat(kind="moment", of_day=of_day, of_time=of_time)
    if parser.general or not parser.digits:
        return NumberFormat()
    digits = "".join(parser.digits)
    whole, _, rest = digits.partition(".")
    if digits.rstrip(".").endswith(","):
        # Commas at the end show thousands or millions, with whatever unit.
        return NumberFormat()
    return NumberFormat(
        kind="number",
        decimals=min(15, sum(one in "0#?" for one in rest)),
        is_grouped="," in whole,
        times=100 if parser.percent else 1,
        before=parser.around[0].lstrip(" ("),
        behind=parser.around[1].rstrip(" )"),
    )
