"""The clauses of a question: those that ask, and what is only told around them."""

from __future__ import annotations

import pytest

from codexity.question_clauses import asking_clauses
from codexity.question_words import telling_words


@pytest.mark.parametrize(
    ("question", "asking"),
    [
        ("My aunt is ill, who waters the plants?", "who waters the plants"),
        ("The pump leaks. How do I shut the valve?", "How do I shut the valve?"),
        ("Ich bin neu hier, wo liegt der Schlüssel?", "wo liegt der Schlüssel?"),
    ],
)
def test_the_clause_that_asks_is_found_beside_others(question: str, asking: str) -> None:
    assert asking_clauses(question).strip(" ?") == asking.strip(" ?")


@pytest.mark.parametrize(
    "question",
    [
        "Who waters the plants?",
        "who waters the plants, and when?",
        "plants, watering",
        "I saw a boat, what does it cost?",
    ],
)
def test_there_is_none_where_all_asks_or_it_points_at_the_rest(question: str) -> None:
    assert asking_clauses(question) == ""


def test_what_is_told_around_the_question_weighs_less_than_what_asks() -> None:
    weights = {one.text: one.weight for one in telling_words("My aunt is ill, who sells lamps?")}
    assert weights["aunt"] < weights["lamps"]
    alone = {one.text: one.weight for one in telling_words("which aunt sells lamps")}
    assert alone["aunt"] == alone["lamps"]
