"""The rows of printed tables: their cells, and the headers of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, Literal

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.pdf.printed import Line, Paragraph, Segment

_GUTTER: Final = 0.45
"""In heights of a line: what is as wide in all rows of a table parts its columns."""
_DIGIT = re.compile(r"\d")


def with_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines, where only those have segments that are rows of a table.

    A line with gaps is one where another one beside it has its parts below or above it.
    """
    pairs = [_is_below(one, other) for one, other in pairwise(lines)]
    done: list[Line] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and pairs[end - 1]:
            end += 1
        run = lines[at:end]
        done += _refined(run) if len(run) > 1 else (_plain(line) for line in run)
        at = end
    return done


def rows(run: Sequence[Line]) -> list[Paragraph]:
    """The blocks of the rows of one table: rows, or pairs where they have two cells and no head."""
    header = _header(run)
    kind = "pair" if len(run[0].segments) == 2 and not header else "row"
    first = [_row(run[0], "row", ())] if header else []
    return first + [_row(line, kind, header) for line in run[len(first) :]]


def _is_below(one: Line, other: Line) -> bool:
    """Whether both have as many parts, each clear of the other columns of the other line."""
    if not one.segments or len(one.segments) != len(other.segments):
        return False
    return all(
        first.right <= later.left and second.right <= late.left
        for (first, late), (second, later) in zip(
            pairwise(one.segments), pairwise(other.segments), strict=True
        )
    )


def _plain(line: Line) -> Line:
    return replace(line, segments=()) if line.segments else line


def _refined(run: Sequence[Line]) -> Iterator[Line]:
    """The rows of a table, parted wherever all of them have a gap."""
    height = max(line.height for line in run)
    words = [word for line in run for one in line.segments for word in one.words or (one,)]
    columns = list(_columns(words, _GUTTER * height))
    for line in run:
        cells = tuple(cell for one in line.segments for cell in _cells(one, columns))
        yield replace(line, segments=cells)


def _columns(words: Iterable[Segment], gutter: float) -> Iterator[float]:
    """Where each column ends that the words of all rows make."""
    end = None
    for word in sorted(words, key=lambda one: one.left):
        if end is not None and word.left - end > gutter:
            yield end
        end = word.right if end is None else max(end, word.right)
    if end is not None:
        yield end


def _cells(part: Segment, columns: Sequence[float]) -> Iterator[Segment]:
    """The cells of a part of a line; one whose words were spelt anew stays whole."""
    if " ".join(word.text for word in part.words) != part.text:
        yield part
        return
    held: list[Segment] = []
    for word in part.words:
        if held and any(held[-1].right <= end < word.left for end in columns):
            yield _cell(held)
            held = []
        held.append(word)
    yield _cell(held)


def _cell(words: Sequence[Segment]) -> Segment:
    text = " ".join(word.text for word in words)
    return Segment(text=text, left=words[0].left, right=words[-1].right, words=tuple(words))


def _row(line: Line, kind: Literal["row", "pair"], header: tuple[str, ...]) -> Paragraph:
    cells = tuple(blocks.prose(one.text) for one in line.segments)
    head = header if len(header) == len(cells) else ()
    draft = Draft(text=" ".join(cells), kind=kind, cells=cells, header=head)
    return Paragraph(draft=blocks.told(draft), height=line.height)


def _header(run: Sequence[Line]) -> tuple[str, ...]:
    """The first row of a table, where it names what the others count."""
    first, *rest = run
    if not rest or _DIGIT.search(first.text):
        return ()
    counted = all(any(_DIGIT.search(one.text) for one in line.segments[1:]) for line in rest)
    return tuple(blocks.prose(one.text) for one in first.segments) if counted else ()
