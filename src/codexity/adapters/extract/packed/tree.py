"""A tree of HTML that documents of offices become, so that one reader lays them all out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.html.leaves import leaves_of

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_DEEPEST: Final = 9


def new(tag: str, **attributes: str) -> Element:
    """An element of its own."""
    from lxml import html

    return html.Element(tag, attributes)


def add(parent: Element, tag: str, **attributes: str) -> Element:
    """A new last child."""
    child = new(tag, **attributes)
    parent.append(child)
    return child


def say(element: Element, text: str) -> None:
    """Puts text behind all that an element holds."""
    clean = "".join(one for one in text if one >= " " or one in "\t\n")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + clean
    else:
        element.text = (element.text or "") + clean


class Lists:
    """Puts paragraphs that are items into lists within lists, by their depth.

    `last` is the last item, where no list is open what is around.
    """

    def __init__(self, body: Element) -> None:
        self.body = self.last = body
        self._open: list[tuple[str, Element]] = []

    def item(self, key: str, depth: int, number: int | None) -> Element:
        """A new item; `key` is of which list it is, `number` its own where it has one."""
        del self._open[min(depth, _DEEPEST) + 1 :]
        if self._open and len(self._open) == depth + 1 and self._open[-1][0] != key:
            self._open.pop()
        while len(self._open) <= min(depth, _DEEPEST):
            parent = self._open[-1][1] if self._open else self.body
            self._open.append((key, add(parent, "ul" if number is None else "ol")))
        around = self._open[-1][1]
        self.last = add(around, "li")
        if number is not None:
            self.last.set("value", str(number))
        return self.last

    def end(self) -> None:
        """What follows is no item."""
        self._open.clear()
        self.last = self.body


def drafts(body: Element) -> Iterator[Draft]:
    """The blocks of the tree."""
    for leaf in leaves_of(body):
        yield leaf.draft
