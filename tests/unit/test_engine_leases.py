"""Leases that run out: of owners that are gone, of one that slept, of runs that were removed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Request
from codexity.engine.clock import Clock
from codexity.engine.ledger import Ledger
from codexity.engine.run import Run
from codexity.errors import StoreFailed, UnknownRun
from codexity.events import Done, Token
from codexity.ports import Batch, Keep
from living import (
    KESTREL,
    MINE,
    Hands,
    Neighbour,
    all_entries,
    answering,
    batch,
    living,
    record_of,
    said,
    stored,
    writing,
)
from world import Diary, Reply, until

ALWAYS = Request(grace_seconds=math.inf)
GONE, HERE = "a" * 32, "b" * 32
A = Token(text="a")
DONE = Done(status="completed", run=GONE, seconds={})
DAY = 86_400.0


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codexity.engine.ledger._BATCH_SECONDS", 0.005)
    monkeypatch.setattr("codexity.engine.follower._LOOK_SECONDS", 0.005)


async def test_another_owners_run_is_closed_although_the_store_fails_at_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Flaky(MemoryRunLog):
        fails = 1

        async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
            if self.fails and any(one.record.run == GONE for one in batches):
                self.fails -= 1
                raise StoreFailed("The file is locked.")
            return await super().write(owner, batches)

    monkeypatch.setattr("codexity.engine.ledger._LEASE_SECONDS", 0.05)
    monkeypatch.setattr("codexity.engine.ledger._KEEP_SECONDS", 0.01)
    log = Flaky()
    await MemoryRunLog.write(log, "gone", [batch(record_of(GONE, owner="gone"), A)])
    async with living(answering(), log=log) as (engine, diary):
        await until(lambda: diary.faults)
        with anyio.fail_after(5):
            while (await engine.snapshot(GONE, principal=MINE)).status == "running":
                await anyio.sleep(0.01)


async def test_a_process_that_slept_closes_none_of_its_own_runs_nor_of_those_that_slept_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("codexity.engine.ledger._KEEP_SECONDS", 0.01)
    hands = Hands()
    log = Neighbour(monotonic=hands)
    pause = (1, anyio.Event())
    tools, model = writing(Reply(["A kestrel ", "hovers."], pause=pause))
    for run, owner in ((GONE, "gone"), (HERE, "here")):
        await log.write(owner, [batch(record_of(run, owner=owner), A)])
    async with living(tools, log=log) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: model.writing.written)
        with anyio.fail_after(5):
            while await log.record(run) is None:
                await anyio.sleep(0.002)
            hands.seconds += 1e9
            while (await engine.snapshot(GONE, principal=MINE)).status == "running":
                hands.seconds += 1
                await anyio.sleep(0.002)

        assert (await engine.snapshot(GONE, principal=MINE)).status == "interrupted"
        assert (await engine.snapshot(HERE, principal=MINE)).status == "running"
        assert [type(one.event) for one in await stored(log, run)].count(Done) == 0
        pause[1].set()
        await until(lambda: diary.ended)
        with anyio.fail_after(5):
            while (record := await log.record(run)) is None or not record.closed:
                await anyio.sleep(0.002)
        async with engine.follow(run, principal=MINE) as follower:
            assert await all_entries(follower) == await stored(log, run)
    assert [one.status for one in diary.ended] == ["completed"]


@pytest.mark.parametrize("hours", [-1, 0, 1, 24, 2_400])
async def test_clocks_that_differ_close_no_run_that_lives_and_keep_none_open_that_is_dead(
    hours: int,
) -> None:
    monotonic, diary = Hands(), Diary()
    log = MemoryRunLog(monotonic=monotonic)
    here, there = (
        Ledger(log, diary, keep=Keep(), stored=_nobody, clock=Clock(wall=wall))
        for wall in (Hands(1e9), Hands(1e9 + hours * 3_600))
    )
    run = here.owned(record_of(HERE))
    await log.begin(run)
    for _ in range(20):
        monotonic.seconds += 2.5
        await here.tend()
        await there.tend()
        assert await log.record(HERE) == run

    rounds = 0
    while not (await there.current(HERE) or run).closed:
        monotonic.seconds += 2.5
        rounds += 1
        await there.tend()
    assert 4 <= rounds <= 6, "its lease, and a round"


async def test_nothing_is_forgotten_by_age_at_first_nor_more_than_a_tenth_in_an_hour() -> None:
    log, wall, monotonic, diary = MemoryRunLog(), Hands(1e9), Hands(), Diary()
    keep = Keep(runs=1_000, seconds=90 * DAY)
    ledger = Ledger(
        log, diary, keep=keep, stored=_nobody, clock=Clock(wall=wall, monotonic=monotonic)
    )
    for number in range(100):
        record = replace(record_of(f"r{number}"), started=wall.seconds)
        await log.write("me", [batch(record, A, DONE)])

    async def kept_after(seconds: float) -> int:
        """How many are kept when so much time has passed in rounds of ten seconds."""
        for _ in range(round(seconds / 10)):
            monotonic.seconds += 10
            await ledger.tend()
        return len([one for n in range(100) if (one := await log.record(f"r{n}"))])

    wall.seconds += 100 * DAY
    assert await kept_after(590) == 100
    assert await kept_after(10) == 90
    assert await kept_after(3_500) == 90
    assert diary.old == [10]
    wall.seconds -= 100 * DAY
    assert await kept_after(36_000) == 90, "the clock was set right"
    assert diary.old == [10]
    wall.seconds += 100 * DAY
    assert await kept_after(200 * 3_600) == 0, "they are as old as that"
    assert sum(diary.old) == 100


async def test_what_bounds_number_and_size_is_not_put_off() -> None:
    log = MemoryRunLog()
    for number in range(10):
        await log.write("me", [batch(record_of(f"r{number}"), A, DONE)])
    await Ledger(log, Diary(), keep=Keep(runs=3), stored=_nobody).tend()
    assert [n for n in range(10) if await log.record(f"r{n}")] == [7, 8, 9]


def _nobody(_run: Run) -> None:
    """Nobody asks what is stored."""


async def test_a_reader_of_a_run_that_is_removed_meanwhile_does_not_wait_for_ever() -> None:
    log = MemoryRunLog()
    here = record_of(HERE, owner="here")
    await log.write("here", [batch(here, A)])
    async with living(answering(), log=log) as (engine, _):
        async with engine.follow(HERE, principal=MINE) as follower:
            assert list(await follower.read() or ()) == said(A)
            await log.forget(here.thread, principal=MINE)
            with anyio.fail_after(5):
                assert not await follower.read()
        with pytest.raises(UnknownRun):
            await engine.snapshot(HERE, principal=MINE)
