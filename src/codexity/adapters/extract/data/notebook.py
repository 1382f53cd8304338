"""Jupyter notebooks: their text, their code, and the beginning of what it gave out.

Source: the notebook format of nbformat 4, and 3 for older ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, cast

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.data.json_values import not_json
from codexity.adapters.extract.html.whole import whole_text
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text.front_matter import FrontMatter, front_matter
from codexity.adapters.extract.text.markdown import MarkdownText
from codexity.adapters.extract.text.plain_text import drafts_of
from codexity.errors import Unreadable
from codexity.model import Page

_MOST_LINES: Final = 20
_MOST_CHARS: Final = 2_000
_MOST_BLOCKS: Final = 40
"""Of one output: what is longer is data, and seldom what somebody asks for."""
_LARGEST_HTML: Final = 200_000
_DEEPEST: Final = 6
_COLOR = re.compile(r"\x1b(?:\[[0-9;?]{0,40}[A-Za-z]|\][^\x07\n]{0,200}\x07)?")
_OBJECT = re.compile(r"\[?<[^<>\n]{1,200}>(?: at 0x[0-9a-f]+)?\]?")
"""What stands for a picture or an object: `<Figure size 640x480 with 1 Axes>`."""
_RESULTS: Final = frozenset({"execute_result", "display_data", "pyout"})
_OLD_NAMES: Final = {"text": "text/plain", "html": "text/html", "markdown": "text/markdown"}

Values = Mapping[str, Any]


def read_notebook(text: str, url: str) -> Page:
    """A notebook: Markdown as such, code as code, and of each output no more than its beginning.

    Raises:
        Unreadable: `bad_content` where it is no notebook.
    """
    try:
        value: Any = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise not_json(error) from error
    notebook = _values(value)
    cells = list(_cells(notebook))
    if not cells and not isinstance(notebook.get("cells"), list):
        raise Unreadable("It is no notebook: it holds no cells.", code="bad_content")
    reader = _Reader()
    found, is_cut = bounded(one for cell in cells for one in reader.of(cell))
    about = _values(notebook.get("metadata"))
    front = reader.front
    headings = (one.text for one in found if one.kind == "heading")
    return page_of(
        found,
        url,
        title=front.title or _line(about, "title") or next(headings, ""),
        dates=dates_of(found, front.published or _line(about, "date"), front.modified),
        is_cut=is_cut,
    )


def _cells(notebook: Values) -> Iterator[Values]:
    held = [notebook, *map(_values, _list(notebook, "worksheets"))]
    return (_values(cell) for one in held for cell in _list(one, "cells"))


class _Reader:
    """Reads cell by cell; `front` is what the notebook says of itself in the first one."""

    def __init__(self) -> None:
        self.front = FrontMatter()
        self._is_first = True
        self._markdown = MarkdownText(own=True)

    def of(self, cell: Values) -> Iterator[Draft]:
        source = blocks.visible(_text(cell, "source") or _text(cell, "input"))
        is_first, self._is_first = self._is_first, False
        kind = _line(cell, "cell_type")
        if kind == "code":
            yield Draft(text=blocks.code(source), kind="code")
            for output in _list(cell, "outputs"):
                yield from self._output(_values(output))
            return
        if is_first:
            self.front = front_matter(source)
            source = source[self.front.end :]
            yield from self.front.drafts()
        if kind == "heading":
            level = cell.get("level")
            rank = level if isinstance(level, int) and 0 < level < _DEEPEST else 1
            yield Draft(text=blocks.prose(source), kind="heading", level=rank)
        elif kind == "markdown":
            yield from self._markdown.drafts(source)
        elif kind == "raw":
            yield from drafts_of(source, first=False)

    def _output(self, output: Values) -> Iterator[Draft]:
        kind = _line(output, "output_type")
        if kind == "stream":
            yield from _beginning(_text(output, "text"))
        elif kind in {"error", "pyerr"}:
            said = f"{_line(output, 'ename')}: {_line(output, 'evalue')}".strip(": ")
            yield from _beginning(said)
        elif kind in _RESULTS:
            data = {**_values(output.get("data"))}
            data |= {new: output[old] for old, new in _OLD_NAMES.items() if old in output}
            yield from self._result(data)

    def _result(self, data: Values) -> Iterator[Draft]:
        """What is shown of a result: its table, its Markdown, else its plain text."""
        page = _text(data, "text/html")
        if "<table" in page and len(page) <= _LARGEST_HTML:
            yield from islice(whole_text(page), _MOST_BLOCKS)
        elif shown := _text(data, "text/markdown"):
            yield from islice(self._markdown.drafts(blocks.visible(shown)), _MOST_BLOCKS)
        else:
            plain = _text(data, "text/plain")
            if not _OBJECT.fullmatch(plain.strip()):
                yield from _beginning(plain)


def _beginning(text: str) -> Iterator[Draft]:
    """The first lines of an output, as a terminal shows them in the end."""
    lines = _COLOR.sub("", text[: 20 * _MOST_CHARS]).split("\n")
    shown = [line.rstrip("\r").rpartition("\r")[2] for line in lines[:_MOST_LINES]]
    yield Draft(text=blocks.code("\n".join(shown)[:_MOST_CHARS]), kind="code")


def _values(value: Any) -> Values:
    return cast("Values", value) if isinstance(value, dict) else {}


def _list(values: Values, name: str) -> list[Any]:
    found = values.get(name)
    return cast("list[Any]", found) if isinstance(found, list) else []


def _text(values: Values, name: str) -> str:
    """A text, which may be kept as a list of its lines."""
    found = values.get(name)
    parts = cast("list[Any]", found) if isinstance(found, list) else [found]
    return "".join(one for one in parts if isinstance(one, str))


def _line(values: Values, name: str) -> str:
    return blocks.prose(_text(values, name)[:1_000])
