"""What kind of thing a question asks for, in several languages, and which texts hold one."""

from __future__ import annotations

import pytest

from codexity.question_kind import asked_for


@pytest.mark.parametrize(
    ("question", "kind", "holds", "lacks"),
    [
        ("what does the tent cost", "money", "It is 40 euros.", "It is 40 metres long."),
        ("was kostet das Zelt", "money", "Es sind 40 Euro.", "Es hat vier Ecken."),
        ("帐篷多少钱", "money", "一顶88元。", "一顶很大。"),
        ("how long is the course", "duration", "It takes three weeks.", "It is in Riga."),
        ("wie lange dauert der Kurs", "duration", "Er hat 3 Wochen.", "Er ist in Riga."),
        ("when did the mill open", "day", "It opened in 1911.", "It opened with music."),
        ("cuándo abre el museo", "date", "Abre el lunes.", "Es muy grande."),
        ("quand ouvre le musée", "date", "Il ouvre lundi.", "Il est grand."),
        ("いつ開きますか", "date", "月曜日に開きます。", "大きいです。"),
        ("how many sheep are there", "number", "There are 40 sheep.", "There are sheep."),
        ("combien de moutons", "number", "Il a 40 moutons.", "Il a des moutons."),
        ("who is the treasurer", "person", "The treasurer is Ada Quill.", "It is a hard post."),
        ("what is Ada's phone number", "phone", "Ada: 0301 445566", "Ada likes the sea."),
    ],
)
def test_the_kind_is_told_and_found(question: str, kind: str, holds: str, lacks: str) -> None:
    asked = asked_for(question)
    assert asked is not None
    assert asked.kind == kind
    assert asked.held_by(holds, question) == 1
    assert asked.held_by(lacks, question) == 0


@pytest.mark.parametrize("question", ["why is it so", "is the gate shut", "how do I fold it"])
def test_any_text_may_answer_what_asks_for_no_kind(question: str) -> None:
    assert asked_for(question) is None


def test_a_number_counts_less_away_from_what_is_counted() -> None:
    question = "how many eggs are in it"
    asked = asked_for(question)
    assert asked is not None
    assert asked.held_by("Take 6 eggs.", question) == 1
    far = (
        "Bake it at 180 degrees for an hour or more, and let it cool down slowly in there."
        " The eggs are fresh."
    )
    assert 0 < asked.held_by(far, question) < 1


def test_a_bare_figure_is_an_amount_only_in_a_record() -> None:
    question = "What is the winter fee of berth 63?"
    asked = asked_for(question)
    assert asked is not None
    assert asked.kind == "money"
    assert asked.held_by("Berth: 63, Winter fee: 263", question, record=True) == 1
    assert asked.held_by("Berth: 63, Winter fee: asked for", question, record=True) == 0
    assert asked.held_by("Berth 63 has a winter fee, and 2 cleats.", question) == 0


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        (
            "How many rowers does the RX-40 hold?",
            "The RX-40 holds 4 rowers.",
            "The RX-40 holds rowers.",
        ),
        ("How many people live in flat 12?", "2 people live in flat 12.", "They live in flat 12."),
        ("How many euros does it cost?", "It costs 40 euros.", "It is to be paid in euros."),
        ("how long is the course, in days", "It has 4 days.", "It is open on most days."),
        ("how long is the 3 day course", "It has 12 days.", "The 3 day course is hard."),
        ("Wie hoch ist die Hecke?", "Sie hat 1,80 Meter.", "Sie steht im Garten."),
    ],
)
def test_a_number_is_named_by_the_question_only_as_a_whole(
    question: str, holds: str, lacks: str
) -> None:
    asked = asked_for(question)
    assert asked is not None
    assert asked.held_by(holds, question) == 1
    assert asked.held_by(lacks, question) == 0


@pytest.mark.parametrize(
    ("question", "kind", "holds", "lacks"),
    [
        ("what colour is the shed", "colour", "It is green.", "It is old."),
        ("how hot is the kiln", "temperature", "It has 980 °C.", "It takes 980 bricks."),
        ("what does the sled weigh", None, "", ""),
        ("how heavy is the sled", "weight", "It has 12 kg.", "It has 12 bells."),
        ("how old is Ada Quill", "age", "She is 41 years old.", "She has room 41."),
        ("opening hours of the mill", "hours", "Open 9:00 - 12:30.", "Open to members."),
        ("what is the password of the wifi", "secret", "password: quay1884", "It is slow."),
        ("mail address of the mill", "email", "ask mill@tarn.example", "ask the miller"),
        ("which make is the saw", "make", "It is a Hallmeier.", "It is new."),
        ("name of the miller's dog", "named", "His dog Tasso barks.", "His dog barks."),
        ("what is the dog called", "called", "It is called Tasso.", "It barks at night."),
        ("what percentage is paid back", "share", "80 % come back.", "Some comes back."),
        ("How long is the river Elm?", "length", "It has 214 km.", "It is brown."),
    ],
)
def test_attributes_are_kinds_of_their_own(
    question: str, kind: str | None, holds: str, lacks: str
) -> None:
    asked = asked_for(question)
    assert (asked.kind if asked else None) == kind
    if asked is not None:
        assert asked.held_by(holds, question) == 1
        assert asked.held_by(lacks, question) == 0


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("You get four polo shirts.", True),
        ("It holds seven red flares.", True),
        ("polo shirts: 4", True),
        ("Come on four days, and bring polo shirts.", False),
        ("polo shirts are what every member needs", False),
    ],
)
def test_a_number_is_of_what_stands_beside_it(text: str, *, held: bool) -> None:
    question = "how many polo shirts" if "polo" in text else "how many flares"
    asked = asked_for(question)
    assert asked is not None
    assert (asked.held_by(text, question) == 1) is held
