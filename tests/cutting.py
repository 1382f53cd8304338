"""A wire that cuts where chance will have it, readers that come back, and a server for both."""

from __future__ import annotations

import json
import random
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
from anyio.abc import ByteStream, SocketStream

from asking import QUESTION, library
from servers.local import Asked
from servers.openai import OpenAIServer
from serving import Server, Told, until

STREAM = {"Accept": "text/event-stream"}
SAID = "It flies into the wind [1]."
PATIENCE_SECONDS = 30.0
_READ_BYTES = 65_536


class Cutter:
    """Listens on a free loopback port for clients of `target`; `open_cutter` makes one.

    `wanted` connections are cut, each behind a byte of the server's between the first and number
    `most`, the head of the response included. `cuts` is how many were, so far.
    """

    def __init__(self, target: str, *, seed: int, wanted: int, most: int) -> None:
        parts = urlsplit(target)
        assert parts.hostname is not None
        assert parts.port is not None
        self._target = (parts.hostname, parts.port)
        self._random = random.Random(seed)
        self._left = wanted
        self._most = most
        self.url = ""
        self.cuts = 0

    async def serve(self, client: SocketStream) -> None:
        """Passes one connection on, to its cut or its end."""
        # One that ends before its cut leaves it to another.
        limit = self._random.randint(1, self._most) if self._left else None
        self._left -= limit is not None
        cut = False
        async with client:
            async with (
                await anyio.connect_tcp(*self._target) as server,
                anyio.create_task_group() as tasks,
            ):
                tasks.start_soon(_ask, client, server, tasks.cancel_scope)
                # A reset, by a reader that left or by the server, is an end as good as any.
                with suppress(anyio.BrokenResourceError):
                    cut = await _answer(server, client, limit)
                tasks.cancel_scope.cancel()
            if cut and self._random.random() < 0.5:
                # By a reset, as a machine does that forgot the connection.
                await anyio.aclose_forcefully(client)
        self.cuts += cut
        self._left += limit is not None and not cut


async def _ask(client: ByteStream, server: ByteStream, scope: anyio.CancelScope) -> None:
    try:
        while True:
            await server.send(await client.receive(_READ_BYTES))
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        scope.cancel()


async def _answer(server: ByteStream, client: ByteStream, limit: int | None) -> bool:
    """Whether it came to the cut."""
    passed = 0
    while True:
        try:
            data = await server.receive(_READ_BYTES)
        except anyio.EndOfStream:
            return False
        if limit is not None and passed + len(data) >= limit:
            await client.send(data[: limit - passed])
            return True
        await client.send(data)
        passed += len(data)


@asynccontextmanager
async def open_cutter(
    target: str, *, seed: int, wanted: int, most: int
) -> AsyncGenerator[Cutter, None]:
    """A cutter that runs until the block is left."""
    cutter = Cutter(target, seed=seed, wanted=wanted, most=most)
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    host, port = listener.extra(anyio.abc.SocketAttribute.local_address)[:2]
    cutter.url = f"http://{host}:{port}"
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, cutter.serve)
        yield cutter
        tasks.cancel_scope.cancel()


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a reader has of one run: whole events only, each once, none left out, in their order.

    `path` is where it asks, `at` when each event came (a monotonic time), `back` the ids with which
    it came back; `halves` counts the cuts within an event.
    """

    path: str
    events: list[Told] = field(default_factory=list[Told])
    at: list[float] = field(default_factory=list[float])
    back: list[str] = field(default_factory=list[str])
    halves: int = 0
    _rest: bytes = b""

    @property
    def run(self) -> str:
        return self.events[0].id.rpartition("-")[0]

    @property
    def text(self) -> str:
        return "".join(one.data["text"] for one in self.events if one.name == "token")

    @property
    def status(self) -> str | None:
        """How the run ended; None as long as the reader does not know."""
        last = self.events[-1] if self.events else None
        return last.data["status"] if last is not None and last.name == "done" else None

    def feed(self, data: bytes) -> None:
        """Takes what came over the wire."""
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            self._take(block.decode())

    def broke(self) -> None:
        """The connection has ended: half an event is none."""
        self.halves += bool(self._rest)
        self._rest = b""

    def asks(self) -> dict[str, str]:
        """With which headers it asks."""
        if not self.events:
            return STREAM
        self.back.append(self.events[-1].id)
        return STREAM | {"Last-Event-ID": self.events[-1].id}

    def _take(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        one = Told(id=fields["id"], name=fields["event"], data=json.loads(fields["data"]))
        assert self.status is None, f"{one} behind the end"
        if one.name == "heartbeat":
            assert one.id == self.events[-1].id
            return
        number = len(self.events) + 1
        assert one.seq == number, f"number {number} was due, {one} came"
        assert not self.events or one.id == f"{self.run}-{number}"
        self.events.append(one)
        self.at.append(time.monotonic())


async def listen(client: httpx2.AsyncClient, address: str, reading: Reading) -> None:
    """Listens until the connection ends, however it does.

    Raises:
        Refused: the answer was no stream.
    """
    headers = reading.asks()
    try:
        # It is cut at any byte, of the head of the answer too: the reader comes back for the rest.
        with suppress(httpx2.TransportError):
            async with client.stream("GET", address + reading.path, headers=headers) as response:
                if response.status_code != 200:
                    raise Refused(response.status_code)
                async for data in response.aiter_raw():
                    reading.feed(data)
    finally:
        reading.broke()


class Refused(Exception):
    """A reader was answered with a status that is not 200."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def to_the_end(client: httpx2.AsyncClient, address: str, reading: Reading) -> None:
    """Listens, and comes back until it has heard the end."""
    while reading.status is None:
        await listen(client, address, reading)


