"""A question that asks for several things is answered part by part."""

from __future__ import annotations

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits
from codexity.question_kind import asked_for
from codexity.question_parts import parts_of
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from drafted import heading, page, prose, table

LIMITS = Limits()
PRICES = page(
    "prices",
    "Prices of the tannery",
    heading("Prices of the tannery"),
    *table(
        ("article", "price"),
        ("saddle bag, brown", "€120"),
        ("belt, braided", "€34"),
        ("key fob", "€6"),
    ),
)
STORE = page(
    "store",
    "Store",
    heading("Store"),
    *table(
        ("article", "shelf", "in stock"),
        ("saddle bag, brown", "A3", "4"),
        ("belt, braided", "B1", "17"),
        ("key fob", "B2", "61"),
    ),
)
SEWING = page(
    "sewing",
    "Sewing machine",
    heading("Sewing machine"),
    prose("Needles of the sewing machine last about 80 hours. Oil it on Mondays."),
    prose("Dorrit Hale repairs the sewing machine."),
)
ORDERS = page(
    "orders",
    "Orders",
    heading("Orders"),
    prose("Needles for the sewing machine were last ordered on 9 March 2031."),
    prose("The dye course is on 4 July and takes place in the yard."),
)


async def said(question: str) -> str:
    pages = (PRICES, STORE, SEWING, ORDERS)
    passages = [one for each in pages for one in chunk(each, words=LIMITS.passage_words)]
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return "\n".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("price of the saddle bag and how many are in stock", "€120", "in stock: 4"),
        ("what does the key fob cost and how many are in stock?", "€6", "in stock: 61"),
        (
            "when were needles for the sewing machine last ordered, and how long does one last?",
            "9 March 2031",
            "80 hours",
        ),
        ("who repairs the sewing machine and when is the dye course", "Dorrit Hale", "4 July"),
    ],
)
async def test_each_part_is_answered_by_its_own_best(
    question: str, first: str, second: str
) -> None:
    text = await said(question)
    assert first in text
    assert second in text
    assert text.index(first) < text.index(second)


async def test_a_question_of_one_part_says_no_more() -> None:
    text = await said("price of the braided belt")
    assert "€34" in text
    assert "in stock" not in text


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "what does the boat cost and how long is it?",
            (("what does the boat cost",), ("boat cost: how long is it",)),
        ),
        (
            "who cleans the hall and when does the choir sing",
            (
                ("who cleans the hall",),
                ("when does the choir sing", "hall: when does the choir sing"),
            ),
        ),
        ("opening hours of the post office and the library", ()),
        ("which soup goes with bread and butter", ()),
        ("and what now", ()),
    ],
)
def test_parts_are_questions_of_their_own(
    question: str, parts: tuple[tuple[str, ...], ...]
) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize("question", ["how many are left", "how many were there", "how many fit"])
def test_no_verb_is_what_is_counted(question: str) -> None:
    found = asked_for(question)
    assert found is not None
    assert found.counted == ""


def test_a_noun_is_what_is_counted() -> None:
    found = asked_for("how many chairs are left")
    assert found is not None
    assert found.counted == "chairs"
