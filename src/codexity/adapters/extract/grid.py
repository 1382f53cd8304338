"""The cells of a table in their columns: what reaches over several rows is in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

    from codexity.adapters.extract.leaves import Leaf

_MOST_COLUMNS: Final = 100
_MOST_ROWS_BELOW: Final = 1_000
_LONGEST_REPEATED: Final = 80
_MOST_REPEATED: Final = 50_000
"""Characters that the cells of one table may add to the rows below them."""
_BOLD: Final = frozenset({"b", "strong"})


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell from its first column to before its last; `repeated` where it began in a row above."""

    leaves: tuple[Leaf, ...]
    first: int = 0
    last: int = 1
    is_head: bool = False
    repeated: bool = False

    @cached_property
    def text(self) -> str:
        return " ".join(leaf.draft.text for leaf in self.leaves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row, its cells in the order of their columns; `is_head` where all it holds are heads."""

    element: Element
    cells: tuple[Cell, ...]
    is_head: bool


def rows_of(table: Element, read: Callable[[Element], Sequence[Leaf]]) -> list[Row]:
    """The rows of a table that holds no other one; what a cell holds is read by `read`."""
    rows: list[Row] = []
    below: dict[int, tuple[Cell, int]] = {}
    added = 0
    for element in table.iter("tr"):
        around = element.getparent()
        in_head = around is not None and around.tag == "thead"
        cells: list[Cell] = []
        kept: dict[int, tuple[Cell, int]] = {}
        own = _own_cells(element, read)
        column = 0
        while column < _MOST_COLUMNS:
            if column in below:
                cell, rest = below[column]
                if added + len(cell.text) <= _MOST_REPEATED:
                    added += len(cell.text)
                    cells.append(cell)
                if rest > 1:
                    kept[column] = cell, rest - 1
                column = cell.last
                continue
            cell_and_span = next(own, None)
            if cell_and_span is None:
                column = min((one for one in below if one > column), default=_MOST_COLUMNS)
                continue
            cell, wide, deep = cell_and_span
            cell = replace(cell, first=column, last=column + wide)
            cells.append(cell)
            if deep > 1 and len(cell.text) <= _LONGEST_REPEATED:
                kept[column] = replace(cell, repeated=True), deep - 1
            column = cell.last
        below = kept
        said = [cell for cell in cells if cell.leaves]
        is_head = bool(said) and (in_head or all(cell.is_head for cell in said))
        rows.append(Row(element=element, cells=tuple(cells), is_head=is_head))
    return rows


def _own_cells(
    row: Element, read: Callable[[Element], Sequence[Leaf]]
) -> Iterator[tuple[Cell, int, int]]:
    for element in row:
        if element.tag in {"td", "th"}:
            leaves = tuple(read(element))
            cell = Cell(leaves=leaves, is_head=element.tag == "th" or _is_bold(element))
            wide = _span(element, "colspan", _MOST_COLUMNS)
            deep = _span(element, "rowspan", _MOST_ROWS_BELOW)
            yield cell, wide, deep


def _is_bold(cell: Element) -> bool:
    """Whether all that a cell says is bold: the heads of tables that know no `<th>`."""
    inner = cell
    while len(inner) == 1 and not (inner.text or "").strip() and not (inner[0].tail or "").strip():
        inner = inner[0]
        if inner.tag in _BOLD:
            return True
    return False


def _span(cell: Element, name: str, most: int) -> int:
    said = (cell.get(name) or "").strip()[:6]
    number = int(said) if said.isdecimal() else 1
    return min(max(1, number), most) if number else (most if name == "rowspan" else 1)
