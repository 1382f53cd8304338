"""Answers from two places: one names who or what the other tells of."""

from __future__ import annotations

import time
from dataclasses import replace
from string import ascii_lowercase

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.naming import named, names
from codexity.reaching import reaching
from codexity.stages.choose import choose
from codexity.stages.choose.joining import joined
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.quote import quote
from drafted import heading, page, prose, table

LIMITS = Limits()
NOTES = page(
    "notes",
    "The quarry choir",
    heading("The quarry choir"),
    heading("Rehearsals", 2),
    prose("Ingrun Vale tunes the organ before each concert. The loft is swept by Odd Marke."),
    heading("May I borrow scores?", 2),
    prose("Members may, for four weeks. Write to Tove."),
    heading("Trips", 2),
    prose("The trip to Brunsee (31-07) is put off by a week, because the bus is broken."),
)
PEOPLE = page(
    "people",
    "List of people",
    heading("List of people"),
    *table(
        ("name", "phone", "e-mail"),
        ("Ingrun Vale", "0555 371 204", "vale@quarry.example"),
        ("Tove Lindahl", "0555 371 911", "scores@quarry.example"),
        ("Odd Marke", "", ""),
        ("Berit Kvam", "0555 371 777", "kvam@quarry.example"),
    ),
)
PROGRAMME = page(
    "programme",
    "Programme",
    heading("Programme"),
    *table(
        ("no.", "what", "members", "guests"),
        ("31-06", "Concert in the mine", "€4", "€9"),
        ("31-07", "Trip to Brunsee", "€21", "€33"),
    ),
)


async def answered(question: str, *pages: Page) -> str:
    passages = [
        one
        for own in pages
        for one in chunk(replace(own, via="library"), words=LIMITS.passage_words)
    ]
    covered = await run_sync(covering, question, passages)
    if not covered:
        return ""
    evidence = await choose(question, covered, ranker=Bm25(), limits=LIMITS, max_sources=5)
    for said in await run_sync(reaching, question, covered):
        more = await choose(said, covered, ranker=Bm25(), limits=LIMITS, max_sources=1)
        evidence = joined(evidence, more)
    return "\n".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("phone number of whoever tunes the organ", ("Ingrun Vale", "0555 371 204")),
        ("What is the phone number of the person who tunes the organ?", ("0555 371 204",)),
        ("e-mail address of whoever I ask about borrowing scores", ("scores@quarry.example",)),
    ],
)
async def test_the_second_place_tells_of_whom_the_first_names(
    question: str, said: tuple[str, ...]
) -> None:
    text = await answered(question, NOTES, PEOPLE, PROGRAMME)
    for one in said:
        assert one in text


async def test_a_code_leads_on_to_the_row_that_says_the_rest() -> None:
    question = "What do guests of the trip pay, which is put off because of the bus?"
    first, more = [
        await choose(asked, chunk(own, words=150), ranker=Bm25(), limits=LIMITS, max_sources=1)
        for asked, own in ((question, NOTES), ("guests", PROGRAMME))
    ]
    said = quote(question, joined(first, more), limits=LIMITS)
    assert "31-07" in said[0].text
    assert "€33" in said[1].text


@pytest.mark.parametrize(
    "question",
    [
        "phone number of whoever sweeps the loft",  # is named, and has none in the list
        "phone number of whoever repairs the bus",  # nobody is named
        "Odd's mobile number",
    ],
)
async def test_no_number_is_said_of_somebody_else(question: str) -> None:
    assert "0555" not in await answered(question, NOTES, PEOPLE, PROGRAMME)


def test_no_number_is_said_where_two_have_the_name() -> None:
    two = page(
        "people",
        "List of people",
        heading("List of people"),
        *table(("name", "phone"), ("Tove Lindahl", "0555 371 911"), ("Tove Berg", "0555 371 100")),
    )
    question = "phone number of whoever I ask about borrowing scores"
    assert reaching(question, [*chunk(NOTES, words=150), *chunk(two, words=150)]) == ()


SHED = page(
    "shed",
    "Shed and boat",
    heading("Shed and boat"),
    heading("Insurance of the boat", 2),
    prose("The insurance of the boat is 61 euros a year, through Kasko Nord."),
    heading("Berth", 2),
    prose("The berth of the boat is 210 euros a year, due in March."),
    heading("Paint", 2),
    prose("The paint of the shed is green."),
)


async def test_both_parts_of_a_question_are_answered() -> None:
    text = await answered("how much is the insurance of the boat and the berth", SHED)
    assert "61 euros" in text
    assert "210 euros" in text


