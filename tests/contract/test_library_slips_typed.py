"""Slips of the hand: behind the stem of a word, in its plural, or in a word no document has."""

from __future__ import annotations

from pathlib import Path

import pytest

from codexity.adapters.library.documents import Document, sliced, title_stems
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.slips import one_wrong
from codexity.spelling import corrected

NOTES = """The insurance of the barge is renewed in March. Bring your own material and a seat.

Gardening is for members; the gate is locked at dusk. On Thursday there is soup.

Whoever is on holiday tells the warden. The fee is paid in June."""


@pytest.fixture
async def index(tmp_path: Path) -> LibraryIndex:
    index = LibraryIndex(tmp_path / "library.db")
    document = Document(
        slug="notes", title="N", title_stems=title_stems("N", ""), text=NOTES, slices=sliced(NOTES)
    )
    await index.put("own", document)
    return index


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        # The stem of a slip is no stem: `insuracn`, and `insur` of the document.
        ("insuracne of the barge", "insurance of the barge"),
        ("gardenign club", "gardening club"),
        # The document has the singular.
        ("which mateirals", "which material"),
        ("how many saets", "how many seat"),
        # No document has the word, and one has another for it.
        ("sick on vactaion", "sick on vacation"),
        ("vacetion", "vacation"),
        ("subscripiton", "subscription"),
        # What only asks.
        ("who is allowd in", "who is allowed in"),
        ("thurdsay", "Thursday"),
    ],
)
async def test_it_is_mended(index: LibraryIndex, asked: str, meant: str) -> None:
    assert corrected(asked, await index.meant(asked)) == meant


@pytest.mark.parametrize(
    "asked",
    ["matcha", "brisket", "zigbee", "hetzner", "insulin", "materazzi", "vacation", "seaton"],
)
async def test_what_may_be_a_name_or_is_a_word_stays(index: LibraryIndex, asked: str) -> None:
    assert corrected(asked, await index.meant(asked)) == asked


def test_a_letter_that_is_missing_may_be_any_in_a_long_word_and_a_vowel_in_a_short_one() -> None:
    assert "garden" not in one_wrong("gaden")
    assert "gardening" in one_wrong("gadening")
    assert "garden" in one_wrong("gardn")
