"""A SQLite file that cannot be used: its kind of fault is told in words that are true."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import aclosing, closing, contextmanager
from pathlib import Path

import anyio
import pytest
from anyio.to_thread import run_sync

from codexity.adapters.fetch import pages, pages_trial
from codexity.adapters.library import database
from codexity.adapters.library import trial as library_trial
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.sqlite.faults import fault_of
from codexity.adapters.sqlite.schema import ForeignFile, NewerFile, Schema
from codexity.adapters.store import tables
from codexity.adapters.store import trial as store_trial
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.errors import CodexityError, StoreFailed
from codexity.ports import Trial

SCHEMAS = {"runs": tables.SCHEMA, "library": database.SCHEMA, "pages": pages.SCHEMA}
NAMES = {"runs": tables.NAME, "library": database.NAME, "pages": pages.NAME}
NOBODY = 65_534


async def used(kind: str, path: Path) -> str:
    """What who uses the file is told; empty where it can be used."""
    if kind == "pages":
        kept = pages.Pages(path, most_bytes=1_000_000, most_seconds=1_000)
        return await run_sync(kept.fault)
    log = SqliteRunLog(path)
    try:
        await (log.record("r1") if kind == "runs" else LibraryIndex(path).refresh("own", {"a": 1}))
    except CodexityError as error:
        return error.message
    finally:
        await log.aclose()
    return ""


async def tried(kind: str, path: Path) -> Trial:
    """What `doctor` is told."""
    match kind:
        case "runs":
            return await store_trial.tried(path)
        case "library":
            return await library_trial.tried(LibraryIndex(path))
        case _:
            kept = pages.Pages(path, most_bytes=1_000_000, most_seconds=1_000)
            return await pages_trial.tried(path, kept)


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        for statement in statements:
            file.execute(statement)


def nothing(_path: Path) -> None:
    """The control: the file is as Codexity made it."""


def marked(path: Path) -> None:
    path.unlink()
    execute(path, "create table kept (said text)", "pragma application_id = 0x47504B47")


def unmarked(path: Path) -> None:
    path.unlink()
    execute(
        path, *(f"create table {table} (miles real)" for table in ("runs", "documents", "pages"))
    )


def newer(path: Path) -> None:
    execute(path, "pragma user_version = 99")


def no_database(path: Path) -> None:
    path.write_bytes(b"no database " * 1_000)


def torn(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:1_024] + b"\xff" * (len(whole) - 1_024))


def altered(path: Path) -> None:
    named = ("told", "runs", "collections", "pages")
    execute(path, *(f"drop table if exists {table}" for table in named))


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize(
    ("spoil", "says", "mend"),
    [
        (nothing, "", ""),
        (marked, "another program's file", "CODEXITY_DATA_DIR="),
        (unmarked, "another program's file", "CODEXITY_DATA_DIR="),
        (newer, "newer Codexity (schema 99; this one knows", "Update Codexity"),
        (no_database, "damaged, or not a database", "mv "),
        (torn, "damaged, or not a database", "mv "),
        (altered, "other tables than Codexity made", "mv "),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_each_kind_of_fault_is_told_by_its_name_and_the_file_left_as_it_is(
    tmp_path: Path, kind: str, spoil: Callable[[Path], None], says: str, mend: str
) -> None:
    path = tmp_path / "data" / kind
    assert await used(kind, path) == ""
    await run_sync(spoil, path)
    before = await run_sync(path.read_bytes)

    told = await used(kind, path)
    trial = await tried(kind, path)

    assert says in told
    assert told == "" or told.startswith(NAMES[kind])
    assert str(path) not in told
    assert (trial.ok, bool(trial.mend)) == (not says, bool(says))
    assert mend in trial.mend
    assert ("mv " in trial.mend) == (mend == "mv "), "a file of somebody else's stays where it is"
    assert spoil is nothing or await run_sync(path.read_bytes) == before


async def test_of_many_who_want_a_store_that_is_held_none_waits_for_all_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codexity.adapters.store.sqlite._BUSY_SECONDS", 0.05)
    monkeypatch.setattr("codexity.adapters.store.sqlite._TURN_SECONDS", 0.2)
    path = tmp_path / "runs.sqlite3"
    told: list[str] = []

    async def use(log: SqliteRunLog) -> None:
        try:
            await log.renew("me")
        except StoreFailed as error:
            told.append(error.message)

    async def many(log: SqliteRunLog) -> float:
        begin = anyio.current_time()
        async with anyio.create_task_group() as tasks:
            for _ in range(100):
                tasks.start_soon(use, log)
        return anyio.current_time() - begin

    async with aclosing(SqliteRunLog(path)) as log:
        await many(log)
        assert told == [], "the control: nobody holds it"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin exclusive")
            assert await many(log) < 3, "one after the other takes five seconds"
            assert len(told) == 100
            assert all("held by another program" in message for message in told)
            other.execute("rollback")
        await log.renew("me")


@pytest.mark.parametrize("kind", SCHEMAS)
async def test_a_file_that_is_held_is_told_to_be_held(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codexity.adapters.store.sqlite._BUSY_SECONDS", 0.05)
    monkeypatch.setattr("codexity.adapters.library.database.BUSY_SECONDS", 0.05)
    path = tmp_path / "data" / kind
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("begin exclusive")
        assert "held by another program" in await used(kind, path)
        other.execute("rollback")
        assert await used(kind, path) == ""


@pytest.mark.parametrize("kind", SCHEMAS)
async def test_a_folder_in_the_place_of_a_file_is_told_to_be_in_its_place(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / kind
    path.mkdir()
    assert "something else is in its place" in await used(kind, path)
    trial = await tried(kind, path)
    assert (trial.ok, bool(trial.mend)) == (False, True)
    path.rmdir()
    assert await used(kind, path) == ""


USE = """
import os, sys
from pathlib import Path
import anyio
sys.path.insert(0, sys.argv[1])
from test_files_unusable import NOBODY, used

