"""The end of a connection is told to everybody who listens."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import anyio
import uvicorn
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs
from uvicorn.server import ServerState

from codexity.edges.http.protocol import CONNECTION, Protocol


class Scarce(dict[str, Any]):
    """The state of an application, of which there may be no memory for another copy."""

    is_scarce = False

    def copy(self) -> dict[str, Any]:
        if self.is_scarce:
            raise MemoryError
        return super().copy()


class Listening:
    """An application with listeners to the end of its connection, each of which breaks."""

    def __init__(self) -> None:
        self.begun = anyio.Event()
        self.told: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        protocol: Protocol = scope["extensions"][CONNECTION]["protocol"]
        for name in ("one", "another", "third"):
            protocol.listen(partial(self.breaks, name))
        assert (await receive())["type"] == "http.request"
        self.begun.set()
        self.told.append((await receive())["type"])

    def breaks(self, name: str) -> None:
        self.told.append(name)
        raise ValueError("this listener is broken")


async def test_a_listener_that_breaks_keeps_no_other_from_being_told() -> None:
    app, faults = Listening(), list[dict[str, Any]]()
    config = uvicorn.Config(app, http=Protocol, log_config=None, lifespan="off")
    config.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, context: faults.append(context))
    server = await loop.create_server(lambda: Protocol(config, state, {}), "127.0.0.1", 0)
    try:
        port: int = server.sockets[0].getsockname()[1]
        with anyio.fail_after(10):
            async with await anyio.connect_tcp("127.0.0.1", port) as client:
                await client.send(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
                await app.begun.wait()
            while state.tasks or state.connections:
                await anyio.sleep(0.002)
    finally:
        server.close()
        await server.wait_closed()
        loop.set_exception_handler(before)

    assert sorted(app.told) == ["another", "http.disconnect", "one", "third"]
    assert [str(one["exception"]) for one in faults] == ["this listener is broken"]


async def test_what_breaks_while_a_request_is_read_is_no_mistake_of_the_client() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(app, http=Protocol, log_config=None, lifespan="off")
    config.load()
    state, loop, kept = ServerState(), asyncio.get_running_loop(), Scarce()
    server = await loop.create_server(lambda: Protocol(config, state, kept), "127.0.0.1", 0)
    told = list[tuple[bytes, int]]()
    try:
        port: int = server.sockets[0].getsockname()[1]
        for target, kept.is_scarce in ((b"/", False), (b"/", True), (b"/\xff", False)):
            with anyio.fail_after(10), capture_logs() as lines:
                async with await anyio.connect_tcp("127.0.0.1", port) as client:
                    await client.send(b"GET %b HTTP/1.1\r\nHost: here\r\n\r\n" % target)
                    told.append(((await client.receive())[9:12], len(lines)))
    finally:
        server.close()
        await server.wait_closed()
    assert told == [(b"204", 0), (b"500", 1), (b"400", 0)]
