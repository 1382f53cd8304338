"""What is counted in a question, and whether a number is one of it: `how many hydrants`, `14`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from codexity.analysis import stem, stems
from codexity.kind_bearers import measured
from codexity.kind_signs import COUNT, NUMBER
from codexity.synonyms import synonyms

_I: Final = re.IGNORECASE
_WORDS: Final = re.compile(r"[^\W\d_]+")
_AUXILIARY: Final = (
    r"(?:are|is|was|were|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|had"
    r"|of|fit)"
)
_ASKED_NUMBER: Final = re.compile(
    rf"\bhow many (?:(?!{_AUXILIARY}\b)[^\W\d_]{{2,20}} ){{0,2}}?"
    rf"(?!(?:{_AUXILIARY}|off|more)\b)([^\W\d_]{{3,40}})"
    rf"(?= (?:{_AUXILIARY}|there)\b)"
    rf"|\b(?:how many|(?<!phone )(?<!mobile )number of|quantity of|wie ?viele|combien d(?:e |['’])"
    rf"|cuánt[oa]s)\s*+(?!{_AUXILIARY}\b)([^\W\d_]{{3,40}})",
    _I,
)
_COUNTED_ABOVE: Final = re.compile(
    rf"\b(?:there (?:are|is|were)|(?:we|they|it|you|i) (?:have|has|had|own)) (?:about |only |now )?"
    rf"(?:{NUMBER}|{COUNT})(?=\W*$|\s?[.,;:)]\s|,? (?:in (?:all|total)|altogether)\b)"
    rf"|(?:(?<![\d.,]){NUMBER}|{COUNT}) of (?:them|these)\b|^\W*{NUMBER}\W*$",
    _I,
)
"""How a number is said of what was named before: `Hydrants are checked in May. There are 14.`"""
_BESIDE: Final = 3
"""A number stands among so many words beside what it counts, at most."""
_ELSEWHERE: Final = 0.6
"""What a number is worth that stands beside something else."""
_BEGINNING: Final = 5
_OF_ANOTHER: Final = re.compile(r".?[£$€§#]\s?$")
"""Before a number: it is an amount, or numbers a part of a text."""
_COUNTING: Final = re.compile(COUNT, _I)
_AROUND: Final = 60


def asked_count(question: str) -> str:
    """The noun of which a number is asked for; empty where there is none: `how many of them`."""
    found = _ASKED_NUMBER.search(question)
    return found[1] or found[2] if found else ""


def of_counted(counted: str, text: str, found: Sequence[re.Match[str]], under: str) -> float:
    """How far the numbers of a text are of what is counted: 1, a part, or 0.

    `under` is what the text stands under, which may name that.
    """
    if any(_is_beside(counted, text, one) for one in found):
        return 1.0
    above = _COUNTED_ABOVE.search(text)
    if above and _names(counted, f"{under} {text[: above.start()]}"):
        return 1.0
    return _ELSEWHERE if any(not _COUNTING.fullmatch(one[0]) for one in found) else 0.0


def _is_beside(counted: str, text: str, number: re.Match[str]) -> bool:
    """Whether a number is one of what is counted: that stands right behind it or before it."""
    if _OF_ANOTHER.match(text, max(0, number.start() - 2), number.start()):
        return False
    beginning = counted[:_BEGINNING].lower()
    alike = {stem(counted), *synonyms(stem(counted))}
    behind = _WORDS.findall(text[number.end() : number.end() + _AROUND])[:_BESIDE]
    before = _WORDS.findall(text[max(0, number.start() - _AROUND) : number.start()])[-_BESIDE:]
    measures = measured(number)
    near = behind if measures or _COUNTING.fullmatch(number[0]) else (*before, *behind)
    return any(
        word.lower().startswith(beginning) or not alike.isdisjoint(stems(word, "en"))
        for word in near
    )


def _names(counted: str, before: str) -> bool:
    """Whether what stands before a number names what is counted."""
    return stem(counted) in stems(before, "en")
