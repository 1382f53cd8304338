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
        ThreadRecord(thread="one", question="q0", runs=3, updated=4.0, number=5),
        ThreadRecord(thread="two", question="q1", runs=1, updated=1.0, number=2),
    ]
    assert [await _threads(log, name) for name in ("alice", "bob")] == [["hers"], []]
    assert [await _threads(log, "local", limit) for limit in (1, 0)] == [["one"], []]


async def test_the_runs_of_a_thread_are_its_principals_alone_oldest_first(log: Log) -> None:
    mine = [replace(record_of(run), thread="t") for run in ("z", "a", "m")]
    await _write(log, *(batch(one, A) for one in mine), batch(record_of("elsewhere"), A))

    assert list(await log.runs("t", principal="local", limit=9)) == mine
    assert list(await log.runs("t", principal="alice", limit=9)) == []
    assert list(await log.runs("unknown", principal="local", limit=9)) == []


async def test_the_runs_of_a_thread_come_a_page_at_a_time(log: Log) -> None:
    names = [f"r{n}" for n in range(7)]
    for name in names:
        await _write(
            log, batch(replace(record_of(name), thread="t"), A), batch(record_of(f"x{name}"), A)
        )
    pages: list[list[str]] = []
    after: str | None = None
    while after is None or pages[-1]:
        found = await log.runs("t", principal="local", limit=3, after=after)
        pages.append([one.run for one in found])
        after = pages[-1][-1] if found else after
    assert pages == [names[:3], names[3:6], names[6:], []]


async def test_threads_come_a_page_at_a_time_in_their_order_whatever_the_clock_said(
    log: Log,
) -> None:
    times = {"e": 9.0e9, "d": 3.0, "b": 0.0, "c": 3.0, "a": 1.5}
    for thread, started in times.items():
        record = replace(record_of(f"r-{thread}"), thread=thread, started=started)
        await _write(log, batch(record, A))
    pages: list[list[str]] = []
    before: int | None = None
    while before is None or pages[-1]:
        found = await log.threads("local", limit=2, before=before)
        pages.append([one.thread for one in found])
        before = found[-1].number if found else before
    assert pages == [["a", "c"], ["b", "d"], ["e"], []]


async def test_a_thread_that_is_used_again_is_before_and_not_twice(log: Log) -> None:
    for number, thread in enumerate("abc"):
        record = replace(record_of(f"r-{thread}"), thread=thread, started=float(number))
        await _write(log, batch(record, A))
    first = await log.threads("local", limit=1)
    again = replace(record_of("again"), thread="b", started=0.5)
    await _write(log, batch(again, A))
    behind = await log.threads("local", limit=9, before=first[0].number)
    assert [one.thread for one in (*first, *behind)] == ["c", "a"]
    assert (await log.threads("local", limit=1))[0].updated == 0.5
    assert await _threads(log, "local") == ["b", "c", "a"]


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
