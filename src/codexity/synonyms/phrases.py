"""Phrases: verbs with their particles and the like, and the plain words that say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from codexity.analysis import STOP_WORDS, stem
from codexity.synonyms.wordnet import INFLECTED, graded

_FILE: Final = "phrases.txt"
_BETWEEN: Final = frozenset("it them him her me us you this that these those".split())
_LEADING: Final = frozenset("the a an my our your his her their this that these those".split())
"""What may stand between a verb and its particle: `hand it in`, `hand the key in`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase in a question: the places of its words, its main word, and the stems it means."""

    places: tuple[int, ...]
    head: int
    means: frozenset[str]


def phrases(tokens: Sequence[str]) -> Iterator[Phrase]:
    """The phrases among the words of an English question; of two that begin alike the longer."""
    lower = [one.lower() for one in tokens]
    behind = 0
    for at, word in enumerate(lower):
        for rest, means in _beginning(stem(word)) if at >= behind else ():
            if places := _places(lower, at, rest):
                head = next((one for one in places if lower[one] not in STOP_WORDS), at)
                yield Phrase(places=places, head=head, means=means)
                behind = places[-1] + 1
                break


def _places(lower: Sequence[str], at: int, rest: Sequence[str]) -> tuple[int, ...]:
    """Where the words of a phrase stand that begins here; none where it does not."""
    first = at + 1
    if tuple(lower[first : first + len(rest)]) == rest:
        return tuple(range(at, first + len(rest)))
    between = lower[first : first + 2]
    if len(rest) > 1 or not between:
        return ()
    skipped = 1 if between[0] in _BETWEEN and between[-1:] == [rest[0]] else 2
    if skipped == 2 and between[0] not in _LEADING:
        return ()
    last = first + skipped
    return (at, last) if lower[last : last + 1] == [rest[0]] else ()


def _beginning(first: str) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    known = _by_first()
    yield from known.get(first, ())
    for other, grade in graded(first).items() if first not in known else ():
        if grade == INFLECTED:
            yield from known.get(other, ())


@lru_cache(maxsize=1)
def _by_first() -> Mapping[str, Sequence[tuple[tuple[str, ...], frozenset[str]]]]:
    found: defaultdict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = defaultdict(list)
    folder = resources.files(__package__ or "").joinpath("tables")
    for line in folder.joinpath(_FILE).read_text(encoding="utf-8").splitlines():
        spoken, mark, plain = line.partition(" = ")
        if mark:
            first, *rest = spoken.split()
            found[stem(first)].append((tuple(rest), frozenset(map(stem, plain.split()))))
    return {one: sorted(held, key=lambda pair: -len(pair[0])) for one, held in found.items()}
