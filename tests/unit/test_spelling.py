"""Which words are mended, and which only suggested."""

from __future__ import annotations

import pytest

from codexity.adapters.library.slips import distance_of
from codexity.spelling import corrected, mends


def test_ordinary_words_are_mended_as_whole_words() -> None:
    meant = {"grup": "group"}
    assert corrected("the grup of grups", meant) == "the group of grups"


@pytest.mark.parametrize(
    ("typed", "word"),
    [("Schmitt", "Schmidt"), ("schmitt", "Schmidt"), ("GmbHs", "GmbH"), ("read_al", "readall")],
)
def test_names_are_only_suggested(typed: str, word: str) -> None:
    assert mends({typed: word}) == {}
    assert corrected(f"what of {typed}", {typed: word}) == f"what of {typed}"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("most_comon", "most_common"),
        ("assertEqal", "assertEqual"),
        ("__inti__", "__init__"),
        ("trocknerpreis", "trockner preis"),
    ],
)
def test_names_in_code_are_mended_by_what_is_written_alike(typed: str, word: str) -> None:
    assert corrected(f"what is {typed}", {typed: word}) == f"what is {word}"


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("sorce", "source", 1),
        ("form", "from", 1),
        ("same", "same", 0),
        ("a", "abcd", 3),
        # Letters that are beside one another, or sound alike, and such that are neither.
        ("cat", "cst", 1),
        ("tabel", "tebal", 2),
        ("kolor", "color", 1),
        ("invented", "indented", 2),
        ("house", "horse", 2),
    ],
)
def test_a_distance_counts_letters_up_to_its_bound(one: str, other: str, distance: int) -> None:
    assert distance_of(one, other, 2) == distance
