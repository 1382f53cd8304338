"""The text of PDF documents, page by page."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.page_of_drafts import dateline_of
from codexity.adapters.extract.pdf.columns import reading_order
from codexity.adapters.extract.pdf.hyphens import Hyphens
from codexity.adapters.extract.pdf.lines import lines_of
from codexity.adapters.extract.pdf.paragraphs import (
    Line,
    Paragraph,
    paragraphs,
    repaired,
    without_running_heads,
)
from codexity.adapters.extract.text.written_day import real
from codexity.errors import Unreadable
from codexity.links import site
from codexity.model import Page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 2_000
_MOST_CHARS = 4_000_000
_MOST_SECONDS = 5.0
"""Less than a worker has: what was read until then is kept."""
_LONGEST_TITLE = 200
_HEADING = 1.15
"""How much larger a heading is than most of the text."""
_LOWEST = 6
"""The lowest rank of a heading."""
_MADE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NO_TITLE = re.compile(r"untitled|microsoft|slide \d|.*\.\w{1,5}$|.*://", re.IGNORECASE)
"""What programs write where nobody gave a title: names of files and of themselves."""


def read_pdf(body: bytes, url: str, *, seconds: float = _MOST_SECONDS) -> Page:
    """The document's text, and where each of its pages begins in it.

    Running heads and page numbers are left out, and words that were parted at the end of a line
    are whole again. What is behind the first 2,000 pages, 4 million characters or `seconds` is
    counted in `Page.unread`.

    Raises:
        Unreadable: `empty` when there is no text but perhaps pictures of one, `bad_content` when
            it is locked or damaged.
    """
    from pypdfium2 import PdfiumError

    try:
        document = _opened(body)
    except PdfiumError as error:
        raise _refused(error) from error
    with closing(document):
        pages, faults = _pages(document, seconds)
        title = blocks.prose(_about(document, "Title"))
        made = _date(_MADE.match(_about(document, "CreationDate")))
        unread = len(document) - len(pages)
    texts = [blocks.joined(block.text for block in page) for page in pages]
    drafts = list(_drafts(pages))
    told = dateline_of(drafts)
    text, structure = blocks.laid_out(drafts)
    if not text:
        raise _without_text(faults, len(pages))
    return Page(
        url=url,
        title=title if _tells(title) else _heading(pages) or _name(url),
        text=text,
        site=site(url),
        published=told or made,
        published_from="text" if told else "meta" if made else None,
        page_starts=tuple(_starts(texts)),
        unread=unread,
        blocks=structure,
    )


def _opened(body: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument

    return PdfDocument(body)


def _refused(error: Exception) -> Unreadable:
    from pypdfium2 import raw

    if getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
        message = "The PDF is locked with a password."
    else:
        message = "The PDF is damaged, or it is none."
    return Unreadable(message, code="bad_content", detail=str(error))


def _without_text(faults: int, pages: int) -> Unreadable:
    if faults == pages:
        return Unreadable("The PDF is damaged: none of its pages can be read.", code="bad_content")
    message = "The PDF holds no text, only pictures perhaps: it may have been scanned."
    return Unreadable(message, code="empty")


def _about(document: PdfDocument, key: str) -> str:
    try:
        return document.get_metadata_value(key)
    except ValueError:  # it is no UTF-16, which says nothing of the document's text
        return ""


def _pages(document: PdfDocument, seconds: float) -> tuple[list[list[Paragraph]], int]:
    """The blocks of each page that is read, and how many of them are damaged."""
    from pypdfium2 import PdfiumError

    found: list[list[Line]] = []
    faults = chars = 0
    end = time.monotonic() + seconds
    for number in range(min(len(document), _MOST_PAGES)):
        try:
            with closing(document[number]) as page:
                lines = reading_order(lines_of(page))
        except PdfiumError:
            lines = []
            faults += 1
        found.append(lines)
        chars += sum(len(line.text) for line in lines)
        if chars > _MOST_CHARS or time.monotonic() > end:
            break
    hyphens = Hyphens(line.text for lines in found for line in lines)
    kept = repaired(without_running_heads(found), hyphens)
    return [paragraphs(lines, hyphens) for lines in kept], faults


def _drafts(pages: Sequence[Sequence[Paragraph]]) -> Iterator[Draft]:
    """The blocks of all pages; those that are larger than most of the text are headings."""
    every = [one for page in pages for one in page]
    sizes = Counter[float]()
    for one in every:
        sizes[round(one.height, 1)] += len(one.text)
    usual = max(sizes, key=lambda size: sizes[size], default=0.0)
    larger = [size for size in sorted(sizes, reverse=True) if size > _HEADING * usual]
    ranks = {size: min(rank, _LOWEST) for rank, size in enumerate(larger, start=1)}
    for one in every:
        rank = ranks.get(round(one.height, 1))
        if rank and one.draft.kind == "paragraph" and len(one.text) <= _LONGEST_TITLE:
            yield replace(one.draft, kind="heading", level=rank)
        else:
            yield one.draft


def _starts(texts: list[str]) -> Iterator[int]:
    """Where each page begins in the joined text; one without text begins where the next does."""
    lengths = (len(text) + 2 if text else 0 for text in texts)
    return accumulate(list(lengths)[:-1], initial=0)


def _tells(title: str) -> bool:
    return bool(_LETTERS.search(title)) and not _NO_TITLE.match(title)


def _heading(pages: list[list[Paragraph]]) -> str:
    """The largest line of the first page with text, if it is larger than most of that page."""
    first = next(page for page in pages if page)
    fitting = [one for one in first if len(one.text) <= _LONGEST_TITLE and _tells(one.text)]
    if not fitting:
        return ""
    largest = max(fitting, key=lambda one: one.height)
    usual = max(first, key=lambda one: len(one.text)).height
    return largest.text if largest.height > _HEADING * usual or largest is first[0] else ""


def _name(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name) or site(url)


def _date(made: re.Match[str] | None) -> str | None:
    return real(*made.groups()) if made else None
