"""A guarded proxy with what listens behind it, and the bytes that a client of it writes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import anyio
from anyio.abc import SocketAttribute, SocketStream, TaskStatus

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.proxy import GuardedProxy, ProxyLimits, Way

BROKEN = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@dataclass(slots=True)
class Heard:
    """What came over one connection, and whether its client ended it."""

    received: bytearray = field(default_factory=bytearray)
    ended: anyio.Event = field(default_factory=anyio.Event)


@dataclass(slots=True)
class Listener:
    """Notes each connection; says hello once a head came, or `echoes` all of it back."""

    echoes: bool = False
    port: int = 0
    heard: list[Heard] = field(default_factory=list[Heard])

    async def run(self, *, task_status: TaskStatus[None]) -> None:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        self.port = listener.extra(SocketAttribute.local_port)
        async with listener:
            task_status.started()
            await listener.serve(self._serve)

    async def _serve(self, stream: SocketStream) -> None:
        heard = Heard()
        self.heard.append(heard)
        said = False
        async with stream:
            with suppress(*BROKEN):
                while True:
                    piece = await stream.receive()
                    heard.received += piece
                    if self.echoes:
                        await stream.send(piece)
                    elif b"\r\n\r\n" in heard.received and not said:
                        said = True
                        await stream.send(HELLO)
                        if b"Connection: close" in heard.received:
                            await stream.send_eof()
        heard.ended.set()


class ProxyRig:
    """A proxy that may go to `site.test` alone, and what listens there and at the canary."""

    way: Way

    def __init__(self, limits: ProxyLimits) -> None:
        self.site = Listener()
        self.canary = Listener()
        self._limits = limits
        self._tasks = anyio.create_task_group()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        await self._tasks.start(self.site.run)
        await self._tasks.start(self.canary.run)

        async def resolver(host: str, _port: int) -> Sequence[str]:
            if host == "nowhere.test":
                raise OSError("no such name")
            return ("127.0.0.1",)

        hosts = frozenset({f"site.test:{self.site.port}"})
        proxy = GuardedProxy(Guard(allow_hosts=hosts, resolver=resolver), self._limits)
        self.way = await self._tasks.start(proxy.run)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(None, None, None)

    def head(self, line: str, *fields: str) -> bytes:
        """A request that shows the proxy's password."""
        return self.bare(line, f"Proxy-Authorization: Basic {self.password()}", *fields)

    def password(self, changed: str = "") -> str:
        return b64encode(f"{self.way.user}:{self.way.password}{changed}".encode()).decode()

    def bare(self, line: str, *fields: str) -> bytes:
        """A request as it is told, with the ports of this rig."""
        text = "\r\n".join((line, *fields, "", ""))
        text = text.replace("CANARY", f"127.0.0.1:{self.canary.port}")
        return text.replace("SITE", f"site.test:{self.site.port}").encode("latin-1")

    async def connect(self) -> SocketStream:
        return await anyio.connect_tcp("127.0.0.1", self.way.port)

    async def answer(self, *pieces: bytes) -> bytes:
        """Everything that the proxy says to these bytes until it closes the connection."""
        told = b""
        with anyio.fail_after(10):
            async with await self.connect() as stream:
                with suppress(*BROKEN):
                    for piece in pieces:
                        await stream.send(piece)
                with suppress(*BROKEN):
                    while True:
                        told += await stream.receive()
        return told

    def nothing_was_connected(self) -> bool:
        return not self.site.heard and not self.canary.heard
