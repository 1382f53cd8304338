"""The one place where foreign hosts are connected, each at an address that was judged."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from typing import cast

import anyio
import anyio.lowlevel
import httpcore2
import httpx2

from codexity.adapters.fetch.guard import Guard
from codexity.errors import Unreadable

_CONNECT_SECONDS = 5.0
_MANY_PIECES = 20_000
_CRUMB_BYTES = 16
_HEAD_START_SECONDS = 0.25
_MAX_ATTEMPTS = 6
_Open = Callable[[str], Awaitable[httpcore2.AsyncNetworkStream]]
OpenTcp = Callable[[str, int], Awaitable[httpcore2.AsyncNetworkStream]]
"""Connects to an IP address and a port; raises `httpcore2.ConnectError` where it is not taken."""


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Opens the connections of a pool, only to addresses that the guard names.

    The connection goes to the very address that was judged; TLS still asks for the host's own name.
    `open_tcp` opens it, in the place of this machine's network.
    """

    def __init__(self, guard: Guard, *, open_tcp: OpenTcp | None = None) -> None:
        self.guard = guard
        self._open_tcp = open_tcp
        self._network = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the host within `timeout` seconds, its look-up included.

        Raises:
            Unreadable: as `Guard.addresses` does.
            httpcore2.ConnectError: none of its addresses takes the connection.
            httpcore2.ConnectTimeout: it took too long.
        """

        async def open_one(address: str) -> httpcore2.AsyncNetworkStream:
            if self._open_tcp is not None:
                return await self._open_tcp(address, port)
            return await self._network.connect_tcp(
                address, port, local_address=local_address, socket_options=socket_options
            )

        try:
            with anyio.fail_after(_CONNECT_SECONDS if timeout is None else timeout):
                addresses = await self.guard.addresses(host, port)
                return await _first(_alternating(addresses), open_one)
        except httpcore2.ConnectError:
            self.guard.forget(host)
            raise
        except TimeoutError as error:
            self.guard.forget(host)
            raise httpcore2.ConnectTimeout("the host did not take the connection") from error

    async def sleep(self, seconds: float) -> None:
        """Waits between two attempts."""
        await anyio.sleep(seconds)


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests over a pool, and reads at most `max_bytes` of an answer off the wire.

    Raises httpcore2's exceptions as they are.
    """

    def __init__(self, pool: httpcore2.AsyncConnectionPool, *, max_bytes: int) -> None:
        self._pool = pool
        self._max_bytes = max_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request; the body is read from the response's stream."""
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, self._max_bytes),
        )

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    def __init__(self, answer: httpcore2.Response, max_bytes: int) -> None:
        self._answer = answer
        self._max_bytes = max_bytes

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        count = told = 0
        async with contextlib.aclosing(self._answer.aiter_stream()) as pieces:
            async for piece in pieces:
                # Counted here too: a packed stream can go on for ever and unpack to nothing.
                count += len(piece)
                told += 1
                if count > self._max_bytes:
                    raise too_large(self._max_bytes)
                if told > _MANY_PIECES and count < told * _CRUMB_BYTES:
                    message = "The site sends the document in crumbs, and would never be done."
                    raise Unreadable(message, code="bad_content")
                # One read off the wire holds thousands of chunks of a byte, which took 1.5 s.
                await anyio.lowlevel.checkpoint()
                yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


def too_large(max_bytes: int) -> Unreadable:
    """The refusal of a document above the cap."""
    message = f"The document is larger than {max_bytes / 1e6:g} MB."
    return Unreadable(message, code="too_large")


def _alternating(addresses: Sequence[str]) -> list[str]:
    """The addresses with the two families taking turns, so that a broken one costs one step."""
    first = ":" in addresses[0]
    same = [address for address in addresses if (":" in address) == first]
    other = [address for address in addresses if (":" in address) != first]
    turns: list[str] = []
    for place in range(max(len(same), len(other))):
        turns += same[place : place + 1] + other[place : place + 1]
    return turns[:_MAX_ATTEMPTS]


async def _first(addresses: Sequence[str], open_one: _Open) -> httpcore2.AsyncNetworkStream:
    """The first connection to come up, tried a quarter of a second apart.

    Source: RFC 8305 ("Happy Eyeballs").
    """
    winners: list[httpcore2.AsyncNetworkStream] = []
    failures: list[httpcore2.ConnectError] = []

    async def attempt(address: str, ended: anyio.Event) -> None:
        try:
            winners.append(await open_one(address))
        except httpcore2.ConnectError as error:
            failures.append(error)
        else:
            group.cancel_scope.cancel()
        finally:
            ended.set()

    try:
        async with anyio.create_task_group() as group:
            for address in addresses:
                ended = anyio.Event()
                group.start_soon(attempt, address, ended)
                with anyio.move_on_after(_HEAD_START_SECONDS):
                    await ended.wait()
        if not winners:
            raise failures[0]
        return winners.pop(0)
    finally:
        with anyio.CancelScope(shield=True):
            for late in winners:
                await late.aclose()
