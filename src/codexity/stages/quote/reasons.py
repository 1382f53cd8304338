"""Whether a sentence gives a reason, or only says that it is so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

_ENOUGH_BEHIND: Final = 2
_OTHER_LANGUAGES: Final = (
    r"|\b(?:weil|da|damit|wegen|sonst|denn|daher|deshalb|car|parce|puisque|pour|afin|porque|pues"
    r"|para)\b|因为|為了|为了|所以|から|ため|ので|لأن|بسبب"
)
_IS_ONE: Final = re.compile(
    r"\b(?:because|since(?! (?:\d|(?-i:[A-Z])))|so that|due to|owing|otherwise|or else|therefore"
    r"|thus|hence|reasons?|caus\w+|made|makes|in order|too|by (?:the|an?)|would|could|might"
    r"|danger\w*|risk\w*|protect\w*"
    r"|prevent\w*|avoid\w*|so (?:the|we|it|they|you|no)|as (?:the|it|we|they|there|he|she|you)"
    r"|for (?:fear|safety|lack)|thanks to|after (?:the|an?)|following|what with|that is why"
    rf"|to (?!the\b|an?\b|our\b|be\b)(?-i:[a-z]{{3,}}))\b{_OTHER_LANGUAGES}",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\b(?:\d[\w.,:/-]*|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
_CLAUSE: Final = re.compile(
    r"[.;:!?()–—]+(?:\s|$)|\s[-(]\s?|(?=, (?:and|or|but) )"
    r"|, (?=(?:it|they|we|he|she|this|that|there|you|i) [a-z])",
    re.IGNORECASE,
)
_ADDED: Final = re.compile(r", (?:and|or|but) ")
_LEANS: Final = re.compile(
    r"\W*(?:so|therefore|thus|hence|it|this|that|these|they|which|he|she|we)\b", re.IGNORECASE
)
_NO_REASON_NEEDED: Final = re.compile(r"\bwhy (?:is|are|was|were) there\b", re.IGNORECASE)

StemsOf = Callable[[str], frozenset[str]]


def gives_reason(
    question: str, text: str, known: Collection[str], stems_of: StemsOf, *, record: bool
) -> bool:
    """Whether it says more than that it is so: a reason, or another clause that may be one.

    `known` are the stems of the question. Such a clause stands behind what is asked about; before
    it only where that leans on it (`so ...`). What is added with `and` is another fact, and so is
    each cell of a record.
    """
    if _IS_ONE.search(text) or _NO_REASON_NEEDED.search(question):
        return True
    clauses = [one for one in _CLAUSE.split(text) if one.strip() and not _ADDED.match(one)]
    if record or not clauses:
        return False
    known = frozenset(known)
    held = [len(known & stems_of(one)) for one in clauses]
    at = held.index(max(held))
    before = clauses[:at] if _LEANS.match(clauses[at]) else []
    others = " ".join((*before, *clauses[at + 1 :]))
    return len(stems_of(_plain(others)) - known) >= _ENOUGH_BEHIND


def _plain(text: str) -> str:
    """Its words without times, and without those with a capital letter, which may be names."""
    return " ".join(one for one in _LETTERS.findall(_TIMES.sub(" ", text)) if one.islower())
