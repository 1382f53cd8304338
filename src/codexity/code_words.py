"""Words of code that are words of English as well: `with`, `for`, `is`."""

from __future__ import annotations

import keyword
import re
from itertools import pairwise
from typing import Final

from codexity.analysis import STOP_WORDS, words

CODE_STOP_WORDS: Final = frozenset(keyword.kwlist) & STOP_WORDS
"""Stop words that are words of Python: where a text quotes one, it counts as content."""

_OF_CODE: Final = frozenset(
    """statement statements keyword keywords operator operators loop loops clause clauses expression
    expressions block blocks""".split()
)
_ASKED: Final = re.compile(r"\bwhat (?:does|do) ([a-z]+) (?:do|mean)\b")
_MARKED: Final = re.compile(r"""["'`“‘]([a-z]+)["'`”’]""")


def spoken_code(text: str) -> tuple[str, ...]:
    """The stop words of a question that it uses as words of Python.

    They are quoted ("with"), asked for by themselves ("what does with do in Python"), or stand
    before what says so (the with statement).
    """
    lower = text.lower()
    named = [*_MARKED.findall(lower), *_ASKED.findall(lower)]
    spoken = dict.fromkeys(one for one in named if one in CODE_STOP_WORDS)
    told = words(text)
    for before, word in pairwise(told):
        if before in CODE_STOP_WORDS and word in _OF_CODE:
            spoken[before] = None
    return tuple(spoken)
