"""The walk over a page's blocks: what belongs together is one part, whoever shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codexity.model import Block, Page
from codexity.text import blocks

_TOGETHER = frozenset({"item", "row", "pair"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Blocks of one kind that are shown as one: a list, a table, or a single other block."""

    kind: str
    blocks: tuple[Block, ...]

    @property
    def start(self) -> int:
        """Where it starts in the page's text."""
        return self.blocks[0].start


def parts(page: Page) -> Iterator[Part]:
    """The parts of a page in their order, none across two of its pages.

    A heading that says the title again at the beginning is none of them. Where the kinds of blocks
    are not known, those of several lines are code.
    """
    known = page.blocks or tuple(_unknown(page.text))
    if known and known[0].kind == "heading" and said(page, known[0]) == page.title:
        known = known[1:]
    held: list[Block] = []
    for block, following in pairwise((*known, None)):
        if block is None:
            continue
        held.append(block)
        if following is None or not _together(page, held, following):
            yield Part(kind=block.kind, blocks=tuple(held))
            held = []


def said(page: Page, block: Block) -> str:
    """The text of a block."""
    return page.text[block.start : block.end]


def cells(page: Page, block: Block) -> tuple[str, ...]:
    """The texts of a row's or pair's cells; of one without, its text."""
    places = block.cells or ((block.start, block.end),)
    return tuple(page.text[start:end] for start, end in places)


def table(page: Page, rows: Sequence[Block]) -> tuple[tuple[str, ...], Sequence[tuple[str, ...]]]:
    """The header cells of a table, if it has any, and the cells of the rows below them.

    A row that leaves cells out says which columns the others are of: they stand below their heads.
    """
    header = next((one.header for one in rows if one.header), ())
    said = [cells(page, row) for row in rows]
    if header and not (rows[0].header and said[0] != header):
        header, rows, said = said[0], rows[1:], said[1:]
    if not all(_fits(row.header, header) for row in rows if row.header):
        return header, said
    columns = _columns(header, rows)
    placed = [
        _below(columns, row.header, one) if row.header else one
        for row, one in zip(rows, said, strict=True)
    ]
    return tuple(columns) if header else (), placed


def _columns(header: Sequence[str], rows: Sequence[Block]) -> list[str]:
    """The heads of all columns, with those in between that have none."""
    columns = list(header)
    for row in rows:
        at = 0
        for name in row.header:
            if name:
                at = columns.index(name, at) + 1
            else:
                if columns[at : at + 1] != [""]:
                    columns.insert(at, "")
                at += 1
    return columns


def _below(columns: Sequence[str], header: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    placed = [""] * len(columns)
    at = 0
    for name, cell in zip(header, said, strict=True):
        at = columns.index(name, at)
        placed[at] = cell
        at += 1
    return tuple(placed)


def _together(page: Page, held: Sequence[Block], other: Block) -> bool:
    one = held[-1]
    if one.kind != other.kind or one.kind not in _TOGETHER:
        return False
    if page.number_at(one.start) != page.number_at(other.start):
        return False
    return one.kind != "row" or _same_table(page, held, other)


def _same_table(page: Page, held: Sequence[Block], other: Block) -> bool:
    one = held[-1]
    if not other.header:
        return not one.header and len(one.cells) == len(other.cells)
    if not one.header and len(one.cells) == len(other.cells):
        return True
    return _fits(other.header, held[0].header or cells(page, held[0]))


def _fits(header: Sequence[str], heads: Sequence[str]) -> bool:
    """Whether the heads of a row's cells are among those of a table, in their order."""
    rest = iter(heads)
    return all(name in rest for name in header if name)


def _unknown(text: str) -> Iterator[Block]:
    for start, end in blocks(text):
        kind = "code" if "\n" in text[start:end] else "paragraph"
        yield Block(kind=kind, start=start, end=end)
