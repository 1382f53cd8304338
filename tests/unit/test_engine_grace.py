"""How long a run goes on when nobody reads it."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import anyio
import pytest

from codexity.engine import Engine, Request
from living import KESTREL, MINE, URL, all_entries, answering, ends, hanging, living
from world import WORDS, Diary, Provider, Web, hits, toolbox, until

SHORT = 0.05
LONG = 60.0


async def _visit(engine: Engine, run: str, grace_seconds: float) -> None:
    async with engine.follow(run, principal=MINE, grace_seconds=grace_seconds) as follower:
        await follower.read()


def _statuses(diary: Diary) -> Sequence[str]:
    return [ending.status for ending in diary.ended]


async def _goes_on(diary: Diary, seconds: float = 4 * SHORT) -> bool:
    with anyio.move_on_after(seconds):
        await until(lambda: diary.ended)
    return not diary.ended


async def test_a_run_goes_on_for_its_grace_and_ends_when_nobody_has_come_back() -> None:
    provider = Provider("p", release=anyio.Event())
    async with living(hanging(provider)) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE, grace_seconds=SHORT) as follower:
            await follower.read()
            await until(lambda: provider.asked)
            left = time.monotonic()
        assert (diary.ended, provider.left) == ([], 0)
        await until(lambda: diary.ended)
        assert time.monotonic() - left >= SHORT
        assert provider.left == len(provider.asked)
        assert _statuses(diary) == ["cancelled"]


async def test_a_reader_who_comes_back_in_time_keeps_it_alive_and_loses_nothing() -> None:
    provider = Provider("p", hits(URL), release=anyio.Event())
    tools = toolbox(provider, web=Web(pages={URL: WORDS}))
    async with living(tools) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE, grace_seconds=SHORT) as follower:
            heard = list(await follower.read() or ())
            last = follower.cursor
        async with engine.follow(run, principal=MINE, after=last, grace_seconds=SHORT) as follower:
            assert await _goes_on(diary)
            assert provider.release is not None
            provider.release.set()
            heard += await all_entries(follower)
        snapshot = await engine.snapshot(run, principal=MINE)
    assert [entry.seq for entry in heard] == list(range(1, len(heard) + 1))
    assert ends([entry.event for entry in heard]) == ["completed"]
    assert snapshot.status == "completed"


async def test_each_leaving_begins_the_grace_anew() -> None:
    async with living(hanging()) as (engine, diary):
        run = engine.start(KESTREL)
        await _visit(engine, run, 1.0)
        assert await _goes_on(diary)
        left = time.monotonic()
        await _visit(engine, run, 1.0)
        await until(lambda: diary.ended)
        assert time.monotonic() - left >= 1.0
        assert _statuses(diary) == ["cancelled"]


@pytest.mark.parametrize("graces", [(LONG, 0), (0, LONG), (SHORT, LONG), (LONG, SHORT)], ids=repr)
async def test_the_longest_grace_that_is_owed_to_any_reader_counts(
    graces: tuple[float, float],
) -> None:
    async with living(hanging()) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE, grace_seconds=graces[0]):
            await _visit(engine, run, graces[1])
        assert await _goes_on(diary)


async def test_without_any_grace_the_last_to_leave_ends_it_at_once() -> None:
    async with living(hanging()) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE):
            await _visit(engine, run, 0)
            assert diary.ended == []
        assert _statuses(diary) == ["cancelled"]


async def test_a_run_that_is_over_is_not_ended_again_by_its_grace() -> None:
    async with living(answering()) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE, grace_seconds=SHORT) as follower:
            await all_entries(follower)
        await anyio.sleep(2 * SHORT)
        await _visit(engine, run, SHORT)
        assert _statuses(diary) == ["completed"]
        assert (await engine.snapshot(run, principal=MINE)).status == "completed"


async def test_a_run_that_finishes_by_itself_outlives_every_reader() -> None:
    provider = Provider("p", hits(URL), release=anyio.Event())
    tools = toolbox(provider, web=Web(pages={URL: WORDS}))
    async with living(tools) as (engine, diary):
        run = engine.start(KESTREL, Request(grace_seconds=math.inf))
        await _visit(engine, run, 0)
        assert await _goes_on(diary)
        assert provider.release is not None
        provider.release.set()
        await until(lambda: diary.ended)
        assert _statuses(diary) == ["completed"]


async def test_a_grace_of_the_runs_own_counts_from_the_start_when_nobody_ever_reads() -> None:
    provider = Provider("p", release=anyio.Event())
    async with living(hanging(provider)) as (engine, diary):
        started = time.monotonic()
        engine.start(KESTREL, Request(grace_seconds=SHORT))
        await until(lambda: diary.ended)
        assert time.monotonic() - started >= SHORT
        assert _statuses(diary) == ["cancelled"]
        assert provider.left == len(provider.asked)


async def test_a_grace_of_the_runs_own_does_not_end_it_under_a_reader() -> None:
    async with living(hanging()) as (engine, diary):
        run = engine.start(KESTREL, Request(grace_seconds=SHORT))
        async with engine.follow(run, principal=MINE) as follower:
            await follower.read()
            assert await _goes_on(diary)
            left = time.monotonic()
        assert diary.ended == []
        await until(lambda: diary.ended)
        assert time.monotonic() - left >= SHORT


async def test_a_grace_of_the_runs_own_counts_while_it_waits_for_its_turn() -> None:
    async with living(hanging(), at_once=1) as (engine, diary):
        first = engine.start(KESTREL, Request(grace_seconds=LONG))
        second = engine.start(KESTREL, Request(grace_seconds=SHORT))
        await until(lambda: diary.ended)
        assert [(one.run, one.status) for one in diary.ended] == [(second, "cancelled")]
        assert (await engine.snapshot(first, principal=MINE)).status == "running"


async def test_reading_a_snapshot_is_not_following() -> None:
    async with living(hanging()) as (engine, diary):
        run = engine.start(KESTREL)
        await _visit(engine, run, SHORT)
        with anyio.fail_after(5):
            while (await engine.snapshot(run, principal=MINE)).status == "running":
                await anyio.sleep(0.005)
        assert _statuses(diary) == ["cancelled"]


async def test_an_explicit_stop_waits_for_no_grace() -> None:
    async with living(hanging()) as (engine, diary):
        run = engine.start(KESTREL, Request(grace_seconds=math.inf))
        await _visit(engine, run, LONG)
        await engine.stop(run, principal=MINE)
        assert _statuses(diary) == ["cancelled"]
