"""Real files and folders into the library, and the library after them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from codexity.adapters.library.file_reader import FileReader
from codexity.adapters.library.files import LibraryFiles, Report
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.reading import Reading, Unread
from codexity.errors import BadQuestion, ProviderUnavailable, Unreadable

FRIDGE = """<!doctype html><title>Fridge</title><article><h1>Fridge</h1><p>The guarantee of the
fridge in the kitchen ends in May, five years after the day on which it was bought, and covers
the motor, the lid, the lamp and the thermostat.</p></article>"""


class Counted:
    """The real reader; remembers what it was asked to read."""

    def __init__(self, real: FileReader) -> None:
        self.real = real
        self.asked: list[tuple[str, str]] = []

    async def read(self, files: Sequence[Unread]) -> list[Reading | Unreadable]:
        self.asked += [(one.url, one.media_type) for one in files]
        return await self.real.read(files)


@pytest.fixture(scope="module")
async def processes() -> AsyncIterator[FileReader]:
    async with FileReader(workers=1, seconds=20) as processes:
        yield processes


@pytest.fixture
def reader(processes: FileReader) -> Counted:
    return Counted(processes)


@pytest.fixture
def index(tmp_path: Path) -> LibraryIndex:
    return LibraryIndex(tmp_path / "data" / "library.db")


@pytest.fixture
def files(index: LibraryIndex, reader: Counted) -> LibraryFiles:
    return LibraryFiles(index, reader, max_file_bytes=10_000, at_once=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Documents of each kind, and what is none."""
    folder = tmp_path / "papers"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "bread.md").write_text("# Bread\n\nKnead the dough for ten minutes.")
    (folder / "fridge.html").write_text(FRIDGE)
    (folder / "deep" / "er" / "notes.txt").write_text("The key hangs behind the door.")
    (folder / "README").write_text("Papers of the household.")
    (folder / ".hidden" / "secret.txt").write_text("A secret treasure.")
    (folder / ".secret.txt").write_text("A secret treasure.")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 treasure")
    return folder


async def titles(index: LibraryIndex, text: str) -> list[str]:
    return [hit.title for hit in await index.search(text, limit=10)]


async def test_a_folder_is_read_with_all_below_it(
    files: LibraryFiles, index: LibraryIndex, reader: Counted, folder: Path
) -> None:
    report = await files.add([folder])
    assert report == Report(added=4, ignored=1)
    assert await titles(index, "dough") == ["Bread"]
    assert await titles(index, "guarantee") == ["Fridge"]
    assert await titles(index, "door") == ["notes.txt"]
    assert await titles(index, "household") == ["README"]
    assert await titles(index, "treasure") == []
    kinds = {url.rpartition("/")[2].rpartition("-")[0]: kind for url, kind in reader.asked}
    assert kinds == {
        "bread": "text/markdown",
        "fridge": "text/html",
        "notes": "text/plain",
        "readme": "text/plain",
    }
    (collection,) = await index.collections()
    assert (collection.name, collection.documents) == ("documents", 4)
    assert collection.roots == (str(folder),)


async def test_a_page_has_its_files_date_and_a_lasting_address(
    files: LibraryFiles, index: LibraryIndex, folder: Path
) -> None:
    bread = folder / "bread.md"
    await anyio.to_thread.run_sync(os.utime, bread, (1_700_000_000, 1_700_000_000))
    await files.add([folder])
    (before,) = await index.search("dough", limit=1)
    page = await index.page(before.url)
    assert page.published == "2023-11-14"
    assert page.site == "library: documents"
    await anyio.Path(bread).write_text("# Loaf\n\nThe dough rests for an hour.")
    await files.add([bread])
    (after,) = await index.search("dough", limit=1)
    assert (after.url, after.title) == (before.url, "Loaf")


