"""Small numbers in words and in figures are one; whether it is so is said in its own words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits
from codexity.number_words import SPELLED, spelled, value_of
from codexity.question_words import telling_words
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.quote import quote
from codexity.text import stems

LIMITS = Limits()
CAMP = """The camp

A sick note is needed from the third day. Guests may stay for six nights.

Tents

- Pitch with Runa, not at the gate
- Fires on the sand only

Dogs are not allowed in the wash house.
"""


async def said(question: str) -> str:
    page = replace(read_plain(CAMP, "/library/camp/rules"), via="library")
    covered = await run_sync(covering, question, chunk(page, words=LIMITS.passage_words))
    if not covered:
        return ""
    evidence = await choose(question, covered, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return " ".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Do I need a sick note after 2 or 3 days?", "third day"),
        ("May guests stay 6 nights?", "six nights"),
        ("Do I pitch the tent with Runa or at the gate?", "Pitch with Runa"),
        ("Are dogs allowed in the wash house?", "not allowed"),
    ],
)
async def test_the_answer_may_have_the_words_of_the_question_alone(
    question: str, answer: str
) -> None:
    assert answer in await said(question)


@pytest.mark.parametrize(
    ("question", "text", "stands"),
    [
        ("after 6 weeks", "after six weeks", True),
        ("after 6 weeks", "in the sixth week", True),
        ("after 6 weeks", "after seven weeks", False),
        ("after 1 week", "one of the rules", False),
        ("after 17 weeks", "after seventeen weeks", True),
        ("after 17 weeks", "after seventy weeks", False),
        ("after 2 weeks", "in the second week", True),
        ("after 2 weeks", "a week and a 40 second break", False),
        ("after 2 weeks", "a week and a twenty-second break", False),
        ("after 2 weeks", "a week and some seconds", False),
    ],
)
def test_a_figure_stands_in_a_text_in_words(question: str, text: str, *, stands: bool) -> None:
    number = next(one for one in telling_words(question) if one.text.isdigit())
    assert number.stands_in(text, frozenset(stems(text, "en"))) is stands


def test_a_number_in_words_is_said_by_its_figure() -> None:
    six = next(one for one in telling_words("after six weeks") if one.text == "six")
    assert six.near(["6", "7"]).get("6", 0.0) > 0.5
    assert "7" not in six.near(["6", "7"])


def test_the_numbers_to_twenty_and_the_tens_are_known() -> None:
    known = {int(figure) for figure in SPELLED}
    assert known >= {*range(2, 21), *range(20, 101, 10)}


def test_the_unit_is_not_the_number() -> None:
    assert spelled("2").isdisjoint(stems("it runs for 40 seconds", "en"))
    assert not spelled("2").isdisjoint(stems("it runs for two hours", "en"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("six", 6),
        ("one", None),
        ("fifty-five", 55),
        ("hundred", 100),
        ("two hundred and fifty-five", 255),
        ("two thousand five hundred", 2500),
        ("two five", None),
        ("two and five", None),
        ("two dozen", None),
    ],
)
def test_a_number_of_several_words_is_read_as_one_or_not_at_all(
    text: str, value: int | None
) -> None:
    assert value_of(text) == value
