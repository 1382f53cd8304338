"""Another number, year or month than is asked, and the contrary of what is asked."""

from __future__ import annotations

import pytest

from codexity.question_words import telling_words
from codexity.stages.quote.contrary import Contrary
from codexity.stages.quote.straying import does_something_else


def _contrary(question: str, text: str, above: str = "", *, record: bool = False) -> bool:
    contrary = Contrary(question, telling_words(question, ["en"]))
    return contrary.may_be and contrary.is_said(text, f"{above}\n{text}", record=record)


@pytest.mark.parametrize(
    ("question", "another", "same"),
    [
        ("who leads tour 31-14", "tour 31-04, 14 June: Ulla", "tour 31-14: Ulla"),
        ("when is version 6.0 due", "Load above 0.06 since 6 May", "6.0 is due in May"),
        ("settings for 12 mm steel", "steel 3 mm, 12.50 a sheet", "steel: 12 mm, slow"),
        ("who has garden 19", "Ulla, 19, and the Holms (garden 4)", "Ulla has garden 19"),
        ("who has garden 19", "Children up to 19 pay half.", "Garden 19: the Holms"),
        ("water used in june 2024", "May 2024: 31 m³, paid 2 June", "June 2024: 31 m³"),
        ("are you open at Whitsun 2031", "Whitsun 2026: closed", "Whitsun 2031: closed"),
        ("when does the skating season begin", "The season ended in March.", "It begins in May."),
        ("what did the old tent cost", "The new tent was 90 euros.", "The old tent was 90 euros."),
        ("when do we meet in winter", "In summer we meet at 8.", "In winter we meet at 7."),
    ],
)
def test_it_is_about_another_number_or_the_contrary(question: str, another: str, same: str) -> None:
    assert _contrary(question, another)
    assert not _contrary(question, same)


@pytest.mark.parametrize(
    ("question", "text", "above"),
    [
        ("are you open on Sunday", "Sunday: closed", ""),
        ("is it 12 or 14 litres", "It holds 14.5 litres", ""),
        ("takings of May 2025", "May: 1,900", "Takings of 2025"),
        ("what happens 20 days before", "30 to 15 days before: half", ""),
        ("who is on duty in week 23", "Ulla: early", "Week 23"),
        ("what is the fee in 2026", "It is 30 euros.", ""),
        ("did the old or the new one break", "The new one broke.", ""),
    ],
)
def test_it_is_not_where_the_contrary_may_answer(question: str, text: str, above: str) -> None:
    assert not _contrary(question, text, above)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("fee for 1,300 visitors", "visitors: 1,001-5,000, fee: £30"),
        ("what does a box of 3 kg cost", "weight: 2 to 5 kg, price: £3.70"),
        ("discount for 7 tents", "tents: more than 5, off: 7.5 %"),
    ],
)
def test_a_row_of_a_range_says_what_is_in_it(question: str, text: str) -> None:
    assert not _contrary(question, text, record=True)


@pytest.mark.parametrize(
    ("question", "said", "other"),
    [
        ("when was the slide painted", {"slide": 1.0, "painted": 0.0}, True),
        ("how often is the pool cleaned", {"pool": 1.0, "cleaned": 0.2}, True),
        ("why was the statue moved", {"statue": 1.0, "moved": 0.0}, True),
        ("why did the cook leave", {"cook": 1.0, "leave": 0.0}, True),
        ("who paid the piper", {"piper": 1.0, "paid": 0.0}, True),
        ("when was the slide painted", {"slide": 1.0, "painted": 0.8}, False),
        ("where are the oars kept", {"oars": 1.0, "kept": 0.0}, False),
        ("when is the pool open", {"pool": 1.0, "open": 0.0}, False),
        ("why does it end first", {"end": 1.0, "first": 0.0}, False),
    ],
)
def test_what_is_asked_to_have_been_done_is_said(
    question: str, said: dict[str, float], other: bool
) -> None:
    assert does_something_else(question, said) is other
