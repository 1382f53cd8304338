"""Tables and lists of definitions: rows with the heads of their columns, pairs of two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.html import grid
from codexity.adapters.extract.html.code_blocks import code_of, is_listing
from codexity.adapters.extract.html.grid import Cell, Row
from codexity.adapters.extract.html.leaves import Leaf, leaves_of

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_MOST_WORDS: Final = 12
"""Of one block of a cell: what is longer is prose, and each cell a block of its own then."""
_MOST_WORDS_OF_A_CELL: Final = 40
_MOST_WORDS_OF_A_TERM: Final = 8
_LONGEST_HEAD: Final = 60
_MOST_HEADS: Final = 200_000
"""Characters of the heads of all rows of a table: each row has its own again."""
_MOST_HEAD_ROWS: Final = 4
_STOPS: Final = tuple(".!?;。！？")


def table_leaves(element: Element, depth: int) -> list[Leaf] | None:
    """The rows of a table or the pairs of a list of definitions; None for one to be walked through.

    A row of short cells is one block, and holds the cells again that reach into it from above.
    Where a cell holds prose or code, each cell is its own. A table that holds another one, or has
    one column, is there for the layout.
    """
    if element.tag == "dl":
        return list(_definitions(element, depth))
    if element.find(".//table") is not None or element.get("role") in {"presentation", "none"}:
        return None
    if is_listing(element):
        text = code_of(element)
        return [Leaf(draft=Draft(text=text, kind="code"), element=element)] if text else []
    rows = grid.rows_of(element, lambda cell: leaves_of(cell, depth))
    if all(len(row.cells) < 2 for row in rows):
        return None
    caption = element.find("caption")
    found = leaves_of(caption, depth) if caption is not None else []
    return [*found, *_laid_out(rows)]


def _laid_out(rows: Sequence[Row]) -> Iterator[Leaf]:
    width = max(len(row.cells) for row in rows)
    heads: list[Row] = []
    group = ""
    told = 0
    paired = _are_pairs(rows)
    for at, row in enumerate(rows):
        if not any(cell.leaves for cell in row.cells):
            continue
        if paired and len(row.cells) == 2:
            yield from _pair(row)
            continue
        if row.is_head and len(row.cells) > 1:
            above = [one for one in rows[max(0, at - 1) : at] if one.is_head]
            heads = [*heads, row] if above and len(heads) < _MOST_HEAD_ROWS else [row]
            group = ""
            yield from _row(row, ())
            continue
        if len(row.cells) == 1 and width > 1 and row.is_head:
            group = row.cells[0].text[:_LONGEST_HEAD]
            yield from _row(row, ())
            continue
        header = _header(row, heads, group) if told < _MOST_HEADS else ()
        told += sum(map(len, header))
        yield from _row(row, header)


def _header(row: Row, heads: Sequence[Row], group: str) -> tuple[str, ...]:
    """The heads of the columns that each cell of a row stands in, those above each other joined."""
    found: list[str] = []
    for cell in row.cells:
        said = [
            above.text
            for head in heads
            for above in head.cells
            if above.first < cell.last and cell.first < above.last and above.text
        ]
        found.append(" ".join(dict.fromkeys(said))[:_LONGEST_HEAD])
    if group and found:
        found[0] = f"{group} {found[0]}".strip()
    kept = [head for cell, head in zip(row.cells, found, strict=True) if cell.leaves]
    return tuple(kept) if any(kept) else ()


def _row(row: Row, header: tuple[str, ...]) -> Iterator[Leaf]:
    cells = [cell for cell in row.cells if cell.leaves]
    if all(map(_is_short, cells)):
        yield _joined(row.element, cells, header, "row")
        return
    for cell in cells:
        if not cell.repeated:
            yield from cell.leaves


def _pair(row: Row) -> Iterator[Leaf]:
    cells = [cell for cell in row.cells if cell.leaves]
    if len(cells) == 2 and all(map(_is_short, cells)):
        yield _joined(row.element, cells, (), "pair")
    else:
        yield from _row(row, ())


def _are_pairs(rows: Sequence[Row]) -> bool:
    """Whether a table says of each name one value: two columns, and the first holds heads."""
    full = [row for row in rows if len(row.cells) == 2]
    if not full or len(full) < len(rows) - 1 or any(row.is_head for row in full):
        return False
    return all(row.cells[0].is_head or row.cells[0].text.endswith(":") for row in full)


def _is_short(cell: Cell) -> bool:
    counts = [len(leaf.draft.text.split()) for leaf in cell.leaves]
    kinds = {leaf.draft.kind for leaf in cell.leaves}
    return (
        "code" not in kinds
        and all(count <= _MOST_WORDS for count in counts)
        and sum(counts) <= _MOST_WORDS_OF_A_CELL
    )


def _joined(element: Element, cells: Sequence[Cell], header: tuple[str, ...], kind: str) -> Leaf:
    """One block out of cells; what is said again, and the space between blocks, are altered."""
    texts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for cell in cells:
        start = at
        for leaf in cell.leaves:
            if at > start:
                spans.append((at - 1, at))
            joint = at
            for inner in leaf.draft.cells[:-1]:
                joint += len(inner) + 1
                spans.append((joint - 1, joint))
            spans += [] if cell.repeated else [(at + a, at + b) for a, b in leaf.draft.altered]
            at += len(leaf.draft.text) + 1
        if cell.repeated:
            spans = [*(one for one in spans if one[0] < start), (start, at - 1)]
        texts.append(" ".join(leaf.draft.text for leaf in cell.leaves))
    draft = Draft(
        text=" ".join(texts),
        kind="pair" if kind == "pair" else "row",
        cells=tuple(texts),
        header=header,
        altered=tuple(spans),
    )
    linked = sum(leaf.linked for cell in cells if not cell.repeated for leaf in cell.leaves)
    return Leaf(draft=draft, element=element, linked=linked)


def _definitions(top: Element, depth: int) -> Iterator[Leaf]:
    """The pairs of a list, one term and one short value each; else terms and values one by one."""
    parts = [part for child in top for part in (child if child.tag == "div" else (child,))]
    at = 0
    while at < len(parts):
        terms = list(takewhile(lambda one: one.tag == "dt", parts[at : at + 2]))
        values = list(takewhile(lambda one: one.tag == "dd", parts[at + len(terms) : at + 3]))
        if len(terms) == 1 and len(values) == 1:
            cells = [Cell(leaves=tuple(leaves_of(one, depth))) for one in (*terms, *values)]
            if all(cell.leaves for cell in cells) and _is_definition(*cells):
                yield _joined(values[0], cells, (), "pair")
            else:
                yield from (leaf for cell in cells for leaf in cell.leaves)
            at += 2
        else:
            yield from leaves_of(parts[at], depth)
            at += 1


def _is_definition(term: Cell, value: Cell) -> bool:
    named = len(term.leaves) == 1 and len(term.text.split()) <= _MOST_WORDS_OF_A_TERM
    return named and _is_short(term) and _is_short(value) and not value.text.endswith(_STOPS)
