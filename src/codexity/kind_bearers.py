"""Whose or of what is what was found of a kind: of the thing asked about, or of another."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from codexity import kind_signs as signs
from codexity.analysis import STOP_WORDS

FIGURES: Final = frozenset(
    ("money", "duration", "length", "weight", "dose", "speed", "often", "temperature")
)
"""What a record may say as a bare figure, since the head of its column tells the unit."""
_I: Final = re.IGNORECASE
_CONTACTS: Final = frozenset(("phone", "hours", "email", "address"))
"""What several may have in one line, each behind its name."""
_NAMES: Final = frozenset(("person", "doer", "named", "make"))
_TIMES: Final = frozenset(("date", "day", "clock", "hours", "age"))
"""Kinds of which the time of a line of a chat may be one."""
_DOERS: Final = frozenset(("person", "doer"))
_AUTHOR: Final = re.compile(r"\[[^\]\n]{4,30}\] ?[^:\n]{2,40}: ")
_STAMP: Final = re.compile(r"\[[^\]\n]{4,30}\](?= ?[^:\n]{2,40}: )")
_I_MYSELF: Final = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our)\b", _I)
_SOMEBODY: Final = re.compile(r"\bsome(?:one|body)\b", _I)
_HEADS: Final = re.compile(r"(?:^|[,;] )[^\s:,;][^:,;]{0,40}:(?= (?!(?:yes|no|x)\b))")
_FEWEST_HEADS: Final = 3
"""A row of so many cells tells with each what it is of; of fewer, a name may lead what it does."""
_MONTH_OF_YEAR: Final = re.compile(r"(?<![\d/.-])(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d(?![\d/.-])")
_PARTED: Final = re.compile(r"(?<=[.;!?])\s+|\n")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NAME: Final = re.compile(signs.NAME)
_ARTICLE: Final = r"(?:(?:the|an?|our|my|his|her|its|their|your) )?"
_NAME_OF: Final = re.compile(
    rf"\bname of {_ARTICLE}(?P<of>[^?,;.]{{2,60}})"
    rf"|\b(?:what|who)(?:['’]s| is| are| was| were) {_ARTICLE}(?P<whose>[^?,;.]{{2,60}}?)"
    r"(?:(?:['’]s|(?<=s)['’]) name\b| (?:called|named)\b)"
    r"|\b(?:what|which) (?P<which>compan(?:y|ies)|firms?|hotels?|hospitals?|clinics?|banks?|bands?"
    r"|airlines?|universit(?:y|ies))\b"
    r"|\b(?:make|brand|model|manufacturer)s? (?:is|are|was|were|does|do|did|has|have|of)"
    rf" {_ARTICLE}(?P<made>[^?,;.]{{2,60}})",
    _I,
)
_GOES_ON: Final = re.compile(
    r"\b(?:of|in|at|on|from|with|for|by|to|near|beside|behind|under|who|whom|whose|that|which|we|i|they"
    r"|you|he|she|is|are|was|were|has|have|had|does|did|do)\b.*",
    _I | re.DOTALL,
)
_MADE: Final = re.compile(
    r"\b(?:makes?|brands?|models?|manufactur\w+|makers?|made by|marke|marque|marca)\b", _I
)
_CALLED: Final = re.compile(r"\b(?:(?:nick)?named|called|names?)\b|[\"“”`]", _I)
_ACRONYM: Final = re.compile(r"[A-Z\d]{2,}\b(?!['’])")
_FIRMS: Final = frozenset(
    """agency airline bank brand band carrier clinic company firm group hospital insurer product
    organisation program programme school server shop software supplier tool university""".split()
)
"""What may have letters for a name."""
_APART: Final = re.compile(r"[.;!?]\s")
_APPOSED: Final = re.compile(
    r"(?: [A-ZÀ-ÖØ-Þ\d][\w’'-]*)*"
    rf"(?:(?:,| \(|,? (?:who )?(?:is|was|are|were)| as) ?{_ARTICLE}(?:\w[\w’'-]* ){{0,2}}| )$"
)
_NAMED_BEHIND: Final = 50
_NAMED_BEFORE: Final = 40
_CHOSEN_BEHIND: Final = 15
"""So far behind `the hotel` stands its name; behind a person may stand what they did before."""
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


def without_authors(kind: str, text: str) -> str:
    """A text without the times and authors of its lines, as a chat has them, if they are no answer.

    Who does something is the author where the line is about `me` or `us`.
    """
    if kind in _TIMES:
        return text
    said = _AUTHOR.sub("", text)
    told = kind in _DOERS and _I_MYSELF.search(said) and not _SOMEBODY.search(said)
    return _STAMP.sub("", text) if told else said


def measured(number: re.Match[str]) -> bool:
    """Whether a number says so many of a unit, and hence of nothing that stands before it."""
    return _MEASURED.match(number.string, number.start()) is not None


def is_of_another(kind: str, one: re.Match[str], question: str, *, record: bool) -> bool:
    """Whether what was found is clearly of something else than what is asked about."""
    if kind in _CONTACTS:
        return _is_within(_MONTH_OF_YEAR, one) or _is_of_another_name(one, question)
    if kind in FIGURES or kind == "number":
        wrong = _is_within(_NUMBERED, one)
        return wrong or (record and kind == "money" and _is_within(_NOT_MONEY, one))
    if kind in _NAMES or kind == "called":
        if record and len(_spans(_HEADS, one.string)[0]) >= _FEWEST_HEADS:
            inside = kind != "called" and _is_within(_HEADS, one)
            return inside or (kind == "make" and _names_another(kind, one, question))
        return _names_another(kind, one, question)
    return record and kind == "colour" and _is_coloured(one, question)


def _is_within(other: re.Pattern[str], one: re.Match[str]) -> bool:
    """Whether it begins within something else that the text has."""
    starts, ends = _spans(other, one.string)
    at = bisect_right(starts, one.start()) - 1
    return at >= 0 and one.start() < ends[at]


@lru_cache(maxsize=16)
def _spans(other: re.Pattern[str], text: str) -> tuple[Sequence[int], Sequence[int]]:
    """Where all of these begin and end in a text: looked for once, however much is found in it."""
    found = [one.span() for one in other.finditer(text)]
    return [first for first, _ in found], [last for _, last in found]


def _is_of_another_name(one: re.Match[str], question: str) -> bool:
    """Whether it stands in a part that names another, and the asked name in a part before it."""
    text = one.string
    _, ends = _spans(_PARTED, text)
    at = bisect_right(ends, one.start())
    first = ends[at - 1] if at else 0
    last = ends[at] if at < len(ends) else len(text)
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


def _names_another(kind: str, one: re.Match[str], question: str) -> bool:
    """Whether it is a name in a sentence that says the thing or person, but not that it is theirs.

    A name is theirs that stands behind them or is put before them: `the mayor, Mrs Speke`.
    """
    if kind == "person" and _ACRONYM.fullmatch(one[0]):
        return True
    asked, whose = _whose_name(question)
    if not asked or _spans(_MADE if kind == "make" else _CALLED, one.string)[0]:
        return False
    if _ACRONYM.fullmatch(one[0]) and asked not in _FIRMS:
        return True
    places = _spans(_beginning(asked), one.string)
    at = bisect_right(places[0], one.start()) - 1
    if at >= 0:
        gap = one.string[places[1][at] : one.start()]
        if len(gap) <= (_NAMED_BEHIND if whose else _CHOSEN_BEHIND) and not _APART.search(gap):
            return False
    following = places[0][at + 1 : at + 2]
    if following:
        gap = one.string[one.end() : following[0]]
        return len(gap) > _NAMED_BEFORE or not _APPOSED.match(gap)
    return bool(places[0])


@lru_cache(maxsize=16)
def _whose_name(question: str) -> tuple[str, bool]:
    """The noun of what a question asks the name of, in small letters; empty where it asks none.

    And whether it asks for no more than the name, and not which of several it is.
    """
    found = _NAME_OF.search(question)
    if not found:
        return "", False
    words = _WORD.findall(_GOES_ON.sub("", next(filter(None, found.groups()))))
    return words[-1].lower() if words else "", not (found["which"] or found["made"])


@lru_cache(maxsize=16)
def _beginning(word: str) -> re.Pattern[str]:
    """Words that begin as this one does."""
    return re.compile(rf"\b{re.escape(word[:_KNOWN])}[\w-]*(?:['’]s)?", _I)


def _is_coloured(one: re.Match[str], question: str) -> bool:
    """Whether it is the name of a row, of something that is not asked about: `dot: blue, ...`."""
    head = _FIRST_HEAD.match(one.string)
    return (
        head is not None
        and one.start() < head.end()
        and _COLOURED.search(head[1]) is None
        and not _beginnings(head[1]) & _beginnings(question)
    )
