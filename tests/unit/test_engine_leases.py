"""Leases that run out: of owners that are gone, of one that slept, of runs that were removed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Request
from codexity.errors import StoreFailed, UnknownRun
from codexity.events import Done, Token
from codexity.ports import Batch
from living import (
    KESTREL,
    MINE,
    all_entries,
    answering,
    batch,
    living,
    record_of,
    said,
    stored,
    writing,
)
from world import Reply, until

ALWAYS = Request(grace_seconds=math.inf)
GONE, HERE = "a" * 32, "b" * 32
A = Token(text="a")


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
    await MemoryRunLog.write(
        log, "gone", [batch(record_of(GONE, owner="gone", lease_until=1.0), A)]
    )
    async with living(answering(), log=log) as (engine, diary):
        await until(lambda: diary.faults)
        with anyio.fail_after(5):
            while (await engine.snapshot(GONE, principal=MINE)).status == "running":
                await anyio.sleep(0.01)


async def test_a_process_that_slept_beyond_its_lease_closes_none_of_its_own_runs() -> None:
    log = MemoryRunLog()
    pause = (1, anyio.Event())
    tools, model = writing(Reply(["A kestrel ", "hovers."], pause=pause))
    await log.write("gone", [batch(record_of(GONE, owner="gone", lease_until=math.inf), A)])
    async with living(tools, log=log) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: model.writing.written)
        with anyio.fail_after(5):
            while (mine := await log.record(run)) is None:
                await anyio.sleep(0.002)
        for owner in (mine.owner, "gone"):
            await log.renew(owner, 1.0)

        assert (await engine.snapshot(GONE, principal=MINE)).status == "interrupted"
        assert [type(one.event) for one in await stored(log, run)].count(Done) == 0
        pause[1].set()
        await until(lambda: diary.ended)
        with anyio.fail_after(5):
            while (record := await log.record(run)) is None or not record.closed:
                await anyio.sleep(0.002)
        async with engine.follow(run, principal=MINE) as follower:
            assert await all_entries(follower) == await stored(log, run)
    assert [one.status for one in diary.ended] == ["completed"]


async def test_a_reader_of_a_run_that_is_removed_meanwhile_does_not_wait_for_ever() -> None:
    log = MemoryRunLog()
    here = record_of(HERE, owner="here", lease_until=1e12)
    await log.write("here", [batch(here, A)])
    async with living(answering(), log=log) as (engine, _):
        async with engine.follow(HERE, principal=MINE) as follower:
            assert list(await follower.read() or ()) == said(A)
            await log.forget(here.thread, principal=MINE)
            with anyio.fail_after(5):
                assert not await follower.read()
        with pytest.raises(UnknownRun):
            await engine.snapshot(HERE, principal=MINE)
