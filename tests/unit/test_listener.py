"""Accepting goes on whatever fails, and what was not opened keeps no place."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from codexity.edges.http.connections import Bounds, Connections
from codexity.edges.http.listener import Listener
from codexity.edges.http.protocol import Protocol

BOUNDS = Bounds(connections=9, of_one_client=9, first_byte_seconds=60, head_seconds=60)
SECONDS = 10


class Stubborn(socket.socket):
    """A listening socket on which `accept` fails as often as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: list[OSError] = []

    def accept(self) -> tuple[socket.socket, Any]:
        if self.fails:
            raise self.fails.pop()
        return super().accept()


class Rig:
    """A listener, its socket and its connections, on the running loop."""

    def __init__(self) -> None:
        async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})

        config = uvicorn.Config(app, http=Protocol, log_config=None, lifespan="off")
        config.load()
        self.state = state = ServerState()
        self.loop = asyncio.get_running_loop()
        self.connections = Connections(BOUNDS)
        self.socket = Stubborn()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.listener = Listener(
            self.socket,
            self.connections,
            lambda: Protocol(config, state, {}, connections=self.connections),
        )

    async def asks(self) -> bytes:
        """What a client that asks is told."""
        reader, writer = await asyncio.open_connection(*self.socket.getsockname())
        try:
            writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            async with asyncio.timeout(SECONDS):
                return await reader.readline()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    async def empty(self) -> None:
        """Waits until no connection has a place."""
        async with asyncio.timeout(SECONDS):
            while len(self.connections):
                await asyncio.sleep(0.002)


@asynccontextmanager
async def rig() -> AsyncGenerator[Rig]:
    held = Rig()
    faults = list[dict[str, Any]]()
    before = held.loop.get_exception_handler()
    held.loop.set_exception_handler(lambda _loop, context: faults.append(context))
    try:
        yield held
    finally:
        if held.socket.fileno() >= 0:
            await held.listener.close()
        held.loop.set_exception_handler(before)


@contextmanager
def failing(loop: asyncio.AbstractEventLoop, name: str, error: BaseException) -> Generator[None]:
    """The loop's own `name` raises, as it does without memory."""

    def fails(*_: object, **__: object) -> object:
        raise error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, name, fails)
        yield


@contextmanager
def slowly(loop: asyncio.AbstractEventLoop, name: str) -> Generator[None]:
    """The loop's own `name` takes a moment longer."""
    own = getattr(loop, name)

    async def after_a_moment(*arguments: object) -> object:
        await asyncio.sleep(0.05)
        return await own(*arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, name, after_a_moment)
        yield


@pytest.mark.parametrize("name", ["connect_accepted_socket", "create_task"])
@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError(), OSError(errno.ENOTCONN, ""), asyncio.CancelledError()]
)
async def test_a_connection_that_cannot_be_opened_keeps_no_place(
    name: str, error: BaseException
) -> None:
    async with rig() as held:
        with failing(held.loop, name, error), socket.socket() as client:
            client.settimeout(0)
            await held.loop.sock_connect(client, held.socket.getsockname())
            async with asyncio.timeout(SECONDS):
                assert await held.loop.sock_recv(client, 1) == b""
            await held.empty()
        # Another is answered, and has a place as long as it is there.
        assert await held.asks() == b"HTTP/1.1 204 No Content\r\n"
        await held.empty()


async def test_where_accepting_failed_it_is_tried_again_whatever_fails_meanwhile() -> None:
    async with rig() as held:
        held.socket.fails.append(OSError(errno.EPERM, ""))
        with socket.socket() as client:
            client.settimeout(0)
            with failing(held.loop, "call_later", MemoryError()):
                await held.loop.sock_connect(client, held.socket.getsockname())
                async with asyncio.timeout(SECONDS):
                    while held.socket.fails:
                        await asyncio.sleep(0)
            assert len(held.connections) == 0
            later = held.loop.time() + 1
            with failing(held.loop, "add_reader", MemoryError()), pytest.raises(MemoryError):
                held.listener.sweep(later)
            await asyncio.sleep(0)
            assert len(held.connections) == 0
            held.listener.sweep(later)
            async with asyncio.timeout(SECONDS):
                while not len(held.connections):
                    await asyncio.sleep(0.002)
        assert await held.asks() == b"HTTP/1.1 204 No Content\r\n"


async def test_who_waits_at_the_end_is_told_so_and_who_was_accepted_is_open() -> None:
    async with rig() as held:
        with socket.socket() as accepted, socket.socket() as waiting:
            accepted.settimeout(0)
            address = held.socket.getsockname()
            with slowly(held.loop, "connect_accepted_socket"):
                await held.loop.sock_connect(accepted, address)
                while not len(held.connections):
                    await asyncio.sleep(0)
                assert not held.state.connections  # it is about to be opened
                waiting.connect(address)  # the loop does not see it
                waiting.settimeout(0)
                await held.listener.close()
            assert len(held.state.connections) == 1
            async with asyncio.timeout(SECONDS):
                told = await held.loop.sock_recv(waiting, 1_000)
                await held.loop.sock_sendall(accepted, b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
                answer = await held.loop.sock_recv(accepted, 1_000)
            assert told.startswith(b"HTTP/1.1 503 ")
            assert b'"code":"draining"' in told
            assert answer.startswith(b"HTTP/1.1 204 ")
            with pytest.raises(ConnectionRefusedError), socket.socket() as late:
                late.connect(address)
