"""The kinds of files that are read, by their suffix."""

from __future__ import annotations

from typing import Final

from codexity.adapters.extract.code.languages import SUFFIXES

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_DOCX: Final = f"{_OFFICE}.wordprocessingml.document"
_XLSX: Final = f"{_OFFICE}.spreadsheetml.sheet"
_OPEN: Final = "application/vnd.oasis.opendocument"
_PPTX: Final = f"{_OFFICE}.presentationml.presentation"
_PACKED: Final = {
    ".docx": _DOCX,
    ".docm": _DOCX,
    ".dotx": _DOCX,
    ".dotm": _DOCX,
    ".xlsx": _XLSX,
    ".xlsm": _XLSX,
    ".xltx": _XLSX,
    ".xltm": _XLSX,
    ".xlsb": _XLSX,
    ".pptx": _PPTX,
    ".pptm": _PPTX,
    ".ppsx": _PPTX,
    ".potx": _PPTX,
    ".epub": "application/epub+zip",
    ".odt": f"{_OPEN}.text",
    ".ott": f"{_OPEN}.text",
    ".odp": f"{_OPEN}.presentation",
    ".ods": f"{_OPEN}.spreadsheet",
    ".ots": f"{_OPEN}.spreadsheet",
}
MEDIA_TYPES: Final = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".rst": "text/x-rst",
    ".adoc": "text/asciidoc",
    ".asciidoc": "text/asciidoc",
    ".org": "text/org",
    ".eml": "message/rfc822",
    ".mbox": "application/mbox",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".ipynb": "application/x-ipynb+json",
    **_PACKED,
    **SUFFIXES,
}
"""The suffixes that are read; a file without one is read when it looks like text or is a PDF."""
SOURCE_CODE: Final = frozenset(SUFFIXES)
"""The suffixes of source code."""
PACKED_TYPES: Final = frozenset(_PACKED.values())
"""Of these the reader says what is wrong with a file."""
