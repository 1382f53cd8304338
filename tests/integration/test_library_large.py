"""A library of more passages than are ranked for every question: the rarest words lead."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.library.database import prepare, session, session_that_reads
from codexity.adapters.library.documents import Document, Slice
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.rarest import RANKED, SMALL
from codexity.adapters.library.rows import put
from codexity.adapters.library.vocabulary import Frequencies
from codexity.adapters.sqlite.schema import writing

PASSAGES = 5
DOCUMENTS = 2 * SMALL // PASSAGES
PLANTED = {
    "lighthous keeper": "Keeper of the lighthouse",
    "tide tabl harbour": "Tides",
    "harbour master": "Master of the harbour",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40,000 passages; `boat` is in all of them, `harbour` in two of five, `water` as well."""
    path = tmp_path_factory.mktemp("large") / "library.db"
    prepare(path)
    with session(path) as connection, writing(connection):
        put(connection, "coast", _documents())
        put(connection, "inland", [_document("valley", "Valley", ["boat harbour valley"])])
    return path


def _documents() -> Iterator[Document]:
    chance = random.Random(4)
    planted = {DOCUMENTS // (at + 2): words for at, words in enumerate(PLANTED)}
    for number in range(DOCUMENTS):
        stems = [f"boat word{chance.randrange(9_000)}" for _ in range(PASSAGES)]
        for at in range(PASSAGES):
            stems[at] += " harbour" * (at % 2) + " water" * (at % 3 == 0)
        title = f"Note {number}"
        if words := planted.get(number):
            stems[2], title = f"boat {words}", PLANTED[words]
        yield _document(f"note-{number}", title, stems)


def _document(slug: str, title: str, stems: list[str]) -> Document:
    slices = tuple(Slice(start=0, length=9, stems=one) for one in stems)
    return Document(slug=slug, title=title, title_stems="", text="Of boats.", slices=slices)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Does the keeper of the lighthouse have a boat?", "Keeper of the lighthouse"),
        ("boat lighthouse", "Keeper of the lighthouse"),
        ("a boat in the harbour and a table of tides", "Tides"),
        ("who is the master of the harbour and of each boat?", "Master of the harbour"),
        ("valley boat", "Valley"),
    ],
)
async def test_the_telling_word_leads(path: Path, asked: str, title: str) -> None:
    hits = await LibraryIndex(path).search(asked, limit=5)
    assert hits[0].title == title


@pytest.mark.parametrize("asked", ["boat", "boat harbour", "harbour water boat", "water"])
async def test_frequent_words_alone_find_something(path: Path, asked: str) -> None:
    assert len(await LibraryIndex(path).search(asked, limit=5)) == 5


@pytest.mark.parametrize(
    "asked", ["boat keeper word7", "word1 word2 word3 boat harbour", "master word5 water boat"]
)
async def test_what_is_ranked_is_in_the_order_of_the_plain_query(path: Path, asked: str) -> None:
    hits = await LibraryIndex(path).search(asked, limit=3)
    terms = " OR ".join(f'"{one}"' for one in asked.split())

    def plain() -> list[str]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(
                "SELECT d.title FROM own_stems s JOIN passages p ON p.id = s.rowid"
                " JOIN documents d ON d.id = p.document WHERE own_stems MATCH ?"
                " ORDER BY bm25(own_stems, 4.0, 1.0), s.rowid LIMIT 30",
                (terms,),
            )
            return list(dict.fromkeys(row[0] for row in rows))

    assert [hit.title for hit in hits] == (await run_sync(plain))[:3]


async def test_a_collection_is_searched_by_itself(path: Path) -> None:
    index = LibraryIndex(path)
    (hit,) = await index.search("boat in the harbour", collections=("inland",), limit=5)
    assert hit.title == "Valley"
    both = await index.search("valley", collections=("inland", "coast"), limit=5)
    assert [one.title for one in both] == ["Valley"]
    assert await index.search("boat", collections=("nowhere",), limit=5) == ()


def test_frequencies_are_counted_anew_where_passages_came(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    prepare(path)
    often = Frequencies()
    with session(path) as connection:
        for count in (1_200, 1_500):
            with writing(connection):
                stems = ["boat"] * count
                put(connection, "coast", [_document("boats", "Boats", stems)])
            assert often.of(connection, "own_stems", ["boat", "ship"]) == {"boat": count, "ship": 0}
            terms = often.beginning(connection, "own_stems", "b")[4]
            assert [(one, known) for _, one, known in terms] == [("boat", count)]


def test_a_library_that_cannot_be_written_knows_its_frequencies(path: Path) -> None:
    with session_that_reads(path) as connection:
        often = Frequencies().of(connection, "own_stems", ["harbour", "valley"])
    assert often["harbour"] > RANKED // 2
    assert often["valley"] == 1
