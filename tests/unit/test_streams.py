"""The pump: who is written to, and what the fault of one connection does to the others."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import anyio
import pytest

from codexity.edges.http.streams import Connection, Streams, opened
from codexity.engine import Engine, Follower, Request
from codexity.errors import LeftBehind
from codexity.model import Limits
from codexity.settings import StreamGroup
from living import KESTREL, MINE, living, writing
from world import Reply, until

PIECES = tuple(f"word{n} " for n in range(160))
ALWAYS = Request(grace_seconds=math.inf)


class Panic(BaseException):
    """As the extensions that are written in Rust raise: no `Exception`."""


class Reading:
    """A reader whose task writes nothing: it has the pump do that, into a list."""

    def __init__(self, streams: Streams, follower: Follower) -> None:
        self.connection = Connection(follower, silence=60)
        self.follower = follower
        self.heard: list[int] = []
        self.behind = False
        self._streams = streams

    async def read(self) -> None:
        """Until the run has ended, or the reader was cut off."""
        self._streams.watch(self.connection)
        try:
            while not self.connection.gone:
                if await self.follower.ready():
                    entries = self.follower.take()
                    if not entries:
                        return
                    self.heard += range(entries.first, entries.last + 1)
        except LeftBehind:
            self.behind = True
        finally:
            self._streams.unwatch(self.connection)

    def flush(self) -> bool:
        entries = self.follower.hand(1_000_000)
        if entries is None:
            return False
        self.heard += range(entries.first, entries.last + 1)
        return True

    def breaks(self) -> bool:
        raise Panic("this connection is broken")


async def _reading(engine: Engine, run: str, streams: Streams, count: int) -> list[Reading]:
    return [Reading(streams, await engine.attach(run, principal=MINE)) for _ in range(count)]


@pytest.mark.parametrize("cut_breaks", [False, True])
async def test_a_connection_that_breaks_under_the_pump_ends_alone_and_is_told(
    logged: Callable[[], list[dict[str, str]]], cut_breaks: bool
) -> None:
    pause = (80, anyio.Event())
    tools, model = writing(Reply(PIECES, pause=pause))
    async with living(tools) as (engine, _), opened(StreamGroup(), engine.supervisor) as streams:
        run = engine.start(KESTREL, ALWAYS)
        readers = await _reading(engine, run, streams, 4)
        broken, *others = readers
        for one in readers:
            one.connection.flush = one.flush
        broken.connection.flush = broken.breaks
        if cut_breaks:
            broken.connection.cut = broken.breaks
        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                for one in readers:
                    tasks.start_soon(one.read)
                await until(lambda: model.writing.written == 80)
                await until(lambda: broken.connection.gone)
                pause[1].set()

    last = others[0].heard[-1]
    assert last > len(PIECES)
    assert all(one.heard == list(range(1, last + 1)) for one in others)
    assert len(broken.heard) < last
    [line] = [line for line in logged() if line["level"] == "error"]
    assert line["run"] == run
    assert "this connection is broken" in line["exception"]


async def test_no_reader_is_dropped_whose_turn_to_read_has_not_come() -> None:
    """More than are written to in one turn of the loop, of a run that waits for the first."""
    tools, _ = writing(Reply(PIECES))
    few = Limits(max_unread_events=32)
    async with (
        living(tools, limits=few) as (engine, _),
        opened(StreamGroup(), engine.supervisor) as streams,
    ):
        run = engine.start(KESTREL, ALWAYS)
        readers = await _reading(engine, run, streams, 200)
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                for one in readers:
                    one.connection.flush = one.flush
                    tasks.start_soon(one.read)

    assert [one.behind for one in readers] == [False] * 200
    last = readers[0].heard[-1]
    assert last > len(PIECES)
    assert all(one.heard == list(range(1, last + 1)) for one in readers)


class FaultySettings:
    """The settings, of which each loop's own cannot be read the first two times."""

    def __init__(self) -> None:
        self.left = {"gather_seconds": 2, "send_seconds": 2}

    def __getattr__(self, name: str) -> object:
        if self.left.get(name):
            self.left[name] -= 1
            raise MemoryError
        return getattr(StreamGroup(), name)


async def test_loops_of_streams_that_break_are_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codexity.supervisor._FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr("codexity.edges.http.streams._BEAT_SECONDS", 0.01)
    tools, _ = writing(Reply(PIECES))
    settings = FaultySettings()
    async with (
        living(tools) as (engine, diary),
        opened(cast("StreamGroup", settings), engine.supervisor) as streams,
    ):
        run = engine.start(KESTREL, ALWAYS)
        [reader, slow] = await _reading(engine, run, streams, 2)
        reader.connection.flush = reader.flush
        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(reader.read)
                # Nothing is sent of what it is being sent, far too long: the timer cuts it.
                slow.connection.sending_since = -1e9
                slow.connection.cut = slow.connection.leave
                streams.watch(slow.connection)
                await until(lambda: slow.connection.gone)
        assert engine.supervisor.failed is None
    assert reader.heard == list(range(1, reader.heard[-1] + 1))
    assert reader.heard[-1] > len(PIECES)
    assert set(settings.left.values()) == {0}
    assert len(diary.loops) == 4


async def test_a_connection_that_breaks_under_the_timer_ends_alone() -> None:
    tools, _ = writing(Reply(PIECES, pause=(80, anyio.Event())))
    async with (
        living(tools) as (engine, diary),
        opened(StreamGroup(), engine.supervisor) as streams,
    ):
        run = engine.start(KESTREL, ALWAYS)
        broken, slow = await _reading(engine, run, streams, 2)
        broken.connection.cut = broken.breaks
        slow.connection.cut = slow.connection.leave
        for one in (broken, slow):
            one.connection.sending_since = -1e9
            streams.watch(one.connection)
        await until(lambda: slow.connection.gone and broken.connection.gone)
        assert not diary.loops
