"""A word of a question that the texts have: where they answer, they may call it otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.analysis import stem
from codexity.model import Limits
from codexity.question_word import said_by
from codexity.question_words import telling_words
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.stages.quote import quote
from codexity.synonyms import near, nearest

LIMITS = Limits()
CAMP = """CAMP SITE BY THE LAKE

Arriving
The office hands out the plan of the site. A bike may be hired at the kiosk.
Whose plan it is stands on it.

Rules
Dishes are washed behind the barn. Bicycles stand under the roof of the barn.
Cars stand in the lane. A vehicle with gas is not let in.
The telephone in the porch is for emergencies, an apartment was never let here.

Waste
Garbage goes into the green box. Trash of the storm was burnt in spring.

Prices
The flat above the kiosk is 70 euros a night.
A purchase on account has to be settled within nine days.
"""


async def said(question: str) -> str:
    page = replace(read_plain(CAMP, "/library/camp/notes"), via="library")
    passages = chunk(page, words=LIMITS.passage_words)
    if not cover(question, passages).answers:
        return ""
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return " ".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("where does my bike stand", "under the roof"),
        ("where does the vehicle stand", "in the lane"),
        ("how much does the apartment above the kiosk cost", "70 euros"),
        ("is an apartment above the kiosk dear", "70 euros"),
    ],
)
async def test_what_is_said_otherwise_in_one_place_answers(question: str, right: str) -> None:
    assert right in await said(question)


@pytest.mark.parametrize(
    "question",
    ["where does the canoe stand", "where do the curtains go", "who hired the lawyer"],
)
async def test_what_is_something_else_does_not(question: str) -> None:
    assert await said(question) == ""


@pytest.mark.parametrize(("word", "other"), [("trash", "waste"), ("bike", "bicycles")])
def test_a_known_word_is_said_otherwise_only_where_that_is_wanted(word: str, other: str) -> None:
    (one,) = telling_words(f"the {word}")
    texts = {stem(word), stem(other)}
    assert stem(other) in one.near(texts, otherwise=True)
    assert stem(other) not in one.near(texts)


def test_a_weak_synonym_says_no_word_that_the_texts_have() -> None:
    assert stem("acquire") in nearest(stem("purchase"))
    assert stem("dishonest") in near(stem("purchase"))
    assert stem("dishonest") not in nearest(stem("purchase"))


@pytest.mark.parametrize(
    ("question", "both", "by_halves"),
    [
        ("who builds the house", "builds", "house"),
        ("who pays the salary", "pays", "salary"),
        ("who eats the meal", "eats", "meal"),
    ],
)
def test_what_says_one_word_says_no_other_by_halves(
    question: str, both: str, by_halves: str
) -> None:
    words = telling_words(question)
    at = [one.text for one in words].index(by_halves)
    said = said_by(words, {stem(both)}, otherwise=True)
    assert stem(both) in words[at].near({stem(both)}, otherwise=True)
    assert stem(both) not in said[at]
    assert any(stem(both) in one for one in said)
