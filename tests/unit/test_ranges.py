"""Rows of ranges: the number of a question picks the row whose range it is in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.ranges import asked_numbers, in_range
from codexity.records import records
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.quote import quote
from drafted import heading, page, table

LIMITS = Limits()
FERRY = page(
    "ferry",
    "The ferry desk",
    heading("The ferry desk"),
    heading("Refunds when a crossing is cancelled", 2),
    *table(
        ("Before sailing", "Cabin", "Deck seat"),
        ("more than 90 days", "15 %", "nothing"),
        ("90 to 31 days", "45 %", "40 %"),
        ("30 to 10 days", "70 %", "65 %"),
        ("9 days or less", "90 %", "85 %"),
    ),
    heading("Parcels on board", 2),
    *table(
        ("Weight", "Price"),
        ("up to 2 kg", "£3.10"),
        ("up to 5 kg", "£4.70"),
        ("over 5 kg", "£9.30"),
    ),
    heading("Fares for children", 2),
    *table(("Age", "Fare"), ("0-3", "£0"), ("4-11", "£6.20"), ("12 and older", "£11.90")),
)


async def answered(question: str, found: Page) -> str:
    passages = chunk(replace(found, via="library"), words=LIMITS.passage_words)
    covered = await run_sync(covering, question, passages)
    if not covered:
        return ""
    evidence = await choose(question, covered, ranker=Bm25(), limits=LIMITS, max_sources=5)
    said = await run_sync(partial(quote, question, evidence, limits=LIMITS))
    return " ".join(one.text for one in said)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What is kept for a cabin cancelled 15 days before sailing?", "70 %"),
        ("How much is kept when a cabin is cancelled 40 days before sailing?", "45 %"),
        ("cabin cancelled 5 days before sailing", "90 %"),
        ("cabin cancelled a hundred days before sailing", "15 %"),
        ("What does a parcel of 4 kg cost on board?", "£4.70"),
        ("What does a parcel of 1.5 kg cost on board?", "£3.10"),
        ("What does a parcel of 7 kg cost on board?", "£9.30"),
        ("What is the fare for children of 7?", "£6.20"),
        ("fare for children of age 14", "£11.90"),
    ],
)
async def test_the_row_whose_range_holds_the_number_comes_first(question: str, row: str) -> None:
    text = await answered(question, FERRY)
    figures = [
        one
        for one in ("70 %", "45 %", "90 %", "15 %", "£4.70", "£3.10", "£9.30", "£6.20", "£11.90")
        if one in text
    ]
    assert figures, text
    assert min(figures, key=text.index) == row


def desk(heads: tuple[str, ...], *rows: tuple[str, ...]) -> Page:
    title = f"The {heads[0].lower()} desk"
    return page("desk", title, heading(title), *table(heads, *rows))


DAYS = desk(
    ("Day", "Parcels", "Clerk"),
    ("2026-01-05", "12", "Anna"),
    ("2026-02-05", "30", "Bert"),
    ("2026-03-05", "45", "Cleo"),
)
PHONES = desk(
    ("Phone", "Chairs", "Desk"),
    ("555-1234", "12", "Anna"),
    ("555-2234", "600", "Bert"),
    ("555-0034", "45", "Cleo"),
)
VERSIONS = desk(
    ("Version", "Bugs fixed", "Clerk"),
    ("3-1", "12", "Anna"),
    ("4-2", "30", "Bert"),
    ("5-40", "45", "Cleo"),
)
WEEKS = desk(
    ("Week", "Visitors", "Guide"),
    ("Week 24-30", "120 visitors", "Anna"),
    ("Week 31-36", "28", "Bert"),
    ("Week 37-40", "60", "Cleo"),
)
SIZES = desk(
    ("Size", "In stock", "Colour"),
    ("35-38", "41", "red"),
    ("39-42", "12", "blue"),
    ("43-46", "7", "green"),
)


@pytest.mark.parametrize(
    ("question", "found", "name"),
    [
        ("Which clerk had 30 parcels?", DAYS, "Bert"),
        ("Which desk has 600 chairs?", PHONES, "Bert"),
        ("Which version fixed 30 bugs?", VERSIONS, "Bert"),
        ("Which guide had 28 visitors?", WEEKS, "Bert"),
        ("Which size has 41 in stock?", SIZES, "red"),
        # controls: what is asked is in the range
        ("Who is the guide in week 28?", WEEKS, "Anna"),
        ("Who is the guide in week 38?", WEEKS, "Cleo"),
        ("Which colour is size 41?", SIZES, "blue"),
    ],
)
async def test_the_row_that_has_the_number_itself_is_not_passed_over(
    question: str, found: Page, name: str
) -> None:
    text = await answered(question, found)
    assert name in text
    assert not any(one in text for one in ("Anna", "Bert", "Cleo", "red", "blue") if one != name)


@pytest.mark.parametrize(
    "first", ["2026-01-05", "555-1234", "1-1", "12/5-12/9", "a1-5", "1 May - 8 June"]
)
def test_dates_and_codes_are_no_ranges(first: str) -> None:
    found = desk(("Day", "Clerk"), (first, "Anna"), ("2026-02-05", "Bert"), ("555-0034", "Cleo"))
    assert not in_range(asked_numbers("600 parcels"), records(found))
    assert not in_range(asked_numbers("3 parcels"), records(found))


@pytest.mark.parametrize(
    "first",
    ["under 5s", "1st to 5th", "0-5", "1–5 kg", "1 to 5", "between 1 and 5", "1-5kg", "1 kg-5 kg"],
)
def test_what_is_between_two_numbers_is_a_range(first: str) -> None:
    found = desk(("Weight", "Price"), (first, "low"), ("6-10", "high"))
    assert in_range(asked_numbers("for 3"), records(found)).keys() == {"3"}


async def test_two_numbers_are_a_range_behind_between_alone() -> None:
    rooms = desk(("Rooms", "Cleaner"), ("Rooms 1 and 5", "Anna"), ("Rooms 2 and 6", "Bert"))
    assert "Anna" not in await answered("Who is the cleaner of room 4?", rooms)
    rooms = desk(("Rooms", "Cleaner"), ("Between 1 and 5", "Anna"), ("Between 6 and 9", "Bert"))
    assert "Anna" in await answered("Who is the cleaner of room 4?", rooms)


@pytest.mark.parametrize(
    ("guests", "fee"),
    [
        ("1,200", "£30"),
        ("1.200", "£30"),
        ("1200", "£30"),
        ("two hundred", "£20"),
        ("fifty-five", "£15"),
        ("seventeen", "£10"),
    ],
)
async def test_numbers_are_read_whole(guests: str, fee: str) -> None:
    fees = desk(
        ("Guests", "Fee"),
        ("1-52", "£10"),
        ("53-100", "£15"),
        ("101-1,000", "£20"),
        ("1,001-5,000", "£30"),
    )
    assert fee in await answered(f"What is the fee for {guests} guests?", fees)


async def test_seconds_do_not_say_two() -> None:
    pumps = desk(("Pump", "Run time"), ("Pump 7", "40 seconds"), ("Pump 9", "50 seconds"))
    assert not await answered("How long does pump 2 run for?", pumps)
    pumps = desk(("Pump", "Run time"), ("Pump 7", "40 seconds"), ("Pump 2", "50 seconds"))
    assert "50 seconds" in await answered("How long does pump 2 run for?", pumps)


async def test_a_figure_in_another_column_is_not_the_number() -> None:
    text = await answered("What is kept for a cabin cancelled 15 days before sailing?", FERRY)
    assert "more than 90 days" not in text


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("cancelled 20 days before", [20.0]),
        ("a parcel of 7.5 kg", [7.5]),
        ("a 7-year-old child", [7.0]),
        ("six nights", [6.0]),
        ("on 12.5.2026 at 8:30", []),
        ("batch 24-117", []),
        ("1,200 guests and 1.500 chairs", [1200.0, 1500.0]),
        ("1,200.50 and 1.200,50 and 1.25 kg and 0.125 t", [1200.5, 1200.5, 1.25, 0.125]),
        ("two hundred guests", [200.0]),
        ("fifty-five guests: how many?", [55.0]),
        ("fifty-five: how many?", []),
        ("2 hundred guests", []),
        ("nineteen guests", [19.0]),
    ],
)
def test_the_numbers_of_a_question_are_no_dates_times_or_codes(
    question: str, values: list[float]
) -> None:
    assert [one.value for one in asked_numbers(question)] == values
