"""Rows, items, pairs and lines of code are sources and answers, and understood alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page
from codexity.records import records, telling
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from drafted import code, heading, items, page, pairs, prose, table

LIMITS = Limits()


async def evidence_of(question: str, *pages: Page) -> tuple[Evidence, ...]:
    passages = [one for read in pages for one in chunk(read, words=LIMITS.passage_words)]
    return await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)


async def answered(question: str, *pages: Page) -> list[str]:
    return [one.text for one in quote(question, await evidence_of(question, *pages), limits=LIMITS)]


CREW = page(
    "crew",
    "Who is who at the mill",
    heading("Who is who at the mill"),
    *table(
        ("Name", "Telephone", "Desk"),
        ("Ina Falk", "6120", "west"),
        ("Tor Brandt", "6121", "east"),
        ("Signe Mork", "6130", "east"),
    ),
)
CREW_PROSE = page(
    "crew-prose",
    "The mill",
    heading("The mill"),
    prose("Tor Brandt keeps the mill, and hates it when the telephone rings at his desk at night."),
)
KIT = page(
    "kit",
    "What the boat carries",
    heading("What the boat carries in winter"),
    *items("an anchor of nine kilos", "seven red flares", "the old chart", "a bucket and a sponge"),
)
KIT_PROSE = page(
    "kit-prose",
    "A night at sea",
    heading("A night at sea"),
    prose("The boat carries many of us in winter, and when it was dark all flares were wet."),
)
START = page(
    "start",
    "Start",
    heading("Start the press"),
    prose("Log in and wake it up."),
    code("ssh press.example\npressctl wake --speed 1200"),
)
START_PROSE = page(
    "start-prose",
    "The press",
    heading("The press"),
    prose("The speed of the press was talked about in May, and nobody remembers what was said."),
)
SHOP = page(
    "shop",
    "Hours of the bakery",
    heading("Hours of the bakery"),
    *table(("Day", "Open"), ("Monday", "closed"), ("Tuesday", "7 - 15"), ("Wednesday", "7 - 18")),
)
SHOP_PROSE = page(
    "shop-prose",
    "The bakery",
    heading("The bakery"),
    prose("On a Wednesday in June the bakery was open for hours after the storm had passed by."),
)
BOAT = page(
    "boat",
    "Sea Bird",
    heading("Sea Bird"),
    *pairs(Length="12.4 m", Draught="1.9 m", Berth="14"),
)
BOAT_PROSE = page(
    "boat-prose",
    "Boats",
    heading("Boats"),
    prose("The draught of the Sea Bird has been a matter of talk at the table of the harbour."),
)

ANSWERED = {
    "a row": ("What is the telephone of Tor Brandt?", CREW_PROSE, CREW, "Telephone: 6121"),
    "a row by another column": ("Whose telephone is 6130?", CREW_PROSE, CREW, "Name: Signe Mork"),
    "a row of a day": (
        "What are the hours of the bakery on Wednesday?",
        SHOP_PROSE,
        SHOP,
        "7 - 18",
    ),
    "an item": (
        "How many flares does the boat carry in winter?",
        KIT_PROSE,
        KIT,
        "seven red flares",
    ),
    "a line of code": ("What is the speed of the press?", START_PROSE, START, "--speed 1200"),
    "a pair": ("What is the draught of the Sea Bird?", BOAT_PROSE, BOAT, "Draught: 1.9 m"),
}


@pytest.mark.parametrize(("question", "beside", "holds", "good"), ANSWERED.values(), ids=ANSWERED)
async def test_what_answers_is_said_beside_prose_with_the_same_words(
    question: str, beside: Page, holds: Page, good: str
) -> None:
    for pages in ((beside, holds), (holds, beside), (holds,)):
        evidence = await evidence_of(question, *pages)
        assert holds.title in {one.source.title for one in evidence}
        said = [one for one in quote(question, evidence, limits=LIMITS) if good in one.text]
        assert said
        (source,) = (one.source for one in evidence if one.source.index == said[0].index)
        assert source.title == holds.title
        assert source.quote in holds.text
        assert "\n" not in source.quote


# Where no head says so, a bare number is nobody's telephone.
STILL = {name: case for name, case in ANSWERED.items() if name != "a row"}


@pytest.mark.parametrize(("question", "beside", "holds", "good"), STILL.values(), ids=STILL)
async def test_where_the_kinds_are_not_known_the_page_is_no_worse_than_before(
    question: str, beside: Page, holds: Page, good: str
) -> None:
    bare = [replace(one, blocks=()) for one in (holds,)]
    evidence = await evidence_of(question, *bare)
    assert [one.source.title for one in evidence] == [holds.title]
    assert quote(question, evidence, limits=LIMITS)
    assert evidence[0].source.quote in holds.text


async def test_a_row_is_said_with_its_heads_and_quoted_word_for_word() -> None:
    question = "What is the telephone of Tor Brandt?"
    assert await answered(question, CREW) == ["Name: Tor Brandt, Telephone: 6121, Desk: east"]
    (one,) = await evidence_of(question, CREW)
    assert one.source.quote == "Tor Brandt 6121 east"
    assert one.source.link.startswith("https://crew.example/p#:~:text=Tor%20Brandt")


async def test_an_item_is_led_by_what_announces_it() -> None:
    question = "How many flares does the boat carry in winter?"
    assert await answered(question, KIT) == ["What the boat carries in winter: seven red flares"]
    told = page(
        "told",
        "Boats",
        heading("Boats"),
        prose("In winter the boat carries:"),
        *items("nets", "seven red flares"),
    )
    assert await answered(question, told) == ["In winter the boat carries: seven red flares"]
    nested = page(
        "nested",
        "What the boat carries",
        heading("What the boat carries"),
        *items("in summer"),
        *items("two red flares", level=2),
        *items("in winter"),
        *items("seven red flares", level=2),
    )
    assert await answered(question, nested) == ["in winter: seven red flares"]


async def test_the_number_of_an_item_is_said() -> None:
    steps = page(
        "steps",
        "How the pump is bled",
        heading("How the pump is bled"),
        Draft(text="shut the valve", kind="item", level=1, marker="1."),
        Draft(text="open the screw by hand", kind="item", level=1, marker="2."),
    )
    said = await answered("When is the screw of the pump opened as it is bled?", steps)
    assert said == ["How the pump is bled: 2. open the screw by hand"]


@pytest.mark.parametrize(
    ("question", "holds", "good"),
    [
        (
            "What does the boat carry in winter?",
            KIT,
            "an anchor of nine kilos; seven red flares; the old chart; a bucket and a sponge",
        ),
        (
            "What are the hours of the bakery?",
            SHOP,
            "Day: Monday, Open: closed; Day: Tuesday, Open: 7 - 15; Day: Wednesday, Open: 7 - 18",
        ),
        ("How do I start the press?", START, "`ssh press.example`; `pressctl wake --speed 1200`"),
    ],
)
async def test_a_list_is_said_whole_where_no_part_of_it_is_asked_for(
    question: str, holds: Page, good: str
) -> None:
    assert good in "; ".join(await answered(question, holds))


async def test_of_a_page_of_code_alone_code_is_said_and_not_its_heading() -> None:
    alone = page("alone", "Press", heading("Press"), code("pressctl wake"))
    beside = page(
        "beside", "The press", prose("The press is a heavy thing, and stands in the hall.")
    )
    said = await answered("Is the press in the hall heavy?", alone, beside)
    assert beside.text in said
    assert "Press" not in said
    said = await answered("How is the press used?", alone, beside)
    assert "Press: `pressctl wake`" in said


async def test_of_many_rows_the_one_that_is_asked_for_is_said() -> None:
    rows = [(f"Stall {at}", str(700 + at), str(300 + at)) for at in range(1, 140)]
    market = page(
        "market",
        "Stalls of the market",
        heading("Stalls of the market"),
        *table(("Stall", "Rent in spring", "Rent in autumn"), *rows),
    )
    question = "What is the rent of stall 87 in autumn?"
    assert await answered(question, market) == [
        "Stall: Stall 87, Rent in spring: 787, Rent in autumn: 387"
    ]
    passages = chunk(market, words=LIMITS.passage_words)
    assert len(passages) > 2
    assert all("autumn" in one.stems for one in passages), "each knows the heads of its columns"
    absent = await answered("What is the rent of stall 950 in autumn?", market)
    assert not any("Stall 95," in one or "950" in one for one in absent)


async def test_a_passage_is_known_by_all_headings_above_it() -> None:
    long = [prose(" ".join(["Kestrels hover over meadows and look for voles."] * 20))] * 3
    told = page("a", "a", heading("Falconry"), heading("Owls", 2), *long, heading("Nets", 2), *long)
    passages = chunk(told, words=60)
    nets = told.text.index("Nets")
    for one in passages:
        assert "falconri" in one.stems
        assert ("owl" in one.stems) == (one.start < nets)
        assert ("net" in one.stems) == (one.start + len(one.text) > nets)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("What is the telephone of Nils Aune?", CREW),
        ("How many lifejackets does the club own?", KIT),
        ("What is the weight of the piano?", BOAT),
        ("What colour is the press painted in?", START),
    ],
)
async def test_what_does_not_answer_is_not_said_for_its_form(question: str, other: Page) -> None:
    assert telling(question, records(other)) == []


async def test_a_list_of_links_is_no_source_where_a_sentence_answers() -> None:
    links = page("links", "Harbour", *items("Rent of a berth", "Berths", "The harbour", "Contact"))
    answer = page(
        "rent", "Rent", prose("The rent of a berth in the harbour is forty crowns a week.")
    )
    evidence = await evidence_of("What is the rent of a berth in the harbour?", links, answer)
    assert [one.source.title for one in evidence] == ["Rent"]


async def test_a_sentence_that_answers_better_is_not_pushed_out_by_a_row() -> None:
    full = prose(
        "The telephone of Tor Brandt on the east side of the mill is 6121 and never rings."
    )
    question = "What is the telephone of Tor Brandt on the east side of the mill?"
    poor = page("poor", "Side", *table(("Name", "Side"), ("Tor Brandt", "west")))
    said = await answered(question, page("full", "Full", full), poor)
    assert full.text in said
    assert not any("west" in one for one in said)


def test_code_with_backticks_is_fenced_by_more_of_them() -> None:
    told = page("a", "a", code("echo `date`\n$ plain"))
    assert [one.said for one in records(told)] == ["`` echo `date` ``", "`plain`"]


@pytest.mark.parametrize("kind", ["row", "item", "pair", "code"])
def test_a_record_says_where_its_text_stands(kind: str) -> None:
    told = {"row": SHOP, "item": KIT, "pair": BOAT, "code": START}[kind]
    found = records(told)
    assert found
    for one in found:
        assert one.kind == kind
        assert told.text[one.start : one.start + len(one.text)] == one.text
