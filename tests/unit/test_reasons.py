"""A sentence that says again what is to be explained is no reason for it."""

from __future__ import annotations

import pytest

from codexity.stages.quote.reasons import only_repeats
from codexity.text import stems


def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text, "en"))


@pytest.mark.parametrize(
    ("question", "text", "repeats"),
    [
        ("why is the sauna shut", "The sauna is shut in May.", True),
        ("why is the sauna shut", "The sauna is shut on 3 May, and tickets are sold online.", True),
        ("why is the sauna shut", "Prices: see the board. The sauna is shut.", True),
        ("why was Ada not elected", "Chair: Bo Brink. Not elected: Ada Holt.", True),
        ("why is the sauna shut", "The sauna is shut, since the stove is broken.", False),
        ("why is the sauna shut", "The sauna is shut to save power.", False),
        ("why is the sauna shut", "The sauna is shut: stove broken.", False),
        ("why is the sauna shut", "The stove is broken. Therefore the sauna is shut.", False),
        ("why is the sauna shut", "The stove cracked last winter. It is shut, the sauna.", False),
        ("why is there no sauna", "The sauna was sold in May.", False),
    ],
)
def test_only_repeats(question: str, text: str, repeats: bool) -> None:
    assert only_repeats(question, text, _stems(question), _stems) is repeats
