"""DOCX documents: what a reader of them sees, paragraph by paragraph and table by table.

Source: ISO/IEC 29500-1, WordprocessingML. Comments, deletions and hidden text are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import hexdigits
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.html.spelling import spell_out
from codexity.adapters.extract.packed.archive import (
    Archive,
    attribute,
    elements_of,
    free,
    local,
    root_of,
)
from codexity.adapters.extract.packed.core import dates_told, properties
from codexity.adapters.extract.packed.docx_runs import Runs
from codexity.adapters.extract.packed.docx_styles import (
    Style,
    inner,
    is_on,
    number_of,
    numbering_of,
    styles_of,
)
from codexity.adapters.extract.packed.parts import relations
from codexity.adapters.extract.packed.tree import Lists, add, drafts, new, say
from codexity.adapters.extract.page_of_drafts import MOST_BLOCKS, dates_of, page_of
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_WHAT: Final = "DOCX"
_DOCUMENT: Final = "word/document.xml"
_NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml")
_AROUND: Final = frozenset({"tbl", "p"})
_MARKS: Final = "<sup><sub><del><s>"
"""What stands in the trees that are made here."""
_CODE: Final = ("code", "preformatted", "source", "listing")
_FIRST_ROW: Final = 0x20
_LOOKED_AT: Final = 20
_MOST_TAKEN: Final = 2 * MOST_BLOCKS
"""Paragraphs and tables: every second may be empty, for the space between."""
_DIGIT = re.compile(r"\d")
_PLAIN_STYLES: Final = frozenset({"", "table grid", "normal table"})


def read_docx(body: bytes, url: str) -> Page:
    """A document with its headings, lists, tables and notes; hidden and deleted text is left out.

    Raises:
        Unreadable: `bad_content` where it is locked or damaged, `too_large` for a bomb.
    """
    archive = Archive(body, _WHAT)
    reader = _Reader(archive)
    goes_on = _take_body(reader, archive)
    for name in _NOTES:
        if name in archive:
            reader.take_notes(root_of(archive.read(name)))
    spell_out(reader.tree, _MARKS)
    found, is_cut = bounded(drafts(reader.body))
    known = properties(archive, "docProps/core.xml")
    dates = dates_told(known.get("created", ""), known.get("modified", ""))
    if dates.published is None:
        dates = dates_of(found, "", known.get("modified", "")[:10])
    headings = (one.text for one in found if one.kind == "heading")
    title = reader.title or known.get("title", "") or next(headings, "")
    return page_of(found, url, title=title, dates=dates, is_cut=is_cut or goes_on)


def _take_body(reader: _Reader, archive: Archive) -> bool:
    """Reads what has a use; whether the document goes on behind it."""
    with archive.opened(_DOCUMENT) as file:
        for taken, element in enumerate(elements_of(file, ("{*}p", "{*}tbl"))):
            if taken >= _MOST_TAKEN:
                return True
            if any(local(one) in _AROUND for one in element.iterancestors()):
                continue
            reader.take(element)
            free(element)
    return False


class _Reader:
    """Makes a tree of HTML of the paragraphs and tables of a document, in their order."""

    def __init__(self, archive: Archive) -> None:
        from lxml.html import document_fromstring

        self.tree = document_fromstring("<html><body></body></html>")
        self.body: Element = self.tree[0]
        self.title = ""
        self._styles = styles_of(archive)
        self._numbering = numbering_of(archive)
        self._lists = Lists(self.body)
        self._runs = Runs(self._styles, relations(archive, _DOCUMENT, external=True))

    def take(self, element: Element) -> None:
        if local(element) == "tbl":
            self._lists.end()
            self._table(element)
        else:
            self._paragraph(element)

    def take_notes(self, top: Element) -> None:
        self._lists.end()
        for note in top:
            if attribute(note, "type"):
                continue
            for one in note.iter("{*}p"):
                self._say(add(self.body, "p"), one)

    def _paragraph(self, element: Element) -> None:
        style = self._style(element)
        level = self._level(element, style)
        list_id, depth = self._listed(element, style)
        if level:
            self._lists.end()
            holder = add(self.body, f"h{level}")
            if list_id and (label := self._numbering.label(list_id, depth)):
                say(holder, f"{label} ")
        elif list_id:
            number, kind, written = self._numbering.next(list_id, depth)
            holder = self._lists.item(list_id, depth, None if written else number)
            parent = holder.getparent()
            if kind and parent is not None:
                parent.set("type", kind)
            if written:
                say(holder, f"{written} ")
        else:
            self._lists.end()
            holder = self._plain(style)
        self._say(holder, element)
        if style.name == "title" and not self.title:
            self.title = " ".join("".join(holder.itertext()).split())

    def _plain(self, style: Style) -> Element:
        if any(word in style.name for word in _CODE):
            last = self.body[-1] if self.body.find("*") is not None else None
            around = last if last is not None and last.tag == "pre" else add(self.body, "pre")
            # An element for each line: to put text behind much text copies all of it.
            return add(around, "span")
        if "quote" in style.name:
            return add(self.body, "blockquote")
        return add(self.body, "p")

    def _say(self, holder: Element, element: Element) -> None:
        """The words of a paragraph, and the texts of the boxes that are fixed to it."""
        boxes, links = self._runs.say(holder, element)
        if holder.tag == "span":
            holder.tail = "\n"
        if holder.tag == "p":
            for words, target in links:
                pair = add(self.body, "dl")
                say(add(pair, "dt"), f"{words}:")
                say(add(pair, "dd"), target)
        else:
            for _, target in links:
                say(holder, f" ({target})")
        for box in boxes:
            # Those of boxes within it are said with the paragraph that they are fixed to.
            for one in box.iter("{*}p"):
                if _nearest(one, "txbxContent") is box:
                    self._say(add(self.body, "p"), one)

    def _style(self, element: Element) -> Style:
        return self._styles.get(attribute(inner(element, "pPr", "pStyle"), "val"), Style())

    def _level(self, element: Element, style: Style) -> int:
        outline = number_of(inner(element, "pPr", "outlineLvl"))
        return min(6, outline + 1) if outline is not None and outline < 9 else style.level

    def _listed(self, element: Element, style: Style) -> tuple[str, int]:
        own = inner(element, "pPr", "numPr")
        if own is None:
            return ("" if style.list_id == "0" else style.list_id), style.depth
        list_id = attribute(inner(own, "numId"), "val") or style.list_id
        depth = number_of(inner(own, "ilvl"))
        return ("" if list_id == "0" else list_id), style.depth if depth is None else depth

    def _table(self, element: Element) -> None:
        table = new("table")
        styled = self._styles.get(attribute(inner(element, "tblPr", "tblStyle"), "val"), Style())
        look = inner(element, "tblPr", "tblLook")
        found = _rows(element)
        first_is_head = _marks_first_row(look) and (
            styled.name not in _PLAIN_STYLES or _names_columns(found)
        )
        for number, row in enumerate(found):
            line = add(table, "tr")
            marked = is_on(inner(row, "trPr"), "tblHeader") or (number == 0 and first_is_head)
            for cell in _cells(row):
                self._cell(line, cell, is_head=bool(marked))
        _span(table)
        if len(table):
            self.body.append(table)

    def _cell(self, line: Element, cell: Element, *, is_head: bool) -> None:
        holder = add(line, "th" if is_head else "td")
        span = number_of(inner(cell, "tcPr", "gridSpan"))
        if span and 1 < span < 100:
            holder.set("colspan", str(span))
        merged = inner(cell, "tcPr", "vMerge")
        if merged is not None:
            holder.set("data-merged", attribute(merged, "val") or "continue")
        paragraphs = list(cell.iter("{*}p"))
        for one in paragraphs:
            if any(local(above) == "txbxContent" for above in one.iterancestors()):
                continue
            block = add(holder, "p")
            _, links = self._runs.say(block, one, in_table=True)
            for _, target in links:
                say(block, f" ({target})")


def _marks_first_row(look: Element | None) -> bool:
    """Whether the first row looks otherwise than the rest; older documents have it as a bit."""
    own = attribute(look, "firstRow").lower()
    bits = attribute(look, "val")
    if own or len(bits) != 4 or any(one not in hexdigits for one in bits):
        return own in {"1", "true", "on"}
    return bool(int(bits, 16) & _FIRST_ROW)


def _names_columns(rows: Sequence[Element]) -> bool:
    """Whether a first row has names over figures: Word marks that of every table as a head."""
    said = [["".join(one.itertext()) for one in _cells(row)] for row in rows[:_LOOKED_AT]]
    if len(said) < 2 or len(said[0]) < 2 or any(_DIGIT.search(one) for one in said[0]):
        return False
    below = said[1:]
    return all(map(str.strip, said[0])) and any(
        all(len(row) > at and _DIGIT.search(row[at]) for row in below)
        for at in range(1, len(said[0]))
    )


def _rows(table: Element) -> list[Element]:
    return [one for one in table.iter("{*}tr") if _nearest(one, "tbl") is table]


def _cells(row: Element) -> list[Element]:
    return [one for one in row.iter("{*}tc") if _nearest(one, "tr") is row]


def _nearest(element: Element, name: str) -> Element | None:
    return next((one for one in element.iterancestors() if local(one) == name), None)


def _span(table: Element) -> None:
    """Cells that reach over several rows, as HTML has them."""
    begun: dict[int, Element] = {}
    for row in table:
        column = 0
        for cell in list(row):
            merged = cell.attrib.pop("data-merged", "")
            width = int(cell.get("colspan", "1"))
            above = begun.get(column)
            if merged == "continue" and above is not None:
                above.set("rowspan", str(int(above.get("rowspan", "1")) + 1))
                row.remove(cell)
            elif merged:
                begun[column] = cell
            else:
                begun.pop(column, None)
            column += width
