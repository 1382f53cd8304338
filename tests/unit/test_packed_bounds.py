"""Archives that are damaged, locked or made to hurt end at their bounds, of whatever kind."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

import pytest

from packing import (
    EPUB,
    ODP,
    ODS,
    ODT,
    PPTX,
    XLSX,
    cell,
    epub,
    ods,
    odt,
    packed,
    pptx,
    shape,
    sheet,
    xhtml,
    xlsx,
)
from reading import outcome, page, refusal

SECONDS: Final = 8.0
"""What a worker has for a document."""
OPEN_ROW = (
    "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
)
MADE: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "XLSX": (XLSX, lambda text: xlsx(sheet((text, "b")))),
    "ODT": (ODT, lambda text: odt(f"<text:p>{text}</text:p>")),
    "ODS": (ODS, lambda text: ods(f"<table:table>{OPEN_ROW.format(text)}</table:table>")),
    "EPUB": (EPUB, lambda text: epub(f"<p>{text}</p>")),
    "PPTX": (PPTX, lambda text: pptx(shape(text))),
}


@pytest.mark.parametrize("kind", MADE)
def test_what_is_whole_is_read(kind: str) -> None:
    media_type, made = MADE[kind]
    assert "Shut the gate" in page(made("Shut the gate"), media_type).text


@pytest.mark.parametrize("kind", MADE)
def test_what_is_damaged_or_made_to_hurt_is_told(kind: str) -> None:
    media_type, made = MADE[kind]
    assert "or a damaged one" in refusal(b"PK\x03\x04 nothing else", media_type)
    assert "or a damaged one" in refusal(made("words")[:-30], media_type)
    assert "locked with a password" in refusal(b"\xd0\xcf\x11\xe0" + b"\0" * 600, media_type)
    assert "it holds no" in refusal(packed({"inner.zip": made("words")}), media_type)
    assert "denser" in refusal(made("x" * 30_000_000), media_type)
    many = packed({f"{at}": "" for at in range(20_001)})
    assert "more than 20,000 files" in refusal(many, media_type)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(xlsx(sheet()), XLSX), (odt(""), ODT), (ods(""), ODS), (epub(""), EPUB), (pptx(""), PPTX)],
)
def test_what_holds_nothing_is_told(body: bytes, media_type: str) -> None:
    assert "no text" in refusal(body, media_type)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "/etc/passwd">]>'
CELLS = "<row><c t='str'><v>words</v></c><c t='str'><v>&b;&c;</v></c></row>"
RUNS = "<a:r><a:t>words</a:t></a:r><a:r><a:t>&b;&c;</a:t></a:r>"
SHEETS = '<w><sheets><sheet name="x" r:id="rId1" xmlns:r="r"/></sheets></w>'
ITEM = "<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
ENTITIES = {
    XLSX: {
        "xl/workbook.xml": SHEETS,
        "xl/_rels/workbook.xml.rels": '<R><R Id="rId1" Target="s.xml"/></R>',
        "xl/s.xml": f"{LAUGHS}<w>{CELLS}</w>",
    },
    ODT: {"content.xml": f"{LAUGHS}<d xmlns:text='t'><text:p>words &b; &c;</text:p></d>"},
    ODS: {
        "content.xml": f"{LAUGHS}<d xmlns:table='t' xmlns:text='x'><table:table>"
        f"{OPEN_ROW.format('words &b; &c;')}</table:table></d>"
    },
    EPUB: {
        "META-INF/container.xml": "<c><rootfile full-path='x.opf'/></c>",
        "x.opf": f"<p><manifest>{ITEM}</manifest><spine><itemref idref='a'/></spine></p>",
        "a.xhtml": LAUGHS + xhtml("<p>words &b; &c;</p>").partition("<!DOCTYPE html>")[2],
    },
    PPTX: {
        "ppt/presentation.xml": "<p><sldId xmlns:r='r' r:id='rId1'/></p>",
        "ppt/_rels/presentation.xml.rels": '<R><R Id="rId1" Target="s.xml"/></R>',
        "ppt/s.xml": f"{LAUGHS}<p xmlns:a='a'><sp><a:p>{RUNS}</a:p></sp></p>",
    },
}


@pytest.mark.parametrize("media_type", ENTITIES)
def test_entities_stay_what_they_are(media_type: str) -> None:
    text = page(packed({**ENTITIES[media_type]}), media_type).text
    assert "words" in text
    assert "haha" not in text
    assert "root" not in text


def test_entities_in_a_name_that_grow_without_end_are_told() -> None:
    grown = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))
    laughs = f'<!DOCTYPE x [<!ENTITY a0 "ha">{grown}]>'
    files = {**ENTITIES[XLSX], "xl/workbook.xml": laughs + SHEETS.replace('"x"', '"&a11;"')}
    began = time.process_time()
    assert "XML is damaged" in refusal(packed({**files}), XLSX)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("media_type", [XLSX, ODS, ODT, ODP, PPTX, EPUB])
def test_xml_that_is_nested_without_end_is_told(media_type: str) -> None:
    deep = "<a>" * 5_000
    names = ("xl/workbook.xml", "content.xml", "ppt/presentation.xml", "META-INF/container.xml")
    body = packed({**dict.fromkeys(names, deep), "META-INF/manifest.xml": "<m/>"})
    assert "XML is damaged" in refusal(body, media_type)


def figures(count: int) -> list[float]:
    draw = random.Random(7)
    return [draw.random() for _ in range(count)]


def long_sheet() -> bytes:
    rows = (f"<row><c><v>{one}</v></c><c><v>{one}</v></c></row>" for one in figures(52_000))
    return xlsx(f"<sheetData>{''.join(rows)}</sheetData>", sheet(("behind", "it")))


def wide_sheet() -> bytes:
    cells = "".join(f"<c><v>{one}</v></c>" for one in figures(100_000))
    return xlsx(f"<sheetData><row>{cells}</row></sheetData>", sheet(("behind", "it")))


def many_strings() -> bytes:
    strings = "".join(f"<si><t>{str(one) * 20}</t></si>" for one in figures(30_000))
    return xlsx(sheet(("behind", "it")), strings=strings)


def far_away() -> bytes:
    return xlsx(f"<sheetData><row>{cell('A1', 'behind')}{cell('XFD1', 'far')}</row></sheetData>")


def long_open_sheet() -> bytes:
    rows = "".join(OPEN_ROW.format(one) for one in figures(52_000))
    return ods(f"<table:table>{rows}</table:table>")


@pytest.mark.parametrize(
    ("made", "media_type", "is_all_read"),
    [
        (long_sheet, XLSX, False),
        (wide_sheet, XLSX, True),
        (many_strings, XLSX, True),
        (far_away, XLSX, True),
        (long_open_sheet, ODS, False),
    ],
)
def test_a_workbook_that_is_too_large_is_read_in_part_and_says_so(
    made: Callable[[], bytes], media_type: str, is_all_read: bool
) -> None:
    body = made()
    began = time.process_time()
    found = page(body, media_type)
    assert time.process_time() - began < SECONDS
    assert found.unread == 1
    assert ("behind" in found.text) == is_all_read
    assert len(found.blocks) <= 50_000


@pytest.mark.parametrize("count", [4, 5_000])
def test_joined_cells_without_end_are_bounded(count: int) -> None:
    refs = "".join(f'<mergeCell ref="A{at}:A1048576"/>' for at in range(1, count))
    body = xlsx(sheet(("a", 1), (None, 2), after=f"<mergeCells>{refs}</mergeCells>"))
    began = time.process_time()
    assert outcome(body, XLSX)
    assert time.process_time() - began < SECONDS
