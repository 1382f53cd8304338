"""Files are read and written in batches: what is kept is the same, and no file harms others."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from anyio.to_thread import run_sync

import processes
from codexity.adapters.library.file_reader import FileReader
from codexity.adapters.library.files import LibraryFiles, Report
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.reading import Reading, Unread, asked, outcomes, request, told
from codexity.errors import Unreadable

TEXTS = {
    "bread.md": "# Bread\n\nKnead the dough.\n\n| what | grams |\n|---|---|\n| flour | 500 |\n",
    "brot.md": "# Brot\n\nDer Teig ist für das Brot, und er ruht eine Stunde in der Schüssel.\n",
    "面包.txt": "面包\n\n把面团揉十分钟，然后放在温暖的地方。\n",
    "key.txt": "The key hangs behind the door.",
    "page.html": f"<title>Page</title><article><p>{'Words of a page. ' * 40}</p></article>",
    "empty.txt": "",
    "noise.txt": "\0\1\2",
}
PAGE = {"url": "", "title": "", "text": "", "site": ""}
NAMES = ("title", "title_stems", "language")
DEEP = b"<div><table><tr><td>" * 60_000 + b"words " * 200
"""The parsers' time grows with the square of the depth: it takes too long, or too much memory."""


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[FileReader]:
    async with FileReader(workers=1, seconds=30) as reader:
        yield reader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(30):
        (folder / f"note-{number:02}.md").write_text(f"# Note {number}\n\nIt is word{number}.\n")
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    os.utime(folder / "key.txt", (1_700_000_000, 1_700_000_000))
    return folder


def kept(path: Path) -> list[tuple[object, ...]]:
    """All that is in the index, without the numbers of rows."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT d.path, d.slug, d.title, d.text, d.language, d.published, d.published_from,"
            " d.size, d.digest, d.blocks, d.page_starts, p.start, p.length, s.title, s.text"
            " FROM documents d JOIN passages p ON p.document = d.id"
            " JOIN own_stems s ON s.rowid = p.id ORDER BY d.path, p.start"
        ).fetchall()


def paths(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_together_files_are_kept_as_each_is_by_itself(
    reader: FileReader, folder: Path, tmp_path: Path
) -> None:
    together, alone = (LibraryIndex(tmp_path / f"{name}.db") for name in ("together", "alone"))
    report = await LibraryFiles(together, reader, at_once=3).add([folder])
    one_by_one = LibraryFiles(alone, reader, at_once=1)
    for path in await run_sync(paths, folder):
        await one_by_one.add([path])
    assert (report.added, len(report.failed)) == (35, 2)
    rows = await run_sync(kept, together.path)
    assert rows == await run_sync(kept, alone.path)
    assert len({row[0] for row in rows}) == 35
    assert {row[4] for row in rows} == {"", "de"}


@pytest.mark.parametrize("killed", [False, True])
async def test_only_the_file_that_is_to_blame_is_not_read(killed: bool) -> None:
    good = [unread(f"/n/{at}.md", f"# Note {at}\n\nSome words.\n".encode()) for at in range(3)]
    deep = Unread(path="/n/deep.html", url=url("/n/deep.html"), media_type="text/html", body=DEEP)
    found: list[Reading | Unreadable] = []

    async def read() -> None:
        found.extend(await reader.read([good[0], deep, *good[1:]]))

    async with FileReader(workers=1, seconds=2) as reader:
        assert [of(one) for one in await reader.read(good)] == ["Note 0", "Note 1", "Note 2"]
        async with anyio.create_task_group() as group:
            group.start_soon(read)
            await anyio.wait_all_tasks_blocked()
            for pid in processes.workers("library.worker") if killed else ():
                os.kill(pid, signal.SIGKILL)
    # A fast machine finds out within the time that there is no end to it.
    assert of(found[1]) in {"timeout", "bad_content"}
    assert [of(one) for one in (found[0], *found[2:])] == ["Note 0", "Note 1", "Note 2"]


async def test_a_changed_file_among_many_is_read_and_no_other(
    reader: FileReader, folder: Path, tmp_path: Path
) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    files = LibraryFiles(index, reader)
    await files.add([folder])
    before = await index.states("documents")
    await anyio.Path(folder / "note-07.md").write_text("# Note 7\n\nIt is about a heron.\n")
    for name in ("note-08.md", "note-09.md"):
        await run_sync(os.utime, folder / name, (1_600_000_000, 1_600_000_000))
    report = await files.add([folder])
    assert (report.added, report.unchanged) == (1, 34)
    after = await index.states("documents")
    changed = {Path(path).name for path, state in after.items() if before[path] != state}
    assert changed == {"note-07.md", "note-08.md", "note-09.md"}
    assert [hit.title for hit in await index.search("heron", limit=3)] == ["Note 7"]


async def test_progress_counts_up_to_all_files(
    reader: FileReader, folder: Path, tmp_path: Path
) -> None:
    told: list[tuple[int, int, int]] = []

    def progress(done: int, total: int, _current: str, report: Report) -> None:
        told.append((done, total, report.added))

    await LibraryFiles(LibraryIndex(tmp_path / "library.db"), reader).add(
        [folder], progress=progress
    )
    assert told == sorted(told)
    assert len(told) == 38
    assert told[-1] == (37, 37, 35)


def test_what_passes_between_the_processes_is_bounded_by_its_sizes() -> None:
    files = [unread("/n/a.md", b"one\ntwo"), unread("/n/b.md", b""), unread("/n/c.md", b"{}\n")]
    back = list(asked(b"".join(request(files))))
    assert [(path, fetched.body) for path, fetched in back] == [
        ("/n/a.md", b"one\ntwo"),
        ("/n/b.md", b""),
        ("/n/c.md", b"{}\n"),
    ]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[]",
        b"[1]",
        b'[{"page": {}}]',
        json.dumps([{"page": PAGE}]).encode(),
        *(
            json.dumps(
                [{"page": PAGE, "analysed": {**dict.fromkeys(NAMES, ""), "slices": [one]}}]
            ).encode()
            for one in ({"start": 0}, {"start": True, "length": 1, "stems": ""}, 1)
        ),
    ],
)
def test_a_reply_that_makes_no_sense_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"reply|Expecting"):
        outcomes(payload, 1)


def test_a_refusal_is_told() -> None:
    refusal = told(Unreadable("It holds no text.", code="empty"))
    assert refusal["unreadable"]["code"] == "empty"


def unread(path: str, body: bytes) -> Unread:
    return Unread(path=path, url=url(path), media_type="text/markdown", body=body)


def url(path: str) -> str:
    return f"/library/documents/{Path(path).stem}"


def of(outcome: Reading | Unreadable) -> str:
    return outcome.code if isinstance(outcome, Unreadable) else outcome.title