kind, path = sys.argv[2], Path(sys.argv[3])
assert not anyio.run(used, kind, Path(sys.argv[4]))
# Root may write whatever a file's mode is. All that is imported is so by now.
if os.geteuid() == 0:
    os.setresuid(NOBODY, NOBODY, NOBODY)
print(anyio.run(used, kind, path))
"""


@pytest.mark.parametrize("kind", SCHEMAS)
async def test_a_file_that_may_not_be_written_is_told_to_be_read_only(
    kind: str, tmp_path: Path
) -> None:
    def use(path: Path) -> str:
        command = [sys.executable, "-c", USE, str(Path(__file__).parent), kind, str(path)]
        command.append(str(tmp_path / kind))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    with _folder() as folder:
        path = folder / kind
        assert await used(kind, path) == ""
        await run_sync(_seal, folder, path)
        assert "is read-only, or is not for the user" in await run_sync(use, path)
        folder.chmod(0o777)
        path.chmod(0o666)
        assert await run_sync(use, path) == ""


@contextmanager
def _folder() -> Generator[Path]:
    """A folder that others may look into, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def _seal(folder: Path, path: Path) -> None:
    path.chmod(0o444)
    folder.chmod(0o555)


def test_a_full_disk_is_told_to_be_full(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "full", isolation_level=None)) as file:
        file.execute("create table kept (said text)")
        file.execute("pragma max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            file.execute("insert into kept values (zeroblob(100000))")
    assert "disk is full" in fault_of("It", full.value).message
    device = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(OSError, match="No space") as told:
        os.write(device, b"x")
    os.close(device)
    assert "disk is full" in fault_of("It", told.value).message


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_is_of_another_kind_of_codexity_is_not_taken_for_this_one(
    tmp_path: Path, kind: str
) -> None:
    for other, schema in SCHEMAS.items():
        with closing(sqlite3.connect(tmp_path / other, isolation_level=None)) as file:
            file.execute(f"pragma application_id = {schema.application_id}")
            file.execute(f"pragma user_version = {schema.version}")
            if other == kind:
                assert SCHEMAS[kind].check(file) == schema.version
            else:
                with pytest.raises(ForeignFile):
                    SCHEMAS[kind].check(file)


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_a_version_is_known_or_refused_before_anything_is_changed(
    tmp_path: Path, version: int
) -> None:
    schema = Schema(application_id=7, migrations=(("create table a (b)",), ()), unmarked={})
    with closing(sqlite3.connect(tmp_path / "file", isolation_level=None)) as file:
        file.execute("pragma application_id = 7")
        file.execute(f"pragma user_version = {version}")
        if version > 2:
            with pytest.raises(NewerFile, match="schema 3; this one knows 2"):
                schema.check(file)
        else:
            assert schema.check(file) == version
