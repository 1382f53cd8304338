"""A collection that is kept in step with its folders, whatever becomes of them."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import pytest

from codexity.adapters.library.file_reader import FileReader
from codexity.adapters.library.watch import (
    Away,
    Back,
    InStep,
    Pace,
    Trouble,
)
from watching import SECONDS, notes, watching

OFF: dict[str, Any] = {"SEARCH__STARTER": False}


@pytest.fixture(scope="module")
async def reader() -> AsyncGenerator[FileReader]:
    async with FileReader(workers=1, seconds=20) as processes:
        yield processes


def saved(path: Path, text: str) -> None:
    """As editors save: another file beside it takes its place."""
    (path.parent / "~new").write_text(text)
    (path.parent / "~new").replace(path)


HAPPENS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a new file": (
        lambda at: (at / "new.md").write_text("Text."),
        {"gate.md", "old/lamp.md", "old/deep/rope.md", "new.md"},
    ),
    "a new folder": (
        lambda at: notes(at / "more"),
        {
            "gate.md", "old/lamp.md", "old/deep/rope.md",
            "more/gate.md", "more/old/lamp.md", "more/old/deep/rope.md",
        },
    ),
    "a file is gone": (lambda at: (at / "gate.md").unlink(), {"old/lamp.md", "old/deep/rope.md"}),
    "a file is renamed": (
        lambda at: (at / "gate.md").rename(at / "door.md"),
        {"door.md", "old/lamp.md", "old/deep/rope.md"},
    ),
    "a folder is moved": (
        lambda at: (at / "old").rename(at / "archive"),
        {"gate.md", "archive/lamp.md", "archive/deep/rope.md"},
    ),
    "a folder is gone": (lambda at: shutil.rmtree(at / "old"), {"gate.md"}),
    "a file became a folder": (
        lambda at: ((at / "gate.md").unlink(), notes(at / "gate.md")),
        {
            "old/lamp.md", "old/deep/rope.md",
            "gate.md/gate.md", "gate.md/old/lamp.md", "gate.md/old/deep/rope.md",
        },
    ),
    "rules leave out": (
        lambda at: (at / ".gitignore").write_text("old/"),
        {"gate.md"},
    ),
    "nothing is left": (
        lambda at: [shutil.rmtree(at / "old"), (at / "gate.md").unlink()],
        set(),
    ),
    "a text that was lost": (
        lambda at: (at / "gate.md").write_bytes(b"\x01\x02\x03"),
        {"old/lamp.md", "old/deep/rope.md"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HAPPENS)
async def test_what_happens_to_files_happens_to_their_documents(
    tmp_path: Path, reader: FileReader, what: str
) -> None:
    happens, left = HAPPENS[what]
    async with watching(notes(tmp_path / "notes"), reader) as watched:
        await watched.has("gate.md", "old/lamp.md", "old/deep/rope.md")
        await anyio.to_thread.run_sync(happens, watched.folder)
        await watched.has(*left)


@pytest.mark.parametrize("save", [Path.write_text, saved])
async def test_a_changed_file_is_read_again(
    tmp_path: Path, reader: FileReader, save: Callable[[Path, str], object]
) -> None:
    async with watching(notes(tmp_path / "notes"), reader) as watched:
        save(watched.folder / "gate.md", "The heron stands on the sluice.\n")
        await watched.hears(InStep, more_than=1)
        assert [hit.title for hit in await watched.index.search("heron", limit=3)] == ["gate.md"]
        changed = watched.all(InStep)[1]
        assert isinstance(changed, InStep)
        assert (changed.report.added, changed.report.removed) == (1, 0)
        assert changed.changed == (str(watched.folder / "gate.md"),)


async def test_a_file_that_was_only_touched_is_nothing_to_tell(
    tmp_path: Path, reader: FileReader
) -> None:
    async with watching(notes(tmp_path / "notes"), reader) as watched:
        os.utime(watched.folder / "gate.md", (1, 1))
        (watched.folder / "new.md").write_text("Text.")
        await watched.hears(InStep, more_than=1)
        assert sum(one.report.added for one in watched.told if isinstance(one, InStep)) == 4


async def test_a_burst_is_brought_in_at_once(tmp_path: Path, reader: FileReader) -> None:
    pace = Pace(least=0.02, share=1, quiet=0.5, burst=10)
    async with watching(notes(tmp_path / "notes"), reader, pace=pace) as watched:
        for number in range(40):
            (watched.folder / f"{number}.md").write_text(f"Gate {number} is shut.")
            await anyio.sleep(0.01)
        await watched.hears(InStep, more_than=1)
        burst = watched.all(InStep)[1]
        assert isinstance(burst, InStep)
        assert (burst.report.added, len(burst.changed)) == (40, 40)


async def test_a_file_that_never_rests_is_read_all_the_same(
    tmp_path: Path, reader: FileReader
) -> None:
    pace = Pace(least=0.02, share=1, quiet=0.1, burst=0.5)
    async with watching(notes(tmp_path / "notes"), reader, pace=pace) as watched:
        with anyio.fail_after(SECONDS):
            while len(watched.all(InStep)) < 3:
                with (watched.folder / "gate.md").open("a") as file:
                    file.write("One more line is said.\n")
                await anyio.sleep(0.03)


async def test_what_fails_is_told_once_and_read_when_it_can_be(
    tmp_path: Path, reader: FileReader
) -> None:
    folder = notes(tmp_path / "notes")
    (folder / "bad.json").write_text("{")
    async with watching(folder, reader) as watched:
        await anyio.sleep(1)
        (folder / "new.md").write_text("Text.")
        await watched.hears(InStep, more_than=1)
        failed = [
            failure.path
            for one in watched.told
            if isinstance(one, InStep)
            for failure in one.report.failed
        ]
        assert failed == [str(folder / "bad.json")]
        (folder / "bad.json").write_text('{"gate": "shut"}')
        await watched.has("bad.json", "gate.md", "new.md", "old/lamp.md", "old/deep/rope.md")


@pytest.mark.parametrize("goes", ["renamed", "removed"])
async def test_a_folder_that_goes_keeps_its_documents(
    tmp_path: Path, reader: FileReader, goes: str
) -> None:
    folder = notes(tmp_path / "notes")
    names = {"gate.md", "old/lamp.md", "old/deep/rope.md"}
    async with watching(folder, reader) as watched:
        if goes == "renamed":
            folder.rename(tmp_path / "elsewhere")
        else:
            await anyio.to_thread.run_sync(shutil.copytree, folder, tmp_path / "elsewhere")
            await anyio.to_thread.run_sync(shutil.rmtree, folder)
        await watched.hears(Away)
        assert watched.all(Away) == [Away(paths=(str(folder),))]
        await anyio.sleep(0.5)
        assert await watched.names() == names
        (tmp_path / "elsewhere").rename(folder)
        await watched.hears(Back)
        (folder / "gate.md").unlink()
        await watched.has("old/lamp.md", "old/deep/rope.md")


@contextmanager
def other_file_system() -> Generator[Path]:
    with TemporaryDirectory(dir="/dev/shm") as folder, TemporaryDirectory() as other:
        assert Path(folder).stat().st_dev != Path(other).stat().st_dev
        yield Path(folder)


@pytest.mark.parametrize("is_root", [True, False])
@pytest.mark.parametrize("leaves", ["an empty folder", "nothing"])
async def test_a_disk_that_goes_away_keeps_its_documents(
    tmp_path: Path, reader: FileReader, is_root: bool, leaves: str
) -> None:
    with other_file_system() as disk:
        notes(disk)
        folder = tmp_path / "notes"
        place = folder if is_root else folder / "disk"
        if not is_root:
            folder.mkdir()
            (folder / "own.md").write_text("It is here.")
        place.symlink_to(disk)
        async with watching(folder, reader) as watched:
            names = await watched.names()
            place.unlink()
            if leaves == "an empty folder":
                place.mkdir()
            await watched.hears(Away)
            if not is_root:
                (folder / "own.md").unlink()
                await watched.has(*names - {"own.md"})
            await anyio.sleep(0.3)
            assert await watched.names() == names - {"own.md"} if not is_root else names
            if leaves == "an empty folder":
                place.rmdir()
            place.symlink_to(disk)
            await watched.hears(Back)
            inner = "" if is_root else "disk/"
            (disk / "gate.md").unlink()
            await watched.has(f"{inner}old/lamp.md", f"{inner}old/deep/rope.md")


async def test_a_library_that_is_busy_is_told_and_tried_again(
    tmp_path: Path, reader: FileReader
) -> None:
    async with watching(notes(tmp_path / "notes"), reader) as watched:
        with closing(sqlite3.connect(watched.index.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            (watched.folder / "new.md").write_text("Text.")
            await watched.hears(Trouble)
            other.execute("ROLLBACK")
        await watched.has("gate.md", "new.md", "old/lamp.md", "old/deep/rope.md")
        assert len(watched.all(Trouble)) == 1


async def test_files_that_come_and_go_while_they_are_read_end_as_they_are(
    tmp_path: Path, reader: FileReader
) -> None:
    chance = random.Random(7)
    folder = notes(tmp_path / "notes")

    def happen() -> None:
        place = folder / str(chance.randrange(4))
        place.mkdir(exist_ok=True)
        file = place / f"{chance.randrange(8)}.md"
        match chance.randrange(5):
            case 0 | 1:
                file.write_text(f"Gate {chance.random()} is shut.\n")
            case 2:
                file.unlink(missing_ok=True)
            case 3 if file.exists():
                file.rename(place / f"{chance.randrange(8)}.md")
            case _:
                shutil.rmtree(place)

    pace = Pace(least=0.01, share=1, quiet=0.01, burst=0.1, again=0.1)
    async with watching(folder, reader, pace=pace) as watched:
        for _ in range(300):
            await anyio.to_thread.run_sync(happen)
            await anyio.sleep(0.005)
        left = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
        await watched.has(*left)
        for name in left:
            (hit,) = [
                one
                for one in await watched.index.documents("documents")
                if one.path == str(folder / name)
            ]
            text = (await watched.index.page(hit.url)).text
            assert text == (folder / name).read_text().strip()
        assert not watched.all(Trouble)
