"""The text of PDF documents, page by page."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import accumulate
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from codexity.adapters.extract import blocks
from codexity.adapters.extract.lines import Block, Line, paragraphs, repaired, without_running_heads
from codexity.adapters.extract.pdf_visibility import seen_text
from codexity.errors import Unreadable
from codexity.links import site
from codexity.model import Page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage
    from pypdfium2.raw import FS_RECTF

_MOST_PAGES = 2_000
_MOST_CHARS = 4_000_000
_MOST_SECONDS = 5.0
"""Less than a worker has: what was read until then is kept."""
_LONGEST_TITLE = 200
_HEADING = 1.15
"""How much larger than most of the first page its heading is."""
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
        made = _MADE.match(_about(document, "CreationDate"))
        unread = len(document) - len(pages)
    texts = [blocks.joined(block.text for block in page) for page in pages]
    text = blocks.joined(texts)
    if not text:
        raise _without_text(faults, len(pages))
    return Page(
        url=url,
        title=title if _tells(title) else _heading(pages) or _name(url),
        text=text,
        site=site(url),
        published=_date(made),
        page_starts=tuple(_starts(texts)),
        unread=unread,
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


def _pages(document: PdfDocument, seconds: float) -> tuple[list[list[Block]], int]:
    """The blocks of each page that is read, and how many of them are damaged."""
    from pypdfium2 import PdfiumError

    found: list[list[Line]] = []
    faults = chars = 0
    end = time.monotonic() + seconds
    for number in range(min(len(document), _MOST_PAGES)):
        try:
            with closing(document[number]) as page:
                lines = _lines(page)
        except PdfiumError:
            lines = []
            faults += 1
        found.append(lines)
        chars += sum(len(line.text) for line in lines)
        if chars > _MOST_CHARS or time.monotonic() > end:
            break
    kept = repaired(without_running_heads(found))
    return [paragraphs(lines) for lines in kept], faults


def _lines(page: PdfPage) -> list[Line]:
    """The lines of a page that can be seen on it, in the order of the document."""
    left, bottom, right, top = page.get_bbox()
    with closing(page.get_textpage()) as text_page:
        text = seen_text(page, text_page, text_page.get_text_range())
        found = list(_measured(text_page, text))
    return [
        line
        for line in found
        if line.left < right and line.right > left and bottom < line.last <= line.first < top
    ]


def _measured(text_page: PdfTextPage, text: str) -> Iterator[Line]:
    at = 0
    for told in text.split("\r\n"):
        shown = told.strip()
        begin = at + told.find(shown)
        at += len(told) + 2
        if not shown:
            continue
        box, baseline = _character(text_page, begin)
        last_box, last = _character(text_page, begin + len(shown) - 1)
        yield Line(
            text=shown,
            left=box.left,
            right=max(box.right, last_box.right),
            first=baseline,
            last=min(baseline, last),
            height=max(box.top - box.bottom, last_box.top - last_box.bottom),
        )


def _character(text_page: PdfTextPage, index: int) -> tuple[FS_RECTF, float]:
    """The box of a character of the text, and its baseline."""
    from pypdfium2 import raw

    at = raw.FPDFText_GetCharIndexFromTextIndex(text_page, index)
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(box))
    raw.FPDFText_GetCharOrigin(text_page, at, ctypes.byref(x), ctypes.byref(y))
    return box, y.value


def _starts(texts: list[str]) -> Iterator[int]:
    """Where each page begins in the joined text; one without text begins where the next does."""
    lengths = (len(text) + 2 if text else 0 for text in texts)
    return accumulate(list(lengths)[:-1], initial=0)


def _tells(title: str) -> bool:
    return bool(_LETTERS.search(title)) and not _NO_TITLE.match(title)


def _heading(pages: list[list[Block]]) -> str:
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
    try:
        return date(*(int(part) for part in made.groups())).isoformat() if made else None
    except ValueError:
        return None
