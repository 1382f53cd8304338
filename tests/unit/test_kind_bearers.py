"""What looks like the asked kind, and is of another thing, is not what was asked for."""

from __future__ import annotations

import time

import pytest

from codexity.question_kind import asked_for


@pytest.mark.parametrize(
    ("question", "kind", "holds", "lacks"),
    [
        ("address of the mill", "address", "The mill, 12 Otter Row.", "It opens on 12 May."),
        ("postcode of the bakery", "address", "Baker, 24937 Flensburg.", "Baker, since 1999."),
        ("ferry office phone", "phone", "Ferry office 04642 1188.", "Ferry office, 20/05/2026."),
        ("phone of the ferry", "phone", "Ferry: extension 12.", "Ferry: open 2025-04-08."),
        ("what time is supper", "clock", "Supper is from 6 to 8.", "Supper is on 12 May."),
        ("at what time do the doors shut", "clock", "They shut at 9.", "They shut on Monday."),
        ("how fast does the belt run", "speed", "It runs at 3 m/s.", "It has 3 rollers."),
        ("how often is the well tested", "often", "It is tested twice a year.", "It is 40 deep."),
        ("how deep is the well", "length", "It is 12 m deep.", "It was dug in 12 days."),
        ("how long is the rope", "length", "The rope has 30 m.", "It lasts 3 years, 1 in 15."),
        ("how long is the hose", "length", "It is 12 in long.", "It was bought 3 weeks ago."),
        ("how long is the lesson", "duration", "It takes an hour.", "It is in the hall."),
        ("how long is the rope kept", "duration", "It is kept 3 years.", "It is kept here."),
        ("salt lick dose for goats", "dose", "Goats get 5 g.", "Written in 2023 for goats."),
        ("deadline for the entries", "date", "Entries by 3 May.", "Entries go to Ada."),
        ("Ada's birthday", "born", "Ada, born 3 May.", "Ada has a twin."),
        ("salary of the smith", "money", "The smith gets 40 euros.", "The smith has 40 hens."),
        ("who mends the sails", "doer", "They are mended by the sailmaker.", "They are mended."),
        ("who waters the beans", "doer", "It is up to the tenants.", "It is done on Monday."),
        ("width of the canal", "length", "It is 8 m wide.", "It is wide."),
    ],
)
def test_a_kind_is_told_and_found(question: str, kind: str, holds: str, lacks: str) -> None:
    asked = asked_for(question)
    assert asked is not None
    assert asked.kind == kind
    assert asked.held_by(holds, question) == 1
    assert asked.held_by(lacks, question) == 0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what dose it cost", None),
        ("does the server have a fixed ip address", None),
        ("can i use my phone", None),
        ("my brother who lives in Riga has lost it, what now", None),
        ("how long is the gate open", "duration"),
    ],
)
def test_the_same_words_may_ask_for_something_else(question: str, kind: str | None) -> None:
    asked = asked_for(question)
    assert (asked and asked.kind) == kind


@pytest.mark.parametrize(
    ("question", "own", "of_another"),
    [
        (
            "phone of Ada",
            "Keys: Bo, 040 555 1234. Ada, phone 040 555 7788.",
            "Ada sees to the keys. Oars: Bo Brink, 040 555 1234.",
        ),
        (
            "opening hours of the library",
            "Library: Mon-Fri 9:00-17:00.",
            "Books go to the library. Pool: Nordbad, 9:00-17:00.",
        ),
        (
            "e-mail address of Ada",
            "Ada Holt. ada@mill.example.",
            "Ada does the keys. Post goes to Bo, bo@mill.example.",
        ),
    ],
)
def test_what_another_has_is_not_it(question: str, own: str, of_another: str) -> None:
    asked = asked_for(question)
    assert asked is not None
    assert asked.held_by(own, question) == 1
    assert asked.held_by(of_another, question) == 0


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        (
            "what colour is the winch",
            "thing: winch, colour: red",
            "mark: red, thing: winch, kept by: Bo",
        ),
        ("what colour is the red band's case", "band: red, case: blue", "band: red, weight: 2 kg"),
        ("what does the winch cost", "thing: winch, price: 40", "3. winch, seen on 12 May, 8 kg"),
        ("price of the winch", "thing: winch, price: free", "thing: winch, opened: 10:00"),
        ("how long does it run", "time: 40", "2. it runs"),
    ],
)
def test_a_cell_of_a_row_tells_it_where_it_is_of_it(question: str, holds: str, lacks: str) -> None:
    asked = asked_for(question)
    assert asked is not None
    assert asked.held_by(holds, question, record=True) == 1
    assert asked.held_by(lacks, question, record=True) == 0


def test_the_author_of_a_line_is_no_make() -> None:
    question = "which make is the kettle"
    asked = asked_for(question)
    assert asked is not None
    assert asked.held_by("[01/05/2026, 12:00] Bo: the kettle leaks", question) == 0
    assert asked.held_by("[01/05/2026, 12:00] Bo: the kettle is a Brenner", question) == 1


def test_a_measure_before_which_it_stands_counts_nothing() -> None:
    question = "how many hedges has the park"
    asked = asked_for(question)
    assert asked is not None
    assert asked.held_by("Between the hedges 3 metres are left free.", question) < 0.65
    assert asked.held_by("Of hedges 3 are left.", question) == 1


@pytest.mark.parametrize(
    ("question", "record"),
    [
        ("price of the oar", "1 " * 1_000),
        ("price of the oar", "1. " * 700),
        ("phone of the ferry", "Ada 0555 371 204. " * 110),
    ],
)
def test_a_row_of_many_numbers_takes_no_longer_for_each(question: str, record: str) -> None:
    asked = asked_for(question)
    assert asked is not None
    begun = time.perf_counter()
    assert asked.held_by(record, question, record=True) in {0, 1}
    assert time.perf_counter() - begun < 0.5


def test_the_number_of_an_item_is_no_price_and_the_figure_behind_it_is() -> None:
    asked = asked_for("price of the oar")
    assert asked is not None
    assert asked.held_by("no.: 12. | length: 3 m", "price of the oar", record=True) == 0
    assert asked.held_by("no.: 12. | price: 30", "price of the oar", record=True) == 1
