"""Which blocks of a page's own tree an extractor took for its main text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from codexity.adapters.extract.html.leaves import Leaf

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
        cut = _Cut(text, start, stop, backwards=backwards)
        covered += _fill(leaves, keys, taken, (first, last), cut)
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


def _fill(
    leaves: Sequence[Leaf],
    keys: Sequence[str],
    taken: list[bool],
    gap: tuple[int, int],
    text: _Cut,
) -> int:
    """Takes the leaves of a gap that stand in the text between; returns their length."""
    covered = 0
    order = range(gap[1] - 1, gap[0] - 1, -1) if text.backwards else range(*gap)
    for at in order if text.said.strip() else ():
        if text.find(keys[at]) or (leaves[at].draft.cells and text.find_row(leaves[at])):
            taken[at] = True
            covered += len(keys[at])
    return covered


class _Cut:
    """A piece of the text, looked through from one of its ends: what was found is used up."""

    def __init__(self, text: str, start: int, stop: int, *, backwards: bool) -> None:
        if backwards:
            start = max(start, stop - _WINDOW)
        else:
            stop = min(stop, start + _WINDOW)
        self.said = f"\n{text[start:stop]}\n" if start < stop else ""
        self.backwards = backwards
        self._low, self._high = 0, len(self.said)

    def find(self, key: str) -> bool:
        """Whether a block stands there: a short one as a whole line, a long one by its end too."""
        if len(key) < _WHOLE:
            return self._use(f"\n{key}\n", 1)
        return self._use(key, 0) or (len(key) >= 2 * _LONG and self._use(key[-_LONG:], 0))

    def find_row(self, leaf: Leaf) -> bool:
        """Whether the first cell of a row begins a line, where each cell has lines of its own."""
        head = _key(leaf.draft.cells[0])[:_WHOLE]
        return bool(head) and self._use(f"\n{head}", 1)

    def _use(self, key: str, pad: int) -> bool:
        look = self.said.rfind if self.backwards else self.said.find
        place = look(key, self._low, self._high)
        if place < 0:
            return False
        if self.backwards:
            self._high = place + pad
        else:
            self._low = place + len(key) - pad
        return True
