"""The blocks of a page's own tree, in order: each with what it is, and the element it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.alterations import altered, told_apart
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.html.code_blocks import code_of, is_code
from codexity.adapters.extract.html.lists import Numbers
from codexity.adapters.extract.html.neighbours import INLINE, has_few

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_UNREAD: Final = frozenset(
    """script style head title template select textarea button input iframe svg canvas
    object embed audio video map datalist progress meter nav footer""".split()
)
_HEADINGS: Final[dict[object, int]] = {f"h{level}": level for level in range(1, 7)}
_LISTS: Final = frozenset({"ul", "ol", "menu", "dir"})
_TABLES: Final = frozenset({"table", "dl"})
_CELL_ROLES: Final = frozenset({"cell", "gridcell", "columnheader", "rowheader"})
_DEEPEST_TABLE: Final = 3
_FEW: Final = 6


@dataclass(slots=True, kw_only=True)
class Leaf:
    """A block of a page, the element that it stands in, and how much of it is links."""

    draft: Draft
    element: Element
    linked: int = 0


def leaves_of(top: Element, depth: int = 0) -> list[Leaf]:
    """What stands below an element, block by block, in order.

    Tables and lists of definitions become rows and pairs, `depth` is how many of them are around.
    """
    from lxml.etree import iterwalk

    from codexity.adapters.extract.html.tables import table_leaves

    walker = _Walker(top)
    walk = iterwalk(top, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            walker.leave(element)
            continue
        tag = element.tag
        if tag in _UNREAD:
            walk.skip_subtree()
        elif element is top:
            walker.enter(element)
        elif tag in _TABLES and depth < _DEEPEST_TABLE:
            found = table_leaves(element, depth + 1)
            if found is None:
                walker.enter(element)
            else:
                walker.take(found)
                walk.skip_subtree()
        elif is_code(element):
            walker.take_code(element)
            walk.skip_subtree()
        else:
            walker.enter(element)
    walker.end_block()
    return walker.done


@dataclass(slots=True)
class _Walker:
    top: Element
    done: list[Leaf] = field(default_factory=list[Leaf])
    _pieces: list[str] = field(default_factory=list[str])
    _held: list[Element] = field(default_factory=list["Element"])
    _broken: bool = False
    _links: int = 0
    _linked: int = 0
    _level: int = 0
    _heading: int = 0
    _quoted: int = 0
    _item: Element | None = None
    _numbers: Numbers = field(default_factory=Numbers)

    def enter(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            if self._broken:
                self.end_block()
            self._pieces.append(" ")
            self._broken = True
            return
        if tag not in INLINE:
            self.end_block()
            self._held.append(element)
            if tag in _LISTS:
                self._level += 1
            elif tag == "li":
                self._item = element
            elif tag in _HEADINGS:
                self._heading = _HEADINGS[tag]
            elif tag == "blockquote":
                self._quoted += 1
        elif tag == "a":
            self._links += 1
        elif _runs_together(element, self._pieces):
            self._pieces.append(altered(" "))
        self._say(element.text)

    def leave(self, element: Element) -> None:
        tag = element.tag
        if tag in _UNREAD or (element is self.top and tag in INLINE):
            pass
        elif tag not in INLINE and self._held and self._held[-1] is element:
            self.end_block()
            self._held.pop()
            if tag in _LISTS:
                self._level -= 1
            elif tag == "li":
                self._item = None
            elif tag in _HEADINGS:
                self._heading = 0
            elif tag == "blockquote":
                self._quoted -= 1
        elif tag == "a":
            self._links -= 1
        if element is not self.top:
            self._say(element.tail)

    def take(self, found: list[Leaf]) -> None:
        self.end_block()
        self.done += found

    def take_code(self, element: Element) -> None:
        self.end_block()
        text = code_of(element)
        if text:
            self.done.append(Leaf(draft=Draft(text=text, kind="code"), element=element))

    def _say(self, text: str | None) -> None:
        if text:
            blank = text.isspace()
            if self._pieces or not blank:
                # What begins with white space, as most between two blocks does, begins behind it.
                self._pieces.append(text)
            if self._links:
                self._linked += len(text)
            self._broken = self._broken and blank

    def end_block(self) -> None:
        if self._pieces:
            text, spans = told_apart(blocks.prose("".join(self._pieces)))
            if text:
                holder = self._held[-1] if self._held else self.top
                draft = self._draft(text, spans)
                self.done.append(Leaf(draft=draft, element=holder, linked=self._linked))
            self._pieces.clear()
        self._broken = False
        self._linked = 0

    def _draft(self, text: str, spans: tuple[tuple[int, int], ...]) -> Draft:
        if self._heading:
            return Draft(text=text, kind="heading", level=self._heading, altered=spans)
        if self._item is not None:
            item, self._item = self._item, None
            return Draft(
                text=text,
                kind="item",
                level=max(1, self._level),
                marker=self._numbers.marker(item),
                altered=spans,
            )
        return Draft(text=text, kind="quotation" if self._quoted else "paragraph", altered=spans)


def _runs_together(element: Element, pieces: list[str]) -> bool:
    """Whether only a stylesheet keeps an element apart from the one before: a name, a value."""
    before = element.getprevious()
    if before is None or before.tail or not pieces or not pieces[-1][-1:].isalnum():
        return False
    if element.get("role") in _CELL_ROLES:
        return True
    parent = element.getparent()
    if (
        parent is None
        or parent.tag in INLINE
        or not has_few(parent, _FEW)
        or (parent.text or "").strip()
    ):
        return False
    if before.get("class") is None or element.get("class") is None:
        return False
    texts = (len("".join(one.itertext()).strip()) for one in (before, element))
    return min(texts) > 1 and not any((one.tail or "").strip() for one in parent)
