"""The tables of AsciiDoc: rows with the heads of their columns.

Source: docs.asciidoctor.org, "Build a table"; cells may span, and a first line alone is the head.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft

_CELL = re.compile(
    r"(?:(?<=\s)|\A)(?:(\d{1,3})(\*)|(?:(\d{1,3})?(?:\.(\d{1,3}))?(\+)))?[<^>.]{0,4}([adehlmsv])?\|"
    r"|(?<!\\)\|"
)
_COLUMNS = re.compile(r"(\d{1,2})\*")
_MOST_COLUMNS: Final = 100
_MOST_BELOW: Final = 1_000
_MOST_REPEATED: Final = 50_000
"""Cells that a table may say again."""

Words = Callable[[str], str]


def table(lines: Sequence[str], options: str, words: Words, sign: str = "|") -> Iterator[Draft]:
    """The rows between the marks of a table with these attributes; `words` reads its cells."""
    if sign != "|" or 'format="csv"' in options or "format=csv" in options:
        cells = _parted(lines, sign)
        width = len(cells[0]) if cells else 0
        rows = [[words(cell) for cell in row] for row in cells]
    else:
        found, first = _cells(lines)
        width = _width(options) or first
        rows = [[words(cell) for cell in row] for row in _laid_out(found, width)]
    headed = "header" in options or (_is_headed(lines) and "noheader" not in options)
    header: tuple[str, ...] = ()
    for at, row in enumerate(rows):
        said = [(cell, header[one] if one < len(header) else "") for one, cell in enumerate(row)]
        kept = [one for one in said if one[0]]
        yield blocks.row([cell for cell, _ in kept], tuple(head for _, head in kept))
        if at == 0 and headed and width > 1:
            header = tuple(row)


def _parted(lines: Sequence[str], sign: str) -> list[list[str]]:
    delimiter = sign if sign in ",:" else ","
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return [[line] for line in lines if line]


def _cells(lines: Sequence[str]) -> tuple[list[tuple[str, int, int]], int]:
    """The cells as text, width and depth; and how many columns the first line has."""
    found: list[tuple[list[str], int, int, int]] = []
    first = 0
    room = _MOST_REPEATED
    for line in lines:
        end = 0
        for mark in _CELL.finditer(line):
            if found:
                found[-1][0].append(line[end : mark.start()])
            end = mark.end()
            number = min(_MOST_COLUMNS, int(mark[1] or mark[3] or 1) or 1)
            deep = min(_MOST_BELOW, int(mark[4] or 1) or 1)
            times = min(number, room) if mark[2] else 1
            room -= times - 1
            found.append(([], number if mark[5] else 1, deep, max(1, times)))
        if found:
            found[-1][0].extend((line[end:], " "))
        first = first or sum(wide * times for _, wide, _, times in found)
    cells = [
        ("".join(text).replace("\\|", "|").strip(), wide, deep)
        for text, wide, deep, times in found
        for _ in range(times)
    ]
    return cells, first


def _laid_out(cells: Sequence[tuple[str, int, int]], width: int) -> Iterator[list[str]]:
    """The cells in rows of so many columns; what reaches into rows below is said there again."""
    above = _Above()
    row: list[str] = []
    for text, wide, deep in cells:
        above.fill(row, width)
        while len(row) >= width:
            yield row[:width]
            row = []
            above.fill(row, width)
        above.hold(len(row), text, deep - 1)
        row += [text, *[""] * (wide - 1)]
    above.fill(row, width)
    if row:
        yield row[:width]


class _Above:
    """The cells that reach into rows below, by their column."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[str, int]] = {}
        self._room = _MOST_REPEATED

    def hold(self, column: int, text: str, rows: int) -> None:
        if rows > 0:
            self._held[column] = (text, rows)

    def fill(self, row: list[str], width: int) -> None:
        while len(row) < width and len(row) in self._held and self._room > 0:
            self._room -= 1
            text, rows = self._held.pop(len(row))
            self.hold(len(row), text, rows - 1)
            row.append(text)


def _width(options: str) -> int:
    """How many columns are told; 0 where none are."""
    match = re.search(r"cols=(\"[^\"]{0,400}\"|'[^']{0,400}'|[^,\]\s]{1,40})", options)
    if match is None:
        return 0
    told = match[1].strip("\"'")
    times = _COLUMNS.match(told.strip())
    parts = re.split(r"[,;]", told.strip(" ,"))
    if times and len(parts) == 1:
        return min(int(times[1]), _MOST_COLUMNS)
    return min(len(parts), _MOST_COLUMNS)


def _is_headed(lines: Sequence[str]) -> bool:
    """Whether the first line stands alone above a blank one."""
    return len(lines) > 2 and bool(lines[0].strip()) and not lines[1].strip()
