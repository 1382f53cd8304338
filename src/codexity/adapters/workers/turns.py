"""Turns that go to whoever is worth most of those who wait."""

from __future__ import annotations

import heapq
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count

import anyio
import anyio.lowlevel


class Turns:
    """At most `most` turns at once; of those who wait, who is worth most is next.

    Among equals, who came first. A wait that is cancelled gives its place up.
    """

    def __init__(self, most: int) -> None:
        self._free = most
        self._order = count()
        self._waiting: list[tuple[float, int, anyio.Event]] = []
        self._gone: set[int] = set()

    @asynccontextmanager
    async def turn(self, worth: float = 0.0) -> AsyncGenerator[None]:
        """A turn, for as long as the block lasts."""
        await self._wait(worth)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, worth: float) -> None:
        await anyio.lowlevel.checkpoint_if_cancelled()
        if self._free:
            self._free -= 1
            return
        place, called = next(self._order), anyio.Event()
        heapq.heappush(self._waiting, (-worth, place, called))
        try:
            await called.wait()
        except BaseException:
            if called.is_set():
                self._pass_on()
            else:
                self._gone.add(place)
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            _, place, called = heapq.heappop(self._waiting)
            if place not in self._gone:
                called.set()
                return
            self._gone.discard(place)
        self._free += 1
