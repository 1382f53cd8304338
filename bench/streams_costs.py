"""Rounds of streams: events a second, CPU, delays, and what an idle connection holds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from streams_load import Load
from streams_script import SPREAD_SECONDS, How
from streams_served import SEARCH, Served

_WARM = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What streams there are, and how they speak: see `Script`."""

    streams: int
    tokens: int
    how: How
    rate: float = 0.0
    window: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one round took.

    `events` is tokens a second by the clock, `cpu` seconds of the server's for a million tokens,
    `lost` tokens that did not come, `delays` sorted seconds between when a token was due and when
    it was read, of those that were due while all streams spoke; `busy` the part of its core that
    the load used.
    """

    events: float
    cpu: float
    lost: int
    delays: Sequence[float]
    busy: float

    def delay(self, part: float) -> float:
        """The delay in milliseconds that this part of the tokens did not exceed."""
        return 1e3 * self.delays[min(len(self.delays) - 1, int(part * len(self.delays)))]


def spend(server: Served, one: Round, *, gate: Served | None = None) -> Spent:
    """One round: all streams are open before the first token, and gone after the last."""
    gate = gate or server
    gate.order("set", how=one.how, tokens=one.tokens, rate=one.rate, window=one.window)
    load = Load(server.port)
    server.open(load, one.streams, gate=gate)
    before = server.settled().cpu
    begin, own = time.monotonic(), time.process_time()
    gate.order("go")
    load.read_until(lambda: not load.open, timed=one.how == "paced")
    busy = (time.process_time() - own) / (time.monotonic() - begin)
    cpu = server.settled().cpu - before
    load.close()
    return Spent(
        events=load.total / (load.last - begin),
        cpu=cpu / load.total * 1e6,
        lost=sum(max(0, one.tokens - count) for count in load.tokens.values()),
        delays=_while_all_spoke(load, one),
        busy=busy,
    )


def _while_all_spoke(load: Load, one: Round) -> list[float]:
    if not load.dues:
        return []
    begin = min(load.dues)
    end = begin + one.tokens / one.rate
    told = zip(load.dues, load.delays, strict=True)
    return sorted(delay for due, delay in told if begin + SPREAD_SECONDS <= due < end)


def ready(server: Served, one: Round) -> float:
    """Events a second to readers who ask for what is ready, their requests included.

    From Codexity they ask for a run that has ended, from others for a stream that need not wait.
    """
    server.order("set", how="burst", tokens=one.tokens, rate=0)
    load = Load(server.port)
    server.open(load, 1)
    server.order("go")
    load.read_until(lambda: not load.open)
    path = SEARCH
    if server.kind == "codexity":
        path = f"/runs/{next(iter(load.runs.values()))}/events"
    server.settled()
    readers = Load(server.port)
    begin = time.monotonic()
    readers.ask(path, one.streams)
    readers.read_until(lambda: not readers.open)
    return readers.total / (readers.last - begin)


def together(server: Served, one: Round) -> float:
    """Events a second to the readers of one run of Codexity's that wait, and to whom it says all.

    What the run takes of itself is shared by them: it is what a reader takes.
    """
    server.order("set", how=one.how, tokens=one.tokens, rate=one.rate)
    load = Load(server.port)
    server.open(load, 1)
    load.read_until(lambda: bool(load.runs))
    load.follow(f"/runs/{next(iter(load.runs.values()))}/events", one.streams)
    server.settled()
    begin = time.monotonic()
    server.order("go")
    load.read_until(lambda: not load.open)
    return load.total / (load.last - begin)


def idle(server: Served, count: int) -> float:
    """KiB of each connection whose stream waits for its first token, in a fresh process."""
    server.order("set", how="turns", tokens=1, rate=0)
    load = Load(server.port)
    server.open(load, _WARM)
    before = server.order("rss").rss
    server.open(load, count)
    after = server.order("rss").rss
    load.close()
    return (after - before) / count / 1024


def idle_followers(server: Served, count: int) -> float:
    """KiB of each further reader of one run that waits for its first token."""
    server.order("set", how="turns", tokens=1, rate=0)
    load = Load(server.port)
    server.open(load, 1)
    load.read_until(lambda: bool(load.runs))
    path = f"/runs/{next(iter(load.runs.values()))}/events"
    load.follow(path, _WARM)
    before = server.order("rss").rss
    load.follow(path, count)
    after = server.order("rss").rss
    load.close()
    return (after - before) / count / 1024
