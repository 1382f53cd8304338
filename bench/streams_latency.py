"""How soon Codexity answers a reader who comes back, leaves or stops, and its own end."""

from __future__ import annotations

import http.client
import math
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from streams_load import Load
from streams_served import SEARCH, Served, serving

_TRIES = 50
_TOKENS = 200
_STREAMS = 100
_LOOK_SECONDS = 0.001
_SECONDS = 30.0


def print_latencies(folder: Path) -> None:
    print(f"\nlatencies, {_TRIES} times each, in ms")
    with serving("codexity", folder) as server:
        print_times("left, to the end of generation", leaving(server), (20, 100))
        print_times("stopped, to the answer of it", stopping(server), (None, 250))
        run = said(server)
        print_times("resumed from memory, to the first event", resuming(server, run))
    with serving("codexity", folder) as server:
        print_times("resumed after a restart, the same", resuming(server, run))
        server.order("set", how="turns", tokens=1, rate=0)
        told, out = drained(server)
        print(
            f"  SIGTERM with {_STREAMS} streams: all told after {told:.0f} ms, out after {out:.0f} "
            f"ms (bar: 1000): {'ok' if out <= 1_000 else 'MISSED'}"
        )


def leaving(server: Served) -> list[float]:
    """From a client's close to where the model's reply is left; no grace is owed."""

    def leave(load: Load) -> float:
        before = server.order("look").left
        begin = time.monotonic()
        load.close()
        _until(lambda: server.order("look").left > before)
        return server.order("look").left_at - begin

    return _each(server, leave)


def stopping(server: Served) -> list[float]:
    """From `DELETE` on another connection to its answer, in the middle of generation."""

    def stop(load: Load) -> float:
        run = next(iter(load.runs.values()))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_SECONDS)
        connection.connect()
        begin = time.monotonic()
        connection.request("DELETE", f"/runs/{run}")
        connection.getresponse().read()
        spent = time.monotonic() - begin
        connection.close()
        load.close()
        return spent

    return _each(server, stop)


def said(server: Served) -> str:
    """A run that has said everything, and is stored."""
    server.order("set", how="burst", tokens=_TOKENS, rate=0)
    load = Load(server.port)
    server.open(load, 1)
    server.order("go")
    load.read_until(lambda: not load.open)
    server.settled()
    return next(iter(load.runs.values()))


def resuming(server: Served, run: str) -> list[float]:
    """From the connect of a reader who has half of a run to the first event that it lacks."""
    spent: list[float] = []
    for _ in range(_TRIES):
        load = Load(server.port)
        begin = time.monotonic()
        load.ask(SEARCH, 1, f"Last-Event-ID: {run}-{_TOKENS // 2}\r\n")
        load.read_until(lambda load=load: load.total > 0)
        spent.append(load.last - begin)
        load.close()
    return spent


def drained(server: Served) -> tuple[float, float]:
    """Milliseconds from SIGTERM until every stream has ended, and until the process has."""
    load = Load(server.port)
    server.open(load, _STREAMS)
    begin = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    load.read_until(lambda: not load.open)
    told = time.monotonic() - begin
    server.process.wait(_SECONDS)
    return 1e3 * told, 1e3 * (time.monotonic() - begin)


def print_times(
    what: str, seconds: Sequence[float], bars: tuple[float | None, float | None] = (None, None)
) -> None:
    rows = sorted(seconds)
    figures = (1e3 * rows[len(rows) // 2], 1e3 * rows[math.ceil(0.95 * len(rows)) - 1])
    told = [
        f"{name} {figure:.1f}"
        + ("" if bar is None else f" (bar: {bar:g}): {'ok' if figure <= bar else 'MISSED'}")
        for name, figure, bar in zip(("p50", "p95"), figures, bars, strict=True)
    ]
    print(f"  {what}: {', '.join(told)}")


def _each(server: Served, act: Callable[[Load], float]) -> list[float]:
    server.order("set", how="turns", tokens=1, rate=0)
    spent: list[float] = []
    for _ in range(_TRIES):
        load = Load(server.port)
        server.open(load, 1, f"{SEARCH}&resume=0")
        load.read_until(lambda load=load: bool(load.runs))
        spent.append(act(load))
    return spent


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit("a run that was left went on")
        time.sleep(_LOOK_SECONDS)
