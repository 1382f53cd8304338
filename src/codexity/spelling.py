"""Words that are typed otherwise than documents spell them, and which of them may be mended."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SNAKE = re.compile(r"_*[a-z0-9]+(?:_+[a-z0-9]+)+_*|_+[a-z0-9]+_*")
_TWICE = re.compile(r"(\w)\1")
_SHORTEST = 5
_CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z0-9]*)+")


def mends(meant: Mapping[str, str]) -> dict[str, str]:
    """Those that are taken for what was meant: ordinary words in small letters on both sides.

    So are names in code, where both are written alike (`most_comon`, `assertEqal`). A name is never
    mended away, and one is taken for what was meant only where letters of it stand in another order
    or are missing (`vietnma`): with another letter it may be another name, and is only suggested.
    """
    return {
        typed: word
        for typed, word in meant.items()
        if _shape(typed) == _shape(word) != "" or _is_misplaced(typed, word)
    }


def _is_misplaced(typed: str, name: str) -> bool:
    """Whether small letters are those of a name but for two swapped, or one too few or too many."""
    word = name.lower()
    if not (typed.islower() and typed.isalpha() and name.istitle() and typed[0] == word[0]):
        return False
    if len(typed) == len(word):
        wrong = [at for at, (one, its) in enumerate(zip(typed, word, strict=True)) if one != its]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return swapped and sorted(typed) == sorted(word) and len(word) >= _SHORTEST
    short, long = sorted((typed, word), key=len)
    missing = len(long) == len(short) + 1 and long[-1] == short[-1] and len(typed) >= _SHORTEST
    if not missing or (long == typed and not _TWICE.search(typed)):
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(1, len(long) - 1))


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
