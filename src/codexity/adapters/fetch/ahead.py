"""Connections that are opened while it is still asked whether anything may be sent on them."""

from __future__ import annotations

import select
import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import anyio
import httpcore2
import httpx2

from codexity.adapters.fetch.faults import FOREIGN
from codexity.errors import Unreadable

Open = Callable[[], Coroutine[Any, Any, None]]
"""Opens the connection that is expected; returns without one where that fails."""

_PORTS: Final = {"http": 80, "https": 443}
_LEFT: Final = getattr(select, "POLLRDHUP", 0)
"""The other side is done sending; without it (macOS) the system tells by itself."""


class _Host:
    """What is expected of one host: by how many, and what is there."""

    def __init__(self) -> None:
        self.expected = 0
        self.opening = 0
        self.open: list[httpcore2.AsyncNetworkStream] = []

    async def close_surplus(self) -> None:
        """Closes what nobody expects any more."""
        with anyio.CancelScope(shield=True):
            while len(self.open) > self.expected:
                await self.open.pop().aclose()


class Ahead(httpcore2.AsyncNetworkBackend):
    """`network`, whose next connection to a host that one was opened to ahead is that one.

    TLS has been agreed on it, and nothing else was sent. At most `per_host` of a host are open
    ahead; each opening has `seconds`.
    """

    def __init__(
        self,
        network: httpcore2.AsyncNetworkBackend,
        *,
        tls: ssl.SSLContext,
        per_host: int,
        seconds: float,
    ) -> None:
        # What the pool sets for its own connections, which takes over those that are opened here.
        tls.set_alpn_protocols(["http/1.1"])
        self._network = network
        self._tls = tls
        self._per_host = per_host
        self._seconds = seconds
        self._hosts: dict[tuple[str, int], _Host] = {}

    @asynccontextmanager
    async def expecting(self, url: httpx2.URL) -> AsyncGenerator[Open]:
        """What opens a connection for a request to come; unused by the block's end it is closed."""
        place = (url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
        host = self._hosts.setdefault(place, _Host())
        host.expected += 1
        try:
            yield partial(self._open, host, place, is_secure=url.scheme == "https")
        finally:
            host.expected -= 1
            if not host.expected:
                self._hosts.pop(place, None)
            await host.close_surplus()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection that was opened ahead and still stands, else a new one of the network's."""
        known = self._hosts.get((host, port))
        while known is not None and known.open:
            stream = known.open.pop(0)
            if not _is_over(stream):
                return stream
            await stream.aclose()
        return await self._network.connect_tcp(host, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Waits between two attempts."""
        await anyio.sleep(seconds)

    async def _open(self, host: _Host, place: tuple[str, int], *, is_secure: bool) -> None:
        if host.opening + len(host.open) >= self._per_host:
            return
        host.opening += 1
        try:
            stream = await self._opened(place, is_secure=is_secure)
        except (Unreadable, *FOREIGN):
            # The request for which it was meant fails like it, and is told why.
            return
        finally:
            host.opening -= 1
        host.open.append(stream)

    async def _opened(
        self, place: tuple[str, int], *, is_secure: bool
    ) -> httpcore2.AsyncNetworkStream:
        stream = await self._network.connect_tcp(*place, timeout=self._seconds)
        if not is_secure:
            return stream
        try:
            secured = await stream.start_tls(self._tls, place[0], self._seconds)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await stream.aclose()
            raise
        return _Secured(secured)


class _Secured(httpcore2.AsyncNetworkStream):
    """A connection on which TLS was agreed: who is about to begin it gets what came of that."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> httpcore2.AsyncNetworkStream:
        del ssl_context, server_hostname, timeout
        return self._stream

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> None:
        """A page of the same port by http, while one by https is expected: no site serves both."""
        del buffer, timeout
        raise httpcore2.WriteError("the connection was opened for https")

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _is_over(stream: httpcore2.AsyncNetworkStream) -> bool:
    """Whether the server closed it. That there is something to read says nothing: TLS has news."""
    connected = stream.get_extra_info("socket")
    if connected is None:
        return False
    if connected.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connected, _LEFT)
    return bool(poll.poll(0))
