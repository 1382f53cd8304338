"""Of a tale with a question in it only the question is asked, unless it points at the tale."""

from __future__ import annotations

import pytest

from codexity.question_clauses import asking_sentence
from codexity.question_words import telling_words

TALE = "My sister visited yesterday and we spoke of it over dinner."


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (f"{TALE} Who lends the ladder?", "Who lends the ladder?"),
        (f"Who lends the ladder? {TALE}", "Who lends the ladder?"),
        (f"{TALE}\nladder to lend?", "ladder to lend?"),
        ("Who lends the ladder?", ""),
        (f"{TALE} Who lends it?", ""),
        (f"{TALE} {TALE}", ""),
        ("Who lends the ladder? And who mends it?", ""),
    ],
)
def test_the_sentence_that_asks(typed: str, asked: str) -> None:
    assert asking_sentence(typed) == asked


def test_only_its_words_tell_what_is_asked_where_they_are_enough() -> None:
    alone = [one.text for one in telling_words(f"{TALE} Who lends the ladder?")]
    assert alone == [one.text for one in telling_words("Who lends the ladder?")]
    assert "dinner" in {one.text for one in telling_words(f"{TALE} Who was there?")}
