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
        if following is None or not _together(page, block, following):
            yield Part(kind=block.kind, blocks=tuple(held))
            held = []


def said(page: Page, block: Block) -> str:
    """The text of a block."""
    return page.text[block.start : block.end]


def cells(page: Page, block: Block) -> tuple[str, ...]:
    """The texts of a row's or pair's cells; of one without, its text."""
    places = block.cells or ((block.start, block.end),)
    return tuple(page.text[start:end] for start, end in places)


def table(page: Page, rows: Sequence[Block]) -> tuple[tuple[str, ...], Sequence[Block]]:
    """The header cells of a table, if it has any, and the rows below them."""
    header = next((one.header for one in rows if one.header), ())
    if header and not (rows[0].header and cells(page, rows[0]) != header):
        return cells(page, rows[0]), rows[1:]
    return header, rows


def _together(page: Page, one: Block, other: Block) -> bool:
    if one.kind != other.kind or one.kind not in _TOGETHER:
        return False
    if page.number_at(one.start) != page.number_at(other.start):
        return False
    return one.kind != "row" or _same_table(one, other)


def _same_table(one: Block, other: Block) -> bool:
    if not one.header:
        return len(one.cells) == len(other.cells)
    return one.header == other.header


def _unknown(text: str) -> Iterator[Block]:
    for start, end in blocks(text):
        kind = "code" if "\n" in text[start:end] else "paragraph"
        yield Block(kind=kind, start=start, end=end)
