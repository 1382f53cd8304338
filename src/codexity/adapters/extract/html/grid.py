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

    from codexity.adapters.extract.html.leaves import Leaf

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
        """What it holds, on one line."""
        return " ".join(leaf.draft.text for leaf in self.leaves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row, its cells in the order of their columns; `is_head` where all it holds are heads."""

    element: Element
    cells: tuple[Cell, ...]
    is_head: bool


def rows_of(table: Element, read: Callable[[Element], Sequence[Leaf]]) -> list[Row]:
    """The rows of a table that holds no other one; what a cell holds is read by `read`."""
    above = _Above()
    found: list[Row] = []
    group: Element | None = None
    for element in table.iter("tr"):
        if element.getparent() is not group:
            # A cell reaches no further than the group of rows that it stands in.
            group, above = element.getparent(), _Above(above.added)
        found.append(_row(element, above, _own_cells(element, read)))
    return found


def _row(element: Element, above: _Above, own: Iterator[tuple[Cell, int, int]]) -> Row:
    cells: list[Cell] = []
    column = 0
    while column < _MOST_COLUMNS:
        cell = above.at(column)
        if cell is not None:
            cells += above.repeated(cell)
        else:
            found = next(own, None)
            if found is None:
                column = above.next_column(column)
                continue
            cell = replace(found[0], first=column, last=column + found[1])
            above.hold(cell, found[2])
            cells.append(cell)
        column = cell.last
    above.end_row()
    said = [cell for cell in cells if cell.leaves]
    around = element.getparent()
    in_head = around is not None and around.tag == "thead"
    is_head = bool(said) and (in_head or all(cell.is_head for cell in said))
    return Row(element=element, cells=tuple(cells), is_head=is_head)


class _Above:
    """The cells of rows above that reach into the row that is read, by their first column."""

    def __init__(self, added: int = 0) -> None:
        self._held: dict[int, tuple[Cell, int]] = {}
        self.added = added

    def at(self, column: int) -> Cell | None:
        held = self._held.get(column)
        return held[0] if held is not None and held[0].repeated else None

    def repeated(self, cell: Cell) -> list[Cell]:
        """The cell again, as long as the table does not grow by too much."""
        self.added += len(cell.text)
        return [cell] if self.added <= _MOST_REPEATED else []

    def hold(self, cell: Cell, deep: int) -> None:
        if deep > 1 and len(cell.text) <= _LONGEST_REPEATED:
            self._held[cell.first] = cell, deep

    def next_column(self, column: int) -> int:
        return min((one for one in self._held if one > column), default=_MOST_COLUMNS)

    def end_row(self) -> None:
        self._held = {
            column: (replace(cell, repeated=True), rest - 1)
            for column, (cell, rest) in self._held.items()
            if rest > 1
        }


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
