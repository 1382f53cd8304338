"""Measures how soon nothing is left of a run that was left or stopped, and of a server."""

from __future__ import annotations

import math
import signal
import statistics
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from asking import library
from llamacpp import LlamaCpp, llamacpp
from serving import Server, installed, serving
from sockets import Wire, events_of, seconds_until, wired
from tiny_gguf import Tiny, make
from upstreams import MODEL, Upstreams

ASK = "/search?q=how+does+a+kestrel+hover"
ROUNDS = 50
STREAMS = 100
SECONDS = 10.0
LEAVE_BARS = (20, 100)
STOP_BAR = 250
TOKEN = b"event: token"


def measure(folder: Path) -> None:
    """Prints the figures; everything is kept in `folder`."""
    hanging(folder / "hanging")
    model = make(folder / "tiny.gguf", Tiny(end_bias=-30))
    with llamacpp(model, slots=1, context=100_000) as llama:
        generating(folder / "generating", llama)
        ended(folder / "working", llama)
    told(folder / "told")


def hanging(folder: Path) -> None:
    """What is left of a request to another server."""
    with Upstreams() as up, serving(installed(folder), **up.settings) as server:
        for stage, what in (("/search", "search"), ("/page-1", "page"), (MODEL, "model")):
            up.holding = {stage} - {MODEL}

            left: list[float] = []
            stopped: list[float] = []
            for number in range(1, 2 * ROUNDS, 2):
                with asked(server) as (wire, _):
                    held = up.reached(stage, number)
                    wire.socket.close()
                    left.append(seconds_until(held.left.is_set, SECONDS))
                with asked(server) as (_, run):
                    held = up.reached(stage, number + 1)
                    stopped.append(stop(server, run))
                    seconds_until(held.left.is_set, SECONDS)
            tell(f"leaving while a {what} hangs, to its closed connection", left, LEAVE_BARS)
            tell(f"DELETE while a {what} hangs, to its answer", stopped, (None, STOP_BAR))


def generating(folder: Path, llama: LlamaCpp) -> None:
    """What is left in a real model server."""
    with Upstreams() as up, serving(installed(folder), **endless(up, llama)) as server:
        for mark, when in ((TOKEN, "while it writes"), (b'"generating"', "before its first token")):
            left: list[float] = []
            stopped: list[float] = []
            free: list[float] = []
            for _ in range(ROUNDS):
                with asked(server) as (wire, _):
                    wire.read_until(mark)
                    seconds_until(llama.busy, SECONDS)
                    wire.socket.close()
                    left.append(seconds_until(lambda: not llama.busy(), SECONDS))
                with asked(server) as (wire, run):
                    wire.read_until(mark)
                    seconds_until(llama.busy, SECONDS)
                    stopped.append(stop(server, run))
                    free.append(seconds_until(lambda: not llama.busy(), SECONDS))
            tell(f"leaving llama.cpp {when}, to a free slot", left, LEAVE_BARS)
            tell(f"DELETE of llama.cpp {when}, to its answer", stopped, (None, STOP_BAR))
            tell("  and from the answer to a free slot", free, (None, None))


def ended(folder: Path, llama: LlamaCpp) -> None:
    """How long a server takes to end that has work under way."""
    with (
        Upstreams("/page-2") as up,
        serving(installed(folder), **endless(up, llama)) as server,
        asked(server) as (writing, _),
    ):
        writing.read_until(TOKEN)
        up.pages = 2
        with asked(server) as (reading, _):
            up.reached("/page-2")
            reading.read_until(b"event: page")
            begin = time.perf_counter()
            server.stop(seconds=SECONDS)
            bar("SIGTERM while llama.cpp writes and a page hangs, to the exit", begin, 3)


def told(folder: Path) -> None:
    """How long a server takes to tell its end to a hundred streams."""
    named = {name.removeprefix("CODEXITY_"): value for name, value in library(folder).items()}
    many = {"RUNS__AT_ONCE": STREAMS, "STREAM__MAX_STREAMS_PER_CLIENT": STREAMS}
    with (
        Upstreams() as up,
        serving(installed(folder / "home"), **{**named, **up.model_settings, **many}) as server,
        ExitStack() as stack,
    ):
        wires = [stack.enter_context(asked(server))[0] for _ in range(STREAMS)]
        for wire in wires:
            wire.read_until(TOKEN)
        begin = time.perf_counter()
        server.process.send_signal(signal.SIGTERM)
        done = sum(b'"status":"interrupted"' in wire.read_to_the_end() for wire in wires)
        server.process.wait(SECONDS)
        bar(f"SIGTERM with {STREAMS} streams, {done} told `done`, to the exit", begin, 1)


def endless(up: Upstreams, llama: LlamaCpp) -> dict[str, object]:
    """Settings with a model that does not stop; what is asked twice is searched twice."""
    return {
        **up.settings,
        "SEARCH__CACHE_SECONDS": 0,
        "LLM__BASE_URL": llama.base_url,
        "LLM__MODEL": llama.model,
        "LIMITS__ANSWER_TOKENS": 100_000,
        "LIMITS__MAX_ANSWER_CHARS": 1_000_000,
    }


@contextmanager
def asked(server: Server) -> Generator[tuple[Wire, str]]:
    """A connection on which was asked, and the run."""
    with wired(server.url) as wire:
        wire.request(ASK)
        yield wire, next(events_of(wire.read_until(b"\n\n\r\n"))).data["run"]


def stop(server: Server, run: str) -> float:
    """The seconds that a stop takes, over a connection of its own that is open."""
    begin = time.perf_counter()
    server.client.delete(f"{server.url}/runs/{run}").raise_for_status()
    return time.perf_counter() - begin


def tell(what: str, seconds: Sequence[float], bars: tuple[int | None, int | None]) -> None:
    rows = sorted(1e3 * one for one in seconds)
    p95 = rows[math.ceil(0.95 * len(rows)) - 1]
    found = [("median", statistics.median(rows), bars[0]), ("p95", p95, bars[1])]
    said = ", ".join(f"{name} {value:.1f} ms{against(value, most)}" for name, value, most in found)
    print(f"{what}: {said}, most {rows[-1]:.1f} ms ({len(rows)} times)")


def bar(what: str, begin: float, most: float) -> None:
    spent = time.perf_counter() - begin
    print(f"{what}: {spent:.2f} s{against(spent, most)}")


def against(value: float, most: float | None) -> str:
    return "" if most is None else f" (bar {most}: {'ok' if value <= most else 'MISSED'})"
