"""What every keeper of threads promises, in memory and in SQLite."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.events import Done, Token
from codexity.ports import Batch, ThreadRecord
from living import Log, batch, record_of, sqlite_log, stored

DONE = Done(status="completed", run="r1", seconds={})
A, B = (Token(text=text) for text in "ab")


@pytest.fixture(params=["memory", "sqlite"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Log, None]:
    if request.param == "memory":
        yield MemoryRunLog()
        return
    async with sqlite_log(tmp_path / "runs.sqlite3") as log:
        yield log


async def _write(log: Log, *batches: Batch) -> set[str]:
    return set(await log.write("me", batches))


async def _known(log: Log, *runs: str) -> list[str]:
    return [run for run in runs if await log.record(run) is not None]


async def _threads(log: Log, principal: str, limit: int = 9) -> list[str]:
    return [one.thread for one in await log.threads(principal, limit=limit)]


async def test_threads_are_told_by_their_first_question_the_last_used_first(log: Log) -> None:
    for number, (thread, principal) in enumerate(
        [("one", "local"), ("two", "local"), ("hers", "alice"), ("one", "local"), ("one", "local")]
    ):
        record = replace(record_of(f"r{number}"), thread=thread, principal=principal)
        await _write(log, batch(replace(record, question=f"q{number}", started=float(number)), A))

    assert list(await log.threads("local", limit=9)) == [
        ThreadRecord(thread="one", question="q0", runs=3, updated=4.0),
        ThreadRecord(thread="two", question="q1", runs=1, updated=1.0),
    ]
    assert [await _threads(log, name) for name in ("alice", "bob")] == [["hers"], []]
    assert [await _threads(log, "local", limit) for limit in (1, 0)] == [["one"], []]


async def test_the_runs_of_a_thread_are_its_principals_alone_oldest_first(log: Log) -> None:
    mine = [replace(record_of(run), thread="t") for run in ("z", "a", "m")]
    await _write(log, *(batch(one, A) for one in mine), batch(record_of("elsewhere"), A))

    assert list(await log.runs("t", principal="local")) == mine
    assert list(await log.runs("t", principal="alice")) == []
    assert list(await log.runs("unknown", principal="local")) == []


async def test_a_forgotten_thread_leaves_nothing_and_others_stay(log: Log) -> None:
    mine = [replace(record_of(run), thread="t", key=run) for run in ("r1", "r2")]
    theirs = replace(record_of("r3"), thread="t", principal="alice")
    await _write(log, *(batch(one, A, DONE) for one in (*mine, theirs)), batch(record_of("r4"), A))

    await log.forget("t", principal="bob")
    assert len(await _known(log, "r1", "r2", "r3", "r4")) == 4
    await log.forget("t", principal="local")
    await log.forget("t", principal="local")

    assert await _known(log, "r1", "r2", "r3", "r4") == ["r3", "r4"]
    assert [len(await stored(log, run)) for run in ("r1", "r2", "r3")] == [0, 0, 2]
    assert await log.asked("local", "r1") is None
    assert await _write(log, batch(mine[0], B, first=3)) == {"r1"}
