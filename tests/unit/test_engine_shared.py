"""Runs that another process holds, has held, or has lost: followed, told, and closed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import anyio
import pytest

from codexity.adapters.running.control import LocalControl
from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Engine, Follower, Request
from codexity.errors import Elsewhere, UnknownRun
from codexity.events import Done, Failed, Status, Token
from codexity.ports import Entry
from living import (
    KESTREL,
    MINE,
    Neighbour,
    all_entries,
    answering,
    batch,
    ends,
    hanging,
    living,
    record_of,
    said,
    stored,
    writing,
)
from world import Reply, until

ALWAYS = Request(grace_seconds=math.inf)
GONE, HERE = "a" * 32, "b" * 32
A, B, C = (Token(text=text) for text in "abc")
LOST = Failed(code="model_failed", message="It broke.", retryable=True)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codexity.engine.ledger._BATCH_SECONDS", 0.005)
    monkeypatch.setattr("codexity.engine.follower._LOOK_SECONDS", 0.005)


@pytest.fixture
def _short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codexity.engine.ledger._LEASE_SECONDS", 0.05)
    monkeypatch.setattr("codexity.engine.ledger._KEEP_SECONDS", 0.01)


async def _heard(engine: Engine, run: str, after: int = 0) -> list[Entry]:
    with anyio.fail_after(10):
        async with engine.follow(run, principal=MINE, after=after) as follower:
            return await all_entries(follower)


async def _stored(log: MemoryRunLog, run: str, events: int) -> None:
    with anyio.fail_after(5):
        while len(await stored(log, run)) < events:
            await anyio.sleep(0.002)


def _statuses(entries: Sequence[Entry]) -> list[str]:
    return ends([entry.event for entry in entries])


async def test_a_live_run_of_another_process_is_followed_to_its_end() -> None:
    pause = (2, anyio.Event())
    tools, _ = writing(Reply(["A kestrel ", "hovers ", "[1] ", "still."], pause=pause))
    log = MemoryRunLog()
    heard: list[Entry] = []
    async with living(tools, log=log) as (owner, _), living(answering(), log=log) as (other, _):
        run = owner.start(KESTREL, ALWAYS)
        await _stored(log, run, 5)
        async with other.follow(run, principal=MINE) as follower:
            assert not follower.finished
            while not any(isinstance(one.event, Token) for one in heard):
                heard += await follower.read() or ()
            pause[1].set()
            heard += await all_entries(follower)
            assert follower.finished
        assert heard == await _heard(owner, run)
        assert await _heard(other, run, after=4) == heard[4:]
    assert [entry.seq for entry in heard] == list(range(1, len(heard) + 1))
    assert _statuses(heard) == ["completed"]


async def test_leaving_a_run_of_another_process_ends_nothing() -> None:
    log = MemoryRunLog()
    async with (
        living(hanging(), log=log) as (owner, diary),
        living(answering(), log=log) as (other, _),
    ):
        run = owner.start(KESTREL, ALWAYS)
        await _stored(log, run, 1)
        async with other.follow(run, principal=MINE) as follower:
            assert await follower.read()
        assert diary.ended == []
        await owner.stop(run, principal=MINE)
        assert _statuses(await _heard(other, run)) == ["cancelled"]


async def test_a_reader_of_another_process_run_can_be_nudged() -> None:
    log = MemoryRunLog()
    async with living(hanging(), log=log) as (owner, _), living(answering(), log=log) as (other, _):
        run = owner.start(KESTREL, ALWAYS)
        await _stored(log, run, 2)
        async with other.follow(run, principal=MINE, after=10**6) as follower:
            with anyio.fail_after(5):
                follower.nudge()
                assert not await follower.ready()
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_nudge_soon, follower)
                    assert not await follower.ready()


async def _nudge_soon(follower: Follower) -> None:
    await anyio.sleep(0.03)
    follower.nudge()


async def test_the_owner_of_a_run_is_told_where_it_can_be_reached() -> None:
    log, control = MemoryRunLog(), LocalControl()
    async with (
        living(hanging(), log=log, control=control) as (owner, diary),
        living(answering(), log=log, control=control) as (near, _),
        living(answering(), log=log) as (far, _),
    ):
        run = owner.start(KESTREL, ALWAYS)
        await _stored(log, run, 1)
        with pytest.raises(UnknownRun):
            await near.stop(run, principal="somebody")
        for wish in (far.stop, far.finish):
            with pytest.raises(Elsewhere):
                await wish(run, principal=MINE)
        assert diary.ended == []
        await near.stop(run, principal=MINE)
        assert [one.status for one in diary.ended] == ["cancelled"]
        with anyio.fail_after(5):
            while (record := await log.record(run)) is None or not record.closed:
                await anyio.sleep(0.002)
        for wish in (far.stop, far.finish, near.stop):
            await wish(run, principal=MINE)


@pytest.mark.usefixtures("_short_leases")
async def test_a_run_whose_owner_is_gone_is_closed_for_its_reader() -> None:
    log = Neighbour()
    gone = record_of(GONE, owner="gone")
    here = record_of(HERE, owner="here")
    for one in (gone, here):
        await log.write(one.owner, [batch(one, A, B)])
    async with living(answering(), log=log) as (engine, _):
        heard = await _heard(engine, GONE)
        assert [entry.event for entry in heard[:2]] == [A, B]
        assert _statuses(heard) == ["interrupted"]
        assert len(heard) == 3
        assert await _heard(engine, GONE, after=heard[-1].seq) == []
        async with engine.follow(HERE, principal=MINE) as follower:
            assert list(await follower.read() or ()) == said(A, B)
            assert not follower.finished


@pytest.mark.usefixtures("_short_leases")
@pytest.mark.parametrize("seen", [1, 2, 3, 4, 5, 64, 300, 10**6, 10**18], ids=str)
async def test_a_reader_who_saw_more_than_a_crash_kept_is_told_the_end_once(seen: int) -> None:
    log = MemoryRunLog()
    await log.write("gone", [batch(record_of(GONE, owner="gone"), A, B)])
    async with living(answering(), log=log) as (engine, _):
        heard = await _heard(engine, GONE, after=seen)
        assert [entry.event for entry in heard[:-1]] == [A, B][seen:]
        assert _statuses(heard) == ["interrupted"]
        async with engine.follow(GONE, principal=MINE, after=heard[-1].seq) as follower:
            assert follower.finished
            assert not await follower.read()


async def test_a_reader_beyond_the_end_gets_the_error_with_the_end() -> None:
    log = MemoryRunLog()
    done = Done(status="failed", run=GONE, seconds={})
    await log.write("me", [batch(record_of(GONE), A, LOST, done)])
    await log.write("me", [batch(record_of(HERE), A, B, done)])
    async with living(answering(), log=log) as (engine, _):
        assert [one.event for one in await _heard(engine, GONE, after=99)] == [LOST, done]
        assert [one.event for one in await _heard(engine, HERE, after=99)] == [done]
        assert await _heard(engine, GONE, after=3) == []


async def test_a_reader_beyond_the_end_of_a_run_of_this_process_is_told_its_end() -> None:
    async with living(answering()) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: diary.ended)
        assert [type(one.event) for one in await _heard(engine, run, after=10**18)] == [Done]


async def test_a_reader_beyond_the_end_of_a_live_run_hears_what_comes() -> None:
    pause = (1, anyio.Event())
    tools, model = writing(Reply(["A kestrel ", "hovers."], pause=pause))
    heard: list[Entry] = []
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: model.messages)
        async with engine.follow(run, principal=MINE, after=10**18) as follower:
            pause[1].set()
            heard = await all_entries(follower)
    assert not any(isinstance(one.event, Status) for one in heard)
    assert _statuses(heard) == ["completed"]
