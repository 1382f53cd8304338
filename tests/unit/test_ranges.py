"""Rows of ranges: the number of a question picks the row whose range it is in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.ranges import asked_numbers
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
    ],
)
def test_the_numbers_of_a_question_are_no_dates_times_or_codes(
    question: str, values: list[float]
) -> None:
    assert [one.value for one in asked_numbers(question)] == values
