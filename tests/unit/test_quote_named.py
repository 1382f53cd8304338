"""A question that names a part of a page is answered with what stands there, and no other is."""

from __future__ import annotations

import pytest
from test_quote_shape import steps

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from codexity.stages.quote.kinds import asks_for_many
from drafted import heading, items, page, prose

LIMITS = Limits()


async def answered(question: str, *pages: Page) -> str:
    passages = [one for read in pages for one in chunk(read, words=LIMITS.passage_words)]
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    said = quote(question, evidence, limits=LIMITS)
    return "".join(f"{one.before}{one.text}" for one in said)


CAMP = page(
    "camp",
    "Camp site Fernhill",
    heading("Camp site Fernhill"),
    prose("Fernhill lies above the lake and opens at Easter."),
    heading("Borrowing a canoe", 2),
    *steps("Sign the red book.", "Take a paddle from the rack.", "Wear a vest."),
    heading("Quiet hours", 2),
    prose("Radios are off at ten. The bell is rung twice. Dogs sleep in the tents."),
    heading("What is not allowed on the jetty", 2),
    *items("fishing", "bicycles", "glass bottles"),
    heading("Mushroom stew", 2),
    prose("Serves four."),
    *items("500 g mushrooms", "an onion", "cream"),
    *steps("Fry the onion.", "Add the rest."),
    heading("Our kiosk", 2),
    prose("The kiosk is run by Berit. What it does not sell: spirits, tobacco, fireworks."),
    prose("What we do in the evenings: singing, chess, and stories at the fire."),
    prose("How to light the stove without smoke: open the flap, then lay birch bark on top."),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "borrow a canoe",
            (
                "Borrowing a canoe:\n1. Sign the red book.\n2. Take a paddle from the rack."
                "\n3. Wear a vest."
            ),
        ),
        (
            "quiet hours",
            "Radios are off at ten. The bell is rung twice. Dogs sleep in the tents.",
        ),
        (
            "What is forbidden on the jetty of Fernhill?",
            "What is not allowed on the jetty:\n- fishing\n- bicycles\n- glass bottles",
        ),
        (
            "ingredients mushroom stew",
            "Mushroom stew:\n- 500 g mushrooms\n- an onion\n- cream",
        ),
        (
            "what does the kiosk not sell",
            "What it does not sell: spirits, tobacco, fireworks.",
        ),
        (
            "what do they do in the evenings at Fernhill",
            "What we do in the evenings: singing, chess, and stories at the fire.",
        ),
        (
            "How do I light the stove at the camp site?",
            "How to light the stove without smoke: open the flap, then lay birch bark on top.",
        ),
    ],
)
async def test_a_named_part_is_said(question: str, said: str) -> None:
    assert await answered(question, CAMP) == said


@pytest.mark.parametrize(
    "question",
    [
        "What is allowed on the jetty?",  # the list is of what is not
        "price of a canoe",  # the heading does not name a price
        "quiet hours of the kiosk in winter",  # there is more to it
    ],
)
async def test_a_part_that_is_not_named_is_not_said_whole(question: str) -> None:
    said = await answered(question, CAMP)
    assert "\n- fishing" not in said
    assert "1. Sign the red book." not in said
    assert "The bell is rung twice." not in said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("night shift bag", "night shift bag:\n- torch, whistle\n- flask\n- two pens"),
        ("what do we take to the pool", "pool, small group:\n- towels\n- caps\n- rings"),
    ],
)
async def test_a_list_of_plain_lines_is_said_below_its_first_line(question: str, said: str) -> None:
    text = (
        "BAGS\n\nfair stand\n- tablecloth\n- price tags\n- coins\n\nnight shift bag\n"
        "torch, whistle\nflask\ntwo pens\n\npool, small group\ntowels\ncaps\nrings\n"
    )
    assert await answered(question, read_plain(text, "/library/documents/bags")) == said


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("what does the kiosk cost", False),
        ("what has the kiosk sold", False),
        ("what was the kiosk before", False),
        ("which drinks does the kiosk sell", True),
        ("what cold drinks are there", True),
        ("what do we take to the kiosk", True),
    ],
)
def test_a_verb_in_s_is_no_plural_that_a_list_answers(question: str, *, many: bool) -> None:
    assert asks_for_many(question) is many
