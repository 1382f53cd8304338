"""Sessions on the library that are kept between questions: what is written meanwhile is found."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.kept_sessions import KeptSessions
from codexity.errors import ProviderUnavailable


def document(slug: str, text: str) -> Document:
    return Document(
        slug=slug, title=slug, title_stems=stem_text(slug), text=text, slices=sliced(text)
    )


SHED = document("shed", "The key of the shed hangs behind the clock.")
BOAT = document("boat", "The oars of the boat lie in the attic.")


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncGenerator[KeptSessions]:
    kept = KeptSessions(tmp_path / "library.db")
    yield kept
    await kept.aclose()


@pytest.fixture
async def index(tmp_path: Path, kept: KeptSessions) -> LibraryIndex:
    path = tmp_path / "library.db"
    await LibraryIndex(path).put("home", SHED)
    return LibraryIndex(path, kept=kept)


def handle(kept: KeptSessions) -> sqlite3.Connection:
    with kept.session() as connection:
        return connection


async def found(index: LibraryIndex, word: str) -> list[str]:
    return [hit.title for hit in await index.search(word, limit=5)]


async def test_a_session_is_used_again(index: LibraryIndex, kept: KeptSessions) -> None:
    assert await found(index, "clock") == ["shed"]
    first = await anyio.to_thread.run_sync(handle, kept)
    assert await found(index, "clock") == ["shed"]
    assert await anyio.to_thread.run_sync(handle, kept) is first


async def test_what_another_writes_is_found(index: LibraryIndex, tmp_path: Path) -> None:
    assert await found(index, "oars") == []
    await LibraryIndex(tmp_path / "library.db").put("home", BOAT)
    assert await found(index, "oars") == ["boat"]
    await LibraryIndex(tmp_path / "library.db").remove("home")
    assert await found(index, "oars") == []


def moved_there(other: Path, path: Path) -> None:
    other.replace(path)


def copied_over(other: Path, path: Path) -> None:
    shutil.copyfile(other, path)


def removed_before(other: Path, path: Path) -> None:
    path.unlink()
    other.rename(path)


@pytest.mark.parametrize("put", [moved_there, copied_over, removed_before])
async def test_another_file_in_its_place_is_the_one_that_is_read(
    index: LibraryIndex, tmp_path: Path, put: Callable[[Path, Path], None]
) -> None:
    other = tmp_path / "other" / "library.db"
    await LibraryIndex(other).put("home", BOAT)
    assert await found(index, "clock") == ["shed"]
    await anyio.to_thread.run_sync(put, other, index.path)
    assert await found(index, "clock") == []
    assert await found(index, "oars") == ["boat"]


async def test_a_file_that_is_spoilt_meanwhile_is_told(index: LibraryIndex) -> None:
    assert await found(index, "clock") == ["shed"]
    await anyio.Path(index.path).write_bytes(b"no database " * 1_000)
    with pytest.raises(ProviderUnavailable) as raised:
        await found(index, "clock")
    assert raised.value.code == "bad_reply"


async def test_what_fails_in_a_session_ends_it(kept: KeptSessions, index: LibraryIndex) -> None:
    assert await found(index, "clock") == ["shed"]

    def failing() -> sqlite3.Connection:
        with suppress(KeyError), kept.session() as connection:
            connection.execute("BEGIN IMMEDIATE")
            raise KeyError
        return connection

    spoilt = await anyio.to_thread.run_sync(failing)
    assert await anyio.to_thread.run_sync(handle, kept) is not spoilt
    await LibraryIndex(index.path).put("home", BOAT)
    assert await found(index, "oars") == ["boat"]


def handles(kept: KeptSessions, number: int) -> list[sqlite3.Connection]:
    with ExitStack() as stack:
        return [stack.enter_context(kept.session()) for _ in range(number)]


async def test_of_many_at_once_few_are_kept(kept: KeptSessions, index: LibraryIndex) -> None:
    assert await found(index, "clock") == ["shed"]
    first = await anyio.to_thread.run_sync(handles, kept, 7)
    again = await anyio.to_thread.run_sync(handles, kept, 7)
    assert sum(any(one is other for other in first) for one in again) == 4
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first[0].execute("SELECT 1")


async def test_nothing_is_kept_behind_the_end(kept: KeptSessions, index: LibraryIndex) -> None:
    open_ones = await anyio.to_thread.run_sync(handles, kept, 3)
    await kept.aclose()
    assert await found(index, "clock") == ["shed"], "what comes later is served all the same"
    for one in (*open_ones, await anyio.to_thread.run_sync(handle, kept)):
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            one.execute("SELECT 1")
    assert sorted(one.name for one in index.path.parent.iterdir()) == ["library.db"]
