"""Small numbers in words: `six` and `sixth` for `6`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from codexity.analysis import stem

_WORDS: Final = """
2 two second
3 three third
4 four fourth
5 five fifth
6 six sixth
7 seven seventh
8 eight eighth
9 nine ninth
10 ten tenth
11 eleven eleventh
12 twelve twelfth
13 thirteen thirteenth
14 fourteen fourteenth
15 fifteen fifteenth
16 sixteen sixteenth
18 eighteen eighteenth
20 twenty twentieth
25 twenty-five
30 thirty thirtieth
40 forty fortieth
50 fifty fiftieth
60 sixty sixtieth
80 eighty eightieth
90 ninety ninetieth
100 hundred hundredth
"""
SPELLED: Final[Mapping[str, tuple[str, ...]]] = {
    figure: tuple(spelled) for figure, *spelled in map(str.split, _WORDS.strip().splitlines())
}
"""The words of a figure: the number, and the place in an order."""
FIGURES: Final[Mapping[str, str]] = {
    spelled[0]: figure for figure, spelled in SPELLED.items() if "-" not in spelled[0]
}
"""The figure of a number in words."""


@lru_cache(maxsize=256)
def spelled(text: str) -> frozenset[str]:
    """The stems of the words of a figure; empty for what is none."""
    return frozenset(map(stem, SPELLED.get(text, ())))


def figure(text: str) -> tuple[str, ...]:
    """The figure of a number in words; empty for what is none."""
    return tuple(filter(None, (FIGURES.get(text.lower()),)))
