"""Runs that are told to finish, that wait for their turn, that grow too long or are drained."""

from __future__ import annotations

import math
from collections.abc import Sequence

import anyio
import pytest

from codexity.engine import Engine, Request
from codexity.errors import Busy, Draining, UnknownRun
from codexity.events import Event, Failed, PageRead, Skipped, Sources, Status, Token
from codexity.model import Limits, Question
from living import KESTREL, MINE, URL, all_entries, answering, ends, hanging, living, writing
from world import WORDS, Provider, Reply, Web, hits, toolbox, until

ALWAYS = Request(grace_seconds=math.inf)
SLOW = "https://b.example/slow"


async def _events(engine: Engine, run: str) -> list[Event]:
    with anyio.fail_after(10):
        async with engine.follow(run, principal=MINE) as follower:
            return [entry.event for entry in await all_entries(follower)]


def _codes(events: Sequence[Event]) -> list[str]:
    return [event.code for event in events if isinstance(event, Skipped | Failed)]


async def test_finishing_while_pages_are_read_writes_from_those_that_were_read() -> None:
    web = Web(pages={URL: WORDS}, hanging={SLOW})
    async with living(toolbox(Provider("p", hits(URL, SLOW)), web=web)) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        async with engine.follow(run, principal=MINE) as follower:
            heard: list[Event] = []
            while not any(isinstance(event, PageRead) for event in heard):
                heard += [entry.event for entry in await follower.read()]
            await until(lambda: SLOW in web.fetched)
            assert diary.ended == []

            await engine.finish(run, principal=MINE)
            heard += [entry.event for entry in await all_entries(follower)]
    assert ends(heard) == ["completed"]
    assert _codes(heard) == ["left_behind"]
    assert [one.url for event in heard if isinstance(event, Sources) for one in event.sources] == [
        URL
    ]
    assert any(isinstance(event, Token) for event in heard)
    assert web.at_once == 0


async def test_finishing_while_others_still_search_leaves_them() -> None:
    slow = Provider("slow", release=anyio.Event())
    tools = toolbox(Provider("p", hits(URL)), slow, web=Web(pages={URL: WORDS}))
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        with anyio.fail_after(5):
            async with engine.follow(run, principal=MINE) as follower:
                while not any(isinstance(one.event, PageRead) for one in await follower.read()):
                    pass
        assert slow.left == 0
        await engine.finish(run, principal=MINE)
        assert ends(await _events(engine, run)) == ["completed"]
        assert slow.left == len(slow.asked) > 0


async def test_finishing_before_anything_is_read_says_that_there_is_nothing() -> None:
    provider = Provider("p", release=anyio.Event())
    starter = Provider("starter", hits(URL))
    tools = toolbox(provider, web=Web(pages={URL: WORDS}), starter=starter)
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: provider.asked)
        await engine.finish(run, principal=MINE)
        events = await _events(engine, run)
    assert ends(events) == ["no_evidence"]
    assert _codes(events) == ["no_results"]
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert [(one.what, one.said) for one in failed.tried or ()] == [
        ("p", "It had not answered yet.")
    ]
    assert starter.asked == []
    assert provider.left == len(provider.asked)


async def test_finishing_while_the_answer_is_written_changes_nothing() -> None:
    pause = (1, anyio.Event())
    tools, model = writing(Reply(["A kestrel ", "hovers ", "[1]."], pause=pause))
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL, ALWAYS)
        await until(lambda: model.writing.written)
        await engine.finish(run, principal=MINE)
        pause[1].set()
        events = await _events(engine, run)
    assert ends(events) == ["completed"]
    assert "".join(one.text for one in events if isinstance(one, Token)) == "A kestrel hovers [1]."


async def test_finishing_what_has_ended_changes_nothing_and_what_is_not_there_is_unknown() -> None:
    async with living(answering()) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        events = await _events(engine, run)
        for _ in range(2):
            await engine.finish(run, principal=MINE)
            await engine.stop(run, principal=MINE)
        assert await _events(engine, run) == events
        assert [one.status for one in diary.ended] == ["completed"]
        for wish in (engine.finish, engine.stop):
            with pytest.raises(UnknownRun):
                await wish("0" * 32, principal=MINE)
            with pytest.raises(UnknownRun):
                await wish(run, principal="somebody")


async def test_a_run_that_waits_tells_its_place_first_and_then_begins() -> None:
    provider = Provider("p", hits(URL), release=anyio.Event())
    tools = toolbox(provider, web=Web(pages={URL: WORDS}))
    async with living(tools, at_once=1) as (engine, diary):
        runs = [engine.start(KESTREL, ALWAYS) for _ in range(3)]
        await until(lambda: provider.asked)
        async with engine.follow(runs[2], principal=MINE) as follower:
            first = next(iter(await follower.read())).event
            assert first == Status(step="queued", run=runs[2], place=2)
            assert diary.ended == []
            assert provider.release is not None
            provider.release.set()
            heard = [first, *(entry.event for entry in await all_entries(follower))]
        told = [event for event in heard if isinstance(event, Status)]
        assert told[1:3] == [
            Status(step="queued", run=runs[2], place=1),
            Status(step="rewriting_query", run=runs[2], protocol=1),
        ]
        assert ends(heard) == ["completed"]
        assert [one.run for one in diary.ended] == runs
        assert not any(
            isinstance(event, Status) and event.step == "queued"
            for event in await _events(engine, runs[0])
        )


