"""The library's database file under several writers, failures and damage."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from codexity.adapters.library.database import prepare, session
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.rows import put
from codexity.adapters.search.library import LibrarySearch, StarterSearch
from codexity.adapters.sqlite.schema import writing
from codexity.errors import Misconfigured, ProviderUnavailable
from codexity.model import Query
from modes import modes_of


def document(slug: str, title: str, text: str) -> Document:
    return Document(
        slug=slug, title=title, title_stems=stem_text(title), text=text, slices=sliced(text)
    )


BREAD = document("bread", "Bread", "Knead the dough for ten minutes.")


@pytest.fixture
async def index(tmp_path: Path) -> LibraryIndex:
    index = LibraryIndex(tmp_path / "data" / "library.db")
    await index.put("kitchen", BREAD)
    return index


async def test_another_writer_is_waited_for(index: LibraryIndex) -> None:
    began, finish = anyio.Event(), anyio.Event()
    done: list[str] = []

    async def hold() -> None:
        holder = await anyio.to_thread.run_sync(opened, index.path)
        began.set()
        await finish.wait()
        await anyio.to_thread.run_sync(holder.rollback)
        holder.close()

    async with anyio.create_task_group() as group:
        group.start_soon(hold)
        await began.wait()
        assert await index.search("dough", limit=5), "readers go on"

        async def write() -> None:
            await index.put("kitchen", document("cake", "Cake", "Whip the cream."))
            done.append("written")

        group.start_soon(write)
        await anyio.wait_all_tasks_blocked()
        assert not done
        finish.set()
    assert done == ["written"]


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


async def test_a_failed_write_changes_nothing(index: LibraryIndex) -> None:
    def fail() -> None:
        with session(index.path) as connection, writing(connection):
            put(connection, "kitchen", (document("cake", "Cake", "Whip the cream."),))
            raise KeyError

    with pytest.raises(KeyError):
        await anyio.to_thread.run_sync(fail)
    assert await index.search("cream", limit=5) == ()


def intact(_path: Path) -> None:
    """The control: nothing is spoilt."""


def damaged(path: Path) -> None:
    path.write_bytes(b"no database " * 100)


def newer(path: Path) -> None:
    with session(path) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("spoil", "error"), [(intact, None), (damaged, ProviderUnavailable), (newer, Misconfigured)]
)
async def test_a_file_that_cannot_be_used_is_told(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[Exception] | None
) -> None:
    path = tmp_path / "data" / "library.db"
    await anyio.to_thread.run_sync(prepare, path)
    await anyio.to_thread.run_sync(spoil, path)
    index = LibraryIndex(path)
    if error is None:
        assert await index.search("bread", limit=1) == ()
        return
    with pytest.raises(error):
        await index.search("bread", limit=1)


async def test_a_folder_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path) -> None:
    await anyio.Path(tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="CODEXITY_DATA_DIR"):
        await LibraryIndex(tmp_path / "file" / "library.db").collections()


async def test_many_processes_may_create_and_fill_one_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "library.db"
    program = (
        "import sys, pathlib\n"
        "from codexity.adapters.library.database import prepare, session\n"
        "from codexity.adapters.sqlite.schema import writing\n"
        "from codexity.adapters.library.documents import Document\n"
        "from codexity.adapters.library.rows import put\n"
        "path, me = pathlib.Path(sys.argv[1]), sys.argv[2]\n"
        "prepare(path)\n"
        "for n in range(10):\n"
        "    with session(path) as connection, writing(connection):\n"
        "        one = Document(slug=f'{n}', title='x', title_stems='x', text='x', slices=())\n"
        "        put(connection, me, (one,))\n"
    )
    said: list[int] = []

    async def fill(name: str) -> None:
        done = await anyio.run_process([sys.executable, "-c", program, str(path), name])
        said.append(done.returncode)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            for number in range(4):
                group.start_soon(fill, f"c{number}")
    assert said == [0] * 4
    listed = await LibraryIndex(path).collections()
    assert [(one.name, one.documents) for one in listed] == [(f"c{n}", 10) for n in range(4)]


async def test_only_this_user_can_read_the_library(tmp_path: Path) -> None:
    path = tmp_path / "data" / "library.db"
    before = os.umask(0)
    try:
        await LibraryIndex(path).put("kitchen", BREAD)
        holder = await anyio.to_thread.run_sync(opened, path)
        modes = await anyio.to_thread.run_sync(modes_of, path)
        await anyio.to_thread.run_sync(holder.rollback)
        holder.close()
    finally:
        os.umask(before)
    assert modes == {
        "data": 0o700,
        "library.db": 0o600,
        "library.db-wal": 0o600,
        "library.db-shm": 0o600,
    }


async def ready() -> None:
    """A starter collection that is built."""


async def test_a_library_that_cannot_be_used_is_a_provider_that_cannot(
    index: LibraryIndex, tmp_path: Path
) -> None:
    assert await LibrarySearch(index).search(Query(text="dough"), limit=5)
    await anyio.to_thread.run_sync(newer, index.path)
    await anyio.Path(tmp_path / "file").write_text("in the way")
    for path, said in (
        (index.path, "a newer Codexity"),
        (tmp_path / "file" / "library.db", "CODEXITY_DATA_DIR"),
    ):
        broken = LibraryIndex(path)
        for search in (LibrarySearch(broken), StarterSearch(broken, ready)):
            with pytest.raises(ProviderUnavailable, match=said) as caught:
                await search.search(Query(text="bread"), limit=5)
            assert caught.value.code == "unreachable"
            assert str(tmp_path) not in caught.value.message


async def test_a_starter_that_cannot_be_built_is_a_provider_that_cannot(
    index: LibraryIndex,
) -> None:
    async def refused() -> None:
        raise Misconfigured("A newer one wrote it.", detail="the file")

    with pytest.raises(ProviderUnavailable, match="A newer one wrote it") as caught:
        await StarterSearch(index, refused).search(Query(text="dough"), limit=5)
    assert caught.value.detail == "the file"
    assert await StarterSearch(index, ready).search(Query(text="dough"), limit=5) == ()


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c"), tuple("abcdefghij")])
def test_documents_that_are_written_together_are_one_segment(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    path = tmp_path / "library.db"
    prepare(path)
    documents = [document(one, one.upper(), f"Knead the dough {one}.") for one in names]
    with session(path) as connection:
        for batch in ("first", "second"):
            with writing(connection):
                put(connection, batch, documents)
        rows = connection.execute("SELECT DISTINCT segid FROM own_stems_idx").fetchall()
    assert len(rows) == 2


@pytest.mark.parametrize("again", [("bread",), ("bread", "rolls"), ("rolls", "bread", "rolls")])
def test_a_document_written_again_leaves_nothing_of_the_old(
    tmp_path: Path, again: tuple[str, ...]
) -> None:
    path = tmp_path / "library.db"
    prepare(path)
    with session(path) as connection:
        with writing(connection):
            put(connection, "kitchen", [BREAD])
        with writing(connection):
            texts = (f"Proof the loaf, {at}." for at in range(len(again)))
            put(connection, "kitchen", [document(*pair) for pair in _named(again, texts)])
        for table in ("documents", "passages", "own_stems"):
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == len(set(again))
        (old,) = connection.execute(
            "SELECT count(*) FROM own_stems WHERE own_stems MATCH 'dough'"
        ).fetchone()
        assert old == 0


def _named(names: Iterable[str], texts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for name, text in zip(names, texts, strict=True):
        yield name, name.title(), text
