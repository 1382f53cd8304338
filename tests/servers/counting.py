"""A site on loopback that notes for each connection which bytes came, and that it was left."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import anyio
from anyio.abc import ByteStream, Listener, SocketAttribute, SocketStream
from anyio.streams.tls import TLSListener

CERTIFICATE: Final = Path(__file__).with_name("site.test.pem")
"""For `site.test`, made for these tests, with its key: nothing else trusts it."""
_HANDSHAKE: Final = b"\x16"
"""How a client begins TLS, which a site without it ends at once."""
PAGE: Final = b"<!doctype html><title>A page</title><p>Hello</p>"


@dataclass(slots=True)
class Connection:
    """One connection: what was received on it, TLS taken off, and whether the client left it."""

    stream: ByteStream
    received: bytearray = field(default_factory=bytearray)
    left: anyio.Event = field(default_factory=anyio.Event)

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for."""
        lines = self.received.decode("latin-1").split("\r\n")
        return [line.split(" ")[1] for line in lines if line.endswith(" HTTP/1.1")]


class CountingSite:
    """Answers pages at once, and its robots.txt once `rules_may_go` is set; runs in its block.

    With `closes` each answer to robots.txt is the last of its connection. One that `rests` asks to
    be left alone for a minute in place of a page. `/moved` redirects to `/page`, with a `farewell`
    of which `sent` bytes are sent, or all.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self.rules = b"User-agent: *\nDisallow: /private"
        self.closes = False
        self.rests = False
        self.farewell = b"Moved."
        self.sent: int | None = None
        self.rules_may_go = anyio.Event()
        self.opened: list[Connection] = []
        self.port = 0
        self._tls = tls
        self._tasks = anyio.create_task_group()

    async def __aenter__(self) -> Self:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        self.port = listener.extra(SocketAttribute.local_port)
        await self._tasks.__aenter__()
        self._tasks.start_soon(self._run, listener)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def _run(self, listener: Listener[SocketStream]) -> None:
        async with listener:
            if not self._tls:
                await listener.serve(self._serve)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(CERTIFICATE)
            await TLSListener(listener, context, standard_compatible=False).serve(self._serve)

    async def until(self, condition: Callable[[], object]) -> None:
        """Waits for what is to become of its connections."""
        with anyio.fail_after(10):
            while not condition():
                await anyio.sleep(0.002)

    def asked(self, path: str) -> int:
        """How often a path was asked for, whatever the connection."""
        return sum(one.asked.count(path) for one in self.opened)

    async def _serve(self, stream: ByteStream) -> None:
        connection = Connection(stream)
        self.opened.append(connection)
        try:
            async with stream:
                while not await self._answered(connection):
                    pass
        except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            pass
        finally:
            connection.left.set()

    async def _answered(self, connection: Connection) -> bool:
        """Whether the answer was the connection's last."""
        begun = len(connection.received)
        while b"\r\n\r\n" not in connection.received[begun:]:
            connection.received += await connection.stream.receive()
            if connection.received.startswith(_HANDSHAKE):
                return True
        if connection.asked[-1] == "/moved":
            moved = _answer(b"302 Found\r\nLocation: /page", b"text/plain", self.farewell)
            kept_back = 0 if self.sent is None else len(self.farewell) - self.sent
            await connection.stream.send(moved[: len(moved) - kept_back])
            return False
        if connection.asked[-1] != "/robots.txt":
            status = b"429 Later\r\nRetry-After: 60" if self.rests else b"200 OK"
            await connection.stream.send(_answer(status, b"text/html", PAGE))
            return False
        await self.rules_may_go.wait()
        status = b"200 OK\r\nConnection: close" if self.closes else b"200 OK"
        await connection.stream.send(_answer(status, b"text/plain", self.rules))
        return self.closes


def _answer(status: bytes, kind: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body
