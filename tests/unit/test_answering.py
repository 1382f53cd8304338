"""The last gate: of one's own documents only a sentence that holds what is asked for answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote

LIMITS = Limits()
CLUB = """THE ROWING CLUB

1) Boat house
The doors were painted blue in May by Ada Holt. The key hangs behind the clock.
The compressor on the first floor is not going to be repaired again.

2) Regatta
Moved to Saturday 12 September, since the lock is shut on the 5th. Ola Brink sees to the boats.

3) Fees
A locker costs 24 euros a year. The four has new oars, they were too short for the crew.
Benno Haag is the treasurer. The head of the youth section signs for the trailer.

4) Water
The lake was closed in 2019.
"""


async def said(question: str, text: str = CLUB, *, via: str = "library") -> str:
    page = replace(read_plain(text, "/library/club/notes"), via=via)
    return await _said(question, page)


async def _said(question: str, page: Page) -> str:
    passages = chunk(page, words=LIMITS.passage_words)
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return " ".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("What does a locker cost?", "24 euros"),
        ("when is the regatta", "12 September"),
        ("What colour are the doors of the boat house?", "blue"),
        ("Who is the treasurer?", "Benno Haag"),
        ("Why has the four new oars?", "too short"),
        ("who painted the doors of the boat house", "Ada Holt"),
    ],
)
async def test_what_holds_the_asked_kind_answers(question: str, right: str) -> None:
    assert right in await said(question)


@pytest.mark.parametrize(
    "question",
    [
        "What did the compressor on the first floor cost?",
        "What colour is the trailer?",
        "How many oars has the four?",
        "Who is the head of the youth section?",
        "What is Benno Haag's phone number?",
        "How old is Benno Haag?",
        "What is the temperature of the boat house?",
        "Why was the lake closed in 2019?",
        "When is the regatta of Borkholm?",
        "Which e-mail address has Ola Brink?",
        "opening hours of the boat house",
    ],
)
async def test_what_only_speaks_of_the_subject_does_not(question: str) -> None:
    assert await said(question) == ""


async def test_a_page_that_a_search_engine_chose_has_to_be_less_sure() -> None:
    text = "Rowing\n\nThe four is rowed with one oar a rower, and steered by the bow."
    question = "how is a boat of four steered at sea in thick fog"
    assert "bow" in await said(question, text, via="http")
    assert await said(question, text) == ""


@pytest.mark.parametrize(
    "question",
    [
        "I have been a member for years and my sister is too, what does a locker cost?",
        "Our cat is ill. What does a locker cost?",
    ],
)
async def test_what_is_told_around_a_question_does_not_keep_it_from_being_answered(
    question: str,
) -> None:
    assert "24 euros" in await said(question)


async def test_what_a_question_points_at_counts_in_full() -> None:
    text = "Lockers\n\nA locker costs 24 euros a year. A berth costs 310 euros a year."
    answer = await said("We would like to have a berth for our boat, what does it cost?", text)
    assert answer.startswith("A berth costs 310 euros")
