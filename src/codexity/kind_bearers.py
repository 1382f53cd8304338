"""Whose or of what is what was found of a kind: of the thing asked about, or of another."""

from __future__ import annotations

import re
from typing import Final

from codexity import kind_signs as signs
from codexity.analysis import STOP_WORDS

FIGURES: Final = frozenset(("money", "duration", "length", "weight", "dose", "speed", "often"))
"""What a record may say as a bare figure, since the head of its column tells the unit."""
_CONTACTS: Final = frozenset(("phone", "hours", "email", "address"))
"""What several may have in one line, each behind its name."""
_I: Final = re.IGNORECASE
_AUTHOR: Final = re.compile(r"\[[^\]\n]{4,30}\] ?[^:\n]{2,40}: ")
_PARTED: Final = re.compile(r"(?<=[.;!?])\s+|\n")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NAME: Final = re.compile(signs.NAME)
_FIRST_HEAD: Final = re.compile(r"\W*([^:,;.]{1,40}): [^,;]{0,60}")
_COLOURED: Final = re.compile(
    r"colou?r|paint|finish|shade|look|descri|remark|note|detail|ral\b", _I
)
_NOT_MONEY: Final = re.compile(signs.OTHER_THAN_MONEY, _I)
_NUMBERED: Final = re.compile(r"(?:^|(?<=: ))\d{1,3}[.)](?=\s)")
_MEASURED: Final = re.compile(
    rf"{signs.NUMBER}\s?(?:%|°|[kmc]?m[²³]?\b|k?g\b|ml\b|l\b|(?:milli|centi|kilo)?met(?:er|re)s?\b"
    r"|(?:kilo)?gramm?e?s?\b|litres?\b|liter\b|euros?\b|pounds?\b|[€£$]|uhr\b|h\b|prozent\b|percent\b)",
    _I,
)
_KNOWN: Final = 5


def without_authors(text: str) -> str:
    """A text without the times and authors of its lines, as a chat has them."""
    return _AUTHOR.sub("", text)


def measured(number: re.Match[str]) -> bool:
    """Whether a number says so many of a unit, and hence of nothing that stands before it."""
    return _MEASURED.match(number.string, number.start()) is not None


def is_of_another(kind: str, one: re.Match[str], question: str, *, record: bool) -> bool:
    """Whether what was found is clearly of something else than what is asked about."""
    if kind in _CONTACTS:
        return _is_of_another_name(one, question)
    if not record:
        return False
    if kind == "colour":
        return _is_coloured(one, question)
    if kind == "money":
        return any(
            other.start() <= one.start() < other.end() for other in _NOT_MONEY.finditer(one.string)
        )
    return kind in FIGURES and any(
        other.start() <= one.start() < other.end() for other in _NUMBERED.finditer(one.string)
    )


def _is_of_another_name(one: re.Match[str], question: str) -> bool:
    """Whether it stands in a part that names another, and the asked name in a part before it."""
    text = one.string
    ends = [found.end() for found in _PARTED.finditer(text)]
    first = max((end for end in ends if end <= one.start()), default=0)
    last = min((end for end in ends if end > one.start()), default=len(text))
    asked = _beginnings(question)
    own = text[first:last]
    if not first or asked & _beginnings(own):
        return False
    named = any(not asked & _beginnings(name[0]) for name in _NAME.finditer(own))
    return named and bool(asked & _beginnings(text[:first]))


def _beginnings(text: str) -> set[str]:
    """The beginnings of its words that are no stop words."""
    words = (one.lower() for one in _WORD.findall(text))
    return {one[:_KNOWN] for one in words if one not in STOP_WORDS}


def _is_coloured(one: re.Match[str], question: str) -> bool:
    """Whether it is the name of a row, of something that is not asked about: `dot: blue, ...`."""
    head = _FIRST_HEAD.match(one.string)
    return (
        head is not None
        and one.start() < head.end()
        and _COLOURED.search(head[1]) is None
        and not _beginnings(head[1]) & _beginnings(question)
    )
