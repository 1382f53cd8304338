"""ODS workbooks: what a reader of their sheets sees, each value as it is shown.

Source: OASIS OpenDocument 1.3, part 3, 9 (tables). Hidden sheets, rows and columns are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.packed.archive import Archive, attribute, elements_of, free, local
from codexity.adapters.extract.packed.core import dates_told, properties
from codexity.adapters.extract.packed.docx_styles import number_of
from codexity.adapters.extract.packed.odf_styles import (
    STYLED,
    Styles,
    check_unlocked,
    styles_of,
)
from codexity.adapters.extract.packed.odf_words import Words
from codexity.adapters.extract.packed.odt import CONTENT, META
from codexity.adapters.extract.packed.sheets import MOST_COLUMNS, Bound, Sheet
from codexity.adapters.extract.packed.tree import new
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_WHAT: Final = "ODS"
_TAGS: Final = (
    *STYLED,
    "{*}table-column",
    "{*}table-cell",
    "{*}covered-table-cell",
    "{*}table-row",
)
_SHUT: Final = "collapse"
"""Rows that a filter hides (`filter`) come back when it is taken off, and are read."""
_MOST_REPEATED: Final = 100
"""A value that many rows or columns repeat is said no more often."""


def read_ods(body: bytes, url: str) -> Page:
    """A workbook, sheet by sheet: its rows with the heads of their columns.

    Raises:
        Unreadable: `bad_content` where it is locked or damaged, `too_large` for a bomb.
    """
    archive = Archive(body, _WHAT)
    check_unlocked(archive)
    reader = _Reader(styles_of(archive))
    found, is_cut = bounded(reader.drafts(archive))
    known = properties(archive, META)
    dates = dates_told(known.get("creation-date", ""), known.get("date", ""))
    title = known.get("title", "")
    return page_of(found, url, title=title, dates=dates, is_cut=is_cut or reader.bound.is_cut)


class _Reader:
    """Reads the sheets of a workbook that can be seen, in their order."""

    def __init__(self, styles: Styles) -> None:
        self.bound = Bound()
        self._styles = styles
        self._words = Words(styles)
        self._sheets: list[Sheet] = []
        self._table: Element | None = None
        self._sheet: Sheet | None = None
        self._row = self._column = self._columns = 0
        self._held: list[tuple[int, str]] = []
        self._hidden: set[int] = set()

    def drafts(self, archive: Archive) -> Iterator[Draft]:
        with archive.opened(CONTENT) as file:
            for element in elements_of(file, _TAGS):
                if local(element) in {"style", "list-style"}:
                    self._styles.learn(element)
                    continue
                self._enter(element)
                if self._sheet is not None:
                    self._take(element, self._sheet)
                free(element)
                if self.bound.is_full:
                    break
        for sheet in self._sheets:
            yield from sheet.drafts(is_alone=len(self._sheets) == 1)

    def _enter(self, element: Element) -> None:
        """Notes which sheet an element is in; none where that cannot be seen."""
        tables = [one for one in element.iterancestors() if local(one) == "table"]
        table = tables[-1] if tables else None
        if table is self._table:
            return
        self._table = table
        self._sheet = None
        self._row = self._column = self._columns = 0
        self._hidden.clear()
        self._held.clear()
        style = "" if table is None else attribute(table, "style-name")
        if table is not None and not self._styles.of("table", style).is_hidden:
            self._sheet = Sheet(attribute(table, "name"), self.bound)
            self._sheets.append(self._sheet)

    def _take(self, element: Element, sheet: Sheet) -> None:
        match local(element):
            case "table-column":
                count = number_of(element, "number-columns-repeated") or 1
                if attribute(element, "visibility") == _SHUT and not _is_grouped(element):
                    last = min(self._columns + count, MOST_COLUMNS)
                    self._hidden.update(range(self._columns, last))
                self._columns += count
            case "table-row":
                self._end_row(element, sheet)
            case _:
                self._cell(element, sheet)

    def _cell(self, cell: Element, sheet: Sheet) -> None:
        repeated = number_of(cell, "number-columns-repeated") or 1
        text = self._shown(cell) if local(cell) == "table-cell" else ""
        first, self._column = self._column, self._column + repeated
        for column in range(first, min(first + min(repeated, _MOST_REPEATED), MOST_COLUMNS)):
            if text and column not in self._hidden:
                self._held.append((column, text))
        rows = number_of(cell, "number-rows-spanned") or 1
        columns = number_of(cell, "number-columns-spanned") or 1
        sheet.merge((self._row, first), (self._row + rows - 1, first + columns - 1))

    def _shown(self, cell: Element) -> str:
        style = self._styles.of("table-cell", attribute(cell, "style-name"))
        if style.is_unseen or style.is_struck:
            return ""
        said: list[str] = []
        for one in cell.iterchildren("{*}p"):
            holder = new("p")
            _, links = self._words.say(holder, one)
            said.append("".join(holder.itertext()))
            said += [f" ({target})" for _, target in links]
            self._words.notes.clear()
        return " ".join(said)

    def _end_row(self, row: Element, sheet: Sheet) -> None:
        repeated = number_of(row, "number-rows-repeated") or 1
        if attribute(row, "visibility") != _SHUT or _is_grouped(row):
            for number in range(self._row, self._row + min(repeated, _MOST_REPEATED)):
                for column, text in self._held:
                    sheet.put(number, column, text)
        self._row += repeated
        self._column = 0
        self._held.clear()


def _is_grouped(element: Element) -> bool:
    """Whether rows or columns are of a group, which can be unfolded."""
    return any(local(one).endswith("-group") for one in element.iterancestors())
