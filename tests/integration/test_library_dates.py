"""The date of a document of the library is its own, not the day on which it was copied."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import anyio.to_thread
import pytest

import pdfs
from codexity.adapters.library.file_reader import FileReader
from codexity.adapters.library.files import LibraryFiles
from codexity.adapters.library.index import LibraryIndex
from codexity.model import Page

OLD = 1_600_000_000  # 13 September 2020


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[FileReader]:
    async with FileReader(workers=1, seconds=20) as processes:
        yield processes


async def added(folder: Path, reader: FileReader) -> dict[str, Page]:
    index = LibraryIndex(folder.parent / "library.db")
    await LibraryFiles(index, reader, at_once=1).add([folder])
    listed = await index.documents("documents")
    return {Path(one.path).name: await index.page(one.url) for one in listed}


def written(folder: Path, name: str, text: str, *, changed: float | None = OLD) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    if changed is not None:
        os.utime(folder / name, (changed, changed))


TEXT = "The gate of the upper lock is shut in winter.\n"
HTML = (
    "<!doctype html><html><head><title>Lock</title>"
    '<meta property="article:published_time" content="2022-03-07"></head>'
    f"<body><article><p>{TEXT * 20}</p></article></body></html>"
)
DATED = {
    "front.md": (f"---\ndate: 2022-03-07\n---\n{TEXT}", "2022-03-07", "meta"),
    "line.txt": (f"Ulm, 7 March 2022\n\n{TEXT}", "2022-03-07", "text"),
    "2022-03-07-name.md": (TEXT, "2022-03-07", "name"),
    "2021-01-01-both.md": (f"---\ndate: 2022-03-07\n---\n{TEXT}", "2022-03-07", "meta"),
    "page.html": (HTML, "2022-03-07", "meta"),
    "post.eml": (
        f"From: a@b.example\nDate: Mon, 7 Mar 2022 09:00:00 +0100\nSubject: x\n\n{TEXT}",
        "2022-03-07",
        "meta",
    ),
    "lock.org": (f"#+DATE: <2022-03-07 Mon>\n{TEXT}", "2022-03-07", "meta"),
    "plain.txt": (TEXT, "2020-09-13", "file"),
    "7.3.2022 name.txt": (TEXT, "2022-03-07", "name"),
    "lock.json": (f'{{"date": "2022-03-07", "text": "{TEXT.strip()}"}}', "2022-03-07", "meta"),
    "changed.md": (f"---\nupdated: 2022-03-07\n---\n{TEXT}", "2022-03-07", "meta"),
    "2022-03-07.md": (f"---\nupdated: 2022-08-09\n---\n{TEXT}", "2022-03-07", "name"),
    "born.md": (f"Born: 7 March 1961\n\n{TEXT}", "2020-09-13", "file"),
    "field.rst": (f":Date: 2022-03-07\n\n{TEXT}", "2022-03-07", "meta"),
}


async def test_a_document_has_its_own_date(tmp_path: Path, reader: FileReader) -> None:
    for at, (name, (text, _, _)) in enumerate(DATED.items()):
        written(tmp_path / "notes", name, text, changed=OLD + 60 * at)
    pages = await added(tmp_path / "notes", reader)
    found = {name: (page.published, page.published_from) for name, page in pages.items()}
    assert found == {name: (day, origin) for name, (_, day, origin) in DATED.items()}


LINES = [TEXT.strip(), "It is opened again in spring, when the ice has gone from the river."]
PRINTED = {
    "lock.pdf": (LINES, "2023-08-09", "meta"),
    "letter.pdf": (["Ulm, 7 March 2022", "", "", *LINES], "2022-03-07", "text"),
    "2022-03-07 lock.pdf": (LINES, "2022-03-07", "name"),
}


async def test_the_day_of_printing_comes_last_of_a_pdf(tmp_path: Path, reader: FileReader) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, (lines, _, _) in PRINTED.items():
        made = pdfs.pdf([lines], made="D:20230809101112Z")
        (folder / name).write_bytes(made)
    pages = await added(folder, reader)
    found = {name: (page.published, page.published_from) for name, page in pages.items()}
    assert found == {name: (day, origin) for name, (_, day, origin) in PRINTED.items()}


async def test_the_day_of_a_copy_is_no_date(tmp_path: Path, reader: FileReader) -> None:
    written(tmp_path / "notes", "plain.txt", TEXT)
    written(tmp_path / "notes", "dated.txt", f"7 March 2022\n\n{TEXT}")
    copies = tmp_path / "copies"
    await anyio.to_thread.run_sync(
        lambda: shutil.copytree(tmp_path / "notes", copies, copy_function=shutil.copyfile)
    )
    pages = await added(copies, reader)
    assert {name: page.published for name, page in pages.items()} == {
        "plain.txt": None,
        "dated.txt": "2022-03-07",
    }


NO_DOCUMENTS: dict[str, Callable[[float], float]] = {
    "none": lambda _: 0.0,
    "that of an archive": lambda _: 315_532_800.0,
    "an hour ago": lambda now: now - 3_600,
    "to come": lambda now: now + 864_000,
}


@pytest.mark.parametrize("when", NO_DOCUMENTS)
async def test_a_time_that_is_no_documents_is_no_date(
    tmp_path: Path, reader: FileReader, when: str
) -> None:
    changed = NO_DOCUMENTS[when](time.time())
    written(tmp_path / "notes", "plain.txt", TEXT, changed=changed)
    assert [page.published for page in (await added(tmp_path / "notes", reader)).values()] == [None]


async def test_files_of_one_minute_were_copied_together(tmp_path: Path, reader: FileReader) -> None:
    for number in range(10):
        written(
            tmp_path / "notes", f"{number}.txt", f"Gate {number} is shut.", changed=OLD + number
        )
    written(tmp_path / "notes", "later.txt", TEXT, changed=OLD + 90_000)
    pages = await added(tmp_path / "notes", reader)
    assert pages.pop("later.txt").published == "2020-09-14"
    assert {page.published for page in pages.values()} == {None}


async def test_files_of_a_library_of_an_older_version_are_read_again(
    tmp_path: Path, reader: FileReader
) -> None:
    written(tmp_path / "notes", "dated.txt", f"7 March 2022\n\n{TEXT}")
    await added(tmp_path / "notes", reader)
    await anyio.to_thread.run_sync(_of_an_older_version, tmp_path / "library.db")
    index = LibraryIndex(tmp_path / "library.db")
    (hit,) = await index.search("lock", limit=1)
    assert (await index.page(hit.url)).published == "2024-01-01", "it is still there"
    report = await LibraryFiles(index, reader, at_once=1).add([tmp_path / "notes"])
    assert (report.added, report.unchanged) == (1, 0)
    assert (await index.page(hit.url)).published == "2022-03-07"


def _of_an_older_version(path: Path) -> None:
    """The file as it was when the time of a file's change was its document's date."""
    with closing(sqlite3.connect(path)) as connection:
        for table in ("vectors", "embedders"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX documents_by_path")
        connection.execute("ALTER TABLE documents DROP COLUMN published_from")
        connection.execute("UPDATE documents SET published = '2024-01-01'")
        connection.execute("PRAGMA user_version = 4")
        connection.commit()
