"""Tasks that catch their own faults: none takes with it what is around it."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest
from anyio.to_thread import run_sync

from browsing import PATIENT, rigged
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.proxy import GuardedProxy, Way
from codexity.edges.http import app as application
from codexity.edges.http.drain import Drain
from codexity.edges.http.streams import Connection, Streams, opened
from codexity.engine import Engine, Request
from codexity.settings import Settings, StreamGroup
from living import KESTREL, MINE, hanging, living
from servers.local import LocalServer, Reply
from servers.shell import WORDS
from world import until

FOREVER = Request(grace_seconds=float("inf"))


class Faulty:
    """Stands for another object, of which one attribute cannot be read so many times."""

    def __init__(self, of: object, attribute: str, times: int = 1) -> None:
        self._of = of
        self._attribute = attribute
        self.left = times

    def __getattr__(self, name: str) -> Any:
        if name == self._attribute and self.left:
            self.left -= 1
            raise MemoryError
        return getattr(self._of, name)


@pytest.fixture(autouse=True)
def _told(logged: Callable[[], list[dict[str, str]]]) -> None:
    """What is logged meanwhile goes into a text."""


# --- the browser and its proxy ----------------------------------------------------


async def answer(way: Way, target: str) -> bytes:
    """What the proxy answers to one request."""
    pair = base64.b64encode(f"{way.user}:{way.password}".encode()).decode()
    asked = f"GET {target} HTTP/1.1\r\nProxy-Authorization: Basic {pair}\r\n\r\n"
    said = b""
    async with await anyio.connect_tcp("127.0.0.1", way.port) as client:
        await client.send(asked.encode())
        with anyio.fail_after(10):
            async for piece in client:
                said += piece
    return said


async def test_a_connection_that_breaks_the_proxy_ends_alone() -> None:
    async def resolver(host: str, _port: int) -> Sequence[str]:
        if host == "broken.test":
            raise RuntimeError("can't start new thread")
        return ("127.0.0.1",)

    with LocalServer(lambda _: Reply(pieces=(b"Hello",))) as server:
        port = server.url.rpartition(":")[2]
        hosts = frozenset({f"broken.test:{port}", f"site.test:{port}"})
        proxy = GuardedProxy(Guard(allow_hosts=hosts, resolver=resolver))
        async with anyio.create_task_group() as tasks:
            way = cast("Way", await tasks.start(proxy.run))
            assert await answer(way, f"http://broken.test:{port}/") == b""
            assert b"Hello" in await answer(way, f"http://site.test:{port}/")
            tasks.cancel_scope.cancel()


@pytest.mark.system
async def test_a_browser_that_cannot_be_watched_is_replaced() -> None:
    limits = Faulty(PATIENT, "memory_bytes", times=0)
    async with rigged(cast("Any", limits)) as rig:
        assert WORDS in await rig.text()
        first = rig.group
        limits.left = 1
        await until(lambda: rig.browser.group is None)
        assert not limits.left
        assert WORDS in await rig.text()
        assert rig.group != first


# --- a run that nobody reads ------------------------------------------------------


async def test_a_run_that_nobody_can_look_after_ends_and_no_other() -> None:
    async with living(hanging()) as (engine, diary):
        other = engine.start(KESTREL, FOREVER)
        # No clock has such a time: waiting for it raises.
        run = engine.start(KESTREL, Request(grace_seconds=cast("Any", Late(1))))
        await until(lambda: bool(diary.ended))
        assert [(one.run, one.status) for one in diary.ended] == [(run, "cancelled")]
        assert diary.faults
        assert (await engine.snapshot(other, principal=MINE)).status == "running"


class Late(float):
    """A number that cannot be compared."""

    def __radd__(self, other: float) -> Any:
        return self

    def __sub__(self, other: float) -> Any:
        raise MemoryError


# --- the server's own -------------------------------------------------------------


@asynccontextmanager
async def served() -> AsyncGenerator[tuple[Engine, Streams]]:
    async with (
        living(hanging()) as (engine, _),
        opened(StreamGroup(), engine.supervisor) as streams,
    ):
        yield engine, streams


async def test_what_cannot_be_prepared_is_told_and_nothing_else_ends(
    logged: Callable[[], list[dict[str, str]]],
) -> None:
    async def warm() -> None:
        raise RuntimeError("can't start new thread")

    unprepared = SimpleNamespace(starter=None, warm=warm)
    await vars(application)["_prepare"](unprepared)
    [line] = logged()
    assert line["event"] == "not prepared"


async def test_a_drain_that_breaks_ends_the_server_all_the_same() -> None:
    stopped: list[bool] = []
    async with served() as (engine, streams):
        broken = cast("Streams", Faulty(streams, "closed"))
        drain = Drain(engine, broken, seconds=0, stop=lambda: stopped.append(True))
        engine.supervisor.on_failure(drain.fail)
        engine.supervisor.fail("a loop")
        with anyio.fail_after(10):
            await drain.wait()
    assert stopped


async def test_a_server_that_cannot_tell_of_its_clients_ends_that_stream_alone() -> None:
    async def receive() -> Any:
        raise MemoryError

    async with served() as (engine, streams):
        async with engine.follow(engine.start(KESTREL, FOREVER), principal=MINE) as follower:
            connection = Connection(follower, silence=60)
            with anyio.fail_after(5), streams.listening(connection, receive):
                await anyio.sleep_forever()
        assert engine.supervisor.running
        assert engine.supervisor.failed is None


@pytest.mark.parametrize("dies", [True, False])
async def test_a_server_whose_own_tasks_die_does_not_look_well(tmp_path: Path, dies: bool) -> None:
    stopped: list[bool] = []
    settings = Settings.model_validate(
        {"data_dir": tmp_path, "search": {"providers": ["library"], "starter": False}}
    )
    app = await run_sync(application.create, settings)
    app.state.stop = lambda: stopped.append(True)
    ended, end = anyio.Event(), anyio.Event()
    async with anyio.create_task_group() as tasks:

        async def live() -> None:
            async with app.router.lifespan_context(app):
                await end.wait()
            ended.set()

        tasks.start_soon(live)
        await until(lambda: hasattr(app.state, "serving"), 30)
        engine: Engine = app.state.serving.engine
        with anyio.fail_after(30):
            if dies:
                vars(engine)["_tasks"].cancel_scope.cancel()
            else:
                end.set()
            await ended.wait()
    assert stopped == [True] * dies
    assert bool(app.state.serving.engine.supervisor.failed) is dies
