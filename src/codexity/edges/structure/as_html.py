"""A page's structure as HTML; all of its text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from codexity.edges.structure.walk import Part, cells, parts, said, table
from codexity.model import Block, Page

_NUMBER: Final = re.compile(r"(\d{1,9})[.)]")
_TAGS: Final = {"code": "pre", "quotation": "blockquote"}
_DEEPEST: Final = 12
_LONG: Final = 40
"""So many characters of a cell are running text, which is to have room for some words a line."""
_HIGHEST: Final = 2
"""A heading of the page stands below its title, which is the only `h1`."""


def pieces(page: Page) -> Iterator[tuple[int, str]]:
    """Each part of the page as HTML, and where it starts in the text.

    What of the text is in one block, or in one cell, is in one element: a text fragment finds it.
    """
    for part in parts(page):
        yield part.start, _part(page, part)


def _part(page: Page, part: Part) -> str:
    block = part.blocks[0]
    text = escape(said(page, block))
    match part.kind:
        case "heading":
            level = max(_HIGHEST, min(6, block.level + 1))
            return f"<h{level}>{text}</h{level}>"
        case "item":
            return "".join(_list(page, part.blocks))
        case "row":
            return _table(page, part.blocks)
        case "pair":
            return f"<dl>{''.join(_pair(page, one) for one in part.blocks)}</dl>"
        case _:
            tag = _TAGS.get(part.kind, "p")
            return f"<{tag}>{text}</{tag}>"


def _list(page: Page, items: Sequence[Block]) -> Iterator[str]:
    """Items in lists within lists, as deep as they say beside each other."""
    open_lists: list[tuple[int, str]] = []
    for item in items:
        level, tag = min(item.level, _DEEPEST), "ol" if item.marker else "ul"
        while open_lists and open_lists[-1][0] > level and len(open_lists) > 1:
            yield f"</li></{open_lists.pop()[1]}>"
        if open_lists and open_lists[-1][0] >= level:
            same = open_lists[-1][1] == tag
            yield "</li>" if same else f"</li></{open_lists.pop()[1]}>"
        if not open_lists or open_lists[-1][0] < level:
            open_lists.append((level, tag))
            yield f"<{tag}>"
        yield f"<li{_marked(item.marker)}>{escape(said(page, item))}"
    while open_lists:
        yield f"</li></{open_lists.pop()[1]}>"


def _marked(marker: str) -> str:
    if number := _NUMBER.fullmatch(marker):
        return f' value="{int(number[1])}"'
    return f' class="marked" data-marker="{escape(marker)}"' if marker else ""


def _table(page: Page, rows: Sequence[Block]) -> str:
    header, body = table(page, rows)
    head = "".join(_cell("th", one) for one in header)
    told = "".join(f"<tr>{''.join(_cell('td', one) for one in row)}</tr>" for row in body)
    head = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f'<div class="table"><table>{head}<tbody>{told}</tbody></table></div>'


def _cell(tag: str, text: str) -> str:
    long = ' class="long"' if len(text) > _LONG else ""
    return f"<{tag}{long}>{escape(text)}</{tag}>"


def _pair(page: Page, block: Block) -> str:
    key, *rest = cells(page, block)
    values = "".join(f"<dd>{escape(one)}</dd>" for one in rest)
    return f"<dt>{escape(key)}</dt>{values}"
