"""Runs that cannot be written for a reason of their own: they keep no other from anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import anyio
import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.engine import Request
from codexity.engine.ledger import Ledger
from codexity.engine.run import Run
from codexity.errors import StoreFailed
from codexity.events import Done, Token
from codexity.model import Question
from codexity.ports import Batch, Keep, RunRecord
from living import KESTREL, MINE, Hands, batch, living, record_of, writing
from world import Diary, Reply, until

POISON = "poison"
A = Token(text="a")
FOREVER = Request(grace_seconds=float("inf"))
UNFORESEEN = ValueError("no such character")


class Poisoned(MemoryRunLog):
    """A store that raises `error` when it is to write of a run that was asked with `POISON`."""

    def __init__(self, error: Exception = UNFORESEEN, *, monotonic: Hands | None = None) -> None:
        super().__init__(monotonic=monotonic or Hands())
        self.error = error
        self.tried = 0

    async def begin(self, record: RunRecord) -> RunRecord:
        await super().begin(record)
        raise StoreFailed("The answer was lost.")

    async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
        if any(POISON in one.record.question for one in batches):
            self.tried += 1
            raise self.error
        return await super().write(owner, batches)


@dataclass(slots=True)
class Talk(Reply):
    """A model that writes on until it has had `enough`."""

    enough: anyio.Event = field(default_factory=anyio.Event)

    async def __aiter__(self) -> AsyncIterator[str]:
        while not self.enough.is_set():
            self.written += 1
            yield "A kestrel hovers. "
            await anyio.sleep(0.002)


async def test_a_run_that_cannot_be_written_while_it_goes_on_ends_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("codexity.supervisor._FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr("codexity.engine.ledger._BATCH_SECONDS", 0.002)
    monkeypatch.setattr("codexity.engine.ledger._READERS_FIRST_SECONDS", 0)
    log = Poisoned()
    talk = Talk([])
    tools, _ = writing(talk)
    async with living(tools, log=log) as (engine, diary):
        bad = engine.start(Question(text=f"{KESTREL.text} {POISON}"), FOREVER)
        await until(lambda: diary.faults)
        given_up, tried, written = len(diary.loops), log.tried, talk.written
        # The control: what is said by another meanwhile is written, and the bad one goes on.
        good = engine.start(KESTREL, FOREVER)
        with anyio.fail_after(5):
            while (record := await log.record(good)) is None or record.last < 50:
                await anyio.sleep(0.005)
        assert talk.written > written + 50
        assert (len(diary.loops), log.tried) == (given_up, tried)
        assert engine.supervisor.failed is None
        talk.enough.set()
        await until(lambda: len(diary.ended) == 2)
        assert [run for run, _ in diary.faults] == [bad]
        assert (await engine.snapshot(bad, principal=MINE)).status == "completed"
    assert engine.supervisor.failed is None
    assert await log.record(bad) is None


def _nobody(_run: Run) -> None:
    """Nobody asks what is stored."""


async def test_of_runs_whose_owner_is_gone_one_that_cannot_be_closed_keeps_no_other_open() -> None:
    hands, diary = Hands(), Diary()
    log = Poisoned(monotonic=hands)
    for run, question in (("r1", "Why?"), ("r2", POISON), ("r3", "How?")):
        record = replace(record_of(run, owner="gone"), question=question)
        await MemoryRunLog.write(log, "gone", [batch(record, A)])
    ledger = Ledger(log, diary, keep=Keep(), stored=_nobody)
    for _ in range(20):
        hands.seconds += 2.5
        await ledger.tend()
    closed = {
        run: (record := await log.record(run)) and record.closed for run in ("r1", "r2", "r3")
    }
    assert closed == {"r1": True, "r2": False, "r3": True}
    assert {run for run, _ in diary.faults} == {"r2"}


async def test_of_runs_that_never_began_one_that_cannot_be_closed_keeps_no_other_open() -> None:
    diary = Diary()
    log = Poisoned()
    ledger = Ledger(log, diary, keep=Keep(), stored=_nobody)
    for run, question in (("r1", "Why?"), ("r2", POISON), ("r3", "How?")):
        with pytest.raises(StoreFailed):
            await ledger.begin(ledger.owned(replace(record_of(run), question=question)))
    await ledger.tend()
    await ledger.tend()
    closed = {
        run: (record := await log.record(run)) and record.closed for run in ("r1", "r2", "r3")
    }
    assert closed == {"r1": True, "r2": False, "r3": True}
    assert [run for run, _ in diary.faults] == ["r2"]


@pytest.mark.parametrize("error", [StoreFailed("Another program's trigger."), UNFORESEEN])
async def test_what_is_beyond_the_bounds_goes_though_a_run_cannot_be_closed(
    error: Exception,
) -> None:
    class Altered(Poisoned):
        async def take_over(
            self, new_owner: str, *, but: str, seconds: float
        ) -> Sequence[RunRecord]:
            raise self.error

    log = Altered(error)
    done = Done(status="completed", run="", seconds={})
    for number in range(10):
        await log.write("me", [batch(record_of(f"r{number}"), A, done)])
    ledger = Ledger(log, Diary(), keep=Keep(runs=3), stored=_nobody)
    with pytest.raises(type(error)):
        await ledger.tend()
    assert [n for n in range(10) if await log.record(f"r{n}")] == [7, 8, 9]
