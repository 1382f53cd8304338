"""A name is meant where its letters are shuffled, and not where another letter stands there."""

from __future__ import annotations

import pytest

from codexity.analysis import stems
from codexity.spelling import mends


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lisbno", "Lisbon"),
        ("copenhagne", "Copenhagen"),
        ("goosneck", "Gooseneck"),
        ("edinbburgh", "Edinburgh"),
    ],
)
def test_shuffled_letters_are_mended(typed: str, name: str) -> None:
    assert mends({typed: name}) == {typed: name}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("marta", "Maria"),
        ("hansen", "Jansen"),
        ("simon", "Simons"),
        ("ana", "Anna"),
        ("Lisbno", "Lisbon"),
        ("lisbno", "LISBON"),
        ("brians", "Brian"),
        ("branin", "Brain"),
    ],
)
def test_another_letter_may_be_another_name(typed: str, name: str) -> None:
    assert mends({typed: name}) == {}


@pytest.mark.parametrize(
    ("several", "one"), [("DVDs", "dvd"), ("PDFs", "pdf"), ("CVs", "cv"), ("NGOs", "ngo")]
)
def test_initials_are_found_by_their_plural(several: str, one: str) -> None:
    assert stems(several) == (one, f"{one}s")


@pytest.mark.parametrize(("word", "one"), [("dvds", "dvd"), ("Cds", "cd")])
def test_other_words_that_end_so_are_no_initials(word: str, one: str) -> None:
    assert one not in stems(word)
