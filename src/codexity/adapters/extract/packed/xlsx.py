"""XLSX workbooks: what a reader of their sheets sees, each value as its format shows it.

Source: ISO/IEC 29500-1, SpreadsheetML. Hidden sheets, and cells that nothing opens, are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.packed.archive import (
    Archive,
    attribute,
    elements_of,
    free,
    local,
    root_of,
)
from codexity.adapters.extract.packed.core import dates_told, properties
from codexity.adapters.extract.packed.parts import relations
from codexity.adapters.extract.packed.sheets import MOST_COLUMNS, Bound, Sheet
from codexity.adapters.extract.packed.xlsx_styles import CellStyle, said_in, styles_of
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.adapters.extract.text.markdown_inline import shown_address
from codexity.errors import Unreadable
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

    from codexity.adapters.extract.blocks import Draft

_WHAT: Final = "XLSX"
_WORKBOOK: Final = "xl/workbook.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_TAGS: Final = tuple(
    f"{{*}}{name}" for name in ("sheetPr", "col", "c", "row", "mergeCell", "hyperlink")
)
_ON: Final = frozenset({"1", "true", "on"})
_MOST_SHEETS: Final = 200
_MOST_CHARS: Final = 8_000_000
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_SHOWN: Final[dict[str, dict[str, str]]] = {
    "b": {"0": "FALSE", "1": "TRUE"},
    "e": {"": ""},
    "str": {},
    "d": {},
}
"""What values of other types than numbers are shown as: truths, faults, and texts as they are."""


def read_xlsx(body: bytes, url: str) -> Page:
    """A workbook, sheet by sheet: its rows with the heads of their columns.

    Raises:
        Unreadable: `bad_content` where it is locked or damaged, `too_large` for a bomb.
    """
    archive = Archive(body, _WHAT)
    reader = _Reader(archive)
    found, is_cut = bounded(reader.drafts())
    known = properties(archive, "docProps/core.xml")
    dates = dates_told(known.get("created", ""), known.get("modified", ""))
    title = known.get("title", "")
    return page_of(found, url, title=title, dates=dates, is_cut=is_cut or reader.is_cut)


class _Reader:
    """Reads the sheets of a workbook that can be seen, in their order."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._bound = Bound()
        self._strings: list[str] = []
        self._styles: list[CellStyle] = []
        self._from_1904 = False

    @property
    def is_cut(self) -> bool:
        """Whether the workbook holds more than was read."""
        return self._bound.is_cut

    def drafts(self) -> Iterator[Draft]:
        if _WORKBOOK not in self._archive and "xl/workbook.bin" in self._archive:
            message = "It is a binary workbook (XLSB), which is not read. Save it again as XLSX."
            raise Unreadable(message, code="bad_content")
        sheets = list(self._sheets())
        self._strings = self._shared()
        self._styles = styles_of(self._archive)
        for name, path in sheets:
            if self._bound.is_full:
                return
            sheet = Sheet(name, self._bound)
            self._take(sheet, path)
            yield from sheet.drafts(is_alone=len(sheets) == 1)

    def _sheets(self) -> Iterator[tuple[str, str]]:
        """The names of the sheets and where they are in the archive."""
        root = root_of(self._archive.read(_WORKBOOK))
        self._from_1904 = any(
            attribute(one, "date1904").lower() in _ON for one in root.iter("{*}workbookPr")
        )
        targets = relations(self._archive, _WORKBOOK)
        seen = [one for one in root.iter("{*}sheet") if not attribute(one, "state").endswith("den")]
        for one in seen[:_MOST_SHEETS]:
            path = targets.get(attribute(one, "id"), "")
            if path in self._archive:
                yield attribute(one, "name"), path
        self._bound.is_cut = len(seen) > _MOST_SHEETS

    def _shared(self) -> list[str]:
        """The texts that cells name by their number; those behind the bound are not read."""
        found: list[str] = []
        chars = 0
        if _STRINGS in self._archive:
            with self._archive.opened(_STRINGS) as file:
                for one in elements_of(file, ("{*}si",)):
                    found.append(said_in(one))
                    free(one)
                    chars += len(found[-1]) + 1
                    if chars > _MOST_CHARS:
                        self._bound.is_cut = True
                        break
        return found

    def _take(self, sheet: Sheet, path: str) -> None:
        rows = _Rows(sheet)
        links: list[tuple[int, int, str]] = []
        with self._archive.opened(path) as file:
            for element in elements_of(file, _TAGS):
                match local(element):
                    case "c":
                        rows.cell(element, self._shown(element))
                    case "row":
                        rows.end(element)
                    case "col":
                        rows.hide(element)
                    case "sheetPr":
                        rows.is_filtered = attribute(element, "filterMode").lower() in _ON
                    case "mergeCell":
                        first, _, last = attribute(element, "ref").partition(":")
                        sheet.merge(_place(first) or (0, 0), _place(last) or (0, 0))
                    case _:
                        place = _place(attribute(element, "ref").partition(":")[0])
                        links += [(*place, attribute(element, "id"))] if place else []
                free(element)
                if self._bound.is_full:
                    break
        if links:
            self._tell_addresses(sheet, path, links)

    def _tell_addresses(self, sheet: Sheet, path: str, links: list[tuple[int, int, str]]) -> None:
        """Puts the address of a link behind the words of its cell."""
        targets = relations(self._archive, path, external=True)
        for row, column, name in links:
            words = sheet.cells.get(row, {}).get(column, "")
            target = targets.get(name, "")
            address = shown_address(target, words) if words and target else ""
            if address:
                sheet.put(row, column, f"{words} ({address})")

    def _shown(self, cell: Element) -> str:
        """What a reader sees in a cell."""
        number = attribute(cell, "s")
        style = CellStyle()
        if number.isdecimal() and int(number) < len(self._styles):
            style = self._styles[int(number)]
        if style.is_unseen:
            return ""
        kind = attribute(cell, "t")
        if kind == "inlineStr":
            return "".join(map(said_in, cell.iter("{*}is")))
        value = next((one.text or "" for one in cell if local(one) == "v"), "")
        if kind == "s":
            at = int(value) if value.isdecimal() and len(value) < 9 else len(self._strings)
            return self._strings[at] if at < len(self._strings) else ""
        if kind in _SHOWN:
            return _SHOWN[kind].get(value, "") if _SHOWN[kind] else value
        return style.format.shown(value, from_1904=self._from_1904)


