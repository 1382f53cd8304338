"""Tables in plain text: columns that tabs, bars or runs of spaces part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft

# Two spaces behind a full stop part sentences.
_SPACES = re.compile(r"(?<![.!?:\s])\s{2,}")
_DIGIT = re.compile(r"\d")
_LOOKED_AT: Final = 400
_MOST: Final = 0.9
_LONGEST_CELL: Final = 120


def rows(lines: Sequence[str], *, ruled: bool) -> list[Draft]:
    """The rows of a table, none where the lines are not one; `ruled`: a rule is below the first.

    Nearly all of its lines have as many cells. The first is the head where it is ruled, or where
    no figure is in it and figures are in the others.
    """
    if len(lines) < 2 or not any(map(_may_be_row, lines[:_LOOKED_AT])):
        return []
    seen = [_cells(line) for line in lines[:_LOOKED_AT]]
    (count, often), *_ = Counter(map(len, seen)).most_common(1)
    longest = max(len(cell) for cells in seen for cell in cells)
    if count < 2 or often < _MOST * len(seen) or longest > _LONGEST_CELL:
        return []
    head = seen[0]
    figures = any(_DIGIT.search(cell) for cells in seen[1:] for cell in cells[1:])
    is_head = len(head) == count and (
        ruled or (figures and not any(_DIGIT.search(cell) for cell in head))
    )
    header = tuple(head) if is_head else ()
    return [blocks.row(_cells(line), header if at else ()) for at, line in enumerate(lines)]


def is_rule(line: str) -> bool:
    """Whether a line is a rule of a table: `-----  ---`, `+===+`, `|---|:-:|`."""
    return ("--" in line or "==" in line) and not line.strip(" \t|+=:-")


def _may_be_row(line: str) -> bool:
    """A quick look, for most of the lines of a large file have one cell."""
    return "  " in line or "\t" in line or "|" in line or not line.isascii()


def _cells(line: str) -> list[str]:
    bare = line.strip()
    if "\t" in bare:
        cells = bare.split("\t")
    elif " | " in bare or (bare[:1] == "|" == bare[-1:]):
        cells = bare.strip("|").split("|")
    else:
        cells = _SPACES.split(bare)
    return [blocks.prose(cell) for cell in cells]
