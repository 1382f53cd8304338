"""Slips in words of the user's documents: what is mended, and what is left as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from codexity.adapters.library.documents import Document, sliced, title_stems
from codexity.adapters.library.index import LibraryIndex
from codexity.spelling import corrected, mends

NOTES = """Bonfires only in winter, on dry days.

The harbour committee meets in the boathouse. We take prescribed medicines only. Send the address
of the trainee. A trial lesson costs £4. Bring the time table. A calendar hangs there.

Ladders only with a helper. Lessons with Rosalind Frye.

FERRY TIMES AND TICKETS

Luggage: one bag."""


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
        # A doubled letter is missing, too many, or the wrong one.
        ("adres of the pilot", "address of the pilot"),
        ("who is the trainne", "who is the trainee"),
        ("comitee room", "committee room"),
        # Vowels alone are wrong, and the word of the documents has another form.
        ("calandar of tides", "calendar of tides"),
        ("which medcine", "which medicines"),
        # The first two letters are swapped.
        ("ahrbour rules", "harbour rules"),
        # Words that only begin lines, or stand in a heading of capitals.
        ("are bonfiers allowed", "are bonfires allowed"),
        ("luggege allowed", "luggage allowed"),
        ("laddres in the hall", "ladders in the hall"),
        ("feery tikets", "ferry tickets"),
        # A word itself, told by the one that is beside it.
        ("how long is a trail lesson", "how long is a trial lesson"),
        # Run together and apart.
        ("the timetable pinned", "the time table pinned"),
        ("key of the boat house", "key of the boathouse"),
    ],
)
async def test_a_slip_is_mended(index: LibraryIndex, asked: str, meant: str) -> None:
    assert corrected(asked, await index.meant(asked)) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "when does rosalynd teach",
        "lessons with Rosalnd",
        "how long is the trail",
        "a trail with a view",
        "what do cats eat",
        "committee of the harbour",
        "haed of the choir",
        "Trail lesson",
    ],
)
async def test_names_and_other_words_are_not(index: LibraryIndex, asked: str) -> None:
    assert mends(await index.meant(asked)) == {}
