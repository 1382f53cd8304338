"""Slips in the words that only ask: they are read as they were meant, and nothing else is."""

from __future__ import annotations

import pytest

from codexity.question_kind import asked_for
from codexity.question_slips import plainly_asked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wich ferry goes to the island", "which ferry goes to the island"),
        ("wehn does the bakery open", "when does the bakery open"),
        ("Waht is the gate code", "What is the gate code"),
        ("whre can the kayak be left", "where can the kayak be left"),
        ("when ist the harvest supper", "when is the harvest supper"),
        ("hwo leads the choir", "who leads the choir"),
        ("hwo much is a sauna ticket", "how much is a sauna ticket"),
        ("how long dose the kiln cool", "how long does the kiln cool"),
        ("whats the wifi password", "what's the wifi password"),
        ("Whos the caretaker", "Who's the caretaker"),
        ("wheres the fuse box for teh barn", "where's the fuse box for the barn"),
        ("shoud i water the ferns", "should i water the ferns"),
    ],
)
def test_words_that_ask_are_read_as_meant(typed: str, meant: str) -> None:
    assert plainly_asked(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "which ferry goes to the island",
        "what dose of ibuprofen for a child",
        "what is the `hwo` flag for",
        'who wrote "wich"',
        "what is Hwo",
        "wo ist die Pumpe",
        "wat kost een kaartje",
        "rezept im ofen",
        "is the hose or the witch older",
        "who may use the cold room",
    ],
)
def test_names_code_other_languages_and_words_stay(question: str) -> None:
    assert plainly_asked(question) == question


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("hwo old is the mill", "age"), ("whens the regatta", "date"), ("whos the cook", "person")],
)
def test_the_kind_is_told_again(typed: str, kind: str) -> None:
    found = asked_for(plainly_asked(typed))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "question",
    [
        "Where does a cud come from?",
        "what is a wont",
        "When dose is missed, what now?",
        "is every wat in Thailand old",
    ],
)
def test_a_noun_is_no_slip_of_a_word_that_asks(question: str) -> None:
    assert plainly_asked(question) == question
