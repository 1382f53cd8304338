"""Small numbers in words: `six` and `sixth` for `6`.

`one` and `first` say so much else that they do not stand for `1`. Nor does `second` stand for `2`
among stems, which do not tell it from the unit; see `is_second`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from codexity.analysis import stem

_WORDS: Final = """
2 two
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
17 seventeen seventeenth
18 eighteen eighteenth
19 nineteen nineteenth
20 twenty twentieth
25 twenty-five
30 thirty thirtieth
40 forty fortieth
50 fifty fiftieth
60 sixty sixtieth
70 seventy seventieth
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
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_VALUES: Final[Mapping[str, int]] = {"one": 1} | {
    word: int(figure) for word, figure in FIGURES.items()
}
NUMBER_WORDS: Final = _VALUES.keys() | _SCALES.keys() | {"dozen", "half", "quarter"}
_ANY: Final = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_JOINT: Final = re.compile(r"[\s-]{1,3}(?:and\s{1,2})?")
_HUNDRED: Final = 100
_TEN: Final = 10
_TWENTY: Final = 20
IN_WORDS: Final = rf"(?:{_ANY})(?:[\s-]{{1,3}}(?:and\s{{1,2}})?(?:{_ANY})(?!\w)){{0,9}}+"
"""The pattern of a number in words, all of it: `two hundred and fifty-five`."""
_SECOND: Final = re.compile(
    rf"(?<![\w-])(?P<before>(?:\d[\d.,]{{0,9}}|a|an|per|each|every|half|{_ANY})[\s-]{{1,2}})?"
    r"(?<![\w/-])second(?!\w)",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def spelled(text: str) -> frozenset[str]:
    """The stems of the words of a figure; empty for what is none."""
    return frozenset(map(stem, SPELLED.get(text, ())))


def figure(text: str) -> tuple[str, ...]:
    """The figure of a number in words; empty for what is none."""
    return tuple(filter(None, (FIGURES.get(text.lower()),)))


def value_of(text: str) -> int | None:
    """What a number in words is; none for what is no single number, or a lone `one`."""
    words = _JOINT.split(text.lower())
    if words == ["one"]:
        return None
    whole = part = 0
    room = math.inf
    for word in words:
        if (value := _VALUES.get(word)) and value < _HUNDRED:
            if value >= room:
                return None
            part += value
            room = _TEN if value >= _TWENTY else 0
        elif word == "hundred" and part < _HUNDRED:
            part, room = (part or 1) * _HUNDRED, _HUNDRED
        elif word in _SCALES and word != "hundred" and (part or not whole):
            whole, part, room = whole + (part or 1) * _SCALES[word], 0, math.inf
        else:
            return None
    return whole + part


def is_second(text: str) -> bool:
    """Whether a text says the ordinal `second`, which is no unit behind a number."""
    return any(one["before"] is None for one in _SECOND.finditer(text))
