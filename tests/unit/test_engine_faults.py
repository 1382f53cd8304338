"""Faults that nobody foresaw, at their worst places: they cost what they hit, and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import anyio
import pytest

from codexity.adapters.running.control import LocalControl
from codexity.adapters.running.slots import LocalSlots
from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Engine, Request
from codexity.errors import StoreFailed
from codexity.events import Done, Failed, Skipped, Token
from codexity.model import Hit, Limits, Query
from codexity.ports import Backing, Batch, Ending, Journal
from living import (
    KESTREL,
    MINE,
    all_entries,
    answering,
    batch,
    ends,
    events_of,
    hanging,
    living,
    record_of,
    sqlite_log,
)
from world import Diary, Provider, toolbox, until


class Panic(BaseException):
    """As the extensions that are written in Rust raise: no `Exception`."""


FAULTS = [MemoryError(), RuntimeError("can't start new thread"), ValueError("13 columns"), Panic()]
FOREVER = Request(grace_seconds=float("inf"))


class FaultyLog(MemoryRunLog):
    """A store of which one method raises, so often as it is told to."""

    def __init__(self, method: str, error: BaseException, times: float = 2) -> None:
        super().__init__()
        self.method = method
        self.error = error
        self.times = times
        self.poison = ""

    def __getattribute__(self, name: str) -> Any:
        told: Any = super().__getattribute__(name)
        if name != super().__getattribute__("method"):
            return told

        async def faulty(*given: Any, **named: Any) -> Any:
            if self.times > 0:
                self.times -= 1
                raise self.error
            return await told(*given, **named)

        return faulty

    async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
        if self.poison and any(one.record.question == self.poison for one in batches):
            raise self.error
        return await super().write(owner, batches)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codexity.supervisor._FIRST_DELAY_SECONDS", 0.001)


async def closed(log: MemoryRunLog, run: str) -> None:
    with anyio.fail_after(5):
        while (record := await log.record(run)) is None or not record.closed:
            await anyio.sleep(0.005)


@pytest.mark.parametrize("error", FAULTS, ids=repr)
@pytest.mark.parametrize("method", ["write", "renew", "take_over", "trim"])
async def test_a_store_that_fails_in_an_unforeseen_way_costs_no_answer_and_is_used_again(
    method: str, error: BaseException
) -> None:
    # What is done once a minute is not tried again at once.
    times = 1 if method == "trim" else 2
    log = FaultyLog(method, error, times)
    async with living(answering(), log=log) as (engine, diary):
        events = await events_of(engine, KESTREL)
        assert ends(events) == ["completed"]
        await until(lambda: not log.times)
        run = engine.start(KESTREL, FOREVER)
        await closed(log, run)
        assert engine.supervisor.failed is None
    assert [one.error for one in diary.loops] == [error] * times
    assert all(one.retry_seconds is not None for one in diary.loops)


async def test_nothing_of_a_run_is_lost_by_an_unforeseen_fault_of_the_store() -> None:
    log = FaultyLog("write", MemoryError(), times=1)
    async with living(answering(), log=log) as (engine, _):
        run = engine.start(KESTREL, FOREVER)
        await closed(log, run)
        async with engine.follow(run, principal=MINE) as follower:
            entries = await all_entries(follower)
        stored = await log.entries(run)
        assert [entry.block for entry in entries] == list(stored.blocks)


async def test_a_store_that_never_works_again_is_told_and_answers_are_given_meanwhile() -> None:
    log = FaultyLog("renew", MemoryError(), times=float("inf"))
    told: list[str | None] = []
    async with living(answering(), log=log) as (engine, _):
        engine.supervisor.on_failure(lambda: told.append(engine.supervisor.failed))
        await until(lambda: bool(told))
        assert ends(await events_of(engine, KESTREL)) == ["completed"]
    assert "leases" in (told[0] or "")


async def test_a_run_that_cannot_be_stored_keeps_no_other_from_it() -> None:
    log = FaultyLog("", ValueError("no such character"))
    async with living(answering(), log=log) as (engine, diary):
        log.poison = KESTREL.text
        bad = engine.start(KESTREL, FOREVER)
        good = [engine.start(type(KESTREL)(text=f"Kestrel {n}?"), FOREVER) for n in range(5)]
        for run in good:
            await closed(log, run)
        await until(lambda: any(run == bad for run, _ in diary.faults))
        assert engine.supervisor.failed is None
        assert (await engine.snapshot(bad, principal=MINE)).status == "completed"
        assert await log.record(bad) is None


# --- a run's own faults -----------------------------------------------------------


class Breaking(Provider):
    def __init__(self, error: BaseException) -> None:
        super().__init__("p")
        self._error = error

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        raise self._error


@pytest.mark.parametrize("error", FAULTS, ids=repr)
async def test_a_run_that_breaks_ends_alone_and_once(error: BaseException) -> None:
    async with living(toolbox(Breaking(error)), at_once=1) as (engine, diary):
        for _ in range(3):  # its slot is given back each time
            events = await events_of(engine, KESTREL)
            assert [one.code for one in events if isinstance(one, Failed)] == ["internal"]
            assert ends(events) == ["failed"]
            assert isinstance(events[-1], Done)
        assert len(diary.faults) == 3
        assert engine.supervisor.failed is None


async def test_a_run_whose_work_is_cancelled_by_somebody_elses_mistake_ends_alone() -> None:
    async def cancelled(*_: object) -> None:
        raise asyncio.CancelledError

    async with living(hanging(), at_once=2) as (engine, diary):
        other = engine.start(KESTREL, FOREVER)
        await anyio.wait_all_tasks_blocked()
        answer, engine.answer = engine.answer, cancelled
        for _ in range(3):
            assert ends(await events_of(engine, KESTREL)) == ["failed"]
        engine.answer = answer
        assert (await engine.snapshot(other, principal=MINE)).status == "running"
        # The control: who is cancelled by his reader is no fault, and ends by that.
        await engine.stop(other, principal=MINE)
        assert (await engine.snapshot(other, principal=MINE)).status == "cancelled"
        assert len(diary.faults) == 3
        assert engine.supervisor.failed is None


@asynccontextmanager
async def journaled(journal: Journal) -> AsyncGenerator[Engine]:
    log = MemoryRunLog()
    slots = LocalSlots(100, 100)
    backing = Backing(log=log, threads=log, control=LocalControl(), slots=slots)
    async with Engine(answering(), Limits(), backing=backing, journal=journal) as engine:
        yield engine


async def test_a_journal_that_breaks_costs_no_answer() -> None:
    class Torn(Diary):
        def asked(self, run: str, question: str) -> None:
            raise MemoryError

        def run_ended(self, ending: Ending) -> None:
            raise OSError("the log's disk is full")

        def skipped(self, run: str, event: Skipped) -> None:
            raise MemoryError

        def fault(self, run: str, error: BaseException) -> None:
            raise MemoryError

    async with journaled(Torn()) as engine:
        for _ in range(3):
            assert ends(await events_of(engine, KESTREL)) == ["completed"]


async def test_a_reader_that_breaks_the_run_it_reads_ends_that_alone() -> None:
    def broken() -> None:
        raise MemoryError

    async with living(hanging()) as (engine, _):
        run = engine.start(KESTREL, FOREVER)
        other = engine.start(KESTREL, FOREVER)
        async with engine.follow(run, principal=MINE) as follower:
            follower.bell = broken
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(follower.read)
                await anyio.wait_all_tasks_blocked()
                await engine.stop(run, principal=MINE)
                follower.release()
        await anyio.wait_all_tasks_blocked()
        assert (await engine.snapshot(run, principal=MINE)).status == "cancelled"
        assert (await engine.snapshot(other, principal=MINE)).status == "running"
        assert engine.supervisor.failed is None


# --- a store that says so ---------------------------------------------------------


async def test_a_folder_that_nobody_may_write_costs_no_answer() -> None:
    # Root neither.
    async with (
        sqlite_log(Path("/sys/codexity/runs.sqlite3")) as log,
        living(answering(), log=log) as (engine, diary),
    ):
        assert ends(await events_of(engine, KESTREL)) == ["completed"]
        await until(lambda: any(isinstance(error, StoreFailed) for _, error in diary.faults))
        assert engine.supervisor.failed is None


async def test_a_column_of_somebody_elses_costs_no_answer_beside_an_open_run(
    tmp_path: Path,
) -> None:
    path = tmp_path / "runs.sqlite3"
    async with sqlite_log(path) as log:
        gone = record_of("r" * 32, owner="gone")
        await log.write(gone.owner, [batch(gone, Token(text="a"))])
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("pragma writable_schema = 1")
        file.execute(
            "update sqlite_master set sql = replace(sql, ') strict', ', miles real) strict')"
            " where name = 'runs'"
        )
        file.execute(
            "create trigger theirs before insert on runs begin select raise(abort, ''); end"
        )
    async with sqlite_log(path) as log, living(answering(), log=log) as (engine, diary):
        for _ in range(3):
            assert ends(await events_of(engine, KESTREL)) == ["completed"]
        await until(lambda: any(isinstance(error, StoreFailed) for _, error in diary.faults))
        assert ends(await events_of(engine, KESTREL)) == ["completed"]
        assert engine.supervisor.failed is None


async def test_a_shutdown_does_not_wait_for_work_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stubborn(Provider):
        free = anyio.Event()

        async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
            with anyio.CancelScope(shield=True):
                await self.free.wait()
            return ()

    monkeypatch.setattr("codexity.engine._INTERRUPT_SECONDS", 0.05)
    provider = Stubborn("p")
    async with living(toolbox(provider)) as (engine, _):
        for _ in range(3):
            engine.start(KESTREL, FOREVER)
        await anyio.wait_all_tasks_blocked()
        begin = anyio.current_time()
        await engine.interrupt()
        provider.free.set()
        assert anyio.current_time() - begin < 5
