"""Tables, values and documents that were broken by chance are read or refused, in bounded time."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable

import pytest

from codexity.adapters.extract.code.languages import PYTHON
from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched
from packing import (
    DOCX,
    EPUB,
    ODS,
    ODT,
    PPTX,
    XLSX,
    docx,
    epub,
    ods,
    odt,
    paragraph,
    pptx,
    shape,
    sheet,
    xlsx,
)

SECONDS = 8.0
NASTY = (
    *("\0", '"', "'", ",", ";", "\t", "\r", "\ufeff", "sep=|", '""', "{", "}", "[" * 40, "]", ":"),
    *("1e999", "null", "\\u", "\\ud800", "<w:p>", "</w:p>", "<w:tbl>", "</w:tr>", "<w:t>", "&#0;"),
    *("&x;", "<w:vMerge/>", '<w:gridSpan w:val="999999"/>', "<w:vanish/>", "<w:numPr>"),
)
ROW = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
BODY = paragraph("Boats", '<w:pStyle w:val="H1"/>') + "".join(
    f"<w:tbl>{ROW.format(paragraph('Berth'), paragraph('Fee'))}"
    f"{ROW.format(paragraph(str(at)), paragraph(str(200 + at)))}</w:tbl>{paragraph('They float.')}"
    for at in range(6)
)
SHEET = "berth,name,fee\n" + "".join(f'{at},"Boat, {at}",{200 + at}\n' for at in range(20))
VALUES = '{"boats": [{"name": "Anna", "fee": 210}, {"name": "Ida", "fee": null}], "open": true}'
PARTS = re.compile(r"<w:p>.*?</w:p>|<w:tc>.*?</w:tc>|<w:tr>.*?</w:tr>")
NUMBERS = re.compile(r'\d+|"[a-z]*"(?!:)|null|true')
WELL_FORMED = (
    *("<w:p/>", "<w:tbl/>", "<w:tr/>", "<w:tc/>", "<w:sdt><w:p/></w:sdt>", "<w:p><w:tbl/></w:p>"),
    *('<w:tc><w:tcPr><w:gridSpan w:val="-1"/></w:tcPr></w:tc>', "<w:p><w:r><w:br/></w:r></w:p>"),
    '<w:tc><w:tcPr><w:vMerge w:val="restart"/><w:gridSpan w:val="99999"/></w:tcPr><w:p/></w:tc>',
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="-3"/></w:numPr></w:pPr></w:p>',
    '<w:p><w:pPr><w:outlineLvl w:val="x"/></w:pPr><w:r><w:t>&#233;</w:t></w:r></w:p>',
)
JSON = (
    "[]",
    "{}",
    "1e999",
    "-0",
    '""',
    "[[[1]]]",
    '{"a": {"b": [1, {"c": null}]}}',
    "[1, 2.5, true]",
)
SHEETS = sheet(
    ("Fees",), (), ("Berth", "Fee", "Day"), ("North", 520, "Monday"), ("South", 610, "Friday"),
    after='<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/></mergeCells>',
)  # fmt: skip
CELLS = re.compile(r"<row.*?</row>|<c .*?</c>|<v>.*?</v>|<mergeCell .*?/>|[A-Z]\d+|\d+")
ODD_CELLS = (
    *('<c r="ZZZ9999999"><v>1</v></c>', '<c t="s"><v>99999999999</v></c>', '<row r="99999999"/>'),
    *(
        '<c s="99999999"><v>1e308</v></c>',
        '<c t="inlineStr"/>',
        '<row><c r="A0"><v>-1</v></c></row>',
    ),
    '<row hidden="1"><c><v>nan</v></c></row>',
    '<mergeCell ref="A1:XFD1048576"/>',
)
TEXT = "".join(
    f'<text:h text:outline-level="{at}">Boats</text:h><text:p>They <text:s/>float.</text:p>'
    "<text:list><text:list-item><text:p>oars</text:p></text:list-item></text:list>"
    "<table:table><table:table-row><table:table-cell><text:p>Gate</text:p></table:table-cell>"
    "<table:table-cell><text:p>310</text:p></table:table-cell></table:table-row></table:table>"
    for at in range(1, 4)
)
OPEN_SHEET = (
    '<table:table table:name="Fees"><table:table-column/><table:table-row><table:table-cell>'
    "<text:p>Gate</text:p></table:table-cell><table:table-cell><text:p>Fee</text:p>"
    '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="2">'
    "<table:table-cell><text:p>Upper</text:p></table:table-cell><table:table-cell>"
    "<text:p>310</text:p></table:table-cell></table:table-row></table:table>"
)
OPEN_PARTS = re.compile(
    r"<text:p>.*?</text:p>|<text:list>.*?</text:list>|<table:table-cell>.*?</table:table-cell>"
    r"|<table:table-row.*?</table:table-row>"
)
ODD_PARTS = (
    *("<text:p/>", "<text:list/>", "<table:table/>", '<text:s text:c="99999999"/>', "<text:note/>"),
    (
        '<table:table-cell table:number-columns-repeated="9999999"><text:p>x</text:p>'
        "</table:table-cell>"
    ),
    '<table:table-row table:number-rows-repeated="99999999"/>',
    *('<text:list text:continue-numbering="true"/>', "<text:span/>", "<table:covered-table-cell/>"),
    '<table:table-cell table:number-rows-spanned="99999999" table:number-columns-spanned="-1"/>',
)
CHAPTER = "<h1>Boats</h1><p>They float.</p><ul><li>oars</li></ul><p>So &eacute;.</p>" * 4
BOOK_PARTS = re.compile(r"<p>.*?</p>|<li>.*?</li>|<h1>.*?</h1>|&eacute;")
ODD_CHAPTERS = (
    *("<p/>", "<table><tr><td>", "<script>", "&nosuch;", "<p hidden=''>x</p>", "]]>", "<a/>"),
)
SLIDE = shape("Boats", place="title") + shape("oars", "rope", place="body") + shape("A box.")
SLIDE_PARTS = re.compile(r"<p:sp>.*?</p:sp>|<a:p>.*?</a:p>|<a:t>.*?</a:t>")
ODD_SLIDES = (
    *("<p:sp/>", "<a:p/>", "<a:tbl/>", "<p:graphicFrame><a:tbl><a:tr/></a:tbl></p:graphicFrame>"),
    *('<a:p><a:pPr lvl="99"/><a:r><a:t>x</a:t></a:r></a:p>', "<a:br/>", "<p:ph type='title'/>"),
)
OUTPUTS: list[dict[str, object]] = [
    {"output_type": "stream", "text": "one\ntwo"},
    {"output_type": "execute_result", "data": {"text/html": "<table><tr><td>1"}},
]
NOTEBOOK = json.dumps(
    {
        "metadata": {"title": "Boats"},
        "cells": [
            {"cell_type": "markdown", "source": ["# Boats\n", "They *float*."]},
            {"cell_type": "code", "source": "run()", "outputs": OUTPUTS},
        ]
        * 3,
    }
)
ASCIIDOC = (
    "= Boats\n:a: b\n\n== Oars\n\n* one\n** two\n\n|===\n|Gate |Fee\n\n|Upper |310\n|===\n\n"
    "----\ncode\n----\n\nTerm:: {a} and *bold* https://a.example[words] footnote:[note]\n"
)
LINES = re.compile(r"[^\n]*\n|\|[^|\n]*|\w+")
ODD_LINES = (
    *("====\n", "|===\n", "2.3+|", "[source]\n", "+\n", ":a:\n", "a::\n", ". x\n", "<<a>>", "{a}"),
    *("---\n", '"""', "/*", "*/", "//", "#", "`", "def f(:\n", "class", "{", "}\n", "(", "    "),
)
MODULE = (
    '"""Boats."""\n\n# How many.\nCOUNT = 3  # boats\n\n\nclass Boat:\n    """One."""\n\n'
    "    def float(self, at=3):\n        # It floats.\n        return at\n"
)
PROGRAM = (
    "/** Boats.\n * @param at where\n */\npublic int float(int at) {\n  return at; // there\n}\n"
    "struct boat {\n  int oars;\n};\n#define COUNT 3\n"
)
KINDS: dict[str, tuple[str, Callable[[str], bytes], str]] = {
    "CSV": (SHEET, str.encode, "text/csv"),
    "TSV": (SHEET.replace(",", "\t"), str.encode, "text/tab-separated-values"),
    "JSON": (VALUES, str.encode, "application/json"),
    "JSON lines": (f"{VALUES}\n" * 5, str.encode, "application/jsonl"),
    "DOCX": (BODY, docx, DOCX),
    "DOCX, its bytes": (BODY, docx, DOCX),
    "XLSX": (SHEETS, xlsx, XLSX),
    "XLSX, its bytes": (SHEETS, xlsx, XLSX),
    "ODT": (TEXT, odt, ODT),
    "ODT, its bytes": (TEXT, odt, ODT),
    "ODS": (OPEN_SHEET, ods, ODS),
    "ODS, its bytes": (OPEN_SHEET, ods, ODS),
    "EPUB": (CHAPTER, epub, EPUB),
    "EPUB, its bytes": (CHAPTER, epub, EPUB),
    "PPTX": (SLIDE, pptx, PPTX),
    "PPTX, its bytes": (SLIDE, pptx, PPTX),
    "notebook": (NOTEBOOK, str.encode, "application/x-ipynb+json"),
    "AsciiDoc": (ASCIIDOC, str.encode, "text/asciidoc"),
    "Python": (MODULE, str.encode, PYTHON),
    "code": (PROGRAM, str.encode, "text/x-source-java"),
}
TOKENS = {
    "DOCX": (PARTS, WELL_FORMED),
    "JSON": (NUMBERS, JSON),
    "JSON lines": (NUMBERS, JSON),
    "XLSX": (CELLS, ODD_CELLS),
    "ODT": (OPEN_PARTS, ODD_PARTS),
    "ODS": (OPEN_PARTS, ODD_PARTS),
    "EPUB": (BOOK_PARTS, ODD_CHAPTERS),
    "PPTX": (SLIDE_PARTS, ODD_SLIDES),
    "notebook": (NUMBERS, JSON),
    "AsciiDoc": (LINES, ODD_LINES),
    "Python": (LINES, ODD_LINES),
    "code": (LINES, ODD_LINES),
}
FEWEST = {
    **{f"{kind}, its bytes": 0 for kind in ("DOCX", "XLSX", "ODT", "ODS", "EPUB", "PPTX")},
    **dict.fromkeys(("JSON", "notebook", "ODT", "ODS"), 60),
}
"""How many of 500 are read at least, where it is not a quarter: a broken archive is refused."""


