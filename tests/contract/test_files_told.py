"""What is said of a SQLite file that cannot be used, and what can be read of it all the same."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import anyio
import pytest
from anyio.to_thread import run_sync

from codexity.adapters.library.database import SCHEMA as LIBRARY
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.sqlite.schema import ForeignFile
from codexity.adapters.store.tables import SCHEMA
from codexity.errors import ProviderUnavailable


@pytest.mark.parametrize(
    ("tables", "says"),
    [(("a (b)",), "it has no table runs"), (("runs (b)",), "its table runs lacks asked, bytes")],
)
def test_what_anothers_file_lacks_is_told_as_it_is(
    tmp_path: Path, tables: tuple[str, ...], says: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs", isolation_level=None)) as file:
        for table in tables:
            file.execute(f"create table {table}")
        with pytest.raises(ForeignFile, match=says):
            SCHEMA.check(file)


@pytest.fixture
def unshared(tmp_path: Path) -> Path:
    """A library with a document, beside which the file of shared memory cannot be made."""
    path = tmp_path / "library.sqlite3"
    anyio.run(LibraryIndex(path).put, "own", document("quince", "Quince jelly"))
    path.with_name(f"{path.name}-shm").mkdir()
    return path


def document(slug: str, title: str) -> Document:
    text = "Quinces are boiled until they are soft."
    return Document(
        slug=slug, title=title, title_stems=stem_text(title), text=text, slices=sliced(text)
    )


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ({"f_bavail": 0}, "the disk is full"),
        ({"f_favail": 0}, "the disk is full"),
        ({}, "is read-only, or is not for the user"),
    ],
    ids=["no bytes", "no files", "control"],
)
async def test_a_disk_that_is_full_is_told_to_be_where_sqlite_says_only_that_it_cannot(
    unshared: Path, left: dict[str, int], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = {"f_frsize": 4_096, "f_bavail": 10**6, "f_files": 10**6, "f_favail": 10**6, **left}

    def statvfs(_path: Path) -> SimpleNamespace:
        return SimpleNamespace(**disk)

    monkeypatch.setattr(os, "statvfs", statvfs)
    with pytest.raises(ProviderUnavailable, match=says) as told:
        await LibraryIndex(unshared).remove("own")
    assert "disk failed" not in told.value.message


async def test_a_library_is_read_by_many_where_nothing_can_be_written(unshared: Path) -> None:
    index = LibraryIndex(unshared)
    found: list[str] = []

    async def look() -> None:
        found.extend(hit.title for hit in await index.search("boiled quinces", limit=5))

    async with anyio.create_task_group() as tasks:
        for _ in range(30):
            tasks.start_soon(look)
    assert found == ["Quince jelly"] * 30
    with pytest.raises(ProviderUnavailable):
        await index.put("own", document("more", "More"))
    await anyio.Path(f"{unshared}-shm").rmdir()
    await index.put("own", document("more", "More"))
    assert len(await index.documents("own")) == 2, "the control"


async def test_what_cannot_be_brought_up_to_date_is_not_read(unshared: Path) -> None:
    def grown_old() -> None:
        with closing(sqlite3.connect(f"file:{unshared}?immutable=1", uri=True)) as file:
            assert LIBRARY.is_current(file)
        data = bytearray(unshared.read_bytes())
        data[60:64] = (1).to_bytes(4, "big")  # `user_version`
        unshared.write_bytes(data)

    assert len(await LibraryIndex(unshared).documents("own")) == 1, "the control"
    await run_sync(grown_old)
    with pytest.raises(ProviderUnavailable, match="is read-only"):
        await LibraryIndex(unshared).documents("own")
