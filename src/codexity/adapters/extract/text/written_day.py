"""A day as people write it: the whole of a few words, in digits or with the name of its month."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Final

from codexity.adapters.extract.days import month_of

_MONTHS: Final = (
    """january jan januar janvier enero ene gennaio gen januari janeiro stycznia ocak ianuarie
    tammikuuta ledna január ιανουαρίου يناير""",
    """february feb februar février fevrier febrero febbraio februari fevereiro lutego subat
    februarie helmikuuta unora února február φεβρουαρίου فبراير""",
    """march mar märz maerz mrz mars marzo maart março marca mart marts martie maaliskuuta
    brezna března március μαρτίου مارس""",
    """april apr avril abril abr aprile kwietnia nisan aprilie huhtikuuta dubna április
    απριλίου أبريل ابريل""",
    """may mai mayo maggio mag mei maio maja maj mayis toukokuuta kvetna května május μαΐου
    مايو""",
    """june jun juni juin junio giugno giu junho czerwca haziran iunie kesäkuuta cervna června
    június ιουνίου يونيو""",
    """july jul juli juillet julio luglio lug julho lipca temmuz iulie heinäkuuta cervence
    července július ιουλίου يوليو""",
    """august aug août aout agosto ago augustus augusti sierpnia agustos elokuuta srpna
    augusztus αυγούστου أغسطس اغسطس""",
    """september sep sept septembre septiembre settembre set setembro wrzesnia září eylul
    septembrie syyskuuta szeptember σεπτεμβρίου سبتمبر""",
    """october oct okt oktober octobre octubre ottobre ott outubro pazdziernika ekim octombrie
    lokakuuta október rijna října οκτωβρίου أكتوبر اكتوبر""",
    """november nov novembre noviembre novembro listopada kasim noiembrie marraskuuta listopadu
    νοεμβρίου نوفمبر""",
    """december dec dez dezember décembre decembre diciembre dic dicembre dezembro grudnia
    aralik decembrie joulukuuta desember prosince δεκεμβρίου ديسمبر""",
)
_MONTH: Final = {name: at for at, names in enumerate(_MONTHS, 1) for name in names.split()}
_WORD: Final = r"[^\W\d_]{3,12}"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<sign>[-/._])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})",
        rf"{_YEAR}\.\s(?P<month>\d{{1,2}})\.\s(?P<day>\d{{1,2}})",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}",
        rf"(?P<one>\d{{1,2}})(?P<sign>[-/])(?P<other>\d{{1,2}})(?P=sign){_YEAR}",
        (
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s-](?:de\s|of\s)?(?P<name>{_WORD})"
            rf"\.?,?[\s-](?:del?\s)?{_YEAR}(?:\s?(?:г|года|р|року|r|m)\.?)?"
        ),
        rf"(?P<name>{_WORD})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"{_YEAR}\.?\s(?P<name>{_WORD})\s(?P<day>\d{{1,2}})",
        (
            rf"(?:{_YEAR}|(?P<era>令和|平成|昭和)\s?(?P<of_era>\d{{1,2}}|元))\s?[年년]"
            r"\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号號]"
            r"(?:\s?\(?(?:星期|周|週)?[月火水木金土日一二三四五六天월화수목금토일](?:曜日|요일)?\)?)?"
        ),
    )
)
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""The years before the first of each era of Japan."""
_CLOCK = re.compile(
    r"(?<=\d)(?:T|,?\s(?:(?:at|um|à|a\slas|alle|kl\.?)\s)?)\d{1,2}[:.h]\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?:[ap]\.?m\.?|uhr))?(?:\s?(?:Z|[A-Z]{3,4}|(?:UTC|GMT)?[+-]\d\d:?(?:\d\d)?))?(?:\s\(\w+\))?\Z",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?\d{4}(?:\d\d)?Z?)?")
_SECONDS = re.compile(r"(1\d{9})(?:\.\d+|\d{3})?")
_SURE: Final = 12
_LONGEST: Final = 100
_EARLIEST: Final = date(1900, 1, 1)


def day(text: str) -> str | None:
    """The day that a text is, in ISO 8601, with a time behind it or without; None where it is none.

    A day to come is none. Days and months in figures alone (`3/5/2024`) are none either, for who
    wrote them decides which is which, unless one of the two can be no month.
    """
    if len(text) > _LONGEST:
        return None
    text = " ".join(unicodedata.normalize("NFKC", text).split()).strip(" .,()[]*_\"'")
    if not text.isascii():
        text = "".join(str(int(one)) if one.isdecimal() else one for one in text)
    text = _CLOCK.sub("", text).rstrip(",")
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _of(match.groupdict())
    return None


def day_of_field(text: str) -> str | None:
    """The day that a field for it has: as programs write it too, `20240305`, or in seconds."""
    text = text.strip(" []\"'")
    if match := _COMPACT.fullmatch(text):
        return real(match["year"], match["month"], match["day"])
    if match := _SECONDS.fullmatch(text):
        found = datetime.fromtimestamp(int(match[1]), UTC).date()
        return real(found.year, found.month, found.day)
    return None


def real(year: str | int, month: str | int, number: str | int) -> str | None:
    """A day that there was, in ISO 8601."""
    try:
        found = date(int(year), int(month), int(number))
    except ValueError:
        return None
    latest = datetime.now(UTC).date() + timedelta(days=1)
    return found.isoformat() if _EARLIEST <= found <= latest else None


def in_order(one: str, other: str, year: str) -> str | None:
    """The day of two figures of which one can be no month, or that are the same."""
    first, second = int(one), int(other)
    if first > _SURE or first == second:
        return real(year, second, first)
    return real(year, first, second) if second > _SURE else None


def _of(told: dict[str, str | None]) -> str | None:
    if (one := told.get("one")) and (other := told.get("other")):
        return in_order(one, other, told["year"] or "")
    year: str | int = told["year"] or ""
    if era := told.get("era"):
        of_era = told.get("of_era") or ""
        year = _ERAS[era] + (1 if of_era == "元" else int(of_era))
    return real(year, told.get("month") or _month(told.get("name") or ""), told["day"] or "")


def _month(name: str) -> int:
    lower = name.lower()
    # A beginning is enough where no word of another language can be meant.
    return _MONTH.get(lower, 0) or (0 if lower.isascii() else month_of(lower))
