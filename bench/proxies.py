"""What each proxy of the guide adds to a token, and when it tells that the client left.

    python bench/proxies.py

A model of the benchmark's own writes a word once the client has heard the one before, and 30 ms
later; the clients take turns, one straight at the server and one through each proxy.
"""

from __future__ import annotations

import importlib
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from server import print_load

TESTS = Path(__file__).resolve().parents[1] / "tests"
DIRECT = "without a proxy"
WORDS = ("A", *(f" word{number}" for number in range(1, 60)))
PAUSE_SECONDS = 0.03
ROUNDS = 3
HEARTBEAT_SECONDS = 1
GIVEN_UP_SECONDS = 30.0


def main() -> None:
    sys.path.insert(0, str(TESTS))
    lockstep, proxies, serving = map(importlib.import_module, ("lockstep", "proxies", "serving"))
    print_load()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        writer = stack.enter_context(lockstep.WriterServer())
        beats = {"STREAM__FIRST_HEARTBEAT_SECONDS": HEARTBEAT_SECONDS}
        settings = lockstep.settings(folder, writer)
        server = stack.enter_context(serving.serving(folder, **settings, **beats))
        ways: dict[str, str] = {DIRECT: server.url}
        for kind in proxies.NAMES:
            proxied = proxies.proxied(kind, server.url, folder / kind)
            ways[kind] = stack.enter_context(proxied)
        delays: dict[str, list[float]] = {way: [] for way in ways}
        left: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, address in ways.items():
                delays[way] += heard(lockstep, writer, address)
                left[way].append(leaving(lockstep, writer, address))
    tell(delays, left)


def heard(lockstep: Any, writer: Any, address: str) -> Sequence[float]:
    """The seconds from the writing of each word to its hearing."""
    writing = writer.will_write(lockstep.QUESTION, WORDS)
    writing.pause = PAUSE_SECONDS
    return lockstep.in_lockstep(address, writing).delays


def leaving(lockstep: Any, writer: Any, address: str) -> float:
    """The seconds from a client's leaving, just after a heartbeat, to the model's hearing of it."""
    writing = writer.will_write(lockstep.QUESTION, WORDS)
    with lockstep.listening(address, writing.question) as listener:
        for one in listener:
            if one.name == "heartbeat":
                break
    begin = time.perf_counter()
    while not writing.left:
        if time.perf_counter() - begin > GIVEN_UP_SECONDS:
            return math.inf
        time.sleep(0.001)
    return time.perf_counter() - begin


def tell(delays: Mapping[str, Sequence[float]], left: Mapping[str, Sequence[float]]) -> None:
    straight = statistics.median(delays[DIRECT])
    print(f"{ROUNDS} answers of {len(WORDS)} words each way, one after the other")
    print("way              token: median, p95, added (bar 5 ms)   model told: median, most")
    for way, seconds in delays.items():
        rows = sorted(seconds)
        middle = statistics.median(rows)
        p95 = rows[math.ceil(0.95 * len(rows)) - 1]
        added = "" if way == DIRECT else f"{1e3 * (middle - straight):.2f} ms"
        told = f"{statistics.median(left[way]):.2f} s, {max(left[way]):.2f} s"
        print(f"{way:16} {1e3 * middle:7.2f} ms, {1e3 * p95:.2f} ms  {added:>14} {told:>28}")
    print(f"the model is told at a heartbeat ({HEARTBEAT_SECONDS} s here) where not at once")


if __name__ == "__main__":
    main()
