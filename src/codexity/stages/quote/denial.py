"""Negation: whether a question, or what announces a list, is about what is not so."""

from __future__ import annotations

import re
from typing import Final

_NEGATION: Final = re.compile(
    r"\b(?:not|never|no|cannot|except(?:ions?|ed)?|nicht|nie|keine?[nrms]?|außer|pas|jamais|sauf"
    r"|nunca|salvo)\b|n['’]t\b|不|ない",
    re.IGNORECASE,
)
_FORBIDDEN: Final = (
    r"forbid(?:s|den)?|prohibit(?:s|ed|ions?)?|ban(?:s|ned)|exclu(?:de[sd]?|ding|sions?)"
    r"|disallow(?:s|ed)?|exempt(?:s|ed|ions?)?|verboten\w*|untersagt|ausgeschlossen\w*"
    r"|interdit\w*|exclue?s?|prohibid[oa]s?|excluid[oa]s?"
)
_ALONE: Final = re.compile(rf"\b(?:{_FORBIDDEN})\b", re.IGNORECASE)
_DENIAL: Final = re.compile(
    rf"\b(?:{_FORBIDDEN}|allowed|permitted|included|covered)\b", re.IGNORECASE
)
"""What says with a `not`, or without one, that something is not so."""

_ASKS_NOT: Final = re.compile(
    r"^(?!.*\b(?:why|if|how|unless|whether)\b)"
    r"(?=.*\b(?:is|are|was|were|do|does|did|can|may|must|should|will|have|has|who|which|what|where"
    r"|when)\b).*(?:\b(?:not|never|no(?!\.)|cannot|nobody|none|forbidden|prohibited|banned)\b"
    r"|n['’]t\b)",
    re.IGNORECASE,
)
_DENIES: Final = re.compile(
    r"\b(?:not|never|no|none|cannot|without|except\w*|nobody|nothing|neither|nor|only|instead|free"
    r"|exempt|exclu\w+|forbidden|banned|prohibited|nicht|kein\w*|un\w+|non-?\w+|closed|cancel\w*"
    r"|refus\w+|less|\w+less|ne|pas|jamais|sans|ningun\w*|nunca|sin)\b|n['’]t\b|不|没|ない",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether it is about what is not so: `not covered`, `without`, `forbidden`."""
    return bool(_NEGATION.search(text) or _ALONE.search(text))


def is_of_denial(word: str) -> bool:
    """Whether a word says that something is not so, or with a `not` does."""
    return _DENIAL.fullmatch(word) is not None


def of_denial(text: str) -> str:
    """The words of a text that say so."""
    return " ".join(one[0] for one in _DENIAL.finditer(text))


def asks_what_is_not(question: str) -> bool:
    """Whether a question with a verb asks what is not so: `what may I not bring`."""
    return _ASKS_NOT.search(question) is not None


def denies_anything(text: str) -> bool:
    """Whether a text may say that something is not so, in whatever words: `only`, `instead`."""
    return _DENIES.search(text) is not None
