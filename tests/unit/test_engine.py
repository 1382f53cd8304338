"""How a run lives: followed, late, left, stopped, broken; and always exactly one end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Engine, Follower
from codexity.errors import BadQuestion, ProviderUnavailable, StoreFailed, UnknownRun
from codexity.events import Done, Event, Failed, Sources, Status, Token, answer_of
from codexity.model import Filters, Limits, Question
from codexity.ports import Entry, RunRecord, Toolbox
from world import WORDS, Diary, Model, Provider, Reply, Web, hits, toolbox, until

URL = "https://a.example/kestrel"
KESTREL = Question(text="How does a kestrel hover in one place?")
MINE = "local"


@asynccontextmanager
async def _engine(
    tools: Toolbox, *, limits: Limits | None = None, log: MemoryRunLog | None = None
) -> AsyncGenerator[tuple[Engine, Diary], None]:
    diary = Diary()
    kept = MemoryRunLog() if log is None else log
    async with Engine(tools, limits or Limits(), log=kept, journal=diary) as engine:
        yield engine, diary


def _answering() -> Toolbox:
    return toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}))


def _hanging(provider: Provider | None = None) -> Toolbox:
    return toolbox(provider or Provider("p", release=anyio.Event()))


async def _all(follower: Follower) -> list[Entry]:
    entries: list[Entry] = []
    while pending := await follower.read():
        entries.extend(pending)
    return entries


async def _events(engine: Engine, question: Question) -> list[Event]:
    run = engine.start(question)
    async with engine.follow(run, principal=question.principal) as follower:
        return [entry.event for entry in await _all(follower)]


def _ends(events: Sequence[Event]) -> list[str]:
    return [event.status for event in events if isinstance(event, Done)]


async def test_a_question_is_answered_in_numbered_events_that_end_once() -> None:
    async with _engine(_answering()) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            entries = await _all(follower)

    events = [entry.event for entry in entries]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert events[0] == Status(step="rewriting_query", run=run, protocol=1)
    assert _ends(events) == ["completed"]
    assert isinstance(events[-1], Done)
    answer = answer_of(KESTREL.text, run, events)
    assert "[1]" in answer.text
    assert answer.sources[0].url == URL
    assert answer.sources[0].quote in WORDS
    assert set(answer.seconds) == {
        "total", "first_hit", "first_page", "first_source", "first_token"
    }  # fmt: skip
    assert [(record.run, told.status) for record, told in diary.ended] == [(run, "completed")]


async def test_the_sources_come_before_the_first_token() -> None:
    async with _engine(_answering()) as (engine, _):
        kinds = [type(event) for event in await _events(engine, KESTREL)]

    assert kinds.index(Sources) < kinds.index(Token)


async def test_a_late_reader_hears_everything_and_a_cursor_continues() -> None:
    async with _engine(_answering()) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            early = await _all(follower)
        async with engine.follow(run, principal=MINE) as follower:
            late = await _all(follower)
        async with engine.follow(run, principal=MINE, after=3) as follower:
            rest = await _all(follower)

    assert late == early
    assert rest == early[3:]


async def test_the_last_reader_to_leave_ends_the_work_and_waits_for_its_end() -> None:
    provider = Provider("p", release=anyio.Event())
    async with _engine(_hanging(provider)) as (engine, diary):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            async with engine.follow(run, principal=MINE):
                await follower.read()
                await until(lambda: provider.asked)
            assert provider.left == 0
        assert provider.left == len(provider.asked)
        assert [told.status for _, told in diary.ended] == ["cancelled"]


async def test_stop_returns_once_nothing_runs_and_again_changes_nothing() -> None:
    provider = Provider("p", release=anyio.Event())
    async with _engine(_hanging(provider)) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            await until(lambda: provider.asked)
            await engine.stop(run, principal=MINE)
            assert provider.left == len(provider.asked)
            assert _ends([entry.event for entry in await _all(follower)]) == ["cancelled"]
        await engine.stop(run, principal=MINE)
        assert (await engine.snapshot(run, principal=MINE)).status == "cancelled"


async def test_another_principal_sees_no_run() -> None:
    async with _engine(_answering()) as (engine, _):
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
            heard.extend(await follower.read())
            heard.extend(await _all(follower))

    log = MemoryRunLog()
    async with anyio.create_task_group() as tasks, _engine(_hanging(), log=log) as (engine, _):
        run = engine.start(KESTREL)
        tasks.start_soon(listen, engine, run)
        await until(lambda: heard)

    assert _ends([entry.event for entry in heard]) == ["interrupted"]
    assert list(await log.entries(run)) == heard


async def test_nothing_found_is_told_with_what_was_tried() -> None:
    async with _engine(toolbox(Provider("p"))) as (engine, _):
        events = await _events(engine, KESTREL)

    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.code, failed.message) == ("no_results", "No search results found")
    assert [(one.what, one.said) for one in failed.tried or ()] == [("p", "It found nothing.")]
    assert _ends(events) == ["no_evidence"]
    assert not any(isinstance(event, Token) for event in events)


async def test_hits_without_a_readable_page_are_told_as_such() -> None:
    async with _engine(toolbox(Provider("p", hits(URL)))) as (engine, _):
        events = await _events(engine, KESTREL)

    assert [event.code for event in events if isinstance(event, Failed)] == ["no_pages"]
    assert _ends(events) == ["no_evidence"]


async def test_the_deadline_of_the_whole_run_ends_it() -> None:
    async with _engine(_hanging(), limits=Limits(run_seconds=0.05)) as (engine, _):
        events = await _events(engine, KESTREL)

    assert [event.code for event in events if isinstance(event, Failed)] == ["too_slow"]
    assert _ends(events) == ["failed"]


async def test_a_fault_is_told_to_the_operator_and_not_to_the_reader() -> None:
    class Broken:
        name = "broken"

        async def search(self, query: object, *, limit: int) -> Sequence[object]:
            raise ZeroDivisionError("a secret of the house")

    async with _engine(toolbox(Broken())) as (engine, diary):  # pyright: ignore[reportArgumentType]
        events = await _events(engine, KESTREL)

    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.code, failed.retryable) == ("internal", True)
    assert "secret" not in failed.message
    assert _ends(events) == ["failed"]
    assert len(diary.faults) == 1


async def test_a_model_that_breaks_in_the_middle_fails_the_run_and_keeps_what_was_said() -> None:
    lost = ProviderUnavailable("The connection broke.", code="cut_off")
    model = Model(Reply(["A kestrel hovers ", "[1] "], error=lost))
    tools = toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}), model=model)
    async with _engine(tools) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            events = [entry.event for entry in await _all(follower)]
        answer = await engine.snapshot(run, principal=MINE)

    assert [event.code for event in events if isinstance(event, Failed)] == ["model_failed"]
    assert (answer.status, answer.text.strip()) == ("failed", "A kestrel hovers [1]")
    assert [failure.code for failure in answer.skipped] == ["cut_off"]


async def test_leaving_while_the_model_writes_leaves_the_model() -> None:
    model = Model(Reply(["A kestrel hovers "], hangs=True))
    tools = toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}), model=model)
    async with _engine(tools) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            while not any(isinstance(one.event, Token) for one in await follower.read()):
                pass
            assert model.left == 0
        assert model.left == 1


@pytest.mark.parametrize(
    "text",
    ["", " \n", "x" * 501, "a\0b", "a\udc80b"],
    ids=["empty", "blank", "long", "nul", "half"],
)
async def test_what_is_no_question_starts_nothing(text: str) -> None:
    async with _engine(_answering()) as (engine, diary):
        with pytest.raises(BadQuestion):
            engine.start(Question(text=text))
        assert _ends(await _events(engine, Question(text="  " + "x" * 500 + " "))) != []
        assert len(diary.ended) == 1


async def test_a_provider_that_is_not_there_starts_nothing() -> None:
    async with _engine(_answering()) as (engine, _):
        with pytest.raises(BadQuestion, match="There are: p"):
            engine.start(Question(text="x", filters=Filters(provider=("q",))))
        asked = Question(text=KESTREL.text, filters=Filters(provider=("p",)))
        assert _ends(await _events(engine, asked)) == ["completed"]


async def test_a_run_is_still_known_from_the_store_when_memory_has_let_it_go() -> None:
    class Counting(MemoryRunLog):
        reads = 0

        async def entries(self, run: str, *, after: int = 0) -> Sequence[Entry]:
            self.reads += 1
            return await super().entries(run, after=after)

    log = Counting()
    async with _engine(_answering(), log=log) as (engine, diary):
        first = engine.start(KESTREL)
        async with engine.follow(first, principal=MINE) as follower:
            await _all(follower)
        before = await engine.snapshot(first, principal=MINE)
        assert log.reads == 0
        for _ in range(70):
            await _events(engine, KESTREL)
        await until(lambda: len(diary.ended) == 71)
        with anyio.fail_after(5):
            while (record := await log.record(first)) is None or not record.closed:
                await anyio.sleep(0.01)
        assert await engine.snapshot(first, principal=MINE) == before
        assert log.reads == 1
        with pytest.raises(UnknownRun):
            await engine.snapshot("0" * 32, principal=MINE)


async def test_a_store_that_fails_costs_no_answer() -> None:
    class Full(MemoryRunLog):
        async def append(self, run: str, owner: str, entries: Sequence[Entry]) -> bool:
            raise StoreFailed("The disk is full.")

    async with _engine(_answering(), log=Full()) as (engine, diary):
        assert _ends(await _events(engine, KESTREL)) == ["completed"]
    assert diary.faults


async def test_a_run_whose_lease_was_taken_over_ends_as_interrupted() -> None:
    log = MemoryRunLog()
    provider = Provider("p", hits(URL), release=anyio.Event())
    model = Model(Reply(["A kestrel hovers "], hangs=True))
    tools = toolbox(provider, web=Web(pages={URL: WORDS}), model=model)
    async with _engine(tools, log=log) as (engine, _):
        run = engine.start(KESTREL)
        async with engine.follow(run, principal=MINE) as follower:
            with anyio.fail_after(5):
                while await log.record(run) is None:
                    await anyio.sleep(0.01)
            assert [one.run for one in await log.expired(float("inf"), "another", 0)] == [run]
            assert provider.release is not None
            provider.release.set()
            assert _ends([entry.event for entry in await _all(follower)]) == ["interrupted"]
    assert model.left == 1


async def test_a_run_whose_owner_is_gone_is_closed_as_interrupted() -> None:
    log = MemoryRunLog()
    await log.open(
        RunRecord(run="r" * 32, principal=MINE, question="q", owner="gone", lease_until=1.0)
    )
    await log.open(
        RunRecord(run="s" * 32, principal=MINE, question="q", owner="here", lease_until=1e12)
    )
    async with _engine(_answering(), log=log) as (engine, _):
        with anyio.fail_after(5):
            while (await engine.snapshot("r" * 32, principal=MINE)).status == "running":
                await anyio.sleep(0.01)
        assert (await engine.snapshot("r" * 32, principal=MINE)).status == "interrupted"
        assert (await engine.snapshot("s" * 32, principal=MINE)).status == "running"