async def test_only_what_changed_is_read_again(
    files: LibraryFiles, index: LibraryIndex, reader: Counted, folder: Path
) -> None:
    await files.add([folder])
    reader.asked.clear()
    assert await files.add([folder]) == Report(unchanged=4, ignored=1)
    assert reader.asked == []
    await anyio.to_thread.run_sync(os.utime, folder / "fridge.html", (1, 1))
    assert await files.add([folder]) == Report(unchanged=4, ignored=1)
    assert reader.asked == [], "another time, the same content"
    await anyio.Path(folder / "bread.md").write_text("# Bread\n\nBuy it at the baker's.")
    assert await files.add([folder]) == Report(added=1, unchanged=3, ignored=1)
    assert len(reader.asked) == 1
    assert await titles(index, "dough") == []
    assert await titles(index, "baker") == ["Bread"]


async def test_an_unchanged_file_is_not_even_opened(files: LibraryFiles, folder: Path) -> None:
    bread = anyio.Path(folder / "bread.md")
    told = await bread.stat()
    await files.add([folder])
    # Another content of the same length under the same time: only a reader of it would notice.
    await bread.write_bytes(bytes(told.st_size))
    await anyio.to_thread.run_sync(_set_time, folder / "bread.md", told.st_mtime_ns)
    assert await files.add([folder]) == Report(unchanged=4, ignored=1)
    await anyio.to_thread.run_sync(_set_time, folder / "bread.md", told.st_mtime_ns + 1)
    report = await files.add([folder])
    assert (report.unchanged, report.removed, len(report.failed)) == (3, 1, 1)


def _set_time(path: Path, nanoseconds: int) -> None:
    os.utime(path, ns=(nanoseconds, nanoseconds))


