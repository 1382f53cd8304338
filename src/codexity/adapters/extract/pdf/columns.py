"""The order in which the lines of a printed page are read: from the top, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from codexity.adapters.extract.pdf.printed import STOP, Line, Segment
from codexity.adapters.extract.pdf.tables import with_rows

_SAME_LINE: Final = 0.3
_FEWEST: Final = 3
"""So many lines on both sides make columns: fewer may be a letter's head."""
_NARROWEST: Final = 8.0
"""Cells are narrower, in heights of a line."""
_FLOWING: Final = 0.3
"""The share of a column's lines that go on in the next one, at least."""
_FULL: Final = 2.5
"""A line that ends no further from its column's right side goes on, in heights of a line."""
_FAR: Final = 2.2
"""In heights of a line: what is so far below is another part of the page."""
_OTHER_SIZE: Final = 1.1


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines of one page as they are read.

    The order of the document holds, but where that goes up the page line by line, and where lines
    of several columns stand in one: each column is read to its end then. The lines that keep their
    segments are rows of tables.
    """
    done: list[Line] = []
    for _, group in groupby(lines, key=lambda line: line.turned):
        done += with_rows(list(_by_column(_downwards(list(group)))))
    return done


def _downwards(lines: list[Line]) -> list[Line]:
    up = down = 0
    for one, other in pairwise(lines):
        if one.left < other.right and other.left < one.right:
            step = one.last - other.first
            up += step < -_SAME_LINE * other.height
            down += step > _SAME_LINE * other.height
    return sorted(lines, key=lambda line: (-line.first, line.left)) if up > down else lines


def _by_column(lines: Sequence[Line]) -> Iterator[Line]:
    at = 0
    while at < len(lines):
        region = _region(lines, at)
        if region is None:
            yield lines[at]
            at += 1
        else:
            yield from _by_column(region.left)
            yield from _by_column(region.right)
            at += region.length


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    """Lines that one gutter parts."""

    left: list[Line]
    right: list[Line]
    length: int


def _region(lines: Sequence[Line], at: int) -> _Region | None:
    """The columns that begin with a line, if there are any."""
    for one, other in pairwise(lines[at].segments):
        region = _parted(lines, at, (one.right, other.left))
        if region is not None and _is_column(region.left) and _is_column(region.right):
            return region
    return None


def _parted(lines: Sequence[Line], at: int, gutter: tuple[float, float]) -> _Region | None:
    left: list[Line] = []
    right: list[Line] = []
    both = length = 0
    for before, line in zip((None, *lines[at:]), lines[at:], strict=False):
        if before is not None and _is_elsewhere(before, line):
            break
        narrowed = _narrowed(line, gutter)
        if narrowed is None:
            break
        gutter = narrowed
        sides = _sides(line, gutter)
        both += all(sides)
        for side, segments in zip((left, right), sides, strict=True):
            if segments:
                side.append(_part(line, segments))
        length += 1
    return _Region(left=left, right=right, length=length) if both >= _FEWEST else None


def _is_elsewhere(before: Line, line: Line) -> bool:
    height = max(before.height, line.height)
    step = before.last - line.first
    apart = step > _FAR * height or step < -_SAME_LINE * height
    return apart or height > _OTHER_SIZE * min(before.height, line.height)


def _narrowed(line: Line, gutter: tuple[float, float]) -> tuple[float, float] | None:
    """The gutter where the line leaves it free; None where the line runs across it."""
    low, high = gutter
    for segment in _segments(line):
        if segment.left + segment.right <= low + high:
            low = max(low, segment.right)
        else:
            high = min(high, segment.left)
    return (low, high) if low < high else None


def _sides(
    line: Line, gutter: tuple[float, float]
) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    segments = _segments(line)
    left = tuple(one for one in segments if one.right <= gutter[0])
    return left, segments[len(left) :]


def _segments(line: Line) -> tuple[Segment, ...]:
    return line.segments or (Segment(text=line.text, left=line.left, right=line.right),)


def _part(line: Line, segments: tuple[Segment, ...]) -> Line:
    return replace(
        line,
        text=" ".join(one.text for one in segments),
        left=segments[0].left,
        right=segments[-1].right,
        segments=segments if len(segments) > 1 else (),
    )


def _is_column(lines: Sequence[Line]) -> bool:
    """Whether the lines are those of a column of text, and not cells of a table.

    Of lines that are several columns themselves the first is looked at.
    """
    firsts = [_segments(line)[0] for line in lines]
    heights = [line.height for line in lines]
    widths = [(one.right - one.left) / height for one, height in zip(firsts, heights, strict=True)]
    if len(lines) < _FEWEST or median(widths) < _NARROWEST:
        return False
    edge = max(one.right for one in firsts)
    going = sum(
        _goes_on(one, other, edge - _FULL * height)
        for (one, other), height in zip(pairwise(firsts), heights, strict=False)
    )
    return going >= _FLOWING * (len(lines) - 1)


def _goes_on(one: Segment, other: Segment, full: float) -> bool:
    if STOP.search(one.text):
        return False
    return other.text[:1].islower() or one.right >= full
