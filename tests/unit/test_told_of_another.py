"""What looks like what is asked for, and is of something else: no answer to the question."""

from __future__ import annotations

import pytest

from codexity.question_kind import asked_for


def _held(question: str, text: str, *, record: bool = False) -> float:
    asked = asked_for(question)
    assert asked is not None
    return asked.held_by(text, question, record=record)


@pytest.mark.parametrize(
    ("question", "another", "own"),
    [
        # The head of a cell is no name.
        (
            "who is our contact at Brunlof",
            "Firm: Brunlof, Goods: rope, Remarks: none left",
            "Firm: Brunlof, Goods: rope, Contact: Ms Oyen",
        ),
        (
            "name of the diving coach",
            "Course: diving, Day: Friday, Who: coach from town",
            "Course: diving, Day: Friday, Who: Lotte Brandt",
        ),
        (
            "which hotel do we take in Malmo",
            "City: Malmo, Hotel a night: 90 euros, Meals: 30 euros",
            "City: Malmo, Hotel: Stora Bron, Meals: 30 euros",
        ),
        # A bare figure is what its head says.
        (
            "how heavy is the AX-9",
            "article: AX-9, price: 310, delivery: 2 weeks",
            "article: AX-9, price: 310, weight (kg): 14",
        ),
        (
            "how much did the sofa cost",
            "what: sofa, room: 4, bought: 06/2019",
            "what: sofa, room: 4, price: 480",
        ),
        (
            "how much did it cost to have Minka chipped",
            "cat: Minka, chipped 03/2022",
            "cat: Minka, chipping: £35",
        ),
        (
            "how long is the lecture",
            "what: lecture, room: 12, seats: 80",
            "what: lecture, room: 12, minutes: 45",
        ),
    ],
)
def test_a_cell_is_of_what_its_head_says(question: str, another: str, own: str) -> None:
    assert _held(question, another, record=True) < 0.65
    assert _held(question, own, record=True) == 1


@pytest.mark.parametrize(
    ("question", "another", "own"),
    [
        ("how fast is the lift", "[03.02.26, 08:14] Ulla: the lift is slowish", "It does 2 m/s."),
        ("who gave the drum", "[3/2/26, 9:01] Ulla: someone gave a drum", "It was given by Jorun."),
        ("phone number of Ulla Berg", "K4 Ulla Berg 09/2023", "Ulla Berg 01632 960 777"),
        ("how much did the band want", "4. Music: the band was asked.", "The band wanted 90."),
        ("who was behind the theft", "Use an SSH key since the theft.", "It was Egon Falk."),
        ("what is our tax number", "Tax is paid in May.", "Tax number: 17/480"),
        ("door code hut", "Type the code within a minute.", "The code is 4-7-1-2."),
        ("how high is the mast", "The mast was put up in 1990.", "The mast has 14 m."),
        ("how old is the pump", "The pump is checked every 12 months.", "The pump: built 1987."),
        ("how old is Egon", "Egon called on 4 May 2025.", "Egon Falk, 81, sings."),
        ("how old is the cat", "The cat was away for 9 days.", "The cat is 9 years old."),
        ("where is the ladder", "The ladder is blue.", "The ladder is behind the shed."),
    ],
)
def test_a_sentence_may_hold_what_is_none(question: str, another: str, own: str) -> None:
    assert _held(question, another) < 0.65
    assert _held(question, own) == 1


@pytest.mark.parametrize(
    ("question", "text", "theirs"),
    [
        ("name of the girl with the kite", "In Saint Ann a girl lost her kite.", False),
        ("what was the name of the cook", "On Whitsun the cook of Bexley burnt it.", True),
        ("what is Ulla's uncle called", "Ulla asks her uncle's choir, the Black Larks.", True),
        ("what is Ulla's uncle called", "The Black Larks are off; Ulla asks her uncle.", False),
        ("what's the baker's name", "The baker, Mr Holm, opens at six.", True),
        ("what's the baker's name", "Egon Holm is the baker.", True),
        ("what's the baker's name", "Since Monday Egon waits at home for the baker.", False),
        ("name of the painter who drew it", "A painter drew it, under CC BY.", False),
        ("which hotel is it in Gent", "The hotel is up to 90 euros (Gent, Rome).", False),
        ("which hotel is it in Gent", "We stay in the hotel Drie Torens.", True),
        ("what is the boat called", "Our boat is called Little Owl.", True),
        ("what make is the saw", "The saw, a Brunner S 30, is new.", True),
        ("what make is the saw", "The saw was blessed at noon by Father Egon.", False),
    ],
)
def test_a_name_is_of_whom_it_stands_beside(question: str, text: str, theirs: bool) -> None:
    assert (_held(question, text) >= 0.65) is theirs


@pytest.mark.parametrize(
    "question", ["why did the rent get more expensive", "Why is the price of the tour so high?"]
)
def test_who_asks_why_asks_for_no_amount(question: str) -> None:
    assert asked_for(question) is None


def test_an_author_is_who_does_what_the_line_says_of_them() -> None:
    question = "who brings the cake"
    assert _held(question, "[3/2/26, 9:01] Ulla: I bring the cake") == 1
    assert _held(question, "[3/2/26, 9:01] Ulla: the cake is missing") == 0
    assert _held(question, "[3/2/26, 9:01] Ulla: someone brought a cake, we froze it") == 0
