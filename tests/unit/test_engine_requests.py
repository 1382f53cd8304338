"""What comes with a question: the key that names its request, and the thread it belongs to."""

from __future__ import annotations

import math
from dataclasses import replace

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Request
from codexity.errors import KeyReused, StoreFailed, UnknownRun
from codexity.model import Filters, Question
from codexity.ports import RunRecord
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
from world import WORDS, Model, Provider, Reply, Web, hits, toolbox, until

KEYED = Request(key="once-1", grace_seconds=math.inf)
HERS = replace(KESTREL, principal="alice")


async def test_the_same_request_under_one_key_begins_one_run() -> None:
    async with living(answering()) as (engine, diary):
        first = await engine.once(KESTREL, KEYED)
        assert await engine.once(KESTREL, KEYED) == first
        await until(lambda: diary.ended)
        assert await engine.once(replace(KESTREL, text=f"  {KESTREL.text}\n"), KEYED) == first

        others = [
            await engine.once(KESTREL, replace(KEYED, key="once-2")),
            await engine.once(KESTREL, replace(KEYED, key=None)),
            await engine.once(KESTREL, replace(KEYED, key=None)),
            await engine.once(HERS, KEYED),
        ]
        await until(lambda: len(diary.ended) == 5)
    assert len({first.run, *(one.run for one in others)}) == 5


@pytest.mark.parametrize(
    ("question", "request_"),
    [
        (replace(KESTREL, text="Why?"), KEYED),
        (replace(KESTREL, filters=Filters(max_sources=1)), KEYED),
        (replace(KESTREL, filters=Filters(provider=("p",))), KEYED),
        (KESTREL, replace(KEYED, grace_seconds=5.0)),
    ],
    ids=["text", "sources", "provider", "grace"],
)
async def test_another_request_under_the_same_key_is_refused(
    question: Question, request_: Request
) -> None:
    async with living(answering()) as (engine, diary):
        first = await engine.once(KESTREL, KEYED)
        with pytest.raises(KeyReused):
            await engine.once(question, request_)
        await engine.once(question, replace(request_, key="another"))
        assert await engine.once(KESTREL, KEYED) == first
        await until(lambda: len(diary.ended) == 2)


async def test_a_run_without_a_thread_begins_one_and_others_join_it() -> None:
    async with living(answering()) as (engine, diary):
        first = await engine.once(KESTREL, KEYED)
        joined = Request(thread=first.thread, grace_seconds=math.inf)
        second = await engine.once(replace(KESTREL, text="How does a kestrel fly?"), joined)
        alone = await engine.once(KESTREL, Request(grace_seconds=math.inf))
        await until(lambda: len(diary.ended) == 3)

        assert second.thread == first.thread != alone.thread
        runs = await engine.history.runs(first.thread, principal=MINE)
        assert [one.run for one in runs] == [first.run, second.run]
        threads = (await engine.history.threads(principal=MINE)).items
        assert [(one.thread, one.question, one.runs) for one in threads] == [
            (alone.thread, KESTREL.text, 1),
            (first.thread, KESTREL.text, 2),
        ]


async def test_a_thread_belongs_to_its_principal_alone() -> None:
    async with living(hanging()) as (engine, diary):
        mine = await engine.once(KESTREL, KEYED)
        joining = Request(thread=mine.thread)
        for principal, thread in (("alice", mine.thread), (MINE, "0" * 32)):
            with pytest.raises(UnknownRun):
                await engine.once(replace(KESTREL, principal=principal), Request(thread=thread))
            with pytest.raises(UnknownRun):
                await engine.history.runs(thread, principal=principal)
            with pytest.raises(UnknownRun):
                await engine.forget(thread, principal=principal)
        assert (await engine.history.threads(principal="alice")).items == ()
        assert diary.ended == []
        assert (await engine.once(KESTREL, joining)).thread == mine.thread


async def test_a_forgotten_thread_is_stopped_first_and_then_unknown() -> None:
    log = MemoryRunLog()
    provider = Provider("p", hits(URL), release=anyio.Event())
    tools = toolbox(provider, web=Web(pages={URL: WORDS}))
    async with living(tools, log=log) as (engine, diary):
        gone = await engine.once(KESTREL, KEYED)
        stays = await engine.once(KESTREL, replace(KEYED, key="stays"))
        await until(lambda: len(provider.asked) >= 2)

        await engine.forget(gone.thread, principal=MINE)

        assert [(one.run, one.status) for one in diary.ended] == [(gone.run, "cancelled")]
        assert await log.record(gone.run) is None
        with pytest.raises(UnknownRun):
            await engine.snapshot(gone.run, principal=MINE)
        with pytest.raises(UnknownRun):
            await engine.forget(gone.thread, principal=MINE)
        threads = (await engine.history.threads(principal=MINE)).items
        assert [one.thread for one in threads] == [stays.thread]
        assert provider.release is not None
        provider.release.set()
        await until(lambda: len(diary.ended) == 2)
        assert (await engine.snapshot(stays.run, principal=MINE)).status == "completed"
    assert await stored(log, gone.run) == []
    assert await log.record(stays.run) is not None


async def test_a_reader_of_a_thread_that_is_forgotten_hears_the_end() -> None:
    statuses: list[str] = []
    async with living(hanging()) as (engine, _):
        run = await engine.once(KESTREL, KEYED)
        async with engine.follow(run.run, principal=MINE) as follower:
            await engine.forget(run.thread, principal=MINE)
            with anyio.fail_after(5):
                while entries := await follower.read():
                    statuses += [one.event.name for one in entries]
    assert statuses[-1] == "done"


async def test_a_store_that_fails_is_told_to_who_needs_it_and_to_nobody_else() -> None:
    class Away(MemoryRunLog):
        async def asked(self, principal: str, key: str) -> RunRecord | None:
            raise StoreFailed("It is locked.")

    async with living(answering(), log=Away()) as (engine, diary):
        with pytest.raises(StoreFailed):
            await engine.once(KESTREL, KEYED)
        assert diary.ended == []
        await engine.once(KESTREL, Request(grace_seconds=math.inf))
        await until(lambda: diary.ended)
        assert [one.status for one in diary.ended] == ["completed"]


async def test_operators_become_filters_and_the_question_is_kept_as_it_was_typed() -> None:
    other = "https://other.example/kestrel"
    provider = Provider("p", hits(URL, other))
    model = Model(Reply(["It flies into the wind [1]."]))
    tools = toolbox(provider, web=Web(pages={URL: WORDS, other: WORDS}), model=model)
    typed = replace(KESTREL, text=f"{KESTREL.text} -site:other.example lang:en")
    async with living(tools) as (engine, _):
        run = engine.start(typed)
        async with engine.follow(run, principal=MINE) as follower:
            await all_entries(follower)
        answer = await engine.snapshot(run, principal=MINE)
        written = str(model.messages)
        plain = await events_of(engine, KESTREL)

    assert answer.question == typed.text
    assert {(query.exclude_site, query.language) for query in provider.asked} == {
        (("other.example",), "en"),
        ((), None),
    }
    assert not any(":" in query.text for query in provider.asked)
    assert [one.url for one in answer.sources] == [URL]
    assert [(one.what, one.code) for one in answer.skipped] == [(other, "filtered")]
    assert KESTREL.text in written
    assert "lang:en" not in written
    assert ends(plain) == ["completed"]
    assert "filtered" not in str(plain)
