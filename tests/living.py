"""An engine over the small world, what is read of its runs, and runs as a log keeps them."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio

from codexity.adapters.running.control import LocalControl
from codexity.adapters.running.slots import LocalSlots
from codexity.adapters.store.memory import MemoryRunLog
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.engine import Engine, Follower
from codexity.events import Done, Event, encode
from codexity.model import Limits, Question
from codexity.ports import Backing, Batch, Entries, Entry, RunRecord, Toolbox
from world import WORDS, Diary, Model, Provider, Reply, Web, hits, toolbox

URL = "https://a.example/kestrel"
KESTREL = Question(text="How does a kestrel hover in one place?")
MINE = "local"
Log = MemoryRunLog | SqliteRunLog


@asynccontextmanager
async def living(
    tools: Toolbox,
    *,
    limits: Limits | None = None,
    log: Log | None = None,
    control: LocalControl | None = None,
    at_once: int = 100,
    queued: int = 100,
) -> AsyncGenerator[tuple[Engine, Diary], None]:
    diary = Diary()
    kept = log or MemoryRunLog()
    backing = Backing(
        log=kept, threads=kept, control=control or LocalControl(), slots=LocalSlots(at_once, queued)
    )
    async with Engine(tools, limits or Limits(), backing=backing, journal=diary) as engine:
        yield engine, diary


def answering() -> Toolbox:
    return toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}))


def hanging(provider: Provider | None = None) -> Toolbox:
    return toolbox(provider or Provider("p", release=anyio.Event()))


def writing(reply: Reply) -> tuple[Toolbox, Model]:
    """A world that has evidence, and whose model writes this."""
    model = Model(reply)
    return toolbox(Provider("p", hits(URL)), web=Web(pages={URL: WORDS}), model=model), model


async def all_entries(follower: Follower) -> list[Entry]:
    entries: list[Entry] = []
    while pending := await follower.read():
        entries.extend(pending)
    return entries


async def events_of(engine: Engine, question: Question) -> list[Event]:
    run = engine.start(question)
    async with engine.follow(run, principal=question.principal) as follower:
        return [entry.event for entry in await all_entries(follower)]


def ends(events: Sequence[Event]) -> list[str]:
    return [event.status for event in events if isinstance(event, Done)]


@dataclass(slots=True)
class Hands:
    """A clock that is set by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


class Neighbour(MemoryRunLog):
    """A log that another process shares, the owner "here", which renews its lease all the time."""

    async def take_over(self, new_owner: str, *, but: str, seconds: float) -> Sequence[RunRecord]:
        await self.renew("here")
        return await super().take_over(new_owner, but=but, seconds=seconds)


@asynccontextmanager
async def sqlite_log(
    path: Path, monotonic: Callable[[], float] = time.monotonic
) -> AsyncGenerator[SqliteRunLog, None]:
    log = SqliteRunLog(path, monotonic=monotonic)
    try:
        yield log
    finally:
        await log.aclose()


def record_of(run: str, *, owner: str = "me") -> RunRecord:
    return RunRecord(
        run=run,
        principal=MINE,
        thread=f"t-{run}",
        question="Why?",
        owner=owner,
        started=1.0,
        asked="everything",
    )


def said(*events: Event, first: int = 1) -> list[Entry]:
    return [Entry(seq=n, block=encode(one)) for n, one in enumerate(events, first)]


def together(entries: Sequence[Entry]) -> Entries:
    """Entries whose numbers follow each other."""
    return Entries(entries[0].seq if entries else 1, [entry.block for entry in entries])


def batch(record: RunRecord, *events: Event, first: int = 1) -> Batch:
    return Batch(record=record, entries=together(said(*events, first=first)))


async def stored(log: Log, run: str, after: int = 0) -> list[Entry]:
    """Everything that is stored of a run behind a number."""
    entries: list[Entry] = []
    while found := await log.entries(run, after=after):
        entries += found
        after = found.last
    return entries
