"""What every run log promises, in memory and in SQLite."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.errors import StoreFailed
from codexity.events import Done, Event, Token, encode
from codexity.ports import Entry, RunLog, RunRecord
from modes import modes_of

DONE = Done(status="completed", run="r1", seconds={"total": 1.5})


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> RunLog:
    return MemoryRunLog() if request.param == "memory" else SqliteRunLog(tmp_path / "runs.sqlite3")


def _record(run: str = "r1", *, owner: str = "me", lease_until: float = 100.0) -> RunRecord:
    return RunRecord(
        run=run, principal="local", question="Why?", owner=owner, lease_until=lease_until
    )


def _entry(seq: int, event: Event) -> Entry:
    return Entry(seq=seq, event=event, data=encode(event))


async def test_a_run_is_kept_as_it_was_opened_and_others_are_unknown(log: RunLog) -> None:
    await log.open(_record())
    assert await log.record("r1") == _record()
    assert await log.record("r2") is None
    assert list(await log.entries("r2")) == []


async def test_entries_come_back_in_order_and_behind_a_cursor(log: RunLog) -> None:
    entries = [_entry(1, Token(text="Käse \u2028 🧀")), _entry(2, Token(text="b")), _entry(3, DONE)]
    await log.open(_record())
    assert await log.append("r1", "me", entries[:2])
    assert await log.append("r1", "me", entries[2:])

    assert list(await log.entries("r1")) == entries
    assert list(await log.entries("r1", after=2)) == entries[2:]
    assert list(await log.entries("r1", after=9)) == []


async def test_done_closes_the_run(log: RunLog) -> None:
    await log.open(_record())
    await log.append("r1", "me", [_entry(1, Token(text="a"))])
    record = await log.record("r1")
    assert record is not None
    assert not record.closed
    await log.append("r1", "me", [_entry(2, DONE)])
    record = await log.record("r1")
    assert record is not None
    assert record.closed


async def test_only_the_owner_may_append(log: RunLog) -> None:
    await log.open(_record())
    assert not await log.append("r1", "somebody", [_entry(1, Token(text="x"))])
    assert not await log.append("unknown", "me", [_entry(1, Token(text="x"))])
    assert list(await log.entries("r1")) == []


async def test_an_expired_lease_is_taken_over_once_and_fences_the_old_owner(log: RunLog) -> None:
    await log.open(_record("late", lease_until=10.0))
    await log.open(_record("alive", lease_until=30.0))
    await log.open(_record("over", lease_until=10.0))
    await log.append("over", "me", [_entry(1, DONE)])

    taken = await log.expired(20.0, "new", 50.0)

    assert [(one.run, one.owner, one.lease_until) for one in taken] == [("late", "new", 50.0)]
    assert list(await log.expired(20.0, "third", 50.0)) == []
    assert not await log.append("late", "me", [_entry(1, DONE)])
    assert await log.append("late", "new", [_entry(1, DONE)])
    assert await log.append("alive", "me", [_entry(1, DONE)])


async def test_renewing_keeps_a_lease(log: RunLog) -> None:
    await log.open(_record("mine", lease_until=10.0))
    await log.open(_record("other", owner="other", lease_until=10.0))

    await log.renew("me", 40.0)

    assert [one.run for one in await log.expired(20.0, "new", 50.0)] == ["other"]


async def test_trimming_forgets_the_oldest_closed_runs_only(log: RunLog) -> None:
    for number in range(5):
        await log.open(_record(f"r{number}"))
        if number != 0:
            await log.append(f"r{number}", "me", [_entry(1, DONE)])

    await log.trim(2)

    kept = [n for n in range(5) if await log.record(f"r{n}") is not None]
    assert kept == [0, 3, 4]
    assert list(await log.entries("r1")) == []


async def test_sqlite_is_shared_by_two_logs_on_one_file(tmp_path: Path) -> None:
    one, two = SqliteRunLog(tmp_path / "runs.sqlite3"), SqliteRunLog(tmp_path / "runs.sqlite3")
    async with anyio.create_task_group() as tasks:
        for number in range(10):
            tasks.start_soon(one.open, _record(f"a{number}"))
            tasks.start_soon(two.open, _record(f"b{number}"))
    assert [await two.record(f"a{n}") is not None for n in range(10)] == [True] * 10
    assert [await one.record(f"b{n}") is not None for n in range(10)] == [True] * 10


async def test_a_file_that_is_no_database_is_told_without_its_path(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    await anyio.Path(path).write_text("This is not a database." * 100)
    with pytest.raises(StoreFailed) as told:
        await SqliteRunLog(path).open(_record())
    assert str(path) not in told.value.message
    assert str(path) in told.value.detail


async def test_only_this_user_can_read_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "data" / "runs.sqlite3"
    before = os.umask(0)
    try:
        await SqliteRunLog(path).open(_record())
        holder = await anyio.to_thread.run_sync(_opened, path)
        modes = await anyio.to_thread.run_sync(modes_of, path)
        await anyio.to_thread.run_sync(holder.close)
    finally:
        os.umask(before)
    assert modes == {
        "data": 0o700,
        "runs.sqlite3": 0o600,
        "runs.sqlite3-wal": 0o600,
        "runs.sqlite3-shm": 0o600,
    }


async def test_a_folder_and_file_that_were_shared_on_purpose_stay_shared(tmp_path: Path) -> None:
    path = tmp_path / "data" / "runs.sqlite3"
    await anyio.Path(path.parent).mkdir()
    await anyio.Path(path).touch()
    await anyio.Path(path.parent).chmod(0o750)
    await anyio.Path(path).chmod(0o640)
    await SqliteRunLog(path).open(_record())
    modes = await anyio.to_thread.run_sync(modes_of, path)
    assert modes == {"data": 0o750, "runs.sqlite3": 0o640}


def _opened(path: Path) -> sqlite3.Connection:
    """A reader, as long as which the write-ahead log stays."""
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("select * from run").fetchall()
    return connection
