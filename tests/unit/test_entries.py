"""Address lists in plain text: each line is of the person whose name stands above it."""

from __future__ import annotations

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits
from codexity.records import records
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from reading import page, told

PARTED = """CLIMBING CLUB

Ada Brandt
phone 030 555 0110
ada@brandt.example
7 Quarry Road

Tom Okafor
phone 030 555 0122
19 Lower Street

Mei Lindqvist
mobile: 0170 555 0133
email: mei@lindqvist.example
"""
CARDS = """CLIMBING CLUB

Name: Ada Brandt
Phone: 030 555 0110

Name: Tom Okafor
Phone: 030 555 0122
Street: 19 Lower Street

Name: Mei Lindqvist
Mobile: 0170 555 0133
Email: mei@lindqvist.example
"""
TOGETHER = """CLIMBING CLUB

Ada Brandt
phone 030 555 0110
ada@brandt.example
Tom Okafor
phone 030 555 0122
19 Lower Street
Mei Lindqvist
mobile: 0170 555 0133
email: mei@lindqvist.example
"""


async def _answer(question: str, text: str) -> str:
    limits = Limits()
    passages = chunk(page(text, "text/plain"), words=limits.passage_words)
    evidence = await choose(question, passages, ranker=Bm25(), limits=limits, max_sources=5)
    return " ".join(one.text for one in quote(question, evidence, limits=limits))


@pytest.mark.parametrize("text", [PARTED, CARDS])
@pytest.mark.parametrize(
    ("question", "datum"),
    [
        ("Tom Okafor's phone", "030 555 0122"),
        ("what is the phone number of Ada Brandt?", "030 555 0110"),
        ("mobile Mei Lindqvist", "0170 555 0133"),
        ("Mei's email", "mei@lindqvist.example"),
    ],
)
async def test_datum_is_found_by_its_person(text: str, question: str, datum: str) -> None:
    said = await _answer(question, text)
    assert datum in said
    assert sum(name in said for name in ("Ada Brandt", "Tom Okafor", "Mei Lindqvist")) == 1


@pytest.mark.parametrize("text", [PARTED, CARDS, TOGETHER])
@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Tom Okafor's email", ("brandt", "lindqvist", "0110", "0133")),
        ("What is the mobile of Tom Okafor?", ("brandt", "lindqvist", "0110", "0133")),
        ("email Ada", ("lindqvist", "0122", "0133")),
        ("street of Mei Lindqvist", ("Quarry", "Lower", "0110", "0122")),
    ],
)
async def test_datum_of_another_is_not_said(
    text: str, question: str, others: tuple[str, ...]
) -> None:
    said = await _answer(question, text)
    assert not [one for one in others if one in said], said


async def test_whoever_is_not_named_is_not_left_out() -> None:
    assert "mei@lindqvist.example" in await _answer("which email addresses are there", PARTED)


@pytest.mark.parametrize(
    "text",
    [
        "SHOPPING\n\nmilk\n2 eggs\nbread 500 g\n",
        "SONG\n\nThe river runs\nbelow the hill\nand nobody minds\n",
        "PUMPS\n\npressure: 2 bar\nflow: 4 l\n\nAda came\nTom went\n",
        (
            "NOTE\n\nPlease write to the office of the harbour master in good time before the\n"
            "journey, or call 030 555 0110, and tell the length of the boat in metres.\n"
        ),
    ],
)
def test_other_lines_are_no_entries(text: str) -> None:
    assert not [one.entry for one in records(page(text, "text/plain")) if one.entry]


def test_entry_is_items_within_an_item() -> None:
    read = page(PARTED, "text/plain")
    levels = [one.level for one in read.blocks if one.kind == "item"]
    assert levels == [1, 2, 2, 2, 1, 2, 2, 1, 2, 2]
    assert ("item", "phone 030 555 0122") in told(read)
