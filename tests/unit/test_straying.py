"""What a question turns on has to be said: the class of the best, for whom, who does what."""

from __future__ import annotations

import pytest

from codexity.question_words import telling_words
from codexity.stages.quote.straying import does_something_else, names_only_the_subject, strays
from codexity.text import stems


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("which of our sledges is the fastest", "sledges"),
        ("which sledge is the most expensive", "sledge"),
        ("which of the tracks has the most turns", "tracks"),
        ("fee of the ski course for a student", "student"),
        ("what does the course cost for pensioners", "pensioners"),
    ],
)
def test_what_it_turns_on_has_to_be_said(question: str, word: str) -> None:
    assert strays(question, "The fastest costs 4 euros.", {word: 0.0}, {})
    assert not strays(question, "The fastest costs 4 euros.", {word: 0.8}, {})


def test_what_is_to_be_without_is_not_said_with_it() -> None:
    question = "how far may the sledge go without a brake"
    assert strays(question, "brake: needed, 3 km at most", {}, {"brake": 1.0})
    assert not strays(question, "Without a brake it goes 1 km.", {}, {"brake": 1.0})
    assert not strays(question, "It goes 1 km.", {}, {"brake": 0.0})


def test_other_questions_do_not_stray() -> None:
    for question in ("which wax is for the track", "which guest came first", "fee for the track"):
        assert not strays(question, "It is so.", {"track": 0.0, "wax": 0.0, "guest": 0.0}, {})


@pytest.mark.parametrize(
    ("question", "verb", "else_"),
    [
        ("who waxes the sledges", "waxes", True),
        ("who forged the runners", "forged", True),
        ("who runs the lift", "runs", False),
        ("who has the key", "has", False),
    ],
)
def test_the_deed_has_to_be_said(question: str, verb: str, else_: bool) -> None:
    assert does_something_else(question, {verb: 0.0}) is else_
    assert not does_something_else(question, {verb: 0.9})


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("Does the Hotel Krone have a gym?", True),
        ("Is there a swimming pool at the Hotel Krone?", True),
        ("When was the Hotel Krone renovated?", True),
        ("Does the Hotel Krone have rooms?", False),
        ("When was the Hotel Krone opened?", False),
        ("What is the Hotel Krone?", False),
        ("How many rooms has the lodge Krone?", False),
        ("How big is the lodge Krone?", False),
        ("Does the hotel have rooms on 3 May?", False),
    ],
)
def test_what_is_asked_of_a_thing_has_to_be_said_near(question: str, *, bare: bool) -> None:
    words = telling_words(question)
    title = frozenset(stems("Hotel Krone"))
    said = title | frozenset(stems("The Hotel Krone has 34 rooms; it was opened in 1927."))
    vocabulary = said | {stem for word in words for stem in word.stems}

    def row(held: frozenset[str]) -> list[float]:
        return [
            max((share for stem, share in word.near(vocabulary).items() if stem in held), default=0)
            for word in words
        ]

    assert names_only_the_subject(question, words, row(title), row(said)) is bare
