"""Blocks of code: their lines as they stand, without the numbers and buttons beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.alterations import unmarked
from codexity.adapters.extract.html.neighbours import has_few

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_BLOCKS: Final = frozenset({"pre", "xmp", "listing", "plaintext"})
_PARENTS: Final = frozenset({"body", "blockquote", "div", "figure", "section", "article", "main"})
_OWN_LINE: Final = frozenset(
    {"div", "li", "p", "tr", "ol", "ul", "table", "tbody", "section", "pre"}
)
_EDITORS: Final = frozenset(
    {"react-code-lines", "CodeMirror-code", "cm-content", "ace_text-layer", "view-lines"}
)
_FEW: Final = 8
_UNREAD: Final = frozenset({"button", "script", "style", "svg", "input", "select", "textarea"})
_NUMBERS = re.compile(
    r"gutter|line-?n(?:o|um)|blob-num|ln-num|line-numbers-rows|rowno|(?:^|\s)ln(?:\s|$)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[\s\d]*")
_OPEN: Final = re.compile(r"white-space:pre(?!-line)")
_CODE_CELL = re.compile(r"code|blob|hljs|line", re.IGNORECASE)
_CLASSES = re.compile(r"(?:highlight|code-?block|hljs|rouge|crayon|syntax|lineno)", re.IGNORECASE)
_LINE_CLASSES: Final = frozenset({"line", "code-line", "cl", "view-line", "token-line", "ec-line"})


def is_code(element: Element) -> bool:
    """Whether an element is a block of code, and none of the words of a line."""
    tag = element.tag
    if tag in _BLOCKS or (tag == "div" and _is_editor(element)):
        return True
    if tag == "code":
        parent = element.getparent()
        if parent is not None and _may_hold(parent, element) and _is_alone(element, parent):
            return True
        return "\n" in "".join(element.itertext()).strip() and _keeps_lines(element)
    if tag in {"div", "p", "samp", "kbd"} and "white-space" in element.get("style", ""):
        return _OPEN.search("".join(element.get("style", "").lower().split())) is not None
    return False


def _is_editor(element: Element) -> bool:
    return not _EDITORS.isdisjoint(element.get("class", "").split())


def _may_hold(parent: Element, element: Element) -> bool:
    return parent.tag in _PARENTS or (parent.tag == "p" and element.find("br") is not None)


def is_listing(table: Element) -> bool:
    """Whether a table only sets code beside the numbers of its lines."""
    cells = list(islice(table.iter("td", "th"), 2))
    if not cells or cells[0].tag == "th":
        return False
    numbered = _is_numbering(cells[0])
    if not numbered and not _CLASSES.match(table.get("class", "")):
        return False
    if numbered and len(cells) > 1 and _CODE_CELL.search(cells[1].get("class", "")):
        return True
    return cells[-1].find(".//pre") is not None


def code_of(element: Element) -> str:
    """The lines of a block of code."""
    return blocks.code(unmarked("".join(_texts(element)))).strip("\n")


def _is_alone(element: Element, parent: Element) -> bool:
    """Whether nothing else stands on the line of an element: it is a block then."""
    return has_few(parent, _FEW) and not (
        (parent.text or "").strip()
        or any((one.tail or "").strip() for one in parent)
        or any(one is not element and one.tag in {"a", "span", "b", "em"} for one in parent)
    )


def _keeps_lines(element: Element) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return _OPEN.search(style) is not None or element.find(".//br") is not None


def _is_numbering(element: Element) -> bool:
    name = f"{element.get('class', '')} {element.get('id', '')}"
    if not _NUMBERS.search(name):
        behind = element.getnext() if element.tag == "td" else None
        if behind is None or behind.tag != "td" or behind.find(".//pre") is None:
            return False
    return _DIGITS.fullmatch("".join(element.itertext())) is not None


def _texts(top: Element) -> Iterator[str]:
    """The text of a block, with a line break where an element has a line of its own."""
    from lxml.etree import iterwalk

    walk = iterwalk(top, events=("start", "end"))
    last = "\n"
    for event, element in walk:
        piece: str | None = None
        if event == "start":
            if element.tag in _UNREAD or (element is not top and _is_numbering(element)):
                walk.skip_subtree()
                continue
            if element.tag == "br" or (_has_own_line(element) and not last.endswith("\n")):
                yield "\n"
                last = "\n"
            piece = element.text
        elif element is not top:
            if _has_own_line(element) and not last.endswith("\n"):
                yield "\n"
                last = "\n"
            piece = element.tail
        if piece:
            yield piece
            last = piece


def _has_own_line(element: Element) -> bool:
    if element.tag in _OWN_LINE:
        return True
    return element.tag in {"span", "code"} and (
        element.get("data-line") is not None
        or not _LINE_CLASSES.isdisjoint(element.get("class", "").split())
    )
