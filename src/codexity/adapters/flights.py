"""Work that several wait for and that is done once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import anyio

from codexity.supervisor import is_ending

Value = TypeVar("Value")


class _Flight:
    """What comes of one piece of work: `outcome` holds its value or its `error`, once it ended."""

    def __init__(self) -> None:
        self.scope = anyio.CancelScope()
        self.ended = anyio.Event()
        self.waiting = 0
        self.outcome: list[Any] = []
        self.error: BaseException | None = None


class Flights:
    """Owns work that is in flight. Open it with `async with`; leaving ends all of it."""

    def __init__(self) -> None:
        self._tasks = anyio.create_task_group()
        self._stack = AsyncExitStack()
        self._flying: dict[Hashable, _Flight] = {}

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._tasks)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        self._tasks.cancel_scope.cancel()
        if isinstance(error, Exception):
            # The task group would wrap the error of whoever uses it, which nobody catches.
            kind = error = trace = None
        return await self._stack.__aexit__(kind, error, trace)

    async def join(self, key: Hashable, work: Callable[[], Awaitable[Value]]) -> Value:
        """What `work` returns or raises; of those who join under one key, the first one's is done.

        Who is cancelled leaves the others their work. When the last one leaves, the work is
        cancelled, and has ended when this returns.
        """
        flight = self._flying.get(key)
        if flight is None:
            flight = self._flying[key] = _Flight()
            try:
                self._tasks.start_soon(self._fly, key, flight, work)
            except BaseException:
                self._land(key, flight)
                raise
        flight.waiting += 1
        try:
            await flight.ended.wait()
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.ended.is_set():
                self._land(key, flight)
                flight.scope.cancel()
                with anyio.CancelScope(shield=True):
                    await flight.ended.wait()
        if flight.error is not None:
            raise flight.error
        if not flight.outcome:
            raise RuntimeError("what was waited for was ended by its owner")
        return cast("Value", flight.outcome[0])

    async def _fly(
        self, key: Hashable, flight: _Flight, work: Callable[[], Awaitable[object]]
    ) -> None:
        try:
            with flight.scope:
                flight.outcome.append(await work())
        except BaseException as error:
            if is_ending(error):
                raise
            # It is raised again by everyone who waits.
            flight.error = error
        finally:
            self._land(key, flight)
            flight.ended.set()

    def _land(self, key: Hashable, flight: _Flight) -> None:
        """Nobody joins any more; under the same key another may fly already."""
        if self._flying.get(key) is flight:
            del self._flying[key]
