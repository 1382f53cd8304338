"""Where sentences end: their marks, what may follow these, and full stops that end none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from .abbreviations import ORDINAL, abbreviations
from .stop_words import FUNCTION_WORDS, STOP_WORDS, other_stop_words

_LOWER: Final = "a-zß-öø-ÿα-ωάέήίόύώа-яё-џ"
_UNSPACED_ENDS: Final = "。！？｡‼⁇⁈⁉．"
_CLOSERS: Final = "」』）】》〉”’"
_OPENERS: Final = '"“‘„‚«»‹›([`¿¡–—-/'
_CJK: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# What goes on behind a quotation in Japanese and Chinese: a particle, a comma.
_GOES_ON: Final = "とっはがをにのもでやなへよりだ、，,"
_SPACED: Final = ".!?…؟۔։።"
_DANDAS: Final = "।॥။།"


# A sentence ends at its mark, the closing quotes and the footnote numbers behind it, when what
# follows does not go on in lower case. Each run of marks is tried once, from its first: a run of
# 15,000 dots, tried from each of them, took 9 s. The set of all marks stands in front, since the
# search runs from one of them to the next then: ten times as fast as trying every character.
def _ends(spaced: str) -> re.Pattern[str]:
    return re.compile(
        rf"""[{spaced}{_UNSPACED_ENDS}{_DANDAS}](?:"""
        rf"""(?<=[{spaced}])(?<![{spaced}]{{2}})[{spaced}]*(?:["'”’“‘›«)\]]|\s?»(?!\w))*"""
        rf"""(?:\[\s*\w{{1,3}}\s*\])*\s++(?=(?:["'“‘„‚«»‹›(\[`¿¡–—-]\s?)*(?![{_LOWER}])\w)"""
        rf"""|(?<=[{_UNSPACED_ENDS}])(?!(?<=．)\w)[{_UNSPACED_ENDS}]*"""
        rf"""(?:[{_CLOSERS}]++(?![{_GOES_ON}])|(?![{_CLOSERS}]))"""
        rf"""\s*(?:[{_UNSPACED_ENDS}]+[{_CLOSERS}]*\s*)*"""
        rf"""|(?<=[{_CJK}][!?])[!?]*[{_CLOSERS}]*\s*(?=[{_CJK}「『（“])"""
        rf"""|(?<=[{_DANDAS}])[{_DANDAS}]*\s*(?:[{_DANDAS}]+\s*)*)"""
    )


_END: Final = _ends(_SPACED)
_GREEK: Final = re.compile("[α-ωά-ώ][;\u037e]")
_END_GREEK: Final = _ends(f"{_SPACED};\u037e")
"""The Greek question mark is written as a semicolon."""

_WINDOW: Final = 24
"""The longest abbreviation, its dots and blanks, and what stands before it."""
_NEXT: Final = 24
_OMITTED: Final = re.compile(r"[\[(](?:\.\.\.|…)[\])]$")
_OF_LIST: Final = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5}|[IVX]{1,5})\.")
_INITIALS: Final = re.compile(r"(?:(\w+)\s)?(?<![\w.])((?:[A-Za-zÀ-ɏΑ-ωА-я]\.[\s-]?){1,6})$")
_CHAIN: Final = re.compile(r"(?:[A-Z]\.\s){6}[A-Z]\.")
_CHAIN_CHARS: Final = 20
_DAY: Final = re.compile(r"(?:(\w+)\s)?(?<![\w.,:])(\d{1,2}\.\s?)?(\d{1,2}|[IVX]{2,6})\.$")
_YEAR: Final = re.compile(r"\d{4}\b")
_MONTH_AND_YEAR: Final = re.compile(r"\d{1,2}\.\s?\d{2,4}\b")
_FOLLOWING: Final = re.compile(r"[\W_]*(\w+)(\.?)")
_LETTER: Final = re.compile(r"[^\W\d_]\.")
_NUMBER: Final = re.compile(r"[\W_]*(?:[A-Z]?\d|[IVXLC]+\b)")
_PARTICLES: Final = frozenset("de del della di da du des la le les el al van von zu".split())
"""Small words that names hold."""
_BEFORE_ORDINALS: Final = frozenset(
    """am vom zum im beim der die das den dem des bis ab seit und oder dieser dieses diesem jeder
    jedes jeden ihr ihrem sein seinem unser unserem mein meinem ins zur seiner ihrer""".split()
)
_COUNTED: Final = frozenset(
    """januar jänner februar märz april mai juni juli august september oktober november dezember
    jahrhundert jahrhunderts auflage klasse stock etage kapitel quartal halbjahr jahrestag
    geburtstag weltkrieg bundesliga platz sinfonie fc""".split()
)
"""What German counts by ordinals without an article: `19. Jahrhundert`."""
_AFTER_HOURS: Final = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december est edt pst pdt cst cdt gmt utc cet cest
    bst eastern pacific central""".split()
)
_LETTERED: Final = frozenset(
    """vitamin hepatitis plan appendix annex exhibit type class grade option figure part room gate
    section group team building schedule hall wing zone platform line point step table form category
    tier area phase block stage level unit door language anhang anlage typ klasse gruppe halle raum
    linie tor gebäude teil annexe groupe salle zona grupo plano grupa""".split()
)
"""What is told apart by letters: one behind them is no initial of a name."""
_OF_LIST_CHARS: Final = 6
_HOURS: Final = re.compile(r"\d\s?[ap]\.\s?m\.$", re.IGNORECASE)


def sentences(
    text: str, start: int = 0, end: int | None = None, language: str | None = None
) -> Iterator[tuple[int, int]]:
    """Where the sentences of one block start and end, white space around them left out.

    `language` (ISO 639-1) says whose abbreviations and ordinal numbers these are.
    """
    stop = len(text) if end is None else end
    begin = start
    greek = not text.isascii() and _GREEK.search(text, start, stop) is not None
    for match in (_END_GREEK if greek else _END).finditer(text, start, stop):
        last = match.start() + len(match.group().rstrip())
        if match[0][0] in _SPACED and _goes_on(text, (begin, last), (match.end(), stop), language):
            continue
        yield begin, last
        begin = match.end()
    tail = text[begin:stop].rstrip()
    if tail:
        yield begin, begin + len(tail)


def _goes_on(text: str, run: tuple[int, int], rest: tuple[int, int], language: str | None) -> bool:
    """Whether a sentence goes on behind a mark and white space."""
    begin, last = run
    at, stop = rest
    first = text[at]
    if first.islower():
        return True
    before = text[max(begin, last - _WINDOW) : last]
    if before[-1] == "." and first.isalnum():
        word = before[before.rfind(" ") + 1 : -1]
        # Nearly every sentence ends with a plain word.
        plain = len(word) > 1 and word.isalpha() and not word.isupper()
        if plain and word.lower() not in abbreviations(language).ends:
            return False
        if len(word) == 1 and _CHAIN.fullmatch(before[-_CHAIN_CHARS:]) and _LETTER.match(text, at):
            return True  # letters without end are read without a closer look at each
    behind = text[at : min(stop, at + _NEXT)]
    found = _FOLLOWING.match(behind)
    if found is None or found[1][0].islower():
        return found is not None
    if before[-1] != ".":
        return before[-1] in "])" and _OMITTED.search(before) is not None
    return _is_short(before, behind, found, language, begins=last - begin <= _OF_LIST_CHARS)


def _is_short(
    before: str, behind: str, found: re.Match[str], language: str | None, *, begins: bool
) -> bool:
    """Whether a full stop ends a number of a list, an ordinal or what is short for something."""
    if before.endswith("..") or before == ".":
        return False
    if begins and _OF_LIST.fullmatch(before):
        return True
    word = found[1].lower()
    # A letter with a full stop is an initial, although it is a small word as well: `A. A. Milne`.
    starts = word in _beginnings(language) and not (len(word) == 1 and found[2])
    if before[-2].isdigit():
        return not starts and _is_ordinal(before, behind, word, language)
    if before[-2] in "IVX" and not starts and _is_ordinal(before, behind, word, language):
        return True
    return _is_abbreviated(before, behind, word, language, starts=starts)


def _is_abbreviated(
    before: str, behind: str, word: str, language: str | None, *, starts: bool
) -> bool:
    """Whether what ends with a full stop is short for something, and goes on."""
    known = abbreviations(language)
    if _HOURS.search(before):
        return word in _AFTER_HOURS
    if known.closing.search(before):
        return False
    forms = _forms(before)
    if not known.leads.isdisjoint(forms):
        return True
    if not known.numbered.isdisjoint(forms):
        return _NUMBER.match(behind) is not None
    return not starts and (
        not known.between.isdisjoint(forms) or _is_initial(before, behind, language)
    )


def _forms(before: str) -> list[str]:
    """The last word, and with those before it that end with a full stop: `h`, `d.h`."""
    *others, last = before[:-1].lower().replace("’", "'").split()[-3:] or [""]
    forms = [last.rpartition("'")[2].lstrip(_OPENERS)]
    for one in reversed(others):
        if not one.endswith("."):
            break
        forms.append(one.lstrip(_OPENERS) + forms[-1])
    return forms


def _is_initial(before: str, behind: str, language: str | None) -> bool:
    found = _INITIALS.search(before)
    if found is None:
        return False
    if (found[1] or "").lower() in _LETTERED:
        return False
    several = found[2].count(".") > 1 or _LETTER.match(behind)
    foreign = language not in {None, "en"} or not found[2][0].islower()
    return bool(several or foreign or _NUMBER.match(behind))


def _is_ordinal(before: str, behind: str, word: str, language: str | None) -> bool:
    """Whether a number with a full stop is a day of a date, or counts what follows."""
    day = _DAY.search(before)
    if day is None:
        return False
    if _MONTH_AND_YEAR.match(behind) or (day[2] and _YEAR.match(behind)):
        return True
    if day[2] or language == "en":
        return False
    if word in _COUNTED:
        return True
    return language in ORDINAL and (
        not day[3].isdigit() or (day[1] or "").lower() in _BEFORE_ORDINALS
    )


@cache
def _beginnings(language: str | None) -> frozenset[str]:
    """Small words that no name begins with: behind a full stop they begin a sentence."""
    own = FUNCTION_WORDS.get(language or "", STOP_WORDS | other_stop_words())
    return own - _PARTICLES
