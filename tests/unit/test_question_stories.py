"""Chatty questions: which of their words tell what is asked, and which only the story around it."""

import pytest

from codexity.question_clauses import asides, asking_clauses
from codexity.question_words import telling_words


def weights(question: str) -> dict[str, float]:
    return {one.text.lower(): one.weight for one in telling_words(question)}


@pytest.mark.parametrize(
    ("question", "story"),
    [
        ("The dough is sticky, what should I change?", "sticky"),
        ("The kiln smells of gas. What is best?", "kiln"),
        ("my kayak has a crack, can somebody help", "crack"),
        ("the goat ate a sock, what now", "goat"),
    ],
)
def test_where_the_clause_that_asks_says_nothing_the_story_counts_whole(
    question: str, story: str
) -> None:
    assert weights(question)[story] == 1.0


@pytest.mark.parametrize(
    "question",
    [
        "My uncle is deaf, may he ring the bell?",
        "I am late for pottery, do I still get a kiln?",
        "Our hens are ill, who treats their feet?",
        "The lamp is cracked, is one allowed in the barn?",
    ],
)
def test_a_clause_that_points_back_asks_with_the_story(question: str) -> None:
    assert asking_clauses(question) == ""


@pytest.mark.parametrize(
    "question",
    [
        "If a lamp breaks, who pays?",
        "what do I do, if a lamp breaks",
        "Unless it rains, when do we mow?",
    ],
)
def test_a_condition_is_part_of_what_is_asked(question: str) -> None:
    assert asking_clauses(question) == ""


@pytest.mark.parametrize(
    ("question", "aside", "told"),
    [
        ("I hit a deer on the way back from the concert, who repairs the van?", "concert", "deer"),
        ("my neighbour says the pottery refunds it, who pays the kiln", "neighbour", "kiln"),
        ("the boiler hissed this morning and dripped", "morning", "boiler"),
        ("yesterday the kiln cracked", "yesterday", "kiln"),
    ],
)
def test_the_occasion_weighs_less(question: str, aside: str, told: str) -> None:
    assert aside in asides(question).lower()
    assert weights(question)[aside] < 0.5
    assert told not in asides(question).lower()
    assert weights(question)[aside] < weights(question)[told]


def test_a_way_and_a_morning_that_are_asked_for_weigh_whole() -> None:
    assert asides("which way leads to the concert in the mornings") == ""


@pytest.mark.parametrize("word", ["shed", "bed", "seed", "supply", "family"])
def test_things_that_end_like_participles_weigh_as_things(word: str) -> None:
    assert weights(f"where is the {word} kept")[word] == 1.0
    assert weights(f"where is the {word} painted")["painted"] < 1.0


def test_everyday_words_in_capitals_are_no_names() -> None:
    (one,) = (word for word in telling_words("where is our GP") if word.text == "GP")
    assert one.may_be_said_otherwise
    (name,) = (word for word in telling_words("where is our XQV") if word.text == "XQV")
    assert not name.may_be_said_otherwise
