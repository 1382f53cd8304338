"""Org documents: outlines with states, tags, drawers, tables and source blocks.

Source: the manual of Org mode, and its syntax as orgmode.org/worg describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.figures import spelt_high, spelt_low
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text.markdown_inline import shown_address, spelt_marked
from codexity.model import Page

_KEYWORD = re.compile(r"\s*#\+([A-Za-z_]+(?:\[[^\]\n]*\])?):(?:\s+(.*))?")
_BEGIN = re.compile(r"\s*#\+begin_(\w+)", re.IGNORECASE)
_HEADING = re.compile(r"(\*+)\s+(\S.*)")
_STATE = re.compile(
    r"(TO(?:DO)|DONE|NEXT|WAITING|WAIT|HOLD|STARTED|PROJ|SOMEDAY|CANCELLED|CANCELED)(?:\s+|\Z)"
)
_PRIORITY = re.compile(r"\[#[A-Z0-9]\]\s*")
_TAGS = re.compile(r"\s:((?:[\w@#%]+:){1,20})\Z")
_DRAWER = re.compile(r"\s*:([\w-]+):\s*")
_PROPERTY = re.compile(r"\s*:([\w+-]+):\s+(\S.*)")
_PLANNED = re.compile(r"(SCHEDULED|DEADLINE|CLOSED):\s*[<\[]([^<>\[\]\n]{1,80})[>\]]")
_ITEM = re.compile(
    r"(\s*)(?:[-+]|\*(?<=\s\*)|(\d{1,4}[.)]))\s+(?:\[@\d+\]\s+)?(?:\[([ xX-])\]\s+)?(.*)"
)
_FOOTNOTE = re.compile(r"\[fn:([\w-]{1,60})\]\s*(.*)")
_LINK = re.compile(r"\[\[([^\[\]\n]{1,500})\](?:\[([^\[\]\n]{1,500})\])?\]")
_NO_WORDS = re.compile(
    r"\[fn:[\w-]{0,60}(?::[^\[\]\n]{0,300})?\]|\{\{\{[^{}\n]{0,300}\}\}\}|<<[^<>\n]{1,200}>>"
)
_WEEKDAY = re.compile(r"(\d{4}-\d\d-\d\d) .*")
_TIME = re.compile(r"[<\[](\d{4}-\d\d-\d\d[^<>\[\]\n]{0,40})[>\]]")
_STRUCK = re.compile(r"(?<![\w+])\+(?=\S)[^+\n]{1,300}(?<=\S)\+(?![\w+])")
_MARKED = re.compile(
    r"(?<![^\s\-({'\"])([*/=~_])(?=\S)([^\n]{1,300}?)(?<=\S)\1(?![^\s\-.,;:!?'\")}\[])"
)
_RAISED = re.compile(r"(?<=\S)\^\{([^{}\n]{1,40})\}")
_LOWERED = re.compile(r"(?<=\w)_\{([^{}\n]{1,40})\}")
_CODE: Final = frozenset({"src", "example", "export"})
_TOLD: Final = ("author", "filetags", "keywords", "description", "subtitle", "email")
_OF_NO_READER: Final = frozenset(
    {"id", "custom_id", "visibility", "ordered", "category", "header-args"}
)
_DEEPEST: Final = 8


def read_org(text: str, url: str) -> Page:
    """An Org document as plain text: no asterisks, drawers or keywords.

    What is struck out or a comment is left out; states, tags and properties are pairs.
    """
    reader = _Reader()
    drafts = [
        blocks.told(one) for one in reader.of(blocks.visible(text).split("\n")) if one.text.strip()
    ]
    told = reader.keywords
    said = [blocks.pair(name, told[name]) for name in _TOLD if told.get(name)]
    # A timestamp has the day of the week behind its date.
    dated = _WEEKDAY.sub(r"\1", told.get("date", ""))
    headings = (one.text for one in drafts if one.kind == "heading")
    return page_of(
        [*said, *drafts],
        url,
        title=told.get("title", "") or next(headings, ""),
        dates=dates_of(drafts, dated),
    )


class _Reader:
    """Reads line by line; `keywords` are those of the document, by their names in lower case."""

    def __init__(self) -> None:
        self.keywords: dict[str, str] = {}
        self._held: list[str] = []
        self._as = Draft(text="")
        self._rows: list[str] = []
        self._within = ""
        self._commented = 0

    def of(self, lines: list[str]) -> Iterator[Draft]:
        for line in lines:
            if self._within:
                yield from self._of_block(line)
            elif match := _HEADING.match(line):
                yield from self._end()
                yield from self._of_heading(len(match[1]), match[2])
            elif not self._commented:
                yield from self._of_line(line)
        yield from self._end(unclosed=True)

    def _of_heading(self, level: int, text: str) -> Iterator[Draft]:
        if self._commented and level > self._commented:
            return
        self._commented = level if text.startswith("COMMENT ") else 0
        if self._commented:
            return
        tags = _TAGS.search(text[-400:])
        text = text[: len(text) - len(tags.group())] if tags else text
        state = _STATE.match(text)
        text = _PRIORITY.sub("", text[state.end() :] if state else text, count=1)
        yield Draft(text=_words(text), kind="heading", level=min(_DEEPEST, level))
        if state:
            yield blocks.pair("state", state[1])
        if tags:
            yield blocks.pair("tags", ", ".join(tags[1].strip(":").split(":")))

    def _of_line(self, line: str) -> Iterator[Draft]:
        bare = line.strip()
        if bare.startswith("|"):
            self._rows.append(bare)
            return
        yield from self._table()
        if match := _BEGIN.match(line):
            yield from self._end()
            self._within = match[1].lower()
        elif match := _KEYWORD.fullmatch(line):
            yield from self._end()
            yield from self._keyword(match[1].lower(), _words(match[2] or ""))
        elif not bare or bare == "#" or bare.startswith("# ") or set(bare) == {"-"}:
            yield from self._end()
        elif bare.startswith(": ") or bare == ":":
            yield from self._fixed(bare[2:])
        elif (drawer := _DRAWER.fullmatch(line)) and drawer[1].upper() != "END":
            yield from self._end()
            self._within = f":{drawer[1].lower()}"
        elif planned := _PLANNED.findall(line):
            yield from self._end()
            yield from (blocks.pair(name.capitalize(), when) for name, when in planned)
        else:
            yield from self._of_text(line, bare)

    def _of_text(self, line: str, bare: str) -> Iterator[Draft]:
        if note := _FOOTNOTE.match(line):
            yield from self._end()
            self._as = Draft(text="", kind="item", level=1, marker=f"[{note[1]}]")
            self._held.append(note[2])
        elif item := _ITEM.match(line):
            yield from self._end()
            level = min(_DEEPEST, 1 + len(item[1].expandtabs()) // 2)
            marker = item[2] or (f"[{item[3]}]" if item[3] else "")
            self._as = Draft(text="", kind="item", level=level, marker=marker)
            self._held.append(item[4].replace(" :: ", ": ", 1))
        else:
            if self._as.kind == "code":
                yield from self._end()
            self._held.append(bare)

    def _fixed(self, text: str) -> Iterator[Draft]:
        if self._as.kind != "code":
            yield from self._end()
            self._as = Draft(text="", kind="code")
        self._held.append(text)

    def _of_block(self, line: str) -> Iterator[Draft]:
        """A line within a block (`#+begin_src`) or a drawer (`:PROPERTIES:`)."""
        name, low = self._within, line.strip().lower()
        if low in {f"#+end_{name}", ":end:"}:
            yield from self._close()
        elif name == ":properties":
            match = _PROPERTY.fullmatch(line)
            if match and match[1].lower() not in _OF_NO_READER and not self._commented:
                yield blocks.pair(match[1].lower(), _words(match[2]))
        elif name not in {":logbook", "comment"}:
            self._held.append(line)

    def _close(self) -> Iterator[Draft]:
        name, lines = self._within, self._held
        self._within, self._held = "", []
        if self._commented:
            return
        if name in _CODE:
            yield Draft(text=blocks.code("\n".join(lines)), kind="code")
        elif name == "verse":
            yield from (Draft(text=_words(line)) for line in lines)
        else:
            kind = "quotation" if name == "quote" else "paragraph"
            for part in "\n".join(lines).split("\n\n"):
                yield Draft(text=_words(part.replace("\n", " ")), kind=kind)

    def _end(self, *, unclosed: bool = False) -> Iterator[Draft]:
        """What is held becomes a block; a block that is never closed is one all the same."""
        yield from self._table()
        if unclosed and self._within:
            yield from self._close()
        held, like = self._held, self._as
        self._held, self._as = [], Draft(text="")
        if not held:
            return
        if like.kind == "code":
            yield Draft(text=blocks.code("\n".join(held)), kind="code")
            return
        source = " ".join(held)
        is_item = like.kind == "item" or _LINK.fullmatch(source) is not None
        text = _words(source, addresses=is_item)
        yield Draft(text=text, kind=like.kind, level=like.level, marker=like.marker)
        for target, words in _LINK.findall(source) if not is_item else ():
            if words and (address := shown_address(target, words)):
                yield blocks.pair(_words(words), address)

    def _table(self) -> Iterator[Draft]:
        rows, self._rows = self._rows, []
        if rows:
            yield from self._end()
        header: tuple[str, ...] = ()
        ruled = len(rows) > 1 and rows[1].startswith("|-")
        for at, line in enumerate(rows):
            if not line.startswith("|-"):
                cells = tuple(_words(cell, addresses=True) for cell in line.strip("|").split("|"))
                yield blocks.row(cells, header)
                header = cells if ruled and not at else header

    def _keyword(self, name: str, value: str) -> Iterator[Draft]:
        if name.startswith("caption"):
            yield Draft(text=value)
        elif value:
            self.keywords[name] = f"{self.keywords.get(name, '')} {value}".strip()


def _words(text: str, *, addresses: bool = False) -> str:
    """A run of Org as a reader sees it; with `addresses`, those behind the words of links."""
    if "[" in text or "{" in text or "<" in text:
        text = _NO_WORDS.sub("", text)
        text = _LINK.sub(lambda match: _link(match[1], match[2], addresses=addresses), text)
        text = _TIME.sub(r"\1", text)
        text = _RAISED.sub(partial(spelt_marked, spelt_high), text)
        text = _LOWERED.sub(partial(spelt_marked, spelt_low), text)
    text = _STRUCK.sub(" ", text)
    for _ in range(2):
        # Marks within marks: `*=both=*`.
        text = _MARKED.sub(r"\2", text)
    return blocks.prose(text)


def _link(target: str, words: str | None, *, addresses: bool) -> str:
    if not words:
        return target.removeprefix("file:").removeprefix("*")
    address = shown_address(target, words)
    return f"{words} ({address})" if address and addresses else words
