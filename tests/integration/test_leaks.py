"""Three hundred who leave early: nothing of them stays, and the next is answered."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from anyio.to_thread import run_sync

from codexity.edges.http.app import create
from codexity.edges.http.protocol import Protocol
from codexity.settings import load
from serving import Server, installed, serving, until
from sockets import descriptors, events_of, resident, wired
from upstreams import MODEL, Upstreams

pytestmark = pytest.mark.soak

ASK = "/search?q=how+does+a+kestrel+hover"
TOKEN = b"event: token"
EARLY = 300
WARM = 60
MOST_GROWN = 5_000_000
STAGES = ["/search", "/page-1", MODEL]
ALWAYS_SEARCHED = {"SEARCH__CACHE_SECONDS": 0}


def leave_early(url: str, up: Upstreams, number: int) -> None:
    """Asks, and leaves while the run searches, reads or writes."""
    stage = STAGES[number % len(STAGES)]
    up.holding = {stage} - {MODEL}
    before = len(up.at(stage))
    with wired(url) as wire:
        wire.request(ASK)
        held = up.reached(stage, before + 1)
        if stage == MODEL:
            wire.read_until(TOKEN)
    assert held.left.wait(30), "the work went on"


def answered(url: str, up: Upstreams) -> None:
    """One who stays hears all."""
    up.holding = set()
    with wired(url) as wire:
        wire.request(ASK)
        wire.read_until(TOKEN)
        run = next(events_of(wire.seen)).data["run"]
        wire.seen = b""
        with wired(url) as other:
            other.request(f"/runs/{run}", method="DELETE")
            other.read_until(b'"cancelled"')
        wire.read_until(b'"status":"cancelled"')


@pytest.fixture
def up() -> Iterator[Upstreams]:
    with Upstreams() as made:
        yield made


# --- a process, looked at from outside --------------------------------------------


def test_three_hundred_who_leave_early_leave_nothing_in_the_process(
    tmp_path: Path, up: Upstreams
) -> None:
    with serving(installed(tmp_path), **up.settings, **ALWAYS_SEARCHED) as server:
        for number in range(WARM):
            leave_early(server.url, up, number)
        answered(server.url, up)
        before, memory = at_rest(server), resident(server.process.pid)
        with wired(server.url) as wire:
            wire.request(ASK)
            wire.read_until(TOKEN)
            # One open stream is seen: the connection to its client, and that to the model.
            assert descriptors(server.process.pid)["socket"] == before["socket"] + 2
        for number in range(EARLY):
            leave_early(server.url, up, number)
        answered(server.url, up)
        assert at_rest(server) == before
        assert resident(server.process.pid) - memory < MOST_GROWN
        until(lambda: not up.held(), "left by all")
        assert Counter(line["level"] for line in server.log()).keys() == {"info"}


def at_rest(server: Server) -> dict[str, int]:
    """The descriptors of a server of which nothing is asked, once they are the same for a while."""
    server.client.close()
    seen: list[dict[str, int]] = []

    def settled() -> bool:
        seen.append(descriptors(server.process.pid))
        return len(seen) > 50 and all(one == seen[-1] for one in seen[-50:])

    until(settled, "at rest", 30)
    return seen[-1]


# --- an event loop, looked at from inside -----------------------------------------


@asynccontextmanager
async def in_this_process(
    folder: Path, up: Upstreams, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[str]:
    given: dict[str, Any] = up.settings | ALWAYS_SEARCHED
    overrides: dict[str, Any] = {"data_dir": folder / "data", "llm": {"discover": False}}
    for name, value in given.items():
        group, _, key = name.lower().partition("__")
        overrides.setdefault(group, {})[key] = value
    monkeypatch.chdir(folder)
    settings = (await run_sync(lambda: load(overrides=overrides))).settings
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        await run_sync(create, settings),
        http=Protocol,
        loop="none",
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=3,
    )
    running = uvicorn.Server(config)
    task = asyncio.ensure_future(running.serve(sockets=[listener]))
    try:
        while not running.started:
            assert not task.done()
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        await task


def tasks() -> Counter[str]:
    """The tasks of this loop by the coroutine that each runs."""
    return Counter(getattr(one.get_coro(), "__qualname__", "?") for one in asyncio.all_tasks())


async def tasks_at_rest() -> Counter[str]:
    before = tasks()
    same = 0
    async with asyncio.timeout(30):
        while same < 50:
            await asyncio.sleep(0.01)
            now = tasks()
            same = same + 1 if now == before else 0
            before = now
    return before


async def test_three_hundred_who_leave_early_leave_no_task(
    tmp_path: Path, up: Upstreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with in_this_process(tmp_path, up, monkeypatch) as url:
        for number in range(len(STAGES)):
            await run_sync(leave_early, url, up, number)
        before = await tasks_at_rest()
        up.holding = set()
        with wired(url) as wire:
            await run_sync(wire.request, ASK)
            await run_sync(wire.read_until, TOKEN)
            assert (tasks() - before).total() > 1, "a stream without a task: this shows nothing"
        for number in range(EARLY):
            await run_sync(leave_early, url, up, number)
        await run_sync(answered, url, up)
        assert not await tasks_at_rest() - before
