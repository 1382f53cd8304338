"""Words that begin alike: how much of one another says."""

from __future__ import annotations

from typing import Final

_LONGER: Final = 0.9
_SAME_BEGINNING: Final = 0.7
_ALIKE: Final = 0.5
_PREFIX: Final = 4
_LONG: Final = 5


def share_of(one: str, word: str) -> float:
    """How much of a word another stem says: a part of a compound, or one with its beginning."""
    if one in word:
        return len(one) / len(word)
    if word in one:
        return _LONGER
    if one[:_PREFIX] != word[:_PREFIX]:
        return 0.0
    same = _PREFIX
    shorter = min(len(one), len(word))
    while same < shorter and one[same] == word[same]:
        same += 1
    if same < _LONG:
        return 0.0
    if same >= _SAME_BEGINNING * max(len(one), len(word)):
        return _SAME_BEGINNING
    return _ALIKE if same >= 0.75 * shorter else 0.0
