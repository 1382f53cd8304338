"""Documents that are archives, made here."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

_WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def packed(files: Mapping[str, str] | Mapping[str, str | bytes], kind: str = "") -> bytes:
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


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
ODT = f"{_OPEN}.text"
ODS = f"{_OPEN}.spreadsheet"
ODP = f"{_OPEN}.presentation"
EPUB = "application/epub+zip"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_DRAWN = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_NAMES = "office style text table draw presentation xlink fo dc meta svg"
_ODF = " ".join(f'xmlns:{one}="urn:x:{one}"' for one in _NAMES.split())


def relationships(*targets: str, external: bool = False) -> str:
    """The relationships of a part: `rId1` to the first target, and so on."""
    mode = ' TargetMode="External"' if external else ""
    inner = "".join(
        f'<Relationship Id="rId{at}" Target="{target}"{mode}/>'
        for at, target in enumerate(targets, start=1)
    )
    return f"<Relationships>{inner}</Relationships>"


def xlsx(
    *sheets: str, names: tuple[str, ...] = (), strings: str = "", styles: str = "", **others: str
) -> bytes:
    """A workbook of sheets (what is in `worksheet`); `others` are core, workbook and links."""
    told = (*names, *(f"Sheet{at}" for at in range(len(names) + 1, len(sheets) + 1)))
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"{_state(name)}/>'
        for at, name in enumerate(told, start=1)
    )
    files = {
        f"xl/worksheets/sheet{at}.xml": f"<worksheet {_MAIN} {_R}>{sheet}</worksheet>"
        for at, sheet in enumerate(sheets, start=1)
    }
    targets = [f"worksheets/sheet{at}.xml" for at in range(1, len(sheets) + 1)]
    about = others.get("workbook", "")
    if links := others.get("links"):
        files["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(links, external=True)
    inner = f"{about}<sheets>{listed}</sheets>"
    return packed(
        {
            "xl/workbook.xml": f"<workbook {_MAIN} {_R}>{inner}</workbook>",
            "xl/_rels/workbook.xml.rels": relationships(*targets),
            "xl/sharedStrings.xml": f"<sst {_MAIN}>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet {_MAIN}>{styles}</styleSheet>",
            "docProps/core.xml": others.get("core", "<c/>"),
            **files,
        }
    )


def _state(name: str) -> str:
    return ' state="hidden"' if name.startswith("Hidden") else ""


def sheet(*rows: tuple[str | int | float | None, ...], after: str = "") -> str:
    """The rows of a sheet: texts as they are, numbers as numbers; `after` stands behind them."""
    lines: list[str] = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            cell(f"{chr(65 + column)}{number}", value)
            for column, value in enumerate(row)
            if value is not None
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>{after}"


def cell(place: str, value: str | float, style: int = 0) -> str:
    """A cell of a sheet."""
    if isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def odf(kind: str, body: str, *, styles: str = "", shared: str = "", meta: str = "") -> bytes:
    """An OpenDocument of a kind (`text`, `spreadsheet`, `presentation`)."""
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    return packed(
        {
            "content.xml": content,
            "styles.xml": f"<office:document-styles {_ODF}>{shared}</office:document-styles>",
            "meta.xml": f"<office:document-meta {_ODF}>{meta}</office:document-meta>",
        },
        f"{_OPEN}.{kind}",
    )


def odt(body: str, **others: str) -> bytes:
    """A text."""
    return odf("text", body, **others)


def ods(*tables: str, **others: str) -> bytes:
    """A workbook."""
    return odf("spreadsheet", "".join(tables), **others)


def epub(*chapters: str, metadata: str = "<dc:title>Of boats</dc:title>", **others: str) -> bytes:
    """A book of chapters (what is in `body`); `others` are its sheet and its locks."""
    names = [f"part {at}.xhtml" for at in range(1, len(chapters) + 1)]
    items = "".join(
        f'<item id="c{at}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(names)
    )
    order = "".join(f'<itemref idref="c{at}"/>' for at in range(len(names)))
    contents = '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    css = '<item id="s" href="s.css" media-type="text/css"/>'
    package = (
        f'<package xmlns:dc="urn:dc"><metadata>{metadata}</metadata><manifest>{contents}{css}'
        f'{items}</manifest><spine><itemref idref="n"/>{order}</spine></package>'
    )
    files = {
        "META-INF/container.xml": '<container><rootfile full-path="book/main.opf"/></container>',
        "book/main.opf": package,
        "book/nav.xhtml": xhtml("<nav><ol><li>contents</li></ol></nav><p>contents</p>"),
        "book/s.css": others.get("css", ""),
        **{f"book/{name}": xhtml(body) for name, body in zip(names, chapters, strict=True)},
    }
    if locks := others.get("locks"):
        files["META-INF/encryption.xml"] = locks
    return packed(files, EPUB)


def xhtml(body: str) -> str:
    """A chapter as books have it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
        f'<link rel="stylesheet" href="s.css"/></head><body>{body}</body></html>'
    )


def pptx(*slides: str, notes: str = "", links: str = "", core: str = "<c/>") -> bytes:
    """A presentation of slides (their shapes); notes and links are those of the first."""
    listed = "".join(
        f'<p:sldId id="{255 + at}" r:id="rId{at}"/>' for at in range(1, len(slides) + 1)
    )
    files = {
        f"ppt/slides/slide{at}.xml": f"<p:sld {_DRAWN} {_R}{_hidden(one)}>{one}</p:sld>"
        for at, one in enumerate(slides, start=1)
    }
    first = [("../notesSlides/notesSlide1.xml", "")] if notes else []
    first += [(links, ' TargetMode="External"')] if links else []
    files["ppt/slides/_rels/slide1.xml.rels"] = "".join(
        (
            "<Relationships>",
            *(f'<R Id="rId{at}" Target="{to}"{mode}/>' for at, (to, mode) in enumerate(first, 1)),
            "</Relationships>",
        )
    )
    if notes:
        files["ppt/notesSlides/notesSlide1.xml"] = f"<p:notes {_DRAWN}>{notes}</p:notes>"
    targets = [f"slides/slide{at}.xml" for at in range(1, len(slides) + 1)]
    return packed(
        {
            "ppt/presentation.xml": f"<p:presentation {_DRAWN} {_R}>{listed}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": relationships(*targets),
            "docProps/core.xml": core,
            **files,
        }
    )


def _hidden(slide: str) -> str:
    return ' show="0"' if "hidden slide" in slide else ""


def shape(*paragraphs: str, place: str = "") -> str:
    """A shape of a slide: with a place (`title`, `body`) or, without one, a text box."""
    holder = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else ""
    inner = "".join(
        one if one.startswith("<a:p>") else f"<a:p><a:r><a:t>{one}</a:t></a:r></a:p>"
        for one in paragraphs
    )
    return f"<p:sp><p:nvSpPr>{holder}</p:nvSpPr><p:txBody>{inner}</p:txBody></p:sp>"