def mutated(
    text: str, draw: random.Random, tokens: tuple[re.Pattern[str], tuple[str, ...]] | None
) -> str:
    """A text that was broken; where it has `tokens`, mostly one that is still well-formed."""
    if tokens is not None and draw.randrange(4):
        pattern, odd = tokens
        for _ in range(draw.randint(1, 6)):
            spans = [(0, 0), *(match.span() for match in pattern.finditer(text))]
            first, last = draw.choice(spans)
            more = odd if odd is JSON else (*odd, text[first:last] * draw.randint(0, 30))
            text = text[:first] + draw.choice(more) + text[last:]
        return text
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(text) + 1)
        match draw.randrange(3):
            case 0:
                text = text[:at] + draw.choice(NASTY) + text[at:]
            case 1:
                text = text[:at] + text[at + draw.randint(1, 30) :]
            case _:
                text = text[:at] + text[at // 2 : at] + text[at:]
    return text


def read_all(kind: str, count: int, seed: int) -> tuple[int, int]:
    """How many were read and refused; anything but a page or a plain refusal ends the test."""
    text, pack, media_type = KINDS[kind]
    draw = random.Random(seed)
    read = refused = 0
    for number in range(count):
        body = pack(mutated(text, draw, TOKENS.get(kind)))
        if kind.endswith("bytes"):
            at = draw.randrange(len(body))
            body = body[:at] + draw.randbytes(3) + body[at + draw.randint(0, 9) :]
        url = f"https://a.example/{number}"
        begin = time.process_time()
        try:
            page = read_document(Fetched(url=url, media_type=media_type, charset=None, body=body))
        except Unreadable as error:
            refused += error.message.endswith(".")
        else:
            assert page.text
            assert all(0 <= one.start <= one.end <= len(page.text) for one in page.blocks)
            read += 1
        assert time.process_time() - begin < SECONDS, (seed, number)
    return read, refused


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_broken_by_chance_is_read_or_refused(kind: str) -> None:
    read, refused = read_all(kind, 25, 11)
    assert read + refused == 25


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_five_hundred_of_each_kind_are_read_or_refused(kind: str) -> None:
    seed = random.randrange(10**9)
    read, refused = read_all(kind, 500, seed)
    assert read + refused == 500, f"a refusal without words, seed {seed}"
    print(f"{kind}, seed {seed}: {read} read, {refused} refused")
    assert read >= FEWEST.get(kind, 125), "mere refusals would say little of the reader"
