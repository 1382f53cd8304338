"""Slips that are heard, that are told by the word beside them, or that shuffle a name's letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from codexity.adapters.library.documents import Document, sliced, title_stems
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.slips import is_slip
from codexity.spelling import corrected, mends

NOTES = """The plumber brings a wrench. Ring by telephone. A photograph of the knife hangs there.

Stuff for a gift wrap lies in the drawer, a roof rack on the shelf. The flour mill is shut.

We sail to Trondheim with Rosalind Frye, and come home by Vejle.

Breakfast club meets at eight.

A training for the trainee."""


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
        # As it sounds.
        ("number of the plummer", "number of the plumber"),
        ("telefone", "telephone"),
        ("where is the rench", "where is the wrench"),
        ("a nife", "a knife"),
        ("fotograph of whom", "photograph of whom"),
        # A letter is missing or wrong, and the word beside it stands there in a document.
        ("gift rap", "gift wrap"),
        ("roof rak", "roof rack"),
        ("flour mil", "flour mill"),
        # Letters of a name that are swapped, missing or doubled.
        ("ferry to trondhiem", "ferry to Trondheim"),
        ("lessons with roslaind", "lessons with Rosalind"),
        ("where is rosallind", "where is Rosalind"),
        # An ordinary word that only begins a sentence, with small letters behind it.
        ("brekfast club", "breakfast club"),
        ("breakfest", "breakfast"),
        # The word itself comes before the form of another that is as near.
        ("who is the trainne", "who is the trainee"),
    ],
)
async def test_it_is_mended(index: LibraryIndex, asked: str, meant: str) -> None:
    assert corrected(asked, await index.meant(asked)) == meant


@pytest.mark.parametrize(
    "asked",
    [
        # Another letter may make another name, or another word.
        "lessons with rosalynd",
        "how is vejla",
        "rap music",
        "a rack of lamb",
        "how do I knit a heel",
        "a crate of beer",
    ],
)
async def test_it_is_left_as_it_is_typed(index: LibraryIndex, asked: str) -> None:
    assert mends(await index.meant(asked)) == {}


@pytest.mark.parametrize(
    ("typed", "word", "is_one"),
    [
        ("fysics", "physics", True),
        ("nome", "gnome", True),
        ("rithm", "rhythm", False),
        ("lim", "lamb", False),
        ("sycle", "cycle", True),
        ("foam", "phoneme", False),
    ],
)
def test_what_is_heard_alike(typed: str, word: str, *, is_one: bool) -> None:
    assert is_slip(typed, word) is is_one
