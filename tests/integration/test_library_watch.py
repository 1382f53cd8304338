"""A collection that is kept in step with its folders, whatever becomes of them."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.library.watch import (
    Away,
    Back,
    InStep,
    Pace,
    Trouble,
)
from serving import PROGRAM, environment, installed, run, until
from watching import SECONDS, notes, watching

OFF: dict[str, Any] = {"SEARCH__STARTER": False}


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as processes:
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
    tmp_path: Path, extractor: ProcessExtractor, what: str
) -> None:
    happens, left = HAPPENS[what]
    async with watching(notes(tmp_path / "notes"), extractor) as watched:
        await watched.has("gate.md", "old/lamp.md", "old/deep/rope.md")
        await anyio.to_thread.run_sync(happens, watched.folder)
        await watched.has(*left)


@pytest.mark.parametrize("save", [Path.write_text, saved])
async def test_a_changed_file_is_read_again(
    tmp_path: Path, extractor: ProcessExtractor, save: Callable[[Path, str], object]
) -> None:
    async with watching(notes(tmp_path / "notes"), extractor) as watched:
        save(watched.folder / "gate.md", "The heron stands on the sluice.\n")
        await watched.hears(InStep, more_than=1)
        assert [hit.title for hit in await watched.index.search("heron", limit=3)] == ["gate.md"]
        changed = watched.all(InStep)[1]
        assert isinstance(changed, InStep)
        assert (changed.report.added, changed.report.removed) == (1, 0)
        assert changed.changed == (str(watched.folder / "gate.md"),)


async def test_a_file_that_was_only_touched_is_nothing_to_tell(
    tmp_path: Path, extractor: ProcessExtractor
) -> None:
    async with watching(notes(tmp_path / "notes"), extractor) as watched:
        os.utime(watched.folder / "gate.md", (1, 1))
        (watched.folder / "new.md").write_text("Text.")
        await watched.hears(InStep, more_than=1)
        assert sum(one.report.added for one in watched.told if isinstance(one, InStep)) == 4


async def test_a_burst_is_brought_in_at_once(tmp_path: Path, extractor: ProcessExtractor) -> None:
    pace = Pace(least=0.02, share=1, quiet=0.5, burst=10)
    async with watching(notes(tmp_path / "notes"), extractor, pace=pace) as watched:
        for number in range(40):
            (watched.folder / f"{number}.md").write_text(f"Gate {number} is shut.")
            await anyio.sleep(0.01)
        await watched.hears(InStep, more_than=1)
        burst = watched.all(InStep)[1]
        assert isinstance(burst, InStep)
        assert (burst.report.added, len(burst.changed)) == (40, 40)


async def test_a_file_that_never_rests_is_read_all_the_same(
    tmp_path: Path, extractor: ProcessExtractor
) -> None:
    pace = Pace(least=0.02, share=1, quiet=0.1, burst=0.5)
    async with watching(notes(tmp_path / "notes"), extractor, pace=pace) as watched:
        with anyio.fail_after(SECONDS):
            while len(watched.all(InStep)) < 3:
                with (watched.folder / "gate.md").open("a") as file:
                    file.write("One more line is said.\n")
                await anyio.sleep(0.03)


async def test_what_fails_is_told_once_and_read_when_it_can_be(
    tmp_path: Path, extractor: ProcessExtractor
) -> None:
    folder = notes(tmp_path / "notes")
    (folder / "bad.json").write_text("{")
    async with watching(folder, extractor) as watched:
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
    tmp_path: Path, extractor: ProcessExtractor, goes: str
) -> None:
    folder = notes(tmp_path / "notes")
    names = {"gate.md", "old/lamp.md", "old/deep/rope.md"}
    async with watching(folder, extractor) as watched:
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
    tmp_path: Path, extractor: ProcessExtractor, is_root: bool, leaves: str
) -> None:
    with other_file_system() as disk:
        notes(disk)
        folder = tmp_path / "notes"
        place = folder if is_root else folder / "disk"
        if not is_root:
            folder.mkdir()
            (folder / "own.md").write_text("It is here.")
        place.symlink_to(disk)
        async with watching(folder, extractor) as watched:
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
    tmp_path: Path, extractor: ProcessExtractor
) -> None:
    async with watching(notes(tmp_path / "notes"), extractor) as watched:
        with closing(sqlite3.connect(watched.index.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            (watched.folder / "new.md").write_text("Text.")
            await watched.hears(Trouble)
            other.execute("ROLLBACK")
        await watched.has("gate.md", "new.md", "old/lamp.md", "old/deep/rope.md")
        assert len(watched.all(Trouble)) == 1


@contextmanager
def command(home: Path, *arguments: str) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
    """A command that goes on, and the file of what it says."""
    said = home / "said"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [PROGRAM, *arguments], cwd=home, env=environment(home, **OFF), stdout=file, stderr=file
        )
    try:
        yield process, said
    finally:
        process.kill()
        process.wait(10)


def test_a_person_sees_what_is_done_until_they_stop_it(tmp_path: Path) -> None:
    home, folder = installed(tmp_path / "home"), notes(tmp_path / "notes")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    with command(home, "library", "add", str(folder), "-c", "lock", "--watch") as (process, said):
        until(lambda: "is kept in step with" in said.read_text(), "the first time", 60)
        assert "lock: 3 added, 0 unchanged" in said.read_text()
        assert "left out: 1 .jpg (pictures: " in said.read_text()
        (folder / "old" / "new.md").write_text("The heron stands on the sluice.")
        until(lambda: "lock: 1 added, 0 removed: old/new.md" in said.read_text(), "a change", 60)
        assert said.read_text().count("left out") == 1
        found = run(home, "library", "search", "heron", "-c", "lock", **OFF)
        assert found.returncode == 0
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert time.monotonic() - began < 15
        assert said.read_text().rstrip().endswith("lock: is no longer kept in step.")
        assert "Traceback" not in said.read_text()
    (folder / "gate.md").unlink()
    again = run(home, "library", "add", str(folder), "-c", "lock", **OFF)
    assert again.stdout.startswith("lock: 0 added, 3 unchanged, 1 removed"), "it is as it was left"


@pytest.mark.parametrize("name", ["nowhere", ""])
def test_what_is_not_there_cannot_be_watched(tmp_path: Path, name: str) -> None:
    done = run(installed(tmp_path), "library", "add", str(tmp_path / name / "x"), "--watch", **OFF)
    assert (done.returncode, done.stdout) == (2, "")
