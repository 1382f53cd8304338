"""What every stream of a benchmark says, and when: one script for all that are compared."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Literal

How = Literal["turns", "burst", "paced"]
"""`turns`: one turn of the event loop a token; `burst`: all at once; `paced`: by the clock."""

_WORDS = "a kestrel hovers in one place by flying into the wind at just the speed of it".split()
_HEAD_START_SECONDS = 0.1
SPREAD_SECONDS = 2.0
"""Over how long the streams of a paced script begin, as those of people do."""


class Script:
    """Holds every stream until all are open, then lets each say the same tokens.

    A paced token says when it is due, in nanoseconds of the monotonic clock, which all processes
    of a machine share: a token that is said late is late for its reader too.
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

    def set(self, *, how: How, tokens: int, rate: float, window: int = 1) -> None:
        """What the streams say that come from now on.

        `rate` is tokens a second of each; `window` is how many of them are said together, when the
        last of them is due.
        """
        self._how = how
        self._texts = [f" {_WORDS[at % len(_WORDS)]}" for at in range(tokens)]
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
        self._begin = time.monotonic() + _HEAD_START_SECONDS
        self._loop.call_soon_threadsafe(self._gate.set)

    def leave(self) -> None:
        """A stream's words are no longer wanted, or all are said: counted, with the time of it."""
        self.left += 1
        self.left_at = time.monotonic()

    async def pieces(self) -> AsyncIterator[str]:
        """One stream's tokens, once it may speak."""
        self._loop = asyncio.get_running_loop()
        place = self.waiting
        self.waiting += 1
        await self._gate.wait()
        if self._how == "turns":
            for text in self._texts:
                await asyncio.sleep(0)
                yield text
        elif self._how == "burst":
            for text in self._texts:
                yield text
        else:
            shift = max(SPREAD_SECONDS, self._period * self._window) * place / self._opened
            for due in self._dues(self._begin + shift):
                await asyncio.sleep(due[-1] - time.monotonic())
                for one in due:
                    yield f" {one * 1e9:.0f}"

    def _dues(self, begin: float) -> list[list[float]]:
        every = [begin + self._period * at for at in range(len(self._texts))]
        return [every[at : at + self._window] for at in range(0, len(every), self._window)]
