"""Which words of English are persons, and which things that have a length."""

from __future__ import annotations

import pytest

from codexity.synonyms.nouns import is_person, is_thing


@pytest.mark.parametrize(
    "word",
    "treasurer committee landlord children neighbours plumber volunteers men club you".split(),
)
def test_persons(word: str) -> None:
    assert is_person(word)


@pytest.mark.parametrize("word", "ramp ropes bridge van jetty ladders snake".split())
def test_things(word: str) -> None:
    assert is_thing(word)


@pytest.mark.parametrize("word", "warranty lesson second may water holiday qqxz".split())
def test_others(word: str) -> None:
    assert not is_person(word)
    assert not is_thing(word)
