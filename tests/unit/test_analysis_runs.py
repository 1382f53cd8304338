"""Texts and questions in parts: runs between white space, characters that are words."""

from __future__ import annotations

import pytest

from codexity.analysis import stems
from codexity.analysis.unspaced import alone


@pytest.mark.parametrize(
    ("question", "single"),
    [
        ("书可以借多少天?", ["书", "借", "天"]),
        ("鹅在哪里", ["鹅"]),
        ("谁的猫", ["猫"]),
        ("桃树在哪里", []),
        ("a flat question", []),
    ],
)
def test_what_only_asks_parts_the_single_characters_of_a_question(
    question: str, single: list[str]
) -> None:
    assert list(alone(question)) == single


@pytest.mark.parametrize(
    "text",
    [
        "A word, a_name, C++ and node.js.",
        "Über den Fluß\u00a0und (über) die Brücke",
        "x" * 65 + " y",
    ],
)
@pytest.mark.parametrize("language", [None, "de"])
def test_what_stands_between_white_space_has_its_stems_by_itself(
    text: str, language: str | None
) -> None:
    own = language or "en"
    assert stems(text, own) == tuple(one for run in text.split() for one in stems(run, own))
