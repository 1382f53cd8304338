"""Connections that give way: an idle one is closed while its host keeps another waiting.

A server that serves one connection at a time reads the next one when the one before has ended.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore2

_PATIENCE_SECONDS: Final = 0.3
"""Longer than most answers take: connections to other servers are kept to be used again."""


class GivingWay(httpcore2.AsyncNetworkBackend):
    """`network`, whose connections that wait close the idle ones to the same origin.

    Those are the ones of `pool`, which is made over this network.
    """

    pool: httpcore2.AsyncConnectionPool

    def __init__(self, network: httpcore2.AsyncNetworkBackend) -> None:
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection of the network."""
        stream = await self._network.connect_tcp(
            host,
            port,
            timeout=timeout,
            local_address=local_address,
            socket_options=socket_options,
        )
        return _Waiting(stream, self.pool, httpcore2.Origin(b"http", host.encode(), port))

    async def sleep(self, seconds: float) -> None:
        """Waits as the network does."""
        await self._network.sleep(seconds)


class _Waiting(httpcore2.AsyncNetworkStream):
    def __init__(
        self,
        stream: httpcore2.AsyncNetworkStream,
        pool: httpcore2.AsyncConnectionPool,
        origin: httpcore2.Origin,
    ) -> None:
        self._stream = stream
        self._pool = pool
        self._origin = origin

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> bytes:
        left = float("inf") if timeout is None else timeout
        while left > _PATIENCE_SECONDS:
            try:
                return await self._stream.read(max_bytes, _PATIENCE_SECONDS)
            except httpcore2.ReadTimeout:
                left -= _PATIENCE_SECONDS
                await self._close_idle()
        return await self._stream.read(max_bytes, left)

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> httpcore2.AsyncNetworkStream:
        stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        origin = httpcore2.Origin(b"https", self._origin.host, self._origin.port)
        return _Waiting(stream, self._pool, origin)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def _close_idle(self) -> None:
        # One that was just given to a request is refused to it, and the pool opens it another.
        for connection in self._pool.connections:
            if connection.can_handle_request(self._origin) and connection.is_idle():
                await connection.aclose()