async def test_a_run_that_is_stopped_while_it_waits_never_begins_and_gives_its_place_up() -> None:
    provider = Provider("p", release=anyio.Event())
    async with living(hanging(provider), at_once=1, queued=1) as (engine, diary):
        running, waiting = (engine.start(KESTREL, ALWAYS) for _ in range(2))
        await until(lambda: provider.asked)
        with pytest.raises(Busy):
            engine.start(KESTREL, ALWAYS)

        await engine.stop(waiting, principal=MINE)

        events = await _events(engine, waiting)
        assert ends(events) == ["cancelled"]
        assert [one.step for one in events if isinstance(one, Status)] == ["queued"]
        third = engine.start(KESTREL, ALWAYS)
        assert (await engine.snapshot(running, principal=MINE)).status == "running"
        asked = len(provider.asked)
        await engine.stop(running, principal=MINE)
        await until(lambda: len(provider.asked) > asked)
        await engine.stop(third, principal=MINE)
        assert [one.run for one in diary.ended] == [waiting, running, third]


async def test_a_reader_who_leaves_the_queue_ends_the_run_that_waits() -> None:
    async with living(hanging(), at_once=1) as (engine, diary):
        engine.start(KESTREL, ALWAYS)
        waiting = engine.start(KESTREL)
        async with engine.follow(waiting, principal=MINE) as follower:
            assert next(iter(await follower.read())).event == Status(
                step="queued", run=waiting, place=1
            )
        assert [(one.run, one.status) for one in diary.ended] == [(waiting, "cancelled")]


async def test_principals_take_turns() -> None:
    provider = Provider("p", hits(URL), release=anyio.Event())
    tools = toolbox(provider, web=Web(pages={URL: WORDS}))
    async with living(tools, at_once=1) as (engine, diary):
        names = ["alice", "alice", "alice", "bob"]
        for name in names:
            engine.start(Question(text=KESTREL.text, principal=name), ALWAYS)
        await until(lambda: provider.asked)
        assert provider.release is not None
        provider.release.set()
        await until(lambda: len(diary.ended) == 4)
    assert [one.principal for one in diary.ended] == ["alice", "bob", "alice", "alice"]


@pytest.mark.parametrize("most", [10_000, 1_000_000], ids=["too-long", "control"])
async def test_a_run_that_says_more_than_is_kept_of_one_is_ended_there(most: int) -> None:
    tools, model = writing(Reply([f"word{n} " for n in range(500)]))
    async with living(tools, limits=Limits(max_run_bytes=most)) as (engine, diary):
        run = engine.start(KESTREL, ALWAYS)
        events = await _events(engine, run)
        answer = await engine.snapshot(run, principal=MINE)
    if most == 10_000:
        assert (ends(events), _codes(events)) == (["failed"], ["too_long"])
        assert 0 < model.writing.written < 200
        assert answer.text.startswith("word0 word1 ")
    else:
        assert (ends(events), _codes(events)) == (["completed"], [])
        assert model.writing.written == 500
    assert (model.left, diary.faults) == (1, [])


async def test_a_run_that_grows_too_long_while_it_searches_is_told_as_such() -> None:
    names = [f"https://{n}.example/{'long' * 500}" for n in range(12)]
    tools = toolbox(Provider("p", hits(*names)), web=Web(pages=dict.fromkeys(names, WORDS)))
    async with living(tools, limits=Limits(max_run_bytes=10_000)) as (engine, diary):
        events = await _events(engine, engine.start(KESTREL, ALWAYS))
    assert (ends(events), _codes(events)) == (["failed"], ["too_long"])
    assert diary.faults == []


async def test_a_process_that_is_about_to_end_begins_nothing_new_and_serves_what_it_has() -> None:
    pause = (1, anyio.Event())
    tools, model = writing(Reply(["A kestrel ", "hovers [1]."], pause=pause))
    keyed = Request(key="k", grace_seconds=math.inf)
    async with living(tools) as (engine, diary):
        known = await engine.once(KESTREL, keyed)
        await until(lambda: model.writing.written)
        engine.draining = True

        with pytest.raises(Draining) as told:
            engine.start(KESTREL)
        assert told.value.retry_seconds > 0
        with pytest.raises(Draining):
            await engine.once(KESTREL, ALWAYS)
        assert await engine.once(KESTREL, keyed) == known
        pause[1].set()
        assert ends(await _events(engine, known.run)) == ["completed"]
        assert (await engine.snapshot(known.run, principal=MINE)).status == "completed"
        assert len(diary.ended) == 1


async def test_an_end_interrupts_those_who_work_and_those_who_wait_and_nobody_else() -> None:
    provider = Provider("p", hits(URL), release=anyio.Event())
    tools = toolbox(provider, web=Web(pages={URL: WORDS}))
    async with living(tools, at_once=1) as (engine, diary):
        assert provider.release is not None
        provider.release.set()
        over = engine.start(KESTREL, ALWAYS)
        await until(lambda: diary.ended)
        provider.release = anyio.Event()
        runs = [engine.start(KESTREL, ALWAYS) for _ in range(3)]
        await until(lambda: len(provider.asked) > provider.left)

        await engine.interrupt()

        for run in runs:
            events = await _events(engine, run)
            assert (ends(events), _codes(events)) == (["interrupted"], [])
        assert ends(await _events(engine, over)) == ["completed"]
        assert len(diary.ended) == 4


async def test_what_was_neither_stopped_nor_left_has_no_reason() -> None:
    provider = Provider("p", release=anyio.Event())
    async with living(hanging(provider)) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            await until(lambda: provider.asked)
            await engine.interrupt()
            assert ends([entry.event for entry in await all_entries(follower)]) == ["interrupted"]
        assert (await engine.snapshot(run, principal=MINE)).reason is None
