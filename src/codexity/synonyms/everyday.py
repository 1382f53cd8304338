"""Synonyms: everyday words that people ask with, and those that documents say it with.

They stand in `tables/`, by domains of daily life, a group to a line. Of `pet < dog cat` those
behind the mark are kinds of the first: who asks for a dog may be answered by what is said of pets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from itertools import permutations
from typing import Final

from codexity.analysis import stem

_SAME: Final = 0.85
_BROADER: Final = 0.75
_NARROWER: Final = 0.5
_TABLES: Final = ".txt"
_PHRASES: Final = "phrases.txt"


def everyday(stem_of_word: str) -> Mapping[str, float]:
    """The stems of English words that mean nearly the same, and how near each is."""
    return _by_stem().get(stem_of_word, {})


@lru_cache(maxsize=1)
def _by_stem() -> Mapping[str, Mapping[str, float]]:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in _lines():
        for one, other, share in _pairs(line):
            if one != other:
                found[one][other] = max(share, found[one].get(other, 0.0))
    return found


def _lines() -> Iterator[str]:
    folder = resources.files(__package__ or "").joinpath("tables")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(_TABLES) and file.name != _PHRASES:
            lines = file.read_text(encoding="utf-8").splitlines()
            yield from (line for line in lines if line and not line.startswith("#"))


def _pairs(line: str) -> Iterator[tuple[str, str, float]]:
    broad, _, narrow = line.partition("<")
    group = [stem(word) for word in broad.split()]
    if not narrow:
        yield from ((one, other, _SAME) for one, other in permutations(group, 2))
    for one in map(stem, narrow.split()):
        yield from ((one, broader, _BROADER) for broader in group)
        yield from ((broader, one, _NARROWER) for broader in group)
