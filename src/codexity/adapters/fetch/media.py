"""Which kind of document an answer holds, by its header and its first bytes."""

from __future__ import annotations

import re

from codexity.adapters.wide_text import wide_charset
from codexity.errors import Unreadable

PDF = "application/pdf"
READABLE = {
    "text/html": "HTML",
    "application/xhtml+xml": "XHTML",
    "text/markdown": "Markdown",
    "text/plain": "plain text",
    PDF: "PDF",
}
"""The media types that are brought here, and what people call them; a file may be of more kinds."""
_READ = "From the web {} and {} are read.".format(
    ", ".join([*READABLE.values()][:-1]), [*READABLE.values()][-1]
)
PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1_024
"""Source: PDF 1.7 Reference, implementation note 13 of appendix H."""

_OTHER_NAMES = {
    "text/x-markdown": "text/markdown",
    "text/x-web-markdown": "text/markdown",
    "application/x-pdf": PDF,
    "application/acrobat": PDF,
}
_UNTOLD = frozenset(
    {
        "application/octet-stream",
        "binary/octet-stream",
        "application/download",
        "application/force-download",
        "application/x-download",
    }
)
"""What a server says of files that it knows nothing of, or wants saved: PDFs often are."""
_MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown")
_MARKS = (
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!\x1a", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"OggS", "application/ogg"),
    (b"wOF", "font/woff"),
    (b"SQLite format 3", "application/vnd.sqlite3"),
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(
    rb"\s*<(?:!doctype html|html|head|body|title|meta|h1|div|p|table|a|br|script|style|!--)[\s>/-]",
    re.IGNORECASE,
)
_LOOKED_AT = 1445
"""How many bytes are looked at. Source: WHATWG MIME Sniffing, "resource header"."""
_LONGEST_SHOWN = 60


def declared(header: str) -> tuple[str, str | None]:
    """The media type and charset of a `Content-Type` header, in lower case; "" when it has none."""
    kind, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = value.strip().strip("\"'").strip().lower() or None
    kind = kind.strip().lower()
    return _OTHER_NAMES.get(kind, kind), charset


def check_declared(media_type: str) -> None:
    """Refuses a document that already its header says cannot be read.

    Raises:
        Unreadable: `type`, which names the type.
    """
    if media_type and media_type not in READABLE and media_type not in _UNTOLD:
        raise _unreadable(media_type)


def check_beginning(media_type: str, body: bytes | bytearray) -> None:
    """Refuses a document of an untold type as soon as its first bytes are no PDF's.

    Raises:
        Unreadable: `type`, which names the type.
    """
    if (
        media_type in _UNTOLD
        and len(body) >= PDF_MARK_WITHIN
        and PDF_MARK not in body[:PDF_MARK_WITHIN]
    ):
        raise _unreadable(media_type)


def judged(media_type: str, path: str, body: bytes) -> str:
    """The media type that a body really has, one of `READABLE`.

    A body that begins as another format does is that, whatever its header says; one without a
    header is looked at. Source: WHATWG MIME Sniffing, "Sniffing a mislabeled binary resource".

    Raises:
        Unreadable: `type`, which names the type.
    """
    if media_type == PDF or body.startswith(PDF_MARK):
        return PDF
    for mark, kind in _MARKS:
        if body.startswith(mark):
            raise _unreadable(kind)
    if media_type in _UNTOLD:
        if PDF_MARK in body[:PDF_MARK_WITHIN]:
            return PDF
        raise _unreadable(media_type)
    head = body[:_LOOKED_AT]
    if not media_type and _HTML.match(head.removeprefix(_BYTE_ORDER_MARKS[0])):
        return "text/html"
    if media_type in {"", "text/plain", "text/markdown"}:
        is_wide = body.startswith(_BYTE_ORDER_MARKS) or wide_charset(body) is not None
        if not is_wide and _BINARY.search(head):
            raise _unreadable("application/octet-stream")
        return (
            "text/markdown"
            if path.lower().endswith(_MARKDOWN_ENDINGS)
            else media_type or "text/plain"
        )
    return media_type


def _unreadable(media_type: str) -> Unreadable:
    shown = re.sub(r"[^\w.+/-]", "", media_type)[:_LONGEST_SHOWN]
    return Unreadable(f"The document is {shown}. {_READ}", code="type")
