"""Which passages cover a question, of which source, and which refuse it."""

from __future__ import annotations

import pytest

from codexity.model import Page, Passage
from codexity.question_words import telling_words
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


CELLAR = (
    "On 11 May we hung the curtains of all the rooms. Rooms 14 and 16 face the yard, and kestrel"
    " number 7 nests above. The rent is 820 euros."
)


@pytest.mark.parametrize("question", ["who paints room 11", "where does kestrel 14 nest"])
def test_a_small_number_beside_something_else_is_not_that_of_the_question(question: str) -> None:
    assert not cover(question, passages(CELLAR)).answers


@pytest.mark.parametrize(
    "question", ["where does room 14 face", "where does room 16 face", "where does kestrel 7 nest"]
)
def test_a_small_number_stands_beside_its_word(question: str) -> None:
    assert cover(question, passages(CELLAR)).answers


def test_the_cells_of_a_row_tell_what_its_number_is_of() -> None:
    [number] = [one for one in telling_words("who has seen kestrel 7") if one.text == "7"]
    row = "Nest: Kestrel, Place: tower, Seen by: Ada Quill, Number: 7"
    assert number.stands_in(row, frozenset(("7",)), record=True)
    assert not number.stands_in(row, frozenset(("7",)))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Wie hoch ist die Miete?", "Die Miete beträgt 820 Euro im Monat."),
        ("Wie schwer ist das Boot?", "Das Boot wiegt 31 kg."),
        ("Wann ist der Hausmeister da?", "Der Hausmeister kommt am Montag um 8:00."),
        ("how heavy is the boat", "The boat has 31 kg."),
        ("how deep is the harbour", "The harbour has 4 metres of water."),
    ],
)
def test_what_is_measured_only_asks(question: str, text: str) -> None:
    assert cover(question, passages(text)).answers
    other = "Der Turm ist 30 Meter hoch, tief und schwer. The tower is deep, heavy: 30 metres."
    assert not cover(question, passages(other)).answers


def test_an_english_question_keeps_its_stop_words_over_documents_in_german() -> None:
    german = "Der Garten ist 12 Meter lang. Die Miete beträgt 820 Euro."
    assert not cover("how deep is the harbour", passages(f"{german} The tower is deep.")).answers
    assert cover("how deep is the harbour", passages(f"{german} The harbour: 4 m deep.")).answers
