"""A sentence that says again what is to be explained is no reason for it."""

from __future__ import annotations

import pytest

from codexity.stages.quote.reasons import gives_reason
from codexity.text import stems


def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text, "en"))


@pytest.mark.parametrize(
    ("question", "text", "reason"),
    [
        ("why is the sauna shut", "The sauna is shut in May.", False),
        ("why is the sauna shut", "The sauna is shut on 3 May, and tickets are sold.", False),
        ("why is the sauna shut", "Prices: see the board. The sauna is shut.", False),
        ("why was Ada not elected", "Chair: Bo Brink. Not elected: Ada Holt.", False),
        ("why does Bo go to Oslo", "A card for Bo Brink, our baker, who goes to Oslo.", False),
        ("why was the hedge cut", "The tall old hedge was cut in March with great care.", False),
        ("why is the sauna shut", "The sauna is shut, since the stove is broken.", True),
        ("why is the sauna shut", "The sauna is shut to save power.", True),
        ("why is the sauna shut", "The sauna is shut: stove broken.", True),
        ("why is the sauna shut", "Sorry, the sauna is shut, it lacks a new stove.", True),
        ("why is the sauna shut", "The sauna was damaged by the storm.", True),
        ("why is the sauna shut", "The stove is broken. Therefore the sauna is shut.", True),
        ("why is the sauna shut", "The stove cracked last winter. It is shut, the sauna.", True),
        ("why is there no sauna", "The sauna was sold in May.", True),
    ],
)
def test_a_sentence_gives_a_reason_or_says_it_again(question: str, text: str, reason: bool) -> None:
    assert gives_reason(question, text, _stems(question), _stems, record=False) is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("day: Monday, what: sauna shut, host: Ada, next: 4 May", False),
        ("day: Monday, what: sauna shut, note: stove too old", True),
    ],
)
def test_cells_of_a_row_are_no_reasons_by_themselves(text: str, reason: bool) -> None:
    question = "why is the sauna shut"
    assert gives_reason(question, text, _stems(question), _stems, record=True) is reason
