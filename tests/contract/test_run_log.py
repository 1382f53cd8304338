"""What every log of runs promises, in memory and in SQLite."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.errors import StoreFailed
from codexity.events import Done, Event, Token
from codexity.ports import Batch, Keep, RunRecord
from living import Log, batch, record_of, said, sqlite_log, stored, together
from modes import modes_of

DONE = Done(status="completed", run="r1", seconds={"total": 1.5})
A, B, C = (Token(text=text) for text in "abc")


@pytest.fixture(params=["memory", "sqlite"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Log, None]:
    if request.param == "memory":
        yield MemoryRunLog()
        return
    async with sqlite_log(tmp_path / "runs.sqlite3") as log:
        yield log


async def _write(log: Log, *batches: Batch, owner: str = "me") -> set[str]:
    return set(await log.write(owner, batches))


async def _known(log: Log, *runs: str) -> list[str]:
    return [run for run in runs if await log.record(run) is not None]


async def test_a_run_is_kept_as_it_was_begun_and_others_are_unknown(log: Log) -> None:
    record = replace(record_of("r1"), question="Käse \u2028 🧀\0?", key="once-1")
    assert await _write(log, batch(record, A)) == set()
    assert await log.record("r1") == record
    assert await log.record("r2") is None
    assert await stored(log, "r2") == []


async def test_entries_come_back_in_order_and_behind_a_cursor(log: Log) -> None:
    kept = said(Token(text="Käse \u2028\u0085\n\r\0 🧀"), B, Token(text=""), DONE)
    await log.write("me", [Batch(record=record_of("r1"), entries=together(kept[:2]))])
    await log.write("me", [Batch(record=record_of("r1"), entries=together(kept[2:]))])

    assert await stored(log, "r1") == kept
    assert [await stored(log, "r1", after=n) for n in range(1, 5)] == [
        kept[1:], kept[2:], kept[3:], []
    ]  # fmt: skip


@pytest.mark.parametrize("after", [5, 2**31, 2**63 - 1, 2**63, 10**30])
async def test_nothing_lies_behind_a_cursor_beyond_the_end_however_far(
    log: Log, after: int
) -> None:
    await _write(log, batch(record_of("r1"), A, B))
    assert await stored(log, "r1", after=after) == []
    assert len(await stored(log, "r1", after=1)) == 1


async def test_done_closes_the_run_and_nothing_else_does(log: Log) -> None:
    await _write(log, batch(record_of("r1"), A))
    assert await log.record("r1") == record_of("r1")
    await _write(log, batch(record_of("r1"), DONE, first=2))
    assert await log.record("r1") == replace(record_of("r1"), closed=True)


async def test_writing_again_changes_nothing(log: Log) -> None:
    whole = batch(record_of("r1"), A, B, DONE)
    assert [await _write(log, whole) for _ in range(3)] == [set()] * 3
    assert await stored(log, "r1") == list(whole.entries)
    assert await log.record("r1") == replace(record_of("r1"), closed=True)


async def test_batches_that_overlap_are_kept_once(log: Log) -> None:
    kept = said(A, B, C, DONE)
    for first, end in ((0, 2), (1, 3), (0, 3), (2, 4), (0, 1)):
        await log.write("me", [Batch(record=record_of("r1"), entries=together(kept[first:end]))])
    assert await stored(log, "r1") == kept
    assert await log.record("r1") == replace(record_of("r1"), closed=True)


async def test_a_batch_of_nothing_is_no_loss(log: Log) -> None:
    await _write(log, batch(record_of("r1"), A))
    assert await _write(log, batch(record_of("r1"))) == set()
    assert await _write(log) == set()
    assert await _write(log, batch(record_of("r1")), owner="somebody") == {"r1"}
    assert await stored(log, "r1") == said(A)


async def test_only_the_owner_may_write_and_is_told_of_each_run_that_is_lost(log: Log) -> None:
    await _write(log, batch(record_of("r1"), A))
    await _write(log, batch(record_of("r2", owner="somebody"), A), owner="somebody")

    lost = await _write(
        log,
        batch(record_of("r1"), A, B),
        batch(record_of("r2"), A, B),
        batch(record_of("never-begun"), B, first=2),
        batch(record_of("r3"), A),
    )

    assert lost == {"r2", "never-begun"}
    assert [len(await stored(log, run)) for run in ("r1", "r2", "never-begun", "r3")] == [
        2, 1, 0, 1
    ]  # fmt: skip
    assert await log.record("r2") == record_of("r2", owner="somebody")


async def test_a_run_is_found_by_its_principals_key_alone(log: Log) -> None:
    mine = replace(record_of("r1"), key="k")
    theirs = replace(record_of("r2"), key="k", principal="alice")
    await _write(log, batch(mine, A), batch(theirs, A), batch(record_of("r3"), A))

    assert await log.asked("local", "k") == mine
    assert await log.asked("alice", "k") == theirs
    assert await log.asked("local", "other") is None
    assert await log.asked("bob", "k") is None
    assert await log.asked("local", "") is None


async def test_a_run_that_is_begun_is_kept_before_it_says_anything(log: Log) -> None:
    record = replace(record_of("r1"), key="k")
    assert await log.begin(record) == record
    assert await log.record("r1") == await log.asked("local", "k") == record
    assert await stored(log, "r1") == []
    assert await _write(log, batch(record, A, DONE)) == set()
    assert await log.record("r1") == replace(record, closed=True)
    assert await stored(log, "r1") == said(A, DONE)


async def test_a_key_begins_one_run_of_each_principal(log: Log) -> None:
    first = replace(record_of("r1"), key="k")
    assert await log.begin(first) == first
    assert await log.begin(replace(record_of("r2"), key="k", asked="other")) == first
    hers, other = replace(first, run="r3", principal="alice"), replace(first, run="r4", key="K")
    assert [await log.begin(one) for one in (hers, other)] == [hers, other]
    plain = [record_of("r5"), record_of("r6")]
    assert [await log.begin(one) for one in plain] == plain
    assert await _known(log, "r1", "r2", "r3", "r4", "r5", "r6") == ["r1", "r3", "r4", "r5", "r6"]


async def test_what_has_anothers_key_is_not_begun_by_writing_it_either(log: Log) -> None:
    first = replace(record_of("r1"), key="k")
    await log.begin(first)
    assert await _write(log, batch(replace(record_of("r2"), key="k"), A)) == {"r2"}
    assert await _known(log, "r1", "r2") == ["r1"]
    assert await _write(log, batch(record_of("r2"), A)) == set()


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        (Keep(runs=2), ["r0", "r3", "r4"]),
        (Keep(runs=0), ["r0"]),
        (Keep(total_bytes=2_500), ["r0", "r3", "r4"]),
        (Keep(total_bytes=0), ["r0"]),
        (Keep(seconds=0), ["r0", "r1", "r2", "r3", "r4"]),
    ],
    ids=["count", "none", "bytes", "no-bytes", "all"],
)
async def test_trimming_forgets_the_oldest_closed_runs_only(
    log: Log, keep: Keep, kept: list[str]
) -> None:
    runs = [f"r{number}" for number in range(5)]
    await _write_runs(log, [10.0 * number for number in range(5)])

    await log.trim(keep)
    await log.trim(keep)

    assert await _known(log, *runs) == kept
    assert [run for run in runs if await stored(log, run)] == kept
    assert [run for run in runs if await log.asked("local", f"k{run[1:]}")] == kept


async def _write_runs(log: Log, started: Sequence[float]) -> None:
    """Runs of some size that began then, of which the first is open."""
    for number, at in enumerate(started):
        record = replace(record_of(f"r{number}"), started=at, key=f"k{number}")
        end: list[Event] = [DONE] if number else []
        await _write(log, batch(record, Token(text="x" * 1_000), *end))


async def test_sqlite_is_shared_by_two_logs_on_one_file(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    async with sqlite_log(path) as one, sqlite_log(path) as two:
        async with anyio.create_task_group() as tasks:
            for number in range(10):
                tasks.start_soon(_write, one, batch(record_of(f"a{number}"), A))
                tasks.start_soon(_write, two, batch(record_of(f"b{number}"), A))
        assert len(await _known(two, *(f"a{number}" for number in range(10)))) == 10
        assert len(await _known(one, *(f"b{number}" for number in range(10)))) == 10


async def test_of_many_who_begin_with_one_key_at_once_one_does(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    found: list[RunRecord] = []

    async def begin(log: Log, run: str) -> None:
        found.append(await log.begin(replace(record_of(run), key="k")))

    async with (
        sqlite_log(path) as one,
        sqlite_log(path) as two,
        anyio.create_task_group() as tasks,
    ):
        for number in range(10):
            tasks.start_soon(begin, one, f"a{number}")
            tasks.start_soon(begin, two, f"b{number}")
    assert len(found) == 20
    assert len({one.run for one in found}) == 1


async def test_what_one_write_holds_is_kept_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    refuse = (
        "create trigger t before insert on runs when new.run = 'r2' "
        "begin select raise(abort, 'no'); end"
    )
    both = (batch(record_of("r1"), A, B), batch(record_of("r2"), A))
    async with sqlite_log(path) as log:
        await _write(log, batch(record_of("r1"), A))
        await anyio.to_thread.run_sync(_changed, path, refuse)
        with pytest.raises(StoreFailed):
            await _write(log, *both)
        assert await stored(log, "r1") == said(A)
        assert await _known(log, "r1", "r2") == ["r1"]

        await anyio.to_thread.run_sync(_changed, path, "drop trigger t")
        assert await _write(log, *both) == set()
        assert [len(await stored(log, run)) for run in ("r1", "r2")] == [2, 1]


async def test_a_file_that_is_no_database_is_told_without_its_path(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    await anyio.Path(path).write_text("This is not a database." * 100)
    async with sqlite_log(path) as log:
        with pytest.raises(StoreFailed) as told:
            await _write(log, batch(record_of("r1"), A))
    assert str(path) not in told.value.message
    assert str(path) in told.value.detail


async def test_a_file_that_failed_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    await anyio.Path(path).write_text("This is not a database." * 100)
    async with sqlite_log(path) as log:
        with pytest.raises(StoreFailed):
            await log.record("r1")
        await anyio.Path(path).unlink()
        assert await _write(log, batch(record_of("r1"), A)) == set()
        assert await stored(log, "r1") == said(A)


async def test_only_this_user_can_read_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "data" / "runs.sqlite3"
    before = os.umask(0)
    try:
        async with sqlite_log(path) as log:
            await _write(log, batch(record_of("r1"), A))
            modes = await anyio.to_thread.run_sync(modes_of, path)
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
    async with sqlite_log(path) as log:
        await _write(log, batch(record_of("r1"), A))
    modes = await anyio.to_thread.run_sync(modes_of, path)
    assert modes == {"data": 0o750, "runs.sqlite3": 0o640}


def _changed(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()
