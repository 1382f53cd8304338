"""Near words: what English says otherwise, each with how much of a word it says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from codexity.analysis import stem as stem_of
from codexity.synonyms.everyday import everyday
from codexity.synonyms.short_forms import short_forms
from codexity.synonyms.wordnet import DERIVED, graded

__all__ = [
    "FAMILY",
    "family",
    "is_everyday",
    "is_known_in_english",
    "near",
    "nearest",
    "synonyms",
]

FAMILY: Final = 0.9
"""How much a word says of another of its family: `payment` of `pay`."""
_FARTHEST: Final = 0.5
_NEARER: Final = 0.05
"""What a synonym says, and what it says more with each grade."""
_STRONG: Final = 4
"""A synonym of this grade is used for the word mostly."""


@lru_cache(maxsize=4096)
def near(stem: str) -> Mapping[str, float]:
    """The stems of near words, each with how much of this one it says: 0.5 to 0.9."""
    found = {
        one: FAMILY if grade >= DERIVED else _FARTHEST + _NEARER * grade
        for one, grade in graded(stem).items()
    }
    for one, share in everyday(stem).items():
        found[one] = max(share, found.get(one, 0.0))
    found |= dict.fromkeys(short_forms(stem), FAMILY)
    return found


@lru_cache(maxsize=4096)
def nearest(stem: str) -> frozenset[str]:
    """The stems of the near words that say it also where it is said itself as well.

    Its family, everyday words, and of the thesaurus those that are used for it mostly.
    """
    strong = (one for one, grade in graded(stem).items() if grade >= _STRONG)
    return frozenset((*strong, *everyday(stem), *short_forms(stem)))


def family(stem: str) -> frozenset[str]:
    """The stems of other words of its family: `paid`, `payment` of `pay`; and of its short form."""
    derived = frozenset(one for one, grade in graded(stem).items() if grade >= DERIVED)
    return derived | short_forms(stem)


def is_everyday(word: str) -> bool:
    """Whether a word is one of everyday life, though it may be written in capitals (`GP`)."""
    return bool(everyday(stem_of(word)))


def is_known_in_english(stem: str) -> bool:
    """Whether the thesaurus has words near it: then it is no slip, though no document has it."""
    return bool(graded(stem))


def synonyms(stem: str) -> frozenset[str]:
    """The stems of all near words; empty for most."""
    return frozenset(near(stem))
