"""Sheets of cells, whichever program wrote them: tables with their heads, and lines between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.data.delimited import names_columns, table_drafts
from codexity.adapters.extract.page_of_drafts import MOST_BLOCKS

MOST_COLUMNS: Final = 256
"""What stands further to the right is not read."""
MOST_ROWS: Final = MOST_BLOCKS
_MOST_CHARS: Final = 8_000_000
"""Of all sheets: as much as an index has use of."""
_MOST_MERGED: Final = 20_000
_LONGEST_HEADING: Final = 60
_UNNAMED = re.compile(
    r"(?:sheet|tabelle|blatt|feuil(?:le)?|hoja|foglio|planilha|folha|blad|ark|taulukko|arkusz|"
    r"лист|аркуш|シート|工作表|시트)\s?\d{0,3}",
    re.IGNORECASE,
)
"""How programs name a sheet that nobody named."""


@dataclass(slots=True)
class Bound:
    """How much more is read of a workbook; `is_cut`: it holds more, `is_full`: nothing more is."""

    rows: int = MOST_ROWS
    chars: int = _MOST_CHARS
    is_cut: bool = False
    is_full: bool = False


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet by their row and column, from 0.

    `merged` are the first row and column and the last ones of cells that are one.
    """

    name: str
    bound: Bound
    cells: dict[int, dict[int, str]] = field(default_factory=dict[int, dict[int, str]])
    merged: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])

    def put(self, row: int, column: int, text: str) -> None:
        """Adds a cell; what is beyond the bound is left out."""
        shown = blocks.prose(text)
        if not shown or self.bound.is_full:
            return
        if column >= MOST_COLUMNS:
            self.bound.is_cut = True
            return
        if row not in self.cells:
            self.bound.rows -= 1
        self.bound.chars -= len(shown)
        if self.bound.rows < 0 or self.bound.chars < 0:
            self.bound.is_cut = self.bound.is_full = True
            return
        self.cells.setdefault(row, {})[column] = shown

    def merge(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Notes that cells are one."""
        if first < last and len(self.merged) < _MOST_MERGED:
            self.merged.append((*first, *last))

    def drafts(self, *, is_alone: bool) -> Iterator[Draft]:
        """Its tables and lines below its name; alone, it needs none that no person gave."""
        self._fill()
        rows = self._rows()
        if not rows:
            return
        if not (is_alone and _UNNAMED.fullmatch(self.name.strip())) and self.name.strip():
            yield Draft(text=blocks.prose(self.name), kind="heading", level=1)
        held: list[Sequence[str]] = []
        areas = [list(area) for filled, area in groupby(rows, key=any) if filled]
        for at, area in enumerate(areas):
            if all(_filled(row) == 1 for row in area):
                yield from _table(held)
                held = []
                is_caption = at + 1 < len(areas) and any(_filled(row) > 1 for row in areas[at + 1])
                yield from _lines(area, is_caption=is_caption)
            elif held and (names_columns(area) or _are_pairs(area)):
                yield from _table(held)
                held = [*area]
            else:
                # A blank row within a table parts its rows, and no table.
                held = [*held, *area]
        yield from _table(held)

    def _rows(self) -> list[list[str]]:
        """The rows as far as they are filled, those without cells as empty ones."""
        found: list[list[str]] = []
        last = -1
        for number in sorted(self.cells):
            cells = self.cells[number]
            if number > last + 1 and found:
                found.append([])
            found.append([cells.get(at, "") for at in range(max(cells) + 1)])
            last = number
        return _below_joined_heads(found, self.cells, self.merged)

    def _fill(self) -> None:
        """Says what a cell that reaches over several rows says in each of them."""
        left_over = MOST_ROWS
        for top, left, bottom, _ in self.merged:
            text = self.cells.get(top, {}).get(left, "")
            for row in range(top + 1, min(bottom, top + left_over) + 1) if text else ():
                left_over -= 1
                if row in self.cells:
                    self.put(row, left, text)


def _below_joined_heads(
    rows: list[list[str]],
    cells: dict[int, dict[int, str]],
    merged: Sequence[tuple[int, int, int, int]],
) -> list[list[str]]:
    """The rows, where a head reaches over several columns said with each of those below it."""
    wide = {(top, left): right for top, left, _, right in merged if right > left}
    numbers = sorted(cells)
    for number, below in pairwise(numbers):
        groups = [(left, wide[number, left]) for left in cells[number] if (number, left) in wide]
        if not groups or below != number + 1 or not _is_above_heads(cells, number):
            continue
        heads = dict(cells[below])
        for left, right in groups:
            for column in range(left, min(right, MOST_COLUMNS) + 1):
                if column in heads:
                    heads[column] = f"{cells[number][left]} {heads[column]}"
        for column, text in cells[number].items():
            heads.setdefault(column, text)
        width = max(heads) + 1
        joined = [heads.get(at, "") for at in range(width)]
        at = _place(rows, cells[number])
        return [*rows[:at], joined, *rows[at + 2 :]]
    return rows


def _is_above_heads(cells: dict[int, dict[int, str]], number: int) -> bool:
    """Whether a row may hold the heads of heads: it begins a table, and no figure is below it."""
    begins = len(cells.get(number - 1, {})) < 2 <= len(cells[number])
    return begins and not any(one[0].isdigit() for one in cells[number + 1].values())


def _place(rows: Sequence[Sequence[str]], cells: dict[int, str]) -> int:
    said = [cells.get(at, "") for at in range(max(cells) + 1)]
    return next(at for at, row in enumerate(rows) if row == said)


def _filled(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _lines(area: Sequence[Sequence[str]], *, is_caption: bool) -> Iterator[Draft]:
    """Lines that stand alone; a short one above a table says what that is of."""
    for row in area:
        text = next(filter(None, row))
        named = is_caption and len(area) == 1 and len(text) <= _LONGEST_HEADING
        if named and text[-1] not in ".!?;,。":
            yield Draft(text=text.rstrip(":"), kind="heading", level=2)
        else:
            yield Draft(text=text)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[Draft]:
    if _are_pairs(rows):
        for row in rows:
            said = [cell for cell in row if cell]
            yield (
                blocks.pair(said[0].rstrip(": "), said[1])
                if len(said) == 2
                else Draft(text=said[0])
            )
        return
    yield from table_drafts(rows)


def _are_pairs(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are names with a value each: names end in a colon, and none has two values."""
    counts = [_filled(row) for row in rows]
    if not rows or max(counts) > 2:
        return False
    names = [next(filter(None, row)) for row, count in zip(rows, counts, strict=True) if count == 2]
    return sum(name.endswith(":") for name in names) * 2 >= len(names) > 0
