"""Questions that name what they ask for by a noun: `depth of the pond`, `mira birthday`."""

from __future__ import annotations

import time

import pytest

from codexity.kind_nouns import only_names, without_names
from codexity.model import Page
from codexity.question_kind import asked_for
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("max depth of a well", "length"),
        ("mast height", "length"),
        ("mira birthday", "born"),
        ("date of birth mira", "born"),
        ("deadline for the grant", "date"),
        ("deadline to hand in form 7", "date"),
        ("sauna address", "address"),
        ("address of the museum", "address"),
        ("phone chimney sweep", "phone"),
        ("email laundry", "email"),
        ("opening sunday", "hours"),
        ("closing time sunday", "hours"),
        ("ferry price", "money"),
        ("max load crane", "weight"),
        ("minimum age climbing", "number"),
        ("what's the maximum speed of the ferry", "speed"),
        ("what is the width of the gate", "length"),
        ("levy day", "date"),
        ("number of beehives", "number"),
    ],
)
def test_the_noun_tells_the_kind(question: str, kind: str) -> None:
    found = asked_for(question)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "question",
    [
        "price list 2025",
        "date format in the report",
        "change my address",
        "how do I change the price of a ticket",
        "which costs can I deduct",
        "what happens to the deposit",
        "birthday",
        "address book",
    ],
)
def test_where_a_noun_is_what_it_is_about_it_tells_none(question: str) -> None:
    assert only_names(question) == frozenset()


def test_of_two_nouns_the_one_that_is_asked_for_tells() -> None:
    assert only_names("price of the birthday cake") == {"price"}
    assert only_names("rent day") == {"day"}


def test_a_noun_that_texts_hardly_say_is_left_out() -> None:
    assert without_names("address of the museum").split() == ["of", "the", "museum"]
    assert without_names("price of the museum ticket") == "price of the museum ticket"
    assert without_names("address") == "address"


def answers(question: str, text: str) -> bool:
    page = Page(url="/library/a/b", title="Notes", text=text, via="library")
    return cover(question, chunk(page, words=150)).answers


@pytest.mark.parametrize(
    ("question", "said", "other"),
    [
        ("max depth of a well", "Wells are 9 m deep at most.", "Wells are covered in winter."),
        ("mira birthday", "Mira, born 4.2.2011, swims.", "Mira has swum since 2019, 4 times."),
        ("sauna address", "The sauna is at Quarry Lane 3.", "The sauna seats 3, book on 4 May."),
        ("ferry email", "Ferry: ahoy@lake.example.", "The ferry sails at 9."),
        ("boiler capacity", "The boiler holds 80 litres.", "The boiler was made in 1980."),
        ("max load crane", "The crane lifts 300 kg.", "The crane was moved 300 m."),
        ("opening hours sunday", "Open: Sun 10:00 - 14:00.", "On Sunday the hours are long."),
    ],
)
def test_a_text_that_holds_one_need_not_say_the_noun(question: str, said: str, other: str) -> None:
    assert answers(question, said)
    assert not answers(question, other)


OTHER = "Harvest supper. In the barn, with songs of the choir."


def test_a_paragraph_is_headed_by_its_first_words() -> None:
    text = "Harvest supper. Saturday 3 October, from 18:00, in the barn."
    assert answers("when is the harvest supper", text)
    assert not answers("when is the harvest supper", f"{OTHER}\n\n{OTHER}\n\n{text[16:]}")


@pytest.mark.parametrize(("file", "covered"), [("ferry-tickets.txt", True), ("notes.txt", False)])
def test_a_file_is_about_what_it_is_called(file: str, covered: bool) -> None:
    text = "A day costs £4 for adults."
    page = Page(url="/library/a/b", title="Day costs", text=text, via="library", file=file)
    assert cover("ferry tickets adults price", chunk(page, words=150)).answers is covered


@pytest.mark.parametrize("run", ["a", "A", "1", "-", "'a", "a-", "( ", "who ", "for the "])
def test_what_a_question_of_the_longest_asks_for_is_told_soon(run: str) -> None:
    question = (run * 500)[:500]
    begin = time.thread_time()
    asked_for.__wrapped__(question)
    assert time.thread_time() - begin < 1  # some 5 ms; a pattern that tries all ways took minutes


@pytest.mark.parametrize(
    "question",
    [
        "highest peak",
        "fine dust filter",
        "birthday cake recipe",
        "mobile library stops",
        "email client",
        "opening ceremony",
        "temp agency",
    ],
)
def test_a_noun_that_only_tells_of_another_names_no_kind(question: str) -> None:
    assert asked_for(question) is None
