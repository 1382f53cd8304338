"""Connections on which an answer's head may have so many lines, and no more."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2

_MOST_LINES = 1_000
"""Honest ones have some dozens. The 25,000 that fit into 100 kB stop the loop for a quarter second,
and thousands of answers that only announce another take as long."""
_END = re.compile(rb"\n\r?\n")
_KIND_AT = len(b"HTTP/1.1 ")


class BoundedHeads(httpcore2.AsyncNetworkBackend):
    """`network`, on whose connections too long a head is no HTTP."""

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
        """A connection of the network, which raises `httpcore2.RemoteProtocolError` when read."""
        return _Bounded(
            await self._network.connect_tcp(
                host,
                port,
                timeout=timeout,
                local_address=local_address,
                socket_options=socket_options,
            )
        )

    async def sleep(self, seconds: float) -> None:
        """Waits as the network does."""
        await self._network.sleep(seconds)


class _Bounded(httpcore2.AsyncNetworkStream):
    """A connection on which each request is answered by one head, behind those that announce it."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._head = bytearray()
        self._lines = 0
        self._is_over = False

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> bytes:
        piece = await self._stream.read(max_bytes, timeout)
        if not self._is_over:
            self._look(piece)
        return piece

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> None:
        self._head.clear()
        self._lines = 0
        self._is_over = False
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
    ) -> httpcore2.AsyncNetworkStream:
        return _Bounded(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _look(self, piece: bytes) -> None:
        self._head += piece
        while end := _END.search(self._head):
            self._is_over = not self._head.startswith(b"1", _KIND_AT)
            self._count(self._head[: end.end()])
            if self._is_over:
                self._head.clear()
                return
            self._lines += self._head.count(b"\n", 0, end.end())
            del self._head[: end.end()]
        self._count(self._head)

    def _count(self, more: bytearray) -> None:
        if self._lines + more.count(b"\n") > _MOST_LINES:
            raise httpcore2.RemoteProtocolError("the head of the answer has too many lines")