class _Rows:
    """Puts the cells of one sheet into it, row by row, but for those that nothing shows."""

    def __init__(self, sheet: Sheet) -> None:
        self.is_filtered = False
        self._sheet = sheet
        self._held: list[tuple[int, str]] = []
        self._row = self._column = 0
        self._hidden: set[int] = set()

    def hide(self, columns: Element) -> None:
        """Notes columns that are hidden; those of a group are folded, and open again."""
        if _is_shut(columns):
            first, last = attribute(columns, "min"), attribute(columns, "max")
            if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
                self._hidden.update(range(int(first) - 1, min(int(last), MOST_COLUMNS)))

    def cell(self, cell: Element, text: str) -> None:
        place = _place(attribute(cell, "r"))
        column = place[1] if place else self._column
        self._column = column + 1
        if text and column not in self._hidden and len(self._held) <= MOST_COLUMNS:
            self._held.append((column, text))

    def end(self, row: Element) -> None:
        """Rows that a filter hides come back when it is taken off, and are read."""
        told = attribute(row, "r")
        number = int(told) - 1 if told.isdecimal() and len(told) < 9 else self._row
        if self.is_filtered or not _is_shut(row):
            for column, text in self._held:
                self._sheet.put(number, column, text)
        self._held.clear()
        self._row, self._column = number + 1, 0


def _is_shut(element: Element) -> bool:
    is_hidden = attribute(element, "hidden").lower() in _ON
    return is_hidden and attribute(element, "outlineLevel") in {"", "0"}


def _place(name: str) -> tuple[int, int] | None:
    """The row and column of a cell by its name (`B3`), from 0."""
    match = _PLACE.fullmatch(name)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