def patient() -> httpx2.AsyncClient:
    """A client with a new connection for each request, which may wait long for its answer."""
    limits = httpx2.Limits(max_connections=1_000, max_keepalive_connections=0)
    return httpx2.AsyncClient(timeout=60, trust_env=False, limits=limits)


def settings(folder: Path, model: OpenAIServer, **more: object) -> Mapping[str, object]:
    """Of a server that answers from a small library in this model's words, many runs at once."""
    named = {name.removeprefix("CODEXITY_"): value for name, value in library(folder).items()}
    return {
        **named,
        "LLM__BASE_URL": model.base_url,
        "LLM__MODEL": model.model,
        "LLM__API_KEY": model.key,
        "LIMITS__MAX_QUERIES": 1,
        "LIMITS__ANSWER_TOKENS": 100_000,
        "RUNS__AT_ONCE": 200,
        "STREAM__MAX_STREAMS_PER_CLIENT": 1_000,
        **more,
    }


def at_length(_: str) -> str:
    """An answer that takes a minute at a tenth of a second a word."""
    return " ".join(f"word-{number}" for number in range(600))


def soon(_: str) -> str:
    """An answer that takes some seconds at that pace."""
    return " ".join(f"word-{number}" for number in range(25))


@contextmanager
def nothing_started(server: Server, model: OpenAIServer) -> Generator[None]:
    """Of all that is asked inside, nothing starts a run; the control behind it does."""
    before, bodies = len(server.ended_runs()), len(model.bodies)
    yield
    control = server.ask(QUESTION)
    until(lambda: control.run in server.ended_runs(), "logged")
    assert server.ended_runs()[before:] == [control.run]
    assert len(model.bodies) == bodies + 1


def begun(server: Server, headers: Mapping[str, str] | None = None, **fields: object) -> str:
    """The id of a run that was posted, with these fields beside its question."""
    body = {"question": QUESTION, **fields}
    response = server.client.post(f"{server.url}/runs", json=body, headers=headers)
    assert response.status_code == 201, response.text
    run = response.json()["run"]
    assert response.headers["location"] == f"/runs/{run}"
    return run


def post(server: Server, body: object, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    return server.client.post(f"{server.url}/runs", json=body, headers=headers)


def over(server: Server, run: str) -> None:
    """Waits until a run has ended."""
    until(lambda: run in server.ended_runs(), "logged")


def snapshot(server: Server, run: str) -> Any:
    return server.get(f"/runs/{run}").json()


def written(server: Server, run: str) -> None:
    """Waits until something of an answer is there."""
    until(lambda: snapshot(server, run).get("answer"), "written", PATIENCE_SECONDS)


def writing(model: OpenAIServer) -> Asked:
    """The request for the last answer."""
    return [one for one in model.asked if one.path == "/v1/chat/completions"][-1]
