"""The blocks of the tree in which trafilatura hands over a page's main text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codexity.adapters.extract import blocks

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_BLOCKS = frozenset({"body", "head", "p", "list", "item", "quote", "table", "cell", "div"})
_PARENTS_OF_CODE_BLOCKS = frozenset({"body", "quote", "div", "code"})
_MOST_WORDS_OF_A_CELL = 12


def blocks_of(top: Element) -> list[str]:
    """The blocks under an element, in order: headings, paragraphs, items, rows, code.

    A row of short cells is one block; where a cell holds prose, each cell is its own, since a
    browser finds no text that runs across cells.
    """
    from lxml.etree import iterwalk

    collected = _Collected()
    walk = iterwalk(top, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            own = _whole(element) if element is not top else None
            if own is None:
                collected.enter(element)
            else:
                collected.end_block()
                collected.done += own
                walk.skip_subtree()
        elif event == "end":
            collected.leave(element)
        if event != "start" and element is not top:
            collected.say(element.tail)
    collected.end_block()
    return collected.done


class _Collected:
    def __init__(self) -> None:
        self.done: list[str] = []
        self._pieces: list[str] = []
        self._broken = False

    def enter(self, element: Element) -> None:
        if element.tag in _BLOCKS:
            self.end_block()
        elif element.tag == "lb":
            if self._broken:
                self.end_block()
            self._pieces.append(" ")
            self._broken = True
        self.say(element.text)

    def leave(self, element: Element) -> None:
        if element.tag in _BLOCKS:
            self.end_block()

    def say(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            self._broken = self._broken and text.isspace()

    def end_block(self) -> None:
        block = blocks.prose("".join(self._pieces))
        self._pieces.clear()
        self._broken = False
        if block:
            self.done.append(block)


def _whole(element: Element) -> list[str] | None:
    """The blocks of an element that is not walked through piece by piece: a row, a code block."""
    if element.tag == "row":
        return _row(element)
    if element.tag == "code":
        text = "".join(_texts(element))
        parent = element.getparent()
        if "\n" in text.strip() or (parent is not None and parent.tag in _PARENTS_OF_CODE_BLOCKS):
            return [blocks.code(text)]
    return None


def _texts(element: Element) -> Iterator[str]:
    for part in element.iter():
        if part.tag == "lb":
            yield "\n"
        elif isinstance(part.tag, str) and part.text:
            yield part.text
        if part is not element and part.tail:
            yield part.tail


def _row(row: Element) -> list[str]:
    # Where a cell reaches over a hundred columns, trafilatura writes as many empty ones.
    cells = [blocks_of(cell) if len(cell) or cell.text else [] for cell in row]
    short = all(
        len(cell) <= 1 and all(len(one.split()) <= _MOST_WORDS_OF_A_CELL for one in cell)
        for cell in cells
    )
    if short:
        return [" ".join(one for cell in cells for one in cell)]
    return [one for cell in cells for one in cell]
