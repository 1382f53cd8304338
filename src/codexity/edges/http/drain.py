"""The end of a server: nothing new is begun, every stream is told, then the server may close."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import anyio

from codexity.edges.http.streams import Streams
from codexity.engine import Engine

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_TELL_SECONDS: Final = 1.0
"""How long streams have to be told their end: whoever takes nothing is not waited for."""


class Drain:
    """Takes the signals to end before the server does, and hands them on when it may end.

    A server closes its listener first: a client that comes back would meet a refused connection. A
    second signal ends the patience with open streams, and a third is handed on at once.
    """

    def __init__(self, engine: Engine, streams: Streams, *, seconds: float) -> None:
        self._engine = engine
        self._streams = streams
        self._seconds = seconds
        self._asked = anyio.Event()
        self._patience = anyio.CancelScope()
        self._taken: int | None = None
        self._before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    @contextmanager
    def listening(self) -> Generator[None]:
        """Takes the signals as long as the block lasts, in the main thread only."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()

        def take(number: int, frame: FrameType | None) -> None:
            if self._taken is None:
                self._taken = number
                loop.call_soon_threadsafe(self._asked.set)
            elif not self._patience.cancel_called:
                loop.call_soon_threadsafe(self._patience.cancel)
            else:
                self._hand_on(number, frame)

        self._before = {number: signal.getsignal(number) for number in _SIGNALS}
        for number in _SIGNALS:
            signal.signal(number, take)
        try:
            yield
        finally:
            for number, before in self._before.items():
                signal.signal(number, signal.SIG_DFL if before is None else before)

    async def wait(self) -> None:
        """Drains once a signal has come, and hands it on."""
        await self._asked.wait()
        self._engine.draining = True
        self._patience.deadline = anyio.current_time() + self._seconds
        with self._patience:
            await self._streams.closed()
        await self._engine.interrupt()
        with anyio.move_on_after(_TELL_SECONDS):
            await self._streams.closed()
        self._streams.cut()
        if self._taken is not None:
            self._hand_on(self._taken, None)

    def _hand_on(self, number: int, frame: FrameType | None) -> None:
        before = self._before.get(number)
        if callable(before):
            before(number, frame)
        elif before == signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
