"""Words that are typed otherwise than documents spell them, and which of them may be mended."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SNAKE = re.compile(r"_*[a-z0-9]+(?:_+[a-z0-9]+)+_*|_+[a-z0-9]+_*")
_CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z0-9]*)+")


def mends(meant: Mapping[str, str]) -> dict[str, str]:
    """Those that are taken for what was meant: ordinary words in small letters on both sides.

    So are names in code, where both are written alike (`most_comon`, `assertEqal`). A name is never
    mended away: what of it may be meant is only suggested.
    """
    return {typed: word for typed, word in meant.items() if _shape(typed) == _shape(word) != ""}


def _shape(word: str) -> str:
    """How a word is written: as an ordinary one, or a name in code; empty for any other."""
    if word.replace(" ", "").isalpha() and word.islower():
        return "plain"
    if _SNAKE.fullmatch(word):
        return "snake"
    return "camel" if _CAMEL.fullmatch(word) else ""


def corrected(question: str, meant: Mapping[str, str]) -> str:
    """The question with the words that were meant in the place of those that may be mended."""
    for typed, word in mends(meant).items():
        question = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", word, question)
    return question
