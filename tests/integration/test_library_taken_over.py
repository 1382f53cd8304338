"""A library that an older Codexity wrote goes on, found by the words of this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.library import database, reindex
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.starter import StarterCollection
from codexity.errors import ProviderUnavailable
from codexity.model import STARTER

_AS_OF_VERSION_2 = """
CREATE TABLE collections (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, updated REAL NOT NULL,
    stamp TEXT NOT NULL DEFAULT '');
CREATE TABLE roots (
    collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE, path TEXT NOT NULL,
    PRIMARY KEY (collection, path)) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    slug TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, published TEXT,
    path TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '',
    page_starts TEXT NOT NULL DEFAULT '[]', UNIQUE (collection, slug));
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, length INTEGER NOT NULL);
CREATE INDEX passages_of_document ON passages (document);
CREATE VIRTUAL TABLE own_stems USING fts5 (title, text, tokenize = "ascii tokenchars '_'");
CREATE VIRTUAL TABLE starter_stems USING fts5 (title, text, tokenize = "ascii tokenchars '_'");
INSERT INTO collections VALUES (1, 'notes', 1764000000.0, ''), (2, 'starter', 1764000000.0, 'old');
INSERT INTO documents VALUES
    (1, 1, 'muehle-1', 'Mühle', 'Die Mühle ist alt, und die Räder sind nicht aus Holz.', NULL,
     '/nowhere/muehle.md', 53, 1764000000000000000, 'abc', '[]'),
    (2, 1, 'tools-2', 'Tools', 'The firmware is in C++ and the client in C#.', NULL,
     '/nowhere/tools.md', 44, 1764000000000000000, 'def', '[]'),
    (3, 2, 'topic-x', 'Old topic', 'What the starter said.', NULL, '', 0, 0, '', '[]');
INSERT INTO passages VALUES (1, 1, 0, 53), (2, 2, 0, 44), (3, 3, 0, 22);
INSERT INTO own_stems (rowid, title, text) VALUES
    (1, 'mühle muehl', 'die mühle ist alt und die räder sind nicht aus holz'),
    (2, 'tool tool', 'firmwar c client c');
INSERT INTO starter_stems (rowid, title, text) VALUES (3, 'old topic', 'starter said');
PRAGMA application_id = 1128552524;
PRAGMA user_version = 2;
"""


def _written(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_AS_OF_VERSION_2)


@pytest.fixture
async def old(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "library.db"
    await run_sync(_written, path)
    return path


@pytest.mark.parametrize(
    ("asked", "title"), [("Muhle", "Mühle"), ("Rad", "Mühle"), ("C#", "Tools"), ("holz", "Mühle")]
)
async def test_old_documents_are_found_by_the_words_of_this_version(
    old: Path, asked: str, title: str
) -> None:
    hits = await LibraryIndex(old).search(asked, limit=3)
    assert [hit.title for hit in hits] == [title]
    assert (await LibraryIndex(old).page(hits[0].url)).title == title


async def test_old_files_are_read_again_when_they_are_added_next(old: Path) -> None:
    states = await LibraryIndex(old).states("notes")
    assert {(one.changed, one.digest) for one in states.values()} == {(-1, "")}


async def test_what_is_found_by_this_version_is_left_alone(old: Path) -> None:
    await LibraryIndex(old).search("holz", limit=1)

    def again() -> bool:
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            return reindex.reindex(connection)

    assert await run_sync(again) is False


async def test_a_later_analysis_makes_the_stems_anew(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await LibraryIndex(old).search("holz", limit=1)

    def spoil() -> None:
        with closing(sqlite3.connect(old)) as connection, connection:
            connection.execute("UPDATE own_stems SET text = 'nothing'")

    await run_sync(spoil)
    assert await LibraryIndex(old).search("holz", limit=1) == ()
    monkeypatch.setattr(reindex, "ANALYSIS", reindex.ANALYSIS + 1)
    assert len(await LibraryIndex(old).search("holz", limit=1)) == 1


async def test_the_starter_collection_is_built_anew(old: Path) -> None:
    index = LibraryIndex(old)
    starter = StarterCollection(index, guides=None, version="0.0")
    assert not await starter.is_built()
    assert await index.stamp(STARTER) == ""
    await starter.ensure_built()
    titles = [one.title for one in await index.documents(STARTER)]
    assert "Old topic" not in titles
    assert titles


async def test_who_comes_while_it_is_made_anew_is_told_so(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = LibraryIndex(old)
    await index.search("holz", limit=1)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)

    def held(version: int) -> sqlite3.Connection:
        other = sqlite3.connect(old, isolation_level=None, check_same_thread=False)
        other.execute("UPDATE analysis SET version = ?", (version,))
        other.execute("BEGIN IMMEDIATE")
        return other

    with closing(await run_sync(held, 0)):
        with pytest.raises(ProviderUnavailable, match="made searchable anew") as told:
            await LibraryIndex(old).search("holz", limit=1)
        assert told.value.code == "timeout"
    with closing(await run_sync(held, reindex.ANALYSIS)):
        assert len(await LibraryIndex(old).search("holz", limit=1)) == 1
        with pytest.raises(ProviderUnavailable, match="held by another program"):
            await LibraryIndex(old).remove("notes")


@pytest.mark.parametrize(("many", "told"), [(2, 1), (1_000, 0)])
async def test_what_takes_long_is_logged_once(
    old: Path,
    many: int,
    told: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reindex, "MANY", many)
    for _ in range(2):
        await LibraryIndex(old).search("holz", limit=1)
    assert sum("made searchable anew" in one.message for one in caplog.records) == told


async def test_where_nothing_can_be_written_old_stems_are_not_taken_for_new_ones(
    old: Path,
) -> None:
    await LibraryIndex(old).search("holz", limit=1)

    def read(version: int) -> int:
        with closing(sqlite3.connect(old)) as connection, connection:
            connection.execute("UPDATE analysis SET version = ?", (version,))
        with database.session_that_reads(old) as connection:
            return connection.execute("SELECT count(*) FROM documents").fetchone()[0]

    assert await run_sync(read, reindex.ANALYSIS) == 3
    with pytest.raises(sqlite3.OperationalError, match="older version"):
        await run_sync(read, 0)
