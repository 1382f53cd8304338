"""The day that a document gives for itself in its first lines, or in the name of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from codexity.adapters.extract.days import day_in
from codexity.adapters.extract.text.written_day import day, day_of_field, in_order, real

_LABEL = re.compile(
    r"(?:(?:last|letzte|zuletzt|dernière|última|ultima)\s)?(?:date|dated|published|posted|written|"
    r"created|issued|updated?|modified|changed|revised|edited|effective|as\sof|version\sof|datum|"
    r"stand|veröffentlicht|erstellt|geändert|aktualisiert|änderung|fecha|publicado|actualizado|"
    r"actualización|data|publicado\sem|aggiornato|publié|créé|mise?\sà\sjour|rédigé|fait|дата|"
    r"обновлено|opublikowano|日付|作成日|更新日|公開日|発行日|日期|发布日期|更新日期|날짜|작성일)"
    r"(?:\s(?:of|on|am|le|el|em|il|vom|à\s\w+,?\sle))?(?:\s?[:：]\s*|\s+|(?<=[日期付짜일]))",
    re.IGNORECASE,
)
"""What says that a day is the document's own."""
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:born|birth|died|death|due|deadline|expir|valid|until|till|before|next|by\s(?=\d|\w+\s\d)|starts?|begins?|"
    r"ends?|since|deliver|depart|arriv|check|anniversary|renew|closing|opening|opened|founded|built|"
    r"established|installed|bought|purchased|sold|paid|exam|holiday|reminder|appointment|geboren|"
    r"geburt|gestorben|fällig|bis|gültig|frist|ablauf|nächste|beginn|ende|seit|abreise|ankunft|"
    r"gegründet|gebaut|gekauft|née?|naissance|décès|échéance|valable|jusqu|prochaine?|début|fin|"
    r"depuis|départ|arrivée|nacid|nacimiento|fallecid|vence|vencimiento|válid|hasta|próxim|inicio|"
    r"desde|salida|llegada|nat[oa]|nascita|scadenza|valid[oa]|prossim|inizio|fine|partenza)",
    re.IGNORECASE,
)
"""What says that it is of something else."""
_SAID_BY = re.compile(r"\s(?:by|von|par|por|di|de)\s[^\d\n]{1,40}\Z", re.IGNORECASE)
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}\.?,?\s(?:(?:den|the|le|el)\s)?(?=\S*\d)", re.IGNORECASE)
_PARTS = re.compile(r"\s[–—|-]\s|,\s(?:(?:den|the|le|el)\s)?|:\s|\s\(")
_NAMED = re.compile(
    r"(?<!\d)((?:19|20)\d\d)"
    r"(?:([-_. ])(\d{1,2})\2(\d{1,2})|(\d\d)(\d\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?)(?!\d)"
)
_NAMED_BEHIND = re.compile(r"(?<![\d.vV])(\d{1,2})([-_. ])(\d{1,2})\2((?:19|20)\d\d)(?![\d]|\.\d)")
_VERSION = re.compile(r"(?<![A-Za-z])[vV]\d[\d.]*")
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
_MARKUP = str.maketrans("", "", "*_`~")
_LONGEST: Final = 100
_FIRST_LINES: Final = 6


def dateline(lines: Iterable[str]) -> str | None:
    """The day of a dateline among the first lines of a document; None where there is none.

    `5 March 2024`, `Date: 2024-03-05`, `Tarn, 5 March 2024`, `Minutes, 5 March 2024`; none are
    `Born: 5 March 1961`, `Due 5 March 2024` and the two days of `5 March 2024 - 9 March 2024`.
    """
    for line, _ in zip(lines, range(_FIRST_LINES), strict=False):
        if len(line) <= _LONGEST and any(letter.isdigit() for letter in line):
            bare = line.translate(_MARKUP).strip(" \t#>")
            if found := _of_line(bare):
                return found
    return None


def day_told(text: str) -> str | None:
    """The day of what is told as one, by a person or by a program; None where it is none."""
    return day_of_field(text) or dateline([text])


def labelled(line: str) -> str | None:
    """The day of a line that says itself that it is the document's: `Date: 5 March 2024`."""
    match = _LABEL.match(line) if len(line) <= _LONGEST else None
    return _of_line(line) if match else None


def _of_line(line: str) -> str | None:
    label = _LABEL.match(line)
    bare = line[label.end() :] if label else line
    bare = _SAID_BY.sub("", bare)
    if found := day(bare):
        return found
    if label is None and _OF_SOMETHING_ELSE.search(line):
        return None
    ends = list(_ends(bare))
    if len(found := [told for told in map(day, ends) if told]) > 1:
        return None
    return found[0] if found else day(_WEEKDAY.sub("", bare, count=1))


def day_in_name(name: str) -> str | None:
    """The day in the name of a file (`2024-03-05-notes.md`); None where there is none."""
    stem = name.rsplit(".", 1)[0] if _SUFFIX.search(name) else name
    for match in _NAMED.finditer(stem):
        if found := real(match[1], match[3] or match[5], match[4] or match[6]):
            return found
    for match in _NAMED_BEHIND.finditer(stem):
        if found := _behind(match):
            return found
    # Names have signs where texts have spaces.
    return day_in(_VERSION.sub(" ", stem).replace("_", " "))


def _behind(match: re.Match[str]) -> str | None:
    one, sign, other, year = match.groups()
    return real(year, other, one) if sign == "." else in_order(one, other, year)


def _ends(line: str) -> list[str]:
    """What stands before the first sign that parts a line, and behind each of the others."""
    signs = list(_PARTS.finditer(line))
    return [line[: signs[0].start()], *(line[one.end() :] for one in signs)] if signs else []
