"""Which passages cover a question, of which source, and which refuse it."""

from __future__ import annotations

import pytest

from codexity.model import Page, Passage
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover, covering

SHED = (
    "The tool shed of the rowing club is open on Tuesdays. Its padlock was bought in 2019 for 12"
    " euros. Marit Oosting looks after the oars. The rules have nothing on guests.\n\n"
    "The boat RX-40 weighs 31 kg and holds four rowers. The trailer is lent for two days."
)
WITH = 'The "with" statement wraps a block of code with methods that a context manager defines.'


def passages(text: str, url: str = "/library/own/shed", title: str = "Club") -> tuple[Passage, ...]:
    return chunk(Page(url=url, title=title, text=text, via="library"), words=150)


@pytest.mark.parametrize(
    "question",
    [
        "When is the tool shed open?",
        "who looks after the oars",
        "How many rowers does the RX-40 hold?",
        "what did the padlock cost",
        "how long is the trailer lent",
        "when did you buy the padlock",
    ],
)
def test_what_a_sentence_says_is_covered(question: str) -> None:
    assert cover(question, passages(SHED)).answers


@pytest.mark.parametrize(
    "question",
    [
        "how do I renew my passport",
        "who won the marathon of 1954",
        "what is the wifi password",
        "How many rowers does the RX-60 hold?",
        "when does the RX-41 arrive",
        "What is the phone number of Marit Oosting?",
        "how much do the oars cost",
        "can the sauna be booked",
    ],
)
def test_what_no_sentence_says_is_not(question: str) -> None:
    assert not cover(question, passages(SHED)).answers


def test_a_model_is_given_what_there_is_for_a_task() -> None:
    task = "Summarise my notes"
    assert cover(task, passages(SHED), lenient=True).answers
    assert not cover(task, passages(SHED)).answers
    assert not cover("how do I renew my passport", passages(SHED), lenient=True).answers


def test_the_source_that_covers_best_answers_whatever_else_there_is() -> None:
    own = passages("Your bank statement does not work with the old form. " * 3)
    starter = passages(WITH, url="/library/starter/with", title="The with statement")
    question = "How does the with statement work?"
    assert covering(question, starter) == [*starter]
    assert covering(question, (*own, *starter)) == [*starter]
    assert covering("When is the tool shed open?", (*passages(SHED), *starter)) == [*passages(SHED)]
    assert covering("how do I renew my passport", (*own, *starter)) == []


def test_two_passages_may_cover_a_long_question_together() -> None:
    first = passages("Ilse Brandrup designed the lighthouse of Vesterholm.", url="/library/own/a")
    second = passages("Ilse Brandrup studied engineering in Kolding.", url="/library/own/b")
    asked = (
        "In which town did the woman who designed the lighthouse of Vesterholm study engineering?"
    )
    assert cover(asked, (*first, *second)).share > cover(asked, first).share
    assert cover(asked, (*first, *second)).answers
