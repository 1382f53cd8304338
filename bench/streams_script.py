"""What every stream of a benchmark says, and when: one script for all that are compared."""

from __future__ import annotations

import asyncio
import heapq
import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Say = Callable[[Sequence[str]], Awaitable[None]]
How = Literal["turns", "burst", "paced"]
"""`turns`: one turn of the event loop a token; `burst`: all at once; `paced`: by the clock."""

_SAID = "a kestrel hovers in one place by flying into the wind at just the speed of it"
WORDS = tuple(f" {word}" for word in _SAID.split())
_HEAD_START_SECONDS = 0.1
_TICK_SECONDS = 0.002
SPREAD_SECONDS = 2.0
"""Over how long the streams of a paced script begin, as those of people do."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What a stream still has to say, the next last."""

    dues: list[list[float]]
    say: Say
    over: asyncio.Future[None]


class Script:
    """Holds every stream until all are open, then lets each say the same tokens.

    A paced token says when it is due, in nanoseconds of the monotonic clock, which all processes
    of a machine share: a token that is said late is late for its reader too. One clock wakes all
    streams whose tokens are due: a timer for each token would take more than what is measured.
    """

    def __init__(self) -> None:
        self.waiting = 0
        self.left = 0
        self.left_at = 0.0
        self._how: How = "turns"
        self._texts: list[str] = []
        self._period = 0.0
        self._window = 1
        self._begin = 0.0
        self._opened = 0
        self._gate = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due: list[tuple[float, int, asyncio.Future[None]]] = []
        self._lines: defaultdict[int, list[_Line]] = defaultdict(list)
        self._at = 0
        self._speaking = 0
        self._writer: asyncio.Task[None] | None = None

    def set(self, *, how: How, tokens: int, rate: float, window: int = 1) -> None:
        """What the streams say that come from now on.

        `rate` is tokens a second of each; `window` is how many of them are said together, when the
        last of them is due.
        """
        self._how = how
        self._texts = [WORDS[at % len(WORDS)] for at in range(tokens)]
        self._period = 1 / rate if rate else 0.0
        self._window = window
        self.waiting = 0
        self._opened = 0
        self._gate = asyncio.Event()

    def go(self) -> None:
        """Lets the streams that wait speak; may be called from another thread."""
        if self._loop is None:
            return
        self._opened = max(1, self.waiting)
        self._speaking = self.waiting
        self._begin = time.monotonic() + _HEAD_START_SECONDS
        self._at = _tick_of(self._begin) - 1
        self._loop.call_soon_threadsafe(self._gate.set)
        if self._how == "paced":
            self._loop.call_soon_threadsafe(self._tick, self._loop, self._gate)
            self._loop.call_soon_threadsafe(self._begin_writing, self._loop, self._gate)

    def _begin_writing(self, loop: asyncio.AbstractEventLoop, gate: asyncio.Event) -> None:
        self._writer = loop.create_task(self._write(gate))

    def leave(self) -> None:
        """A stream's words are no longer wanted, or all are said: counted, with the time of it."""
        self.left += 1
        self.left_at = time.monotonic()

    async def pieces(self) -> AsyncIterator[str]:
        """One stream's tokens, once it may speak."""
        async for texts in self.together():
            for text in texts:
                yield text

    async def together(self) -> AsyncIterator[Sequence[str]]:
        """One stream's tokens, once it may speak: those of one turn of the loop together."""
        place = await self._turn()
        if self._how == "turns":
            for text in self._texts:
                await asyncio.sleep(0)
                yield (text,)
        elif self._how == "burst":
            yield self._texts
        else:
            try:
                for due in self._dues(self._starts(place)):
                    await self._until(due[-1], place)
                    yield _stamped(due)
            finally:
                self._speaking -= 1

    async def dictate(self, say: Say) -> None:
        """Says one stream's tokens once it may speak; paced, by the one writer of all streams."""
        if self._how != "paced":
            async for texts in self.together():
                await say(texts)
            return
        place = await self._turn()
        over = asyncio.get_running_loop().create_future()
        dues = self._dues(self._starts(place))[::-1]
        # Who comes late, since all wake at once, is due at the next tick.
        self._lines[max(self._at + 1, _tick_of(dues[-1][-1]))].append(_Line(dues, say, over))
        try:
            await over
        finally:
            self._speaking -= 1

    async def _write(self, gate: asyncio.Event) -> None:
        """Says what is due, now and from now on, until all is said."""
        while gate is self._gate and self._speaking:
            for line in self._lines.pop(self._at, ()):
                await line.say(_stamped(line.dues.pop()))
                if line.dues:
                    self._lines[_tick_of(line.dues[-1][-1])].append(line)
                else:
                    line.over.set_result(None)
            self._at += 1
            wait = self._at * _TICK_SECONDS - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)

    async def _turn(self) -> int:
        """Waits until the streams may speak; the place of this one."""
        self._loop = asyncio.get_running_loop()
        place = self.waiting
        self.waiting += 1
        await self._gate.wait()
        return place

    def _starts(self, place: int) -> float:
        spread = max(SPREAD_SECONDS, self._period * self._window)
        return self._begin + spread * place / self._opened

    async def _until(self, due: float, place: int) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._due, (due, place, future))
        await future

    def _tick(self, loop: asyncio.AbstractEventLoop, gate: asyncio.Event) -> None:
        """Wakes who is due, now and from now on, until all is said."""
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, _, future = heapq.heappop(self._due)
            if not future.done():
                future.set_result(None)
        if gate is self._gate and self._speaking:
            loop.call_later(_TICK_SECONDS, self._tick, loop, gate)

    def _dues(self, begin: float) -> list[list[float]]:
        every = [begin + self._period * at for at in range(len(self._texts))]
        return [every[at : at + self._window] for at in range(0, len(every), self._window)]


def _tick_of(due: float) -> int:
    """The first tick at which it is due."""
    return math.ceil(due / _TICK_SECONDS)


def _stamped(due: Sequence[float]) -> list[str]:
    return [f" {one * 1e9:.0f}" for one in due]