async def test_a_question_of_one_part_has_one_answer() -> None:
    text = await answered("how much is the insurance of the boat", SHED)
    assert "61 euros" in text
    assert "green" not in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask Tove Lindahl or Mr Berg.", ["Tove Lindahl", "Berg"]),
        ("The course (31-07) moves.", ["31-07"]),
        ("Ring Stone Guard at once.", ["Stone Guard"]),
        ("On Monday it is closed.", []),
        ("It runs from 9:00 to 12:30 on 12-05-2031.", []),
    ],
)
def test_names_and_codes_are_told_from_days_and_times(text: str, found: list[str]) -> None:
    assert list(names(text)) == found


def test_a_name_may_stand_the_other_way_round() -> None:
    assert named("Tove Lindahl", "Lindahl, Tove: 0555")
    assert not named("Tove Lindahl", "Lindahlsen, Tove")


MENDING = "phone number of whoever mends wooden boats"
ANNA = ("Anna Berg", "0555 371 204")
BERT = ("Bert Holm", "0555 371 911")


def notes_and_list(text: str, *rows: tuple[str, str]) -> tuple[Page, Page]:
    notes = page("boats", "The jetty", heading("The jetty"), prose(text))
    people = page("list", "List", heading("List"), *table(("name", "phone"), *rows))
    return notes, people


@pytest.mark.parametrize(
    ("text", "rows", "said"),
    [
        ("Anna Berg mends wooden boats for Bert Holm.", (BERT,), ""),
        ("Bert Holm no longer mends wooden boats.", (BERT,), ""),
        ("Bert Holm does not mend wooden boats; ask Anna Berg.", (BERT,), ""),
        ("Bert Holm doesn't mend wooden boats any more.", (BERT,), ""),
        ("Bert Holm used to mend wooden boats.", (BERT,), ""),
        ("Anna Berg mends wooden boats.", (BERT,), ""),
        ("Bert Holm mends wooden boats.", (ANNA, BERT), "371 911"),
        ("Wooden boats are mended by Bert Holm.", (ANNA, BERT), "371 911"),
        ("Bert Holm mends wooden boats in Brunsee.", (ANNA, BERT), "371 911"),
        ("Repairs are made by Bert Holm, who mends wooden boats.", (ANNA, BERT), "371 911"),
    ],
)
async def test_only_of_who_alone_is_said_to_do_it_a_number_is_given(
    text: str, rows: tuple[tuple[str, str], ...], said: str
) -> None:
    pages = notes_and_list(text, *rows)
    lists = reaching(MENDING, [one for own in pages for one in chunk(own, words=150)])
    for found in ("\n".join(lists), await answered(MENDING, *pages)):
        assert said in found
        assert ("0555" in found) == bool(said)


def test_a_long_list_takes_no_longer_for_each_line() -> None:
    firsts = [
        f"{a.upper()}{b}{c}" for a in ascii_lowercase for b in "aeiouy" for c in "bdfghklmnrst"
    ]
    lines = [f"{one} Berg mends wooden boats." for one in firsts]
    notes = page("boats", "The jetty", heading("The jetty"), *map(prose, lines))
    rows = [(f"{one} Berg", f"0555 {at:06}") for at, one in enumerate(firsts)]
    people = page("list", "List", heading("List"), *table(("name", "phone"), *rows))
    passages = [one for own in (notes, people) for one in chunk(own, words=150)]
    begun = time.perf_counter()
    found = reaching(MENDING, passages)
    assert time.perf_counter() - begun < 0.5
    assert len(found) == 3


def test_what_is_asked_for_of_a_list_is_cut() -> None:
    notes, people = notes_and_list(
        "Bert Holm mends wooden boats.", ("Bert Holm", f"0555 371 911 {'or later ' * 90}")
    )
    found = reaching(MENDING, [one for own in (notes, people) for one in chunk(own, words=150)])
    assert [len(one) for one in found] == [200]


async def test_evidence_that_is_joined_grows_no_further_than_it_may() -> None:
    first, more = [
        await choose(asked, chunk(own, words=150), ranker=Bm25(), limits=LIMITS, max_sources=1)
        for asked, own in (("trip bus", NOTES), ("guests", PROGRAMME))
    ]
    assert len(joined(first, more, most=2)) == 2
    assert joined(first, more, most=1) == tuple(first)
    assert joined(first, first, most=1) == tuple(first)
