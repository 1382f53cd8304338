"""Words that are typed otherwise than documents spell them, and which of them may be mended."""

from __future__ import annotations

import re
from collections.abc import Mapping


def mends(meant: Mapping[str, str]) -> dict[str, str]:
    """Those that are taken for what was meant: ordinary words in small letters on both sides.

    A name is never mended away, nor is code: what of it may be meant is only suggested.
    """
    return {
        typed: word
        for typed, word in meant.items()
        if typed.isalpha() and typed.islower() and word.islower()
    }


def corrected(question: str, meant: Mapping[str, str]) -> str:
    """The question with the words that were meant in the place of those that may be mended."""
    for typed, word in mends(meant).items():
        question = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", word, question)
    return question
