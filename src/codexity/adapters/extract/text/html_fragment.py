"""Pieces of HTML within Markdown as blocks: a table may begin in one and end in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft

_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<closes>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[^<>]*>", re.DOTALL
)
_PARTING: Final = frozenset(
    """p div section article header footer main aside ul ol dl dt dd table thead tbody tfoot caption
    blockquote figure figcaption details summary hr pre center form fieldset address""".split()
)
_STRUCK: Final = frozenset({"del", "s", "strike"})


class HtmlFragment:
    """Reads the pieces of HTML of one document, in their order."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._kind = ""
        self._cells: list[str] | None = None
        self._header: tuple[str, ...] = ()
        self._of_head: list[bool] = []
        self._lists = self._struck = 0

    def drafts(self, source: str) -> Iterator[Draft]:
        """The blocks of one piece; what it leaves open may go on in the next."""
        end = 0
        for piece in _PIECE.finditer(source):
            self._say(source[end : piece.start()])
            end = piece.end()
            name = (piece["name"] or "").lower()
            if name:
                yield from self._tag(name, closes=bool(piece["closes"]))
        self._say(source[end:])
        if self._cells is None:
            yield from self._end_block()

    def _say(self, text: str) -> None:
        if not self._struck:
            self._text.append(unescape(text))

    def _tag(self, name: str, *, closes: bool) -> Iterator[Draft]:
        if name in {"td", "th"} and self._cells is not None:
            if closes:
                self._cells.append(self._taken())
                self._of_head.append(name == "th")
            else:
                self._text.clear()
        elif name == "tr":
            yield from self._row(closes=closes)
        elif name in {"br", "img"} or self._cells is not None:
            self._text.append(" ")
        elif name in _STRUCK:
            self._struck = max(0, self._struck + (-1 if closes else 1))
        elif name in _PARTING or name == "li" or (name[0] == "h" and name[1:].isdigit()):
            yield from self._end_block()
            self._lists += {"ul": 1, "ol": 1}.get(name, 0) * (-1 if closes else 1)
            self._kind = "" if closes else name
            self._header = () if name == "table" else self._header

    def _row(self, *, closes: bool) -> Iterator[Draft]:
        if not closes:
            yield from self._end_block()
            self._cells, self._of_head = [], []
            return
        cells = tuple(self._cells or ())
        is_head = len(cells) > 1 and all(self._of_head) and not self._header
        if cells:
            yield blocks.row(cells, () if is_head else self._header)
        self._header = cells if is_head else self._header
        self._cells = None
        self._text.clear()

    def _taken(self) -> str:
        text = blocks.prose("".join(self._text))
        self._text.clear()
        return text

    def _end_block(self) -> Iterator[Draft]:
        kind, self._kind = self._kind, ""
        if kind == "pre":
            yield Draft(text=blocks.code("".join(self._text)), kind="code")
        elif kind == "li":
            yield Draft(text=self._taken(), kind="item", level=max(1, self._lists))
        elif kind[:1] == "h" and kind[1:].isdigit():
            yield Draft(text=self._taken(), kind="heading", level=min(6, int(kind[1:])))
        else:
            yield Draft(
                text=self._taken(), kind="quotation" if kind == "blockquote" else "paragraph"
            )
        self._text.clear()
