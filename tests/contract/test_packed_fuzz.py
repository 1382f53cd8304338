"""Tables, values and documents that were broken by chance are read or refused, in bounded time."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest

from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched
from packing import DOCX, docx, paragraph

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
KINDS: dict[str, tuple[str, Callable[[str], bytes], str]] = {
    "CSV": (SHEET, str.encode, "text/csv"),
    "TSV": (SHEET.replace(",", "\t"), str.encode, "text/tab-separated-values"),
    "JSON": (VALUES, str.encode, "application/json"),
    "JSON lines": (f"{VALUES}\n" * 5, str.encode, "application/jsonl"),
    "DOCX": (BODY, docx, DOCX),
    "DOCX, its bytes": (BODY, docx, DOCX),
}
TOKENS = {"DOCX": PARTS, "JSON": NUMBERS, "JSON lines": NUMBERS}
FEWEST = {"DOCX, its bytes": 0}
"""How many of 500 are read at least, where it is not a quarter: a broken archive is refused."""


def mutated(text: str, draw: random.Random, tokens: re.Pattern[str] | None) -> str:
    """A text that was broken; where it has `tokens`, mostly one that is still well-formed."""
    if tokens is not None and draw.randrange(4):
        for _ in range(draw.randint(1, 6)):
            spans = [(0, 0), *(match.span() for match in tokens.finditer(text))]
            first, last = draw.choice(spans)
            more = (*WELL_FORMED, text[first:last] * draw.randint(0, 30))
            text = text[:first] + draw.choice(more if tokens is PARTS else JSON) + text[last:]
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
