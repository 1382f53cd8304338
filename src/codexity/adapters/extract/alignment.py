"""Which blocks of a page's own tree an extractor took for its main text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from codexity.adapters.extract.leaves import Leaf

_LONG: Final = 24
"""Characters, spaces not counted, that are taken to stand in a page's main text only once."""
_WHOLE: Final = 12
"""Shorter ones have to be all of a line."""
_WINDOW: Final = 4_000
_FEW: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """For each leaf whether it was taken, and the share of what was taken that was found so."""

    taken: list[bool]
    share: float


def aligned(leaves: Sequence[Leaf], found: Sequence[str]) -> Alignment:
    """Finds the lines that an extractor gave in the blocks of the tree that it was given.

    Long ones by how they begin, anywhere; those between by where they stand, within a window, so
    that the time stays in proportion to both texts.
    """
    lines = [key for block in found if (key := _key(block))]
    text = "\n".join(lines)
    keys = [_key(leaf.draft.text) for leaf in leaves]
    places = _anchors(keys, lines)
    taken = [place >= 0 for place in places]
    covered = sum(len(key) for key, one in zip(keys, taken, strict=True) if one)
    if covered < _FEW * len(text):
        return _one_by_one(keys, text)
    for first, last in _gaps(taken):
        start = places[first - 1] + len(keys[first - 1]) if first else 0
        stop = places[last] if last < len(keys) else len(text)
        backwards = first == 0 and last < len(keys)
        covered += _fill(keys, taken, (first, last), _cut(text, start, stop, backwards), backwards)
    return Alignment(taken=taken, share=covered / max(1, len(text)))


def _one_by_one(keys: Sequence[str], text: str) -> Alignment:
    """Where an extractor gave its lines in one piece: each leaf behind the one before."""
    taken = [False] * len(keys)
    at = covered = 0
    for index, key in enumerate(keys):
        place = text.find(key, at, at + _WINDOW + len(key))
        if place >= 0:
            taken[index] = True
            covered += len(key)
            at = place + len(key)
    return Alignment(taken=taken, share=covered / max(1, len(text)))


def _key(text: str) -> str:
    return "".join(text.split())


def _anchors(keys: Sequence[str], lines: Sequence[str]) -> list[int]:
    """Where the long leaves stand in the lines, each line for one leaf; -1 for the others."""
    starts: dict[str, list[int]] = {}
    at = 0
    for line in lines:
        if len(line) >= _LONG:
            starts.setdefault(line[:_LONG], []).append(at)
        at += len(line) + 1
    for held in starts.values():
        held.reverse()
    places: list[int] = []
    for key in keys:
        held = starts.get(key[:_LONG])
        places.append(held.pop() if held else -1)
    return places


def _gaps(taken: Sequence[bool]) -> list[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    first = 0
    for at, one in enumerate([*taken, True]):
        if one:
            if at > first:
                gaps.append((first, at))
            first = at + 1
    return gaps


def _cut(text: str, start: int, stop: int, backwards: bool) -> str:
    if start >= stop:
        return ""
    return text[max(start, stop - _WINDOW) : stop] if backwards else text[start : min(stop, start + _WINDOW)]


def _fill(
    keys: Sequence[str],
    taken: list[bool],
    gap: tuple[int, int],
    text: str,
    backwards: bool,
) -> int:
    """Takes the leaves of a gap that stand in the text between; returns their length."""
    covered = 0
    if not text.strip():
        return 0
    text = f"\n{text}\n"
    low, high = 0, len(text)
    order = range(gap[1] - 1, gap[0] - 1, -1) if backwards else range(*gap)
    for at in order:
        key = keys[at] if len(keys[at]) >= _WHOLE else f"\n{keys[at]}\n"
        place = text.rfind(key, low, high) if backwards else text.find(key, low, high)
        if place < 0 and len(key) >= 2 * _LONG:
            place = text.find(key[-_LONG:], low, high)
            key = key[-_LONG:]
        if place < 0:
            continue
        taken[at] = True
        covered += len(keys[at])
        pad = 1 if key[0] == "\n" else 0
        if backwards:
            high = place + pad
        else:
            low = place + len(key) - pad
    return covered
