"""Runs beyond the memory of their process: stored, leased, taken over, let go."""

from __future__ import annotations

import math
from collections.abc import Sequence

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Request
from codexity.errors import StoreFailed, UnknownRun
from codexity.events import Token
from codexity.ports import Batch, Entries
from living import (
    KESTREL,
    MINE,
    URL,
    Neighbour,
    all_entries,
    answering,
    batch,
    ends,
    events_of,
    hanging,
    living,
    record_of,
    stored,
    writing,
)
from world import WORDS, Model, Provider, Reply, Web, hits, toolbox, until


async def test_a_run_is_still_known_from_the_store_when_memory_has_let_it_go() -> None:
    class Counting(MemoryRunLog):
        reads = 0

        async def entries(self, run: str, *, after: int = 0) -> Entries:
            self.reads += 1
            return await super().entries(run, after=after)

    log = Counting()
    async with living(answering(), log=log) as (engine, diary):
        first = engine.start(KESTREL)
        async with engine.follow(first, principal=MINE) as follower:
            await all_entries(follower)
        before = await engine.snapshot(first, principal=MINE)
        assert log.reads == 0
        for _ in range(70):
            await events_of(engine, KESTREL)
        await until(lambda: len(diary.ended) == 71)
        with anyio.fail_after(5):
            while engine.held > 70:
                await anyio.sleep(0.01)
        assert await engine.snapshot(first, principal=MINE) == before
        assert log.reads > 0
        with pytest.raises(UnknownRun):
            await engine.snapshot("0" * 32, principal=MINE)


async def test_a_store_that_fails_costs_no_answer() -> None:
    class Full(MemoryRunLog):
        async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
            raise StoreFailed("The disk is full.")

    async with living(answering(), log=Full()) as (engine, diary):
        assert ends(await events_of(engine, KESTREL)) == ["completed"]
    assert diary.faults


async def test_a_run_whose_lease_was_taken_over_ends_as_interrupted() -> None:
    log = MemoryRunLog()
    provider = Provider("p", hits(URL), release=anyio.Event())
    model = Model(Reply(["A kestrel hovers "], hangs=True))
    tools = toolbox(provider, web=Web(pages={URL: WORDS}), model=model)
    async with living(tools, log=log) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            with anyio.fail_after(5):
                while await log.record(run) is None:
                    await anyio.sleep(0.01)
            taken: list[str] = []
            with anyio.fail_after(5):
                while not taken:
                    found = await log.take_over("another", but="another", seconds=0.0)
                    taken += [one.run for one in found]
            assert taken == [run]
            assert provider.release is not None
            provider.release.set()
            assert ends([entry.event for entry in await all_entries(follower)]) == ["interrupted"]
    assert model.left == 1


async def test_a_run_whose_owner_is_gone_is_closed_as_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("codexity.engine.ledger._LEASE_SECONDS", 0.05)
    monkeypatch.setattr("codexity.engine.ledger._KEEP_SECONDS", 0.01)
    log = Neighbour()
    gone = record_of("r" * 32, owner="gone")
    here = record_of("s" * 32, owner="here")
    for one in (gone, here):
        await log.write(one.owner, [batch(one, Token(text="a"))])
    async with living(answering(), log=log) as (engine, _):
        with anyio.fail_after(5):
            while (await engine.snapshot("r" * 32, principal=MINE)).status == "running":
                await anyio.sleep(0.01)
        assert (await engine.snapshot("r" * 32, principal=MINE)).status == "interrupted"
        assert (await engine.snapshot("s" * 32, principal=MINE)).status == "running"


async def test_a_store_that_comes_back_gets_what_it_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Flaky(MemoryRunLog):
        fails = 2

        async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
            if self.fails:
                self.fails -= 1
                raise StoreFailed("The file is locked.")
            return await super().write(owner, batches)

    monkeypatch.setattr("codexity.engine.ledger._RETRY_SECONDS", 0.01)
    log = Flaky()
    async with living(answering(), log=log) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            entries = await all_entries(follower)
        with anyio.fail_after(5):
            while (record := await log.record(run)) is None or not record.closed:
                await anyio.sleep(0.01)
    assert await stored(log, run) == entries
    assert len(diary.faults) == 2


async def test_much_is_written_at_once_and_little_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    pause = (100, anyio.Event())
    tools, _ = writing(Reply([f"word{n} " for n in range(200)], pause=pause))
    log = MemoryRunLog()
    monkeypatch.setattr("codexity.engine.ledger._BATCH_SECONDS", 3_600)
    async with living(tools, log=log) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            with anyio.fail_after(5):
                while len(await stored(log, run)) < 64:
                    await anyio.sleep(0.005)
            assert (await engine.snapshot(run, principal=MINE)).status == "running"
            pause[1].set()
            await all_entries(follower)
            with anyio.fail_after(5):
                while (record := await log.record(run)) is None or not record.closed:
                    await anyio.sleep(0.005)
    monkeypatch.setattr("codexity.engine.ledger._BATCH_SECONDS", 0.01)
    async with living(hanging(), log=log) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE):
            with anyio.fail_after(5):
                while len(await stored(log, run)) < 1:
                    await anyio.sleep(0.005)


@pytest.mark.parametrize("asks", [False, True], ids=["nobody asked", "somebody asked before"])
async def test_runs_are_written_by_themselves_after_somebody_asked_for_the_threads(
    asks: bool,
) -> None:
    log = MemoryRunLog()
    async with living(answering(), log=log) as (engine, _):
        # The writer waits for something to write when the question for the threads comes.
        await anyio.wait_all_tasks_blocked()
        if asks:
            assert not (await engine.history.threads(principal=MINE)).items
        for _ in range(2):
            run = engine.start(KESTREL)
            with anyio.fail_after(5):
                while (record := await log.record(run)) is None or not record.closed:
                    await anyio.sleep(0.01)


async def test_memory_lets_go_of_runs_that_are_over_stored_and_unread() -> None:
    log = MemoryRunLog()
    async with living(answering(), log=log) as (engine, diary):
        first = engine.start(KESTREL, Request(grace_seconds=math.inf))
        async with engine.follow(first, principal=MINE) as follower:
            for _ in range(100):
                engine.start(KESTREL, Request(grace_seconds=math.inf))
            await until(lambda: len(diary.ended) == 101)
            with anyio.fail_after(5):
                while engine.held > 65:
                    await anyio.sleep(0.01)
            assert engine.held == 65, "the one that is read, and the last 64"
            await all_entries(follower)
        assert engine.held == 64
