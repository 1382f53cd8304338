"""How a run lives: followed, late, left, stopped, broken; and always exactly one end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Engine
from codexity.errors import BadQuestion, ProviderUnavailable, UnknownRun
from codexity.events import Done, Failed, Sources, Status, Token, answer_of
from codexity.model import Filters, Limits, Question
from codexity.ports import Emit, Entry
from living import (
    KESTREL,
    MINE,
    URL,
    all_entries,
    answering,
    ends,
    events_of,
    hanging,
    living,
    stored,
)
from world import WORDS, Diary, Model, Provider, Reply, Web, hits, toolbox, until


async def test_a_question_is_answered_in_numbered_events_that_end_once() -> None:
    async with living(answering()) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            entries = await all_entries(follower)

    events = [entry.event for entry in entries]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert events[0] == Status(step="rewriting_query", run=run, protocol=1)
    assert ends(events) == ["completed"]
    assert isinstance(events[-1], Done)
    answer = answer_of(KESTREL.text, run, events)
    assert "[1]" in answer.text
    assert answer.sources[0].url == URL
    assert answer.sources[0].quote in WORDS
    assert set(answer.seconds) == {
        "total", "first_hit", "first_page", "first_source", "first_token"
    }  # fmt: skip
    assert [(ending.run, ending.status) for ending in diary.ended] == [(run, "completed")]


async def test_saying_nothing_is_nothing() -> None:
    async def speak(*given: Any) -> None:
        emit: Emit = given[3]
        await emit()
        await emit(Token(text="It flies."))
        await emit()

    async with living(answering()) as (engine, diary):
        engine.answer = speak
        events = await events_of(engine, KESTREL)

    assert [type(event) for event in events] == [Status, Token, Done]
    assert ends(events) == ["completed"]
    assert diary.faults == []


async def test_the_sources_come_before_the_first_token() -> None:
    async with living(answering()) as (engine, _):
        kinds = [type(event) for event in await events_of(engine, KESTREL)]

    assert kinds.index(Sources) < kinds.index(Token)


async def test_a_late_reader_hears_everything_and_a_cursor_continues() -> None:
    async with living(answering()) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            early = await all_entries(follower)
        async with engine.follow(run, principal=MINE) as follower:
            late = await all_entries(follower)
        async with engine.follow(run, principal=MINE, after=3) as follower:
            rest = await all_entries(follower)

    assert late == early
    assert rest == early[3:]


async def test_the_last_reader_to_leave_ends_the_work_and_waits_for_its_end() -> None:
    provider = Provider("p", release=anyio.Event())
    async with living(hanging(provider)) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            async with engine.follow(run, principal=MINE):
                await follower.read()
                await until(lambda: provider.asked)
            assert provider.left == 0
        assert provider.left == len(provider.asked)
        assert [ending.status for ending in diary.ended] == ["cancelled"]
        assert (await engine.snapshot(run, principal=MINE)).reason == "left"


async def test_stop_returns_once_nothing_runs_and_again_changes_nothing() -> None:
    provider = Provider("p", release=anyio.Event())
    async with living(hanging(provider)) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            await until(lambda: provider.asked)
            await engine.stop(run, principal=MINE)
            assert provider.left == len(provider.asked)
            assert ends([entry.event for entry in await all_entries(follower)]) == ["cancelled"]
        await engine.stop(run, principal=MINE)
        answer = await engine.snapshot(run, principal=MINE)
        assert (answer.status, answer.reason) == ("cancelled", "stopped")


async def test_another_principal_sees_no_run() -> None:
    async with living(answering()) as (engine, _):
        run = engine.start(KESTREL)
        with pytest.raises(UnknownRun):
            await engine.snapshot(run, principal="somebody")
        with pytest.raises(UnknownRun):
            await engine.stop(run, principal="somebody")
        with pytest.raises(UnknownRun):
            async with engine.follow(run, principal="somebody"):
                pass
        assert (await engine.snapshot(run, principal=MINE)).run == run


async def test_a_shutdown_tells_every_reader_that_the_run_was_interrupted() -> None:
    heard: list[Entry] = []

    async def listen(engine: Engine, run: str) -> None:
        async with engine.follow(run, principal=MINE) as follower:
            heard.extend(await follower.read() or ())
            heard.extend(await all_entries(follower))

    log = MemoryRunLog()
    async with anyio.create_task_group() as tasks, living(hanging(), log=log) as (engine, _):
        tasks.start_soon(listen, engine, engine.start(KESTREL))
        await until(lambda: heard)

    last = heard[-1].event
    assert isinstance(last, Done)
    assert last.status == "interrupted"
    assert await stored(log, last.run) == heard


async def test_nothing_found_is_told_with_what_was_tried() -> None:
    async with living(toolbox(Provider("p"))) as (engine, _):
        events = await events_of(engine, KESTREL)

    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.code, failed.message) == ("no_results", "No search results found")
    assert [(one.what, one.said) for one in failed.tried or ()] == [("p", "It found nothing.")]
    assert ends(events) == ["no_evidence"]
    assert not any(isinstance(event, Token) for event in events)


async def test_hits_without_a_readable_page_are_told_as_such() -> None:
    async with living(toolbox(Provider("p", hits(URL)))) as (engine, _):
        events = await events_of(engine, KESTREL)

    assert [event.code for event in events if isinstance(event, Failed)] == ["no_pages"]
    assert ends(events) == ["no_evidence"]


async def test_the_deadline_of_the_whole_run_ends_it() -> None:
    async with living(hanging(), limits=Limits(run_seconds=0.05)) as (engine, _):
        events = await events_of(engine, KESTREL)

    assert [event.code for event in events if isinstance(event, Failed)] == ["too_slow"]
    assert ends(events) == ["failed"]


async def test_a_fault_is_told_to_the_operator_and_not_to_the_reader() -> None:
    class Broken:
        name = "broken"

        async def search(self, query: object, *, limit: int) -> Sequence[object]:
            raise ZeroDivisionError("a secret of the house")

    async with living(toolbox(Broken())) as (engine, diary):  # pyright: ignore[reportArgumentType]
        events = await events_of(engine, KESTREL)

    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.code, failed.retryable) == ("internal", True)
    assert "secret" not in failed.message
    assert ends(events) == ["failed"]
    assert len(diary.faults) == 1


async def test_a_model_that_breaks_in_the_middle_fails_the_run_and_keeps_what_was_said() -> None:
    lost = ProviderUnavailable("The connection broke.", code="cut_off")
    model = Model(Reply(["A kestrel hovers ", "[1] "], error=lost))
    tools = toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}), model=model)
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            events = [entry.event for entry in await all_entries(follower)]
        answer = await engine.snapshot(run, principal=MINE)

    assert [event.code for event in events if isinstance(event, Failed)] == ["model_failed"]
    assert (answer.status, answer.text.strip()) == ("failed", "A kestrel hovers [1]")
    assert [failure.code for failure in answer.skipped] == ["cut_off"]


async def test_leaving_while_the_model_writes_leaves_the_model() -> None:
    model = Model(Reply(["A kestrel hovers "], hangs=True))
    tools = toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}), model=model)
    async with living(tools) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            while not any(isinstance(one.event, Token) for one in await follower.read() or ()):
                pass
            assert model.left == 0
        assert model.left == 1


@pytest.mark.parametrize(
    "text",
    ["", " \n", "x" * 501, "a\0b", "a\udc80b"],
    ids=["empty", "blank", "long", "nul", "half"],
)
async def test_what_is_no_question_starts_nothing(text: str) -> None:
    async with living(answering()) as (engine, diary):
        with pytest.raises(BadQuestion):
            engine.start(Question(text=text))
        assert ends(await events_of(engine, Question(text="  " + "x" * 500 + " "))) != []
        assert len(diary.ended) == 1


async def test_a_provider_that_is_not_there_starts_nothing() -> None:
    async with living(answering()) as (engine, _):
        with pytest.raises(BadQuestion, match="There are: p"):
            engine.start(Question(text="x", filters=Filters(provider=("q",))))
        asked = Question(text=KESTREL.text, filters=Filters(provider=("p",)))
        assert ends(await events_of(engine, asked)) == ["completed"]


async def test_a_cancellation_from_outside_ends_the_run_and_everything_with_it() -> None:
    provider = Provider("p", release=anyio.Event())
    log = MemoryRunLog()
    told: list[Diary] = []

    async def ask() -> None:
        async with (
            living(hanging(provider), log=log) as (engine, diary),
            engine.follow(engine.start(KESTREL), principal=MINE) as follower,
        ):
            told.append(diary)
            await all_entries(follower)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await until(lambda: provider.asked)
            tasks.cancel_scope.cancel()

    assert provider.left == len(provider.asked)
    assert [ending.status for ending in told[0].ended] == ["interrupted"]
    record = await log.record(told[0].ended[0].run)
    assert record is not None
    assert record.closed


async def test_an_error_beside_the_engine_ends_the_run_and_comes_out_as_it_is() -> None:
    told: list[Diary] = []

    async def break_it() -> None:
        async with living(hanging()) as (engine, diary):
            told.append(diary)
            engine.start(KESTREL)
            raise ZeroDivisionError

    with anyio.fail_after(5), pytest.raises(ZeroDivisionError):
        await break_it()
    assert [ending.status for ending in told[0].ended] == ["interrupted"]


async def test_what_only_the_operator_may_know_reaches_the_operator_alone() -> None:
    inside = ProviderUnavailable("It is away.", code="unreachable", detail="http://10.0.0.7 is off")
    async with living(toolbox(Provider("p", error=inside))) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            entries = await all_entries(follower)

    assert diary.details == ["http://10.0.0.7 is off"]
    assert not any(b"10.0.0.7" in entry.block for entry in entries)
    assert any(b"It is away." in entry.block for entry in entries)


@pytest.mark.parametrize("site", ["", "https://example.org/", "a b.example", "-" * 64 + ".example"])
async def test_a_site_that_is_no_domain_is_refused(site: str) -> None:
    async with living(answering()) as (engine, _):
        with pytest.raises(BadQuestion, match="site"):
            engine.start(Question(text="x", filters=Filters(site=(site,))))
        asked = Question(text=KESTREL.text, filters=Filters(site=("A.Example",)))
        assert ends(await events_of(engine, asked)) == ["completed"]
