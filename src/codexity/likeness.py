"""Texts that are nearly the same: mirrors, syndicated copies, printer's versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from zlib import crc32

from codexity.text import words

_SHINGLE: Final = 8
_MOST: Final = 400
"""How many shingles a text is known by: those with the smallest hashes, whatever its length."""
_FEWEST: Final = 60
_ALIKE: Final = 0.8
_LOOKED_AT: Final = 30_000

Likeness = frozenset[int]


def likeness_of(text: str) -> Likeness:
    """What a text is known by: the smallest hashes of its runs of eight words.

    Empty for a text of under some 70 words, which may share its few sentences with anything.
    Source: Broder, "On the resemblance and containment of documents", 1997.
    """
    smallest = sorted(set(_hashes(words(text[:_LOOKED_AT]))))
    return frozenset(smallest[:_MOST] if len(smallest) >= _FEWEST else ())


def alike(one: Likeness, other: Likeness) -> bool:
    """Whether two texts share at least 0.8 of what they are known by together."""
    if not one or not other:
        return False
    union = sorted(one | other)[:_MOST]
    return sum(hashed in one and hashed in other for hashed in union) >= _ALIKE * len(union)


def _hashes(spoken: list[str]) -> Iterator[int]:
    for start in range(len(spoken) - _SHINGLE + 1):
        yield crc32(" ".join(spoken[start : start + _SHINGLE]).encode("utf-8", "replace"))