async def test_deleted_files_leave_the_index_with_their_folder(
    files: LibraryFiles, index: LibraryIndex, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "papers-of-another"
    await anyio.Path(other).mkdir()
    await anyio.Path(other / "cake.txt").write_text("Whip the cream.")
    await files.add([folder, other])
    await anyio.Path(folder / "bread.md").unlink()
    await anyio.Path(other / "cake.txt").unlink()
    assert await titles(index, "dough") == ["Bread"]
    report = await files.add([folder])
    assert (report.removed, report.unchanged) == (1, 3)
    assert await titles(index, "dough") == []
    assert await titles(index, "cream") == ["cake.txt"], "its folder was not looked at"
    assert (await files.add([])).removed == 1, "all remembered paths are"
    assert await titles(index, "cream") == []


async def test_removing_a_collection_forgets_its_paths(
    files: LibraryFiles, index: LibraryIndex, folder: Path
) -> None:
    await files.add([folder], "home")
    assert (await files.add([], "home")).unchanged == 4
    assert await index.remove("home") == 4
    with pytest.raises(BadQuestion):
        await files.add([folder], "starter")
    assert await files.add([], "home") == Report()
    assert await index.collections() == ()


async def test_what_cannot_be_read_is_told_and_the_rest_goes_on(
    files: LibraryFiles, index: LibraryIndex, folder: Path, tmp_path: Path
) -> None:
    await anyio.Path(folder / "binary.txt").write_bytes(b"\x00\x01\x02 treasure")
    await anyio.Path(folder / "paper.txt").write_bytes(b"%PDF-1.7 treasure")
    await anyio.Path(folder / "large.txt").write_text("treasure " * 2_000)
    await anyio.Path(folder / "empty.txt").write_text("")
    await anyio.Path(folder / "program").write_bytes(b"\x7fELF treasure")
    await anyio.Path(folder / "broken.txt").symlink_to(tmp_path / "nowhere")
    report = await files.add([folder, tmp_path / "missing"])
    assert (report.added, report.ignored) == (4, 2), "a name without suffix promised nothing"
    reasons = {Path(one.path).name: one.reason for one in report.failed}
    assert set(reasons) == {
        "binary.txt",
        "paper.txt",
        "large.txt",
        "empty.txt",
        "broken.txt",
        "missing",
    }
    assert reasons["large.txt"] == "It is larger than 0.01 MB."
    assert "no text" in reasons["empty.txt"]
    assert reasons["missing"] == "There is no such file or folder."
    assert "neither text nor a document" in reasons["binary.txt"]
    assert await titles(index, "treasure") == []
    (collection,) = await index.collections()
    assert collection.roots == (str(folder),), "what is not there is not remembered"


async def test_links_that_go_round_end(
    files: LibraryFiles, index: LibraryIndex, folder: Path, tmp_path: Path
) -> None:
    await anyio.Path(folder / "deep" / "round").symlink_to(folder, target_is_directory=True)
    outside = anyio.Path(tmp_path / "outside")
    await outside.mkdir()
    await (outside / "far.txt").write_text("A lighthouse.")
    await anyio.Path(folder / "out").symlink_to(outside, target_is_directory=True)
    with anyio.fail_after(20):
        report = await files.add([folder])
    assert report.added == 5, "each file once"
    assert await titles(index, "lighthouse") == ["far.txt"], "a link that does not is followed"


async def test_a_pipe_is_not_waited_for(files: LibraryFiles, folder: Path) -> None:
    await anyio.to_thread.run_sync(os.mkfifo, folder / "pipe.txt")
    with anyio.fail_after(20):
        report = await files.add([folder, folder / "pipe.txt"])
    assert (report.added, report.ignored) == (4, 3)


async def test_a_file_that_is_named_is_read_whatever_its_suffix(
    files: LibraryFiles, index: LibraryIndex, tmp_path: Path
) -> None:
    await anyio.Path(tmp_path / "script.py").write_text("# Counts the sheep.")
    await anyio.Path(tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    report = await files.add([tmp_path / "script.py", tmp_path / "picture.png"])
    assert (report.added, len(report.failed)) == (1, 1)
    assert await titles(index, "sheep") == ["script.py"]


async def test_a_name_that_is_not_utf8_is_told(files: LibraryFiles, folder: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.txt")
    await anyio.Path(folder / name).write_text("treasure")
    report = await files.add([folder])
    assert report.added == 4
    assert ["UTF-8" in one.reason for one in report.failed] == [True]


async def test_progress_tells_each_file_and_the_end(files: LibraryFiles, folder: Path) -> None:
    told: list[tuple[int, int, str, int]] = []

    def progress(done: int, total: int, current: str, report: Report) -> None:
        told.append((done, total, Path(current).name, report.added))

    await files.add([folder], progress=progress)
    assert told == [
        (0, 4, "README", 0),
        (0, 4, "bread.md", 0),
        (2, 4, "fridge.html", 2),
        (3, 4, "notes.txt", 3),
        (4, 4, "", 4),
    ]


async def test_at_most_so_many_files(index: LibraryIndex, reader: Counted, folder: Path) -> None:
    few = LibraryFiles(index, reader, max_files=2)
    report = await few.add([folder])
    assert report.added == 2
    assert "More than 2 files" in report.failed[0].reason
    assert (await LibraryFiles(index, reader).add([folder])).added == 2


async def test_several_are_read_at_once(index: LibraryIndex, reader: Counted, folder: Path) -> None:
    for number in range(20):
        await anyio.Path(folder / f"{number}.txt").write_text(f"Sheep number {number}.")
    many = LibraryFiles(index, reader, at_once=4)
    assert await many.add([folder]) == Report(added=24, ignored=1)
    assert len(await index.search("sheep", limit=50)) == 20


async def test_an_index_that_cannot_be_written_ends_the_work(
    index: LibraryIndex, reader: Counted, folder: Path
) -> None:
    def drop() -> None:
        connection = sqlite3.connect(index.path)
        connection.execute("DROP TABLE IF EXISTS own_stems")
        connection.close()

    def progress(done: int, _total: int, _current: str, _report: Report) -> None:
        seen.append(done)

    seen: list[int] = []
    files = LibraryFiles(index, reader, at_once=2)
    assert (await files.add([folder / "bread.md"])).added == 1
    await anyio.to_thread.run_sync(drop)
    with pytest.raises(ProviderUnavailable):
        await files.add([folder], progress=progress)
    assert seen[-1] < 4
