"""Whether a sentence gives a reason, or only says that it is so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

_ENOUGH_NEW: Final = 3
_ENOUGH_BEHIND: Final = 2
_OTHER_LANGUAGES: Final = (
    r"|\b(?:weil|da|damit|wegen|sonst|denn|daher|deshalb|car|parce|puisque|pour|afin|porque|pues"
    r"|para)\b|因为|為了|为了|所以|から|ため|ので|لأن|بسبب"
)
_MAY_BE_ONE: Final = re.compile(
    r"\b(?:because|since|so that|due|owing|otherwise|else|therefore|thus|hence|reasons?|caus\w+"
    rf"|to avoid|in order|made|makes?|too|as|for)\b{_OTHER_LANGUAGES}",
    re.IGNORECASE,
)
_IS_ONE: Final = re.compile(
    r"\b(?:because|since(?! (?:\d|(?-i:[A-Z])))|so that|due to|owing|otherwise|or else|therefore"
    r"|thus|hence|reasons?|caus\w+|in order|too|would|could|might|danger\w*|risk\w*|protect\w*"
    r"|prevent\w*|avoid\w*|so (?:the|we|it|they|you|no)|as (?:the|it|we|they|there|he|she|you)"
    r"|for (?:fear|safety|lack)|thanks to|after (?:the|an?)|following|what with|that is why"
    rf"|to (?!the\b|an?\b|our\b|be\b)[a-z]{{3,}})\b{_OTHER_LANGUAGES}",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\b(?:\d[\w.,:/-]*|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
_CLAUSE: Final = re.compile(r"[.;:!?()–—]+(?:\s|$)|\s[-(]\s?|(?=, (?:and|or|but) )")
_ADDED: Final = re.compile(r", (?:and|or|but) ")
_LEANS: Final = re.compile(
    r"\W*(?:so|therefore|thus|hence|it|this|that|these|they|which|he|she|we)\b", re.IGNORECASE
)
_NO_REASON_NEEDED: Final = re.compile(r"\bwhy (?:is|are|was|were) there\b", re.IGNORECASE)

StemsOf = Callable[[str], frozenset[str]]


def gives_reason(text: str, known: Collection[str], stems_of: StemsOf) -> bool:
    """Whether it says more than that it is so: a reason, or anything that could be one.

    `known` are the stems of the question.
    """
    if _MAY_BE_ONE.search(text):
        return True
    told = " ".join(_LETTERS.findall(_TIMES.sub(" ", text)))
    return len(stems_of(told).difference(known)) >= _ENOUGH_NEW


def only_repeats(question: str, text: str, known: Collection[str], stems_of: StemsOf) -> bool:
    """Whether a sentence that says all of the question has nothing else that could be a reason.

    That stands in its clause, or behind it; before it only where the clause leans on it (`so ...`).
    What is added with `and` is another fact.
    """
    if _IS_ONE.search(text) or _NO_REASON_NEEDED.search(question):
        return False
    clauses = [one for one in _CLAUSE.split(text) if one.strip() and not _ADDED.match(one)]
    if not clauses:
        return False
    known = frozenset(known)
    held = [len(known & stems_of(one)) for one in clauses]
    at = held.index(max(held))
    before = clauses[:at] if _LEANS.match(clauses[at]) else []
    own, others = (
        len(stems_of(_plain(text)) - known)
        for text in (clauses[at], " ".join((*before, *clauses[at + 1 :])))
    )
    return own < _ENOUGH_NEW and others < _ENOUGH_BEHIND


def _plain(text: str) -> str:
    """Its words without times, and without those with a capital letter, which may be names."""
    return " ".join(one for one in _LETTERS.findall(_TIMES.sub(" ", text)) if one.islower())
