"""A fetched document becomes a page: pure, and slow enough to need a process of its own."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from codexity.adapters.extract.charset import decoded
from codexity.adapters.extract.code.languages import PYTHON
from codexity.adapters.extract.code.python import read_python
from codexity.adapters.extract.code.source import READERS as SOURCES
from codexity.adapters.extract.data.delimited import read_delimited
from codexity.adapters.extract.data.json_values import read_json, read_json_lines
from codexity.adapters.extract.data.notebook import read_notebook
from codexity.adapters.extract.html.page import read_html
from codexity.adapters.extract.language import language_of
from codexity.adapters.extract.packed.docx import read_docx
from codexity.adapters.extract.packed.epub import read_epub
from codexity.adapters.extract.packed.ods import read_ods
from codexity.adapters.extract.packed.odt import read_odt
from codexity.adapters.extract.packed.pptx import read_pptx
from codexity.adapters.extract.packed.xlsx import read_xlsx
from codexity.adapters.extract.pdf.reader import read_pdf
from codexity.adapters.extract.text.asciidoc import read_asciidoc
from codexity.adapters.extract.text.mail import MEDIA_TYPES as MAIL
from codexity.adapters.extract.text.mail import is_mail, read_mail
from codexity.adapters.extract.text.markdown import read_markdown
from codexity.adapters.extract.text.org import read_org
from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.extract.text.rst import read_rst
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

_READERS = {
    "application/json": read_json,
    "application/jsonl": read_json_lines,
    "application/x-ipynb+json": read_notebook,
    "text/csv": read_delimited,
    "text/tab-separated-values": read_delimited,
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "text/asciidoc": read_asciidoc,
    "text/markdown": read_markdown,
    "text/org": read_org,
    "text/plain": read_plain,
    "text/x-rst": read_rst,
    PYTHON: read_python,
    **SOURCES,
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_PACKED = {
    "application/epub+zip": read_epub,
    f"{_OFFICE}.wordprocessingml.document": read_docx,
    f"{_OFFICE}.spreadsheetml.sheet": read_xlsx,
    f"{_OFFICE}.presentationml.presentation": read_pptx,
    f"{_OPEN}.text": read_odt,
    f"{_OPEN}.presentation": read_odt,
    f"{_OPEN}.spreadsheet": read_ods,
}

_READ = (
    "Read are HTML, PDF, documents of offices (DOCX, XLSX, PPTX, ODT, ODS, ODP), EPUB, Markdown, "
    "AsciiDoc, Org, reStructuredText, notebooks, source code, mail, CSV, TSV, JSON and plain text."
)


@contextmanager
def _without_collection() -> Generator[None]:
    """Keeps Python from looking for cycles, as long as one document is read.

    There are hardly any among the elements of a page, and each look passes all of them. It holds
    for the process: documents are read one at a time, in processes that do nothing else.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_without_collection()
def read_document(fetched: Fetched) -> Page:
    """The page of a document, its text in blocks (see `Page`).

    Raises:
        Unreadable: `type` for a media type that has no reader, `bad_content` for what is not
            text or a damaged or locked PDF, `empty` when nothing is left to read.
    """
    if fetched.media_type == "application/pdf":
        return read_pdf(fetched.body, fetched.url)
    reader = _READERS.get(fetched.media_type)
    packed = _PACKED.get(fetched.media_type)
    if fetched.media_type in MAIL or (reader is read_plain and is_mail(fetched.body)):
        page = read_mail(fetched.body, fetched.url)
    elif packed is not None:
        page = packed(fetched.body, fetched.url)
    elif reader is not None:
        text = decoded(fetched.body, fetched.charset, html=reader is read_html)
        page = reader(text, fetched.url)
    else:
        message = f"The document is {fetched.media_type}. {_READ}"
        raise Unreadable(message, code="type")
    if not page.text:
        raise Unreadable("The document holds no text.", code="empty")
    return replace(page, language=language_of(page.text))
