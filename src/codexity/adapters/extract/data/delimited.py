"""Values parted by commas, semicolons, tabs or bars: each row with the heads of its columns.

Source: RFC 4180, and what spreadsheets write: `sep=;` in the first line, semicolons where the comma
is a decimal sign, lines above the heads.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.errors import Unreadable
from codexity.model import Page

_TOLD = re.compile(r"[\"']?sep=(.)[\"']?[ \t]*(?:\n|\Z)", re.IGNORECASE)
_DELIMITERS: Final = ("\t", ";", ",", "|")
_LOOKED_AT: Final = 200
_LOOKED_AT_CHARS: Final = 65_536
_MOST_ABOVE: Final = 30
"""Lines above the heads: whose account it is, from when to when."""
_LONGEST_CELL: Final = 1_000_000
_LONGEST_HEAD: Final = 60
_FIGURE = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,:/%' \u00a0-]*[^\W\d]{0,3}[)%€$£]?")
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d")


def read_delimited(text: str, url: str) -> Page:
    """A table of values as rows, each with the heads of its columns.

    Raises:
        Unreadable: `bad_content` where a value has no end.
    """
    rows = _rows(blocks.visible(text).lstrip("\n"))
    try:
        drafts, is_cut = bounded(table_drafts(rows))
    except csv.Error as error:
        raise Unreadable(f"It is no table: {error}.", code="bad_content") from error
    return page_of(drafts, url, is_cut=is_cut)


def table_drafts(rows: Iterable[Sequence[str]]) -> Iterator[Draft]:
    """The rows of a table with its heads; what stands above these are pairs and paragraphs."""
    waiting = (row for row in rows if any(row))
    first = list(islice(waiting, _LOOKED_AT))
    if not first:
        return
    above = _above(first)
    for row in first[:above]:
        yield _line([cell for cell in row if cell])
    first = first[above:]
    header = [cell[:_LONGEST_HEAD] for cell in first[0]] if names_columns(first) else []
    if header:
        yield blocks.row([cell for cell in first[0] if cell])
    for part in (first[1:] if header else first, waiting):
        for row in part:
            yield _row(row, header)


def _row(row: Sequence[str], header: Sequence[str]) -> Draft:
    """A row without its empty cells; a row that is longer than the heads has some without one."""
    heads = [*header, *("" for _ in row[len(header) :])]
    said = [(cell, head) for cell, head in zip(row, heads, strict=False) if cell]
    return blocks.row([cell for cell, _ in said], tuple(head for _, head in said))


def _line(cells: Sequence[str]) -> Draft:
    if len(cells) == 2:
        return blocks.pair(cells[0].rstrip(":"), cells[1])
    return Draft(text=" ".join(cells))


def _above(rows: Sequence[Sequence[str]]) -> int:
    """How many rows stand above the heads: these fill as many columns as most rows do."""
    counts = Counter(_filled(row) for row in rows)
    usual = max(counts, key=lambda count: (counts[count], count))
    if usual < 3:
        return 0
    widest = next((at for at, row in enumerate(rows) if 3 * _filled(row) > 2 * usual), 0)
    return widest if widest <= _MOST_ABOVE else 0


def _filled(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it has no figures, but for years behind a name."""
    first = [cell for cell in rows[0] if cell]
    if len(rows) < 2 or len(first) < 2 or len(set(first)) < len(first):
        return False
    figures = [cell for cell in first if _FIGURE.fullmatch(cell)]
    if not figures:
        return True
    years = all(map(_YEAR.fullmatch, figures)) and figures in (
        sorted(figures),
        sorted(figures, reverse=True),
    )
    return years and len(figures) > 1 and first[0] not in figures


def _rows(text: str) -> Iterator[list[str]]:
    """The rows; where a quotation mark is never closed all are characters like others."""
    told = _TOLD.match(text)
    if told:
        text = text[told.end() :]
    delimiter = told[1] if told else _delimiter(text[:_LOOKED_AT_CHARS])
    lines = text.split("\n")
    slashed = '\\"' in text and '""' not in text
    quoted = _is_closed(lines, delimiter, slashed=slashed)
    for row in _parsed(lines, delimiter, quoted=quoted, slashed=slashed):
        yield [blocks.prose(cell if quoted else cell.strip().strip('"')) for cell in row]


def _is_closed(lines: Sequence[str], delimiter: str, *, slashed: bool) -> bool:
    """Whether every quotation mark that opens a value has one that closes it."""
    longest = max(map(len, lines))
    last: list[str] = []
    try:
        for last in _parsed([*lines, "\0end"], delimiter, quoted=True, slashed=slashed):
            if any(cell.count("\n") > _LOOKED_AT and len(cell) > longest for cell in last):
                return False
    except csv.Error:
        return False
    return last == ["\0end"]


def _parsed(
    lines: Iterable[str], delimiter: str, *, quoted: bool, slashed: bool
) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(
        (f"{line}\n" for line in lines),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        escapechar="\\" if slashed and quoted else None,
        doublequote=not slashed,
        skipinitialspace=True,
    )


def _delimiter(sample: str) -> str:
    """What parts the values: most rows have as many of them, and more than one."""
    lines = sample.split("\n")[: _LOOKED_AT + 1]
    best, score = ",", (0.0, 0)
    for one in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in _parsed(lines, one, quoted=True, slashed=False))
        except csv.Error:
            continue
        widths.pop(0, None)
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width = max(wide, key=lambda count: (wide[count], count))
        found = (wide[width] / widths.total(), width)
        if found > score:
            best, score = one, found
    return best
