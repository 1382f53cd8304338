"""One key, one run: in whatever process it begins, and whatever becomes of that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Engine, Request
from codexity.errors import BadQuestion, Busy, KeyReused, StoreFailed
from codexity.model import Question
from codexity.ports import Batch, RunRecord
from living import KESTREL, MINE, answering, hanging, living, record_of
from world import until

KEYED = Request(key="once-1", grace_seconds=math.inf)
_OPEN = record_of("open")


@pytest.mark.parametrize("processes", [1, 2])
async def test_of_many_at_once_with_one_key_one_begins_in_whatever_process(processes: int) -> None:
    class Slow(MemoryRunLog):
        looks = 0
        all_looked = anyio.Event()

        async def asked(self, principal: str, key: str) -> RunRecord | None:
            found = await super().asked(principal, key)
            self.looks += 1
            if self.looks == 6:
                self.all_looked.set()
            await self.all_looked.wait()
            return found

    begun: list[RunRecord] = []
    refused: list[str] = []

    async def ask(engine: Engine, question: Question) -> None:
        try:
            begun.append(await engine.once(question, KEYED))
        except KeyReused:
            refused.append(question.text)

    log = Slow()
    async with living(hanging(), log=log) as (one, _), living(hanging(), log=log) as (two, _):
        with anyio.fail_after(5):
            async with anyio.create_task_group() as tasks:
                for engine in (one, (one, two)[processes - 1]):
                    tasks.start_soon(ask, engine, KESTREL)
                    tasks.start_soon(ask, engine, KESTREL)
                    tasks.start_soon(ask, engine, replace(KESTREL, text="Why?"))
        assert one.held + two.held == 1
    assert len({(one.run, one.thread) for one in begun}) == 1
    assert len(refused) in {2, 4}
    assert len(begun) + len(refused) == 6


async def test_a_run_with_a_key_is_stored_before_it_is_told_and_one_without_is_not() -> None:
    log = MemoryRunLog()
    async with living(hanging(), log=log) as (engine, _):
        keyed = await engine.once(KESTREL, KEYED)
        assert await log.record(keyed.run) == keyed
        plain = await engine.once(KESTREL, replace(KEYED, key=None))
        assert await log.record(plain.run) is None


async def test_a_key_that_cannot_be_stored_begins_nothing_and_keeps_no_place() -> None:
    class Full(MemoryRunLog):
        fails = True

        async def begin(self, record: RunRecord) -> RunRecord:
            if self.fails:
                raise StoreFailed("The disk is full.")
            return await super().begin(record)

    log = Full()
    async with living(hanging(), log=log, at_once=1, queued=0) as (engine, diary):
        for _ in range(3):
            with pytest.raises(StoreFailed):
                await engine.once(KESTREL, KEYED)
        assert engine.held == 0
        log.fails = False
        assert (await engine.once(KESTREL, KEYED)).key == KEYED.key
        assert engine.held == 1
        assert diary.ended == []


async def test_a_run_that_was_stored_and_never_began_is_closed_and_keeps_its_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Torn(MemoryRunLog):
        async def begin(self, record: RunRecord) -> RunRecord:
            await super().begin(record)
            raise StoreFailed("The answer was lost.")

    monkeypatch.setattr("codexity.engine.ledger._KEEP_SECONDS", 0.01)
    async with living(hanging(), log=Torn()) as (engine, _):
        with pytest.raises(StoreFailed):
            await engine.once(KESTREL, KEYED)
        known = await engine.once(KESTREL, KEYED)
        with anyio.fail_after(5):
            while (await engine.snapshot(known.run, principal=MINE)).status == "running":
                await anyio.sleep(0.005)
        assert (await engine.snapshot(known.run, principal=MINE)).status == "interrupted"
        assert engine.held == 0


async def test_a_run_that_was_stored_and_could_not_be_launched_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("codexity.engine.ledger._KEEP_SECONDS", 0.01)
    async with living(hanging(), at_once=1, queued=0) as (engine, _):
        with monkeypatch.context() as patch:
            patch.setattr(type(anyio.create_task_group()), "start_soon", full)
            with pytest.raises(MemoryError):
                await engine.once(KESTREL, KEYED)
        known = await engine.once(KESTREL, KEYED)
        with anyio.fail_after(5):
            while (await engine.snapshot(known.run, principal=MINE)).status == "running":
                await anyio.sleep(0.005)
        # The control: its place is another's, whose run is left alone.
        other = await engine.once(KESTREL, replace(KEYED, key="once-2"))
        await anyio.sleep(0.05)
        assert (await engine.snapshot(other.run, principal=MINE)).status == "running"


async def test_a_key_is_remembered_beyond_its_process() -> None:
    log = MemoryRunLog()
    async with living(answering(), log=log) as (engine, diary):
        first = await engine.once(KESTREL, KEYED)
        await until(lambda: diary.ended)
    async with living(answering(), log=log) as (engine, diary):
        again = await engine.once(KESTREL, KEYED)
        assert (again.run, again.thread) == (first.run, first.thread)
        assert (await engine.snapshot(again.run, principal=MINE)).status == "completed"
        with pytest.raises(KeyReused):
            await engine.once(replace(KESTREL, text="Why?"), KEYED)
        assert diary.ended == []
        new = await engine.once(KESTREL, replace(KEYED, key="once-2"))
        await until(lambda: diary.ended)
    assert new.run != first.run


async def test_what_could_not_be_begun_does_not_use_its_key_up() -> None:
    async with living(hanging(), at_once=1, queued=0) as (engine, _):
        with pytest.raises(BadQuestion):
            await engine.once(replace(KESTREL, text=" "), KEYED)
        running = await engine.once(KESTREL, replace(KEYED, key="first"))
        with pytest.raises(Busy):
            await engine.once(KESTREL, KEYED)
        await engine.stop(running.run, principal=MINE)
        again = await engine.once(KESTREL, KEYED)
        assert (await engine.snapshot(again.run, principal=MINE)).status == "running"


async def test_a_run_that_was_given_up_when_its_store_failed_is_not_open_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Away(MemoryRunLog):
        is_away = True

        async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
            if self.is_away:
                raise StoreFailed("The disk is full.")
            return await super().write(owner, batches)

    for name, value in (("_MAX_UNSAVED", 1), ("_KEEP_SECONDS", 0.01), ("_RETRY_SECONDS", 0.01)):
        monkeypatch.setattr(f"codexity.engine.ledger.{name}", value)
    log = Away()
    async with living(answering(), log=log) as (engine, diary):
        runs = [(await engine.once(KESTREL, replace(KEYED, key=key))).run for key in "abc"]
        await until(lambda: len(diary.ended) == 3)
        await until(lambda: len(diary.faults) > 3)
        log.is_away = False
        with anyio.fail_after(5):
            while not all([(await log.record(run) or _OPEN).closed for run in runs]):
                await anyio.sleep(0.005)
        ends = {(await engine.snapshot(run, principal=MINE)).status for run in runs}
    assert "completed" in ends
