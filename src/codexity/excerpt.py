"""What is used of a page that is too long: the parts that speak of the question."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from codexity.model import Block, Page
from codexity.text import asked, stems

_PARTS = 40
"""So many parts of a page are used at least."""
_SHORTEST = 2_000
_BREAKS = ("\n\n", "\n", ". ")
_PARTED = "\n\n"
_SATURATES = 1.2

Span = tuple[int, int]


def excerpt(
    page: Page, question: str, *, most: int, checkpoint: Callable[[], None] = lambda: None
) -> Page:
    """The page itself, or at most about `most` characters of it, in their order.

    They are its beginning, and the parts that have most of the question's rarest stems, each below
    the headings that it stands below; `left_out` counts the rest. `checkpoint` is called before
    each part is looked at; what it raises ends the work.
    """
    if len(page.text) <= most:
        return page
    parts = list(_parts(page.text, max(min(most, _SHORTEST), most // _PARTS)))
    wanted = frozenset(asked(question))
    held: list[Counter[str]] = []
    for start, end in parts:
        checkpoint()
        found = stems(page.text[start:end])
        held.append(Counter(stem for stem in found if stem in wanted))
    kept: list[int] = []
    for at in _best_first(held):
        size = parts[at][1] - parts[at][0]
        if size <= most:
            kept.append(at)
            most -= size
    return _cut(page, [parts[at] for at in kept])


def _parts(text: str, size: int) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = min(len(text), start + size)
        if end < len(text):
            breaks = (text.rfind(one, start + size // 2, end) for one in _BREAKS)
            end = next((at + 1 for at in breaks if at > 0), end)
        yield start, end
        start = end


def _best_first(held: Sequence[Counter[str]]) -> list[int]:
    often = Counter(stem for found in held for stem in found)
    rarity = {stem: math.log(1 + len(held) / count) for stem, count in often.items()}
    worth = [
        math.fsum(rarity[stem] * count / (count + _SATURATES) for stem, count in found.items())
        for found in held
    ]
    return sorted(range(len(held)), key=lambda at: (at != 0, -worth[at], at))


def _cut(page: Page, parts: Iterable[Span]) -> Page:
    """The page of these parts alone, all its places moved with them."""
    spans = _joined(page, parts)
    starts: list[int] = []
    pieces: list[str] = []
    size = 0
    for start, end in spans:
        piece = page.text[start:end].strip("\n")
        size += len(_PARTED) if pieces else 0
        starts.append(size - (len(page.text[start:end]) - len(page.text[start:end].lstrip("\n"))))
        pieces.append(piece)
        size += len(piece)
    text = _PARTED.join(pieces)
    moves = [new - start for new, (start, _) in zip(starts, spans, strict=True)]
    return replace(
        page,
        text=text,
        blocks=tuple(_moved(page.blocks, spans, moves)),
        page_starts=tuple(_turned(page.page_starts, spans, moves, len(text))),
        left_out=len(page.text) - len(text),
    )


def _joined(page: Page, parts: Iterable[Span]) -> list[Span]:
    """The parts in order, those that touch as one, and the headings above each of them."""
    spans: list[Span] = []
    for start, end in sorted(parts):
        if spans and spans[-1][1] == start:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    above: set[Span] = set()
    path: list[Block] = []
    rest = iter([one for one in page.blocks if one.kind == "heading"])
    heading = next(rest, None)
    for start, _ in spans:
        while heading is not None and heading.end <= start:
            path = [*(one for one in path if one.level < heading.level), heading]
            heading = next(rest, None)
        above.update((one.start, one.end) for one in path)
    firsts = [start for start, _ in spans]
    for start, end in above:
        at = bisect_right(firsts, start) - 1
        if at < 0 or spans[at][1] < end:
            spans.append((start, end))
    return sorted(spans)


def _moved(blocks: Iterable[Block], spans: Sequence[Span], moves: Sequence[int]) -> Iterator[Block]:
    firsts = [start for start, _ in spans]
    for block in blocks:
        at = bisect_right(firsts, block.start) - 1
        if at >= 0 and block.end <= spans[at][1]:
            by = moves[at]
            cells = tuple((start + by, end + by) for start, end in block.cells)
            altered = tuple((start + by, end + by) for start, end in block.altered)
            moved = replace(block, cells=cells, altered=altered)
            yield replace(moved, start=block.start + by, end=block.end + by)


def _turned(
    starts: Iterable[int], spans: Sequence[Span], moves: Sequence[int], last: int
) -> Iterator[int]:
    """Where pages begin: at the first of what is kept from there on."""
    ends = [end for _, end in spans]
    for start in starts:
        at = bisect_left(ends, start + 1)
        yield max(start, spans[at][0]) + moves[at] if at < len(spans) else last
