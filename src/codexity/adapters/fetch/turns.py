"""So many requests of a host at once."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import cast

import anyio
import httpx2


class TurnsTransport(httpx2.AsyncBaseTransport):
    """`transport`, which has at most `per_host` answers of a host open at once; others wait."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, *, per_host: int) -> None:
        self._transport = transport
        self._per_host = per_host
        self._turns: dict[bytes, _Turns] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, whose turn is over when it is closed; raises as the transport does."""
        stack = contextlib.AsyncExitStack()
        async with contextlib.AsyncExitStack() as failing:
            failing.push_async_callback(stack.aclose)
            await stack.enter_async_context(self._turn(request.url.netloc))
            answer = await self._transport.handle_async_request(request)
            answer.stream = _Turned(cast("httpx2.AsyncByteStream", answer.stream), stack)
            failing.pop_all()
        return answer

    async def aclose(self) -> None:
        """Closes the transport."""
        await self._transport.aclose()

    @contextlib.asynccontextmanager
    async def _turn(self, host: bytes) -> AsyncGenerator[None]:
        turns = self._turns.setdefault(host, _Turns(self._per_host))
        turns.users += 1
        try:
            async with turns.free:
                yield
        finally:
            turns.users -= 1
            if not turns.users:
                self._turns.pop(host, None)


class _Turns:
    def __init__(self, count: int) -> None:
        self.free = anyio.Semaphore(count)
        self.users = 0


class _Turned(httpx2.AsyncByteStream):
    """A body whose end gives the turn to the next."""

    def __init__(self, stream: httpx2.AsyncByteStream, turn: contextlib.AsyncExitStack) -> None:
        self._stream = stream
        self._turn = turn

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        whole = cast("AsyncGenerator[bytes]", aiter(self._stream))
        async with contextlib.aclosing(whole) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            await self._turn.aclose()
