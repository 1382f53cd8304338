"""Documents that are archives, made here."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

_WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def packed(files: dict[str, str | bytes], kind: str = "") -> bytes:
    """An archive; `kind` is that of its first entry, which is not packed."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        if kind:
            archive.writestr("mimetype", kind, ZIP_STORED)
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, *, styles: str = "", numbering: str = "", **others: str) -> bytes:
    """A DOCX document; `others` are its core properties, relations and notes."""
    named = {
        "core": "docProps/core.xml",
        "relations": "word/_rels/document.xml.rels",
        "notes": "word/footnotes.xml",
    }
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {_WORD}>{styles}</w:styles>",
            "word/numbering.xml": f"<w:numbering {_WORD}>{numbering}</w:numbering>",
            **{named[name]: content for name, content in others.items()},
        }
    )


def paragraph(text: str, properties: str = "", of_run: str = "") -> str:
    """A paragraph of one run."""
    run = f'<w:r><w:rPr>{of_run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"
