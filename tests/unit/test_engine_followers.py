"""Readers of one run: several, late, behind, dropped; and a run that waits for the fastest."""

from __future__ import annotations

import math

import anyio
import pytest

from codexity.engine import Engine, Follower, Request
from codexity.errors import LeftBehind
from codexity.events import Token
from codexity.model import Limits
from codexity.ports import Entry
from living import KESTREL, MINE, all_entries, ends, living, writing
from world import Reply, until

PIECES = tuple(f"word{n} " for n in range(160))
FEW = Limits(max_unread_events=32)
"""The run looks at its readers at every second event."""
ALWAYS = Request(grace_seconds=math.inf)


def _text(entries: list[Entry]) -> str:
    return "".join(entry.event.text for entry in entries if isinstance(entry.event, Token))


async def _read_some(follower: Follower) -> list[Entry]:
    return list(await follower.read() or ())


async def _settled() -> None:
    with anyio.fail_after(10):
        await anyio.wait_all_tasks_blocked()


async def _waits(reply: Reply) -> int:
    """How many pieces were written when nothing more is."""
    await until(lambda: reply.written)
    await _settled()
    written = reply.written
    await _settled()
    assert reply.written == written
    return written


async def _rest(engine: Engine, run: str, heard: list[Entry]) -> list[Entry]:
    after = heard[-1].seq if heard else 0
    async with engine.follow(run, principal=MINE, after=after) as follower:
        return [*heard, *await all_entries(follower)]


async def test_a_second_and_a_late_reader_hear_what_the_first_hears() -> None:
    pause = (50, anyio.Event())
    tools, _ = writing(Reply(PIECES, pause=pause))
    heard: dict[str, list[Entry]] = {}

    async def listen(name: str) -> None:
        async with engine.follow(run, principal=MINE) as follower:
            heard[name] = await all_entries(follower)

    async with living(tools) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        async with anyio.create_task_group() as tasks:
            for name in ("first", "second"):
                tasks.start_soon(listen, name)
            await _settled()
            tasks.start_soon(listen, "late")
            await _settled()
            pause[1].set()
        await listen("after-the-end")
        snapshot = await engine.snapshot(run, principal=MINE)

    assert len(heard) == 4
    assert all(one == heard["first"] for one in heard.values())
    assert _text(heard["first"]) == snapshot.text == "".join(PIECES)


async def test_what_is_pending_is_read_in_few_pieces() -> None:
    tools, _ = writing(Reply(PIECES))
    async with living(tools) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: diary.ended)
        pieces: list[list[Entry]] = []
        async with engine.follow(run, principal=MINE) as follower:
            while not follower.finished:
                pieces.append(await _read_some(follower))
                assert follower.cursor == pieces[-1][-1].seq
            assert not await follower.read()
        heard = [entry for piece in pieces for entry in piece]
        assert heard == await _rest(engine, run, [])
        assert len(pieces) <= 3


async def test_a_nudge_lets_a_waiting_reader_return_once_and_loses_nothing() -> None:
    pause = (10, anyio.Event())
    tools, model = writing(Reply(PIECES, pause=pause))
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: model.writing.written == 10)
        await _settled()
        async with engine.follow(run, principal=MINE) as follower:
            heard = await _read_some(follower)
            with anyio.fail_after(10):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_nudge_when_waiting, follower)
                    assert not await follower.ready()
                follower.nudge()
                assert not await follower.ready()
                pause[1].set()
                assert await follower.ready()
                follower.nudge()
                heard += await all_entries(follower)
    assert [entry.seq for entry in heard] == list(range(1, len(heard) + 1))
    assert _text(heard) == "".join(PIECES)


async def _nudge_when_waiting(follower: Follower) -> None:
    await _settled()
    follower.nudge()


async def test_a_run_waits_for_the_fastest_reader_and_for_nobody_slower() -> None:
    tools, model = writing(Reply(PIECES))
    async with living(tools, limits=FEW) as (engine, diary):
        run = engine.start(KESTREL)
        async with (
            engine.follow(run, principal=MINE) as fast,
            engine.follow(run, principal=MINE) as slow,
        ):
            heard = await _read_some(fast)
            seen = await _read_some(slow)
            while not diary.ended:
                assert await _waits(model.writing) <= len(heard) + FEW.max_unread_events
                heard += await _read_some(fast)
            heard += await all_entries(fast)
            with pytest.raises(LeftBehind):
                await slow.read()
        # The slow one lost its place, and nothing else.
        assert await _rest(engine, run, seen) == heard
    assert ends([entry.event for entry in heard]) == ["completed"]
    assert _text(heard) == "".join(PIECES)


async def test_a_reader_that_is_alone_and_slow_holds_the_model_back() -> None:
    tools, model = writing(Reply(PIECES))
    async with living(tools, limits=FEW) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            heard = await _read_some(follower)
            written = await _waits(model.writing)
            assert written <= len(heard) + FEW.max_unread_events
            heard += await _read_some(follower)
            await until(lambda: model.writing.written > written)
            assert await _waits(model.writing) <= len(heard) + FEW.max_unread_events
            heard += await all_entries(follower)
    assert _text(heard) == "".join(PIECES)


async def test_a_run_without_readers_waits_for_nobody() -> None:
    tools, model = writing(Reply(PIECES))
    async with living(tools, limits=FEW) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: diary.ended)
        assert model.writing.written == len(PIECES)
        assert ends([entry.event for entry in await _rest(engine, run, [])]) == ["completed"]


async def test_a_run_that_waited_goes_on_when_its_slow_reader_leaves() -> None:
    tools, model = writing(Reply(PIECES))
    async with living(tools, limits=FEW) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        async with engine.follow(run, principal=MINE) as follower:
            heard = await _read_some(follower)
            assert await _waits(model.writing) < len(PIECES)
        await until(lambda: diary.ended)
        assert _text(await _rest(engine, run, heard)) == "".join(PIECES)


async def test_a_run_that_waits_can_be_stopped() -> None:
    tools, model = writing(Reply(PIECES))
    async with living(tools, limits=FEW) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            await _waits(model.writing)
            with anyio.fail_after(5):
                await engine.stop(run, principal=MINE)
            assert [one.status for one in diary.ended] == ["cancelled"]
            assert ends([entry.event for entry in await all_entries(follower)]) == ["cancelled"]
    assert model.left == 1


async def test_a_reader_who_has_read_everything_ends_the_wait_for_a_slow_one() -> None:
    tools, model = writing(Reply(PIECES))
    async with living(tools, limits=FEW) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        async with engine.follow(run, principal=MINE):
            async with engine.follow(run, principal=MINE) as fast:
                while len(await _read_some(fast)) < FEW.max_unread_events:
                    await _waits(model.writing)
                await _waits(model.writing)
                await _read_some(fast)
                cursor = fast.cursor
            written = await _waits(model.writing)
            assert written < len(PIECES)
            async with engine.follow(run, principal=MINE, after=10**9) as back:
                assert back.cursor >= cursor
                with anyio.fail_after(5):
                    heard = await all_entries(back)
    assert ends([entry.event for entry in heard]) == ["completed"]


@pytest.mark.parametrize("most", [1, 2, 17])
async def test_however_little_may_be_unread_a_reader_hears_everything(most: int) -> None:
    tools, _ = writing(Reply(PIECES[:100]))
    async with living(tools, limits=Limits(max_unread_events=most)) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            with anyio.fail_after(10):
                heard = await all_entries(follower)
    assert _text(heard) == "".join(PIECES[:100])
    assert ends([entry.event for entry in heard]) == ["completed"]
