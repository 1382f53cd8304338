"""DOCX documents as blocks, without what their readers do not see."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from packing import DOCX, docx, packed, paragraph
from reading import outcome, page, refusal, rows, told

STYLES = """<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Own"><w:name w:val="Chapter"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Out"><w:name w:val="Part"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:styleId="Top"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Off"><w:name w:val="Off"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="Q"><w:name w:val="Intense Quote"/></w:style>
<w:style w:styleId="Src"><w:name w:val="Source Code"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>"""
BEGUN = '<w:vMerge w:val="restart"/>'
WHITE = '<w:color w:val="FFFFFF"/>'
LEVELS = """<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>
<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="{kind}"/>
<w:lvlText w:val="%1.%2"/></w:lvl>"""


def numbering(kind: str, start: int = 1) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7">{LEVELS.format(kind=kind, start=start)}'
        '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )


def item(text: str, depth: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="3"/></w:numPr>')


def cell(text: str, properties: str = "", of_run: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text, '', of_run)}</w:tc>"


@pytest.mark.parametrize(
    ("style", "block"),
    [("H1", "heading"), ("Own", "heading"), ("Out", "heading"), ("Top", "heading"),
     ("Q", "quotation"), ("Src", "code"), ("Loop", "paragraph"), ("None", "paragraph")],
)  # fmt: skip
def test_styles_say_what_a_paragraph_is(style: str, block: str) -> None:
    body = paragraph("Shut the gate", f'<w:pStyle w:val="{style}"/>')
    found = page(docx(body, styles=STYLES), DOCX)
    assert told(found) == [(block, "Shut the gate")]
    assert found.blocks[0].level == {"Out": 3}.get(style, int(block == "heading"))


@pytest.mark.parametrize(
    ("kind", "start", "markers"),
    [("decimal", 1, ["1.", "2."]), ("lowerLetter", 1, ["a.", "b."]),
     ("upperRoman", 4, ["IV.", "V."]), ("bullet", 1, ["", ""]), ("decimal", 7, ["7.", "8."])],
)  # fmt: skip
def test_items_have_their_numbers(kind: str, start: int, markers: list[str]) -> None:
    body = item("oars") + item("rope") + paragraph("Behind it.")
    found = page(docx(body, numbering=numbering(kind, start)), DOCX)
    assert [(one.kind, one.marker) for one in found.blocks[:2]] == [("item", m) for m in markers]
    assert found.blocks[2].kind == "paragraph"


def test_items_within_items_and_numbers_of_several_parts() -> None:
    found = page(docx(item("a") + item("b", 1) + item("c"), numbering=numbering("decimal")), DOCX)
    assert [(one.level, one.marker) for one in found.blocks] == [(1, "1."), (2, ""), (1, "2.")]
    assert found.text.split("\n\n")[1] == "1.1 b"


@pytest.mark.parametrize(
    "head",
    [
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Gate')}{cell('Fee')}</w:tr>",
        f"<w:tr>{cell('Gate', '', '<w:b/>')}{cell('Fee', '', '<w:b/>')}</w:tr>",
        f"<w:tr><w:trPr><w:tblHeader w:val='1'/></w:trPr>{cell('Gate')}{cell('Fee')}</w:tr>",
    ],
)
def test_rows_know_their_heads_and_the_cells_that_reach_into_them(head: str) -> None:
    rest = (
        f"<w:tr>{cell('Upper', BEGUN)}{cell('310')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('280')}</w:tr>"
    )
    found = rows(page(docx(f"<w:tbl>{head}{rest}</w:tbl>"), DOCX))
    heads = ("Gate", "Fee")
    assert found == [((), heads), (heads, ("Upper", "310")), (heads, ("Upper", "280"))]


HIDDEN = {
    "hidden": paragraph("poison", "", "<w:vanish/>"),
    "hidden by the style of its letters": paragraph("poison", "", '<w:rStyle w:val="Off"/>'),
    "hidden by that of its paragraph": paragraph("poison", '<w:pStyle w:val="Off"/>'),
    "white": paragraph("poison", "", '<w:color w:val="FFFFFF"/>'),
    "tiny": paragraph("poison", "", '<w:sz w:val="2"/>'),
    "deleted": "<w:p><w:del><w:r><w:delText>poison</w:delText></w:r></w:del></w:p>",
    "moved away": "<w:p><w:moveFrom><w:r><w:t>poison</w:t></w:r></w:moveFrom></w:p>",
    "struck out": paragraph("poison", "", "<w:strike/>"),
    "a field's instruction": "<w:p><w:r><w:instrText>poison</w:instrText></w:r></w:p>",
}
SHOWN = {
    "shown again": paragraph("honest", '<w:pStyle w:val="Off"/>', '<w:vanish w:val="0"/>'),
    "white on a ground": paragraph(
        "honest", "", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>'
    ),
    "white in a table": f"<w:tbl><w:tr>{cell('honest', '', WHITE)}{cell('b')}</w:tr></w:tbl>",
    "small": paragraph("honest", "", '<w:sz w:val="14"/>'),
    "inserted": "<w:p><w:ins><w:r><w:t>honest</w:t></w:r></w:ins></w:p>",
    "a content control": f"<w:sdt><w:sdtContent>{paragraph('honest')}</w:sdtContent></w:sdt>",
    "a box": "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>honest</w:t></w:r></w:p>"
    "</w:txbxContent></w:pict></w:r></w:p>",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_is_not_read(name: str) -> None:
    found = page(docx(HIDDEN[name] + paragraph("Shut the gate."), styles=STYLES), DOCX)
    assert found.text == "Shut the gate."


@pytest.mark.parametrize("name", SHOWN)
def test_what_can_be_seen_is_read(name: str) -> None:
    found = page(docx(SHOWN[name] + paragraph("Shut the gate."), styles=STYLES), DOCX)
    assert "honest" in found.text


def test_title_dates_links_and_notes() -> None:
    core = (
        '<c xmlns:dc="d" xmlns:dcterms="t"><dc:title>Of gates</dc:title>'
        "<dcterms:created>2021-03-04T10:00:00Z</dcterms:created>"
        "<dcterms:modified>2022-05-06T10:00:00Z</dcterms:modified></c>"
    )
    link = '<w:p><w:hyperlink r:id="r1"><w:r><w:t>the shop</w:t></w:r></w:hyperlink></w:p>'
    to = '<R><Relationship Id="r1" Target="https://lamps.example/" TargetMode="External"/></R>'
    notes = (
        f'<w:footnotes xmlns:w="w"><w:footnote>{paragraph("In the shed.")}</w:footnote>'
        "</w:footnotes>"
    )
    found = page(docx(link, core=core, relations=to, notes=notes), DOCX)
    assert (found.title, found.published, found.published_from) == (
        "Of gates",
        "2021-03-04",
        "meta",
    )
    assert (found.modified, found.modified_from) == ("2022-05-06", "meta")
    assert told(found)[1:] == [
        ("pair", "the shop: https://lamps.example/"),
        ("paragraph", "In the shed."),
    ]


ENTITY = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "/etc/passwd">]>'


def with_document(xml: str) -> bytes:
    return packed({"word/document.xml": xml})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"PK\x03\x04 nothing else", "or a damaged one"),
        (docx(paragraph("words"))[:-200], "or a damaged one"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked with a password"),
        (packed({"inner.docx": docx(paragraph("words"))}), "holds no word/document.xml"),
        (docx(paragraph("x" * 30_000_000)), "denser"),
        (docx(paragraph("words ") * 100_000), "denser"),
        (docx("<w:p>" * 3_000), "XML is damaged"),
        (with_document("<w:document"), "XML is damaged"),
        (packed({f"{at}": "" for at in range(20_001)}), "more than 20,000 files"),
        (docx(""), "no text"),
    ],
)
def test_what_is_broken_or_made_to_hurt_is_told(body: bytes, why: str) -> None:
    assert why in refusal(body, DOCX)


def test_entities_stay_what_they_are() -> None:
    source = f'{ENTITY}<d xmlns:w="w"><w:p><w:r><w:t>words &b; &c;</w:t></w:r></w:p></d>'
    text = page(with_document(source), DOCX).text
    assert "ha" not in text
    assert "root" not in text


BOX = "<w:p><w:r><w:pict><w:txbxContent>"
END = "</w:txbxContent></w:pict></w:r></w:p>"


def test_boxes_in_boxes_are_said_once_each() -> None:
    body = BOX + paragraph("outer") + BOX + paragraph("inner") + END + END
    found = page(docx(body), DOCX).text.split()
    assert sorted(found) == ["inner", "outer"]
    deep = page(docx(BOX * 40 + paragraph("honest") + END * 40), DOCX)
    assert deep.text == "honest"


def test_lines_of_code_are_one_block_and_keep_their_breaks() -> None:
    lines = [paragraph(one, '<w:pStyle w:val="Src"/>') for one in ("if gate:", "    shut()")]
    found = page(docx("".join(lines) + paragraph("Then go."), styles=STYLES), DOCX)
    assert told(found) == [("code", "if gate:\n    shut()"), ("paragraph", "Then go.")]


def test_a_depth_of_a_list_that_is_none_costs_no_document() -> None:
    broken = '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="x"/></w:abstractNum>'
    assert page(docx(paragraph("words"), numbering=broken), DOCX).text == "words"


def runs(count: int) -> str:
    return "<w:p>" + "<w:r><w:t>oar </w:t></w:r>" * count + "</w:p>"


def code(count: int) -> str:
    return paragraph("oar", '<w:pStyle w:val="Src"/>') * count


@pytest.mark.parametrize("kind", [runs, code], ids=["runs", "lines of code"])
def test_time_grows_with_a_paragraph(kind: Callable[[int], str]) -> None:
    def spent(count: int) -> float:
        body = docx(kind(count), styles=STYLES)
        began = time.process_time()
        outcome(body, DOCX)
        return time.process_time() - began

    spent(100)
    assert spent(16_000) < 8 * spent(4_000) + 0.1


@pytest.mark.parametrize("kind", ["application/rtf", "application/vnd.ms-excel", "image/png"])
def test_of_what_is_not_read_it_is_told_what_is(kind: str) -> None:
    said = refusal(packed({"a": "b"}), kind)
    assert kind in said
    assert "DOCX" in said


def table(look: str, style: str, *rows: tuple[str, str]) -> str:
    marked = f'<w:tblPr><w:tblStyle w:val="{style}"/><w:tblLook {look}/></w:tblPr>'
    lines = "".join(f"<w:tr>{cell(one)}{cell(other)}</w:tr>" for one, other in rows)
    return f"<w:tbl>{marked}{lines}</w:tbl>"


FEES = (("Gate", "Fee"), ("Upper", "310"), ("Lower", "280"))
PERSON = (("Name", "Ann"), ("Town", "Tarn"), ("Phone", "555 0182"))


@pytest.mark.parametrize(
    ("look", "style", "rows_", "heads"),
    [
        ('w:val="04A0" w:firstRow="1"', "G", FEES, True),
        ('w:val="04A0"', "G", FEES, True),
        ('w:firstRow="true"', "G", FEES, True),
        ('w:firstRow="1"', "", FEES, True),
        ('w:firstRow="1"', "P", PERSON, True),
        ('w:val="0480" w:firstRow="0"', "G", FEES, False),
        ('w:val="0480"', "P", FEES, False),
        ('w:val="04A0" w:firstRow="1"', "G", PERSON, False),
        ('w:val="zz"', "G", FEES, False),
    ],
)
def test_word_marks_the_first_row_as_heads(
    look: str, style: str, rows_: tuple[tuple[str, str], ...], heads: bool
) -> None:
    styles = (
        '<w:style w:styleId="G"><w:name w:val="Table Grid"/></w:style>'
        '<w:style w:styleId="P"><w:name w:val="Grid Table 4"/></w:style>'
    )
    found = rows(page(docx(table(look, style, *rows_), styles=styles), DOCX))
    assert found[1] == (rows_[0] if heads else (), rows_[1])


def test_a_document_without_end_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    body = docx("".join(paragraph(f"Paragraph {at}.") for at in range(30)))
    assert page(body, DOCX).unread == 0
    monkeypatch.setattr("codexity.adapters.extract.packed.docx._MOST_TAKEN", 10)
    found = page(body, DOCX)
    assert found.unread == 1
    assert found.text.endswith("Paragraph 9.")
