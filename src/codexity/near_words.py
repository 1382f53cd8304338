"""Near words of a question: what texts say its words with otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from codexity.question_words import telling_words
from codexity.synonyms import FAMILY, near
from codexity.text import told

Near = Mapping[str, Mapping[str, float]]
"""Stems of near words, each with the stems of the question that it says, and how much of each."""

_ENGLISH: Final = (None, "en")


@lru_cache(maxsize=256)
def near_words(question: str) -> Near:
    """The near words of a question in English; names, numbers and code have none."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    if told(question) not in _ENGLISH:
        return found
    words = telling_words(question)
    asked = frozenset[str]().union(*(one.stems for one in words))
    for word in words:
        if word.may_be_said_otherwise:
            for own in word.stems - word.means:
                for other, share in _said_by(own, word.means).items():
                    if other not in asked - word.means:
                        found[other][own] = share
    return dict(found)


def _said_by(own: str, means: frozenset[str]) -> Mapping[str, float]:
    """What says a stem; of a phrase, what says the words that it means."""
    if not means:
        return near(own)
    others = {other: share for one in means for other, share in near(one).items()}
    return others | dict.fromkeys(means, FAMILY)


def weakened(near: Near, part: float, *, without: Iterable[str] = ()) -> Near:
    """The same, each saying so much less; nothing says the stems `without` which it is to be."""
    left_out = frozenset(without)
    kept = {
        other: {own: part * share for own, share in says.items() if own not in left_out}
        for other, says in near.items()
    }
    return {other: says for other, says in kept.items() if says} if part else {}


def said(held: frozenset[str], asked: frozenset[str], near: Near) -> dict[str, float]:
    """How much of each stem of a question is said by what is held, itself or by near words."""
    found = dict.fromkeys(held & asked, 1.0)
    for one in held.intersection(near) - asked:
        for own, share in near[one].items():
            if own in asked and share > found.get(own, 0.0):
                found[own] = share
    return found
