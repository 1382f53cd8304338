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
import structlog

from codexity.edges.http.streams import Streams
from codexity.edges.http.watchdog import Watchdog
from codexity.engine import Engine

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_TELL_SECONDS: Final = 1.0
"""How long streams have to be told their end: whoever takes nothing is not waited for."""
_FAILING_SECONDS: Final = 2.0
"""How long a server that has failed says so, to whoever asks, before it ends."""
END_SECONDS: Final = 4.5
"""What the end may take after the patience with open streams, all in all."""

_log = structlog.get_logger("codexity.http")


class Drain:
    """Takes the signals to end before the server does, and hands them on when it may end.

    A server closes its listener first: a client that comes back would meet a refused connection. A
    second signal ends the patience with open streams, and a third is handed on at once. SIGHUP is
    taken for SIGTERM, unless somebody has it ignored or handled.

    `watchdog` is armed with the first signal. `stop` ends the server without one, as a failure;
    without it, the failed server is sent SIGTERM.
    """

    def __init__(
        self,
        engine: Engine,
        streams: Streams,
        *,
        seconds: float,
        watchdog: Watchdog | None = None,
        stop: Callable[[], object] | None = None,
    ) -> None:
        self._engine = engine
        self._streams = streams
        self._seconds = seconds
        self._watchdog = watchdog
        self._stop = stop
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
            number = signal.SIGTERM if number == signal.SIGHUP else number
            if self._taken is None:
                self._taken = number
                self._arm(self._seconds + END_SECONDS)
                loop.call_soon_threadsafe(self._asked.set)
            elif not self._patience.cancel_called:
                self._arm(END_SECONDS)
                loop.call_soon_threadsafe(self._patience.cancel)
            else:
                self._hand_on(number, frame)

        self._before = {number: signal.getsignal(number) for number in _SIGNALS}
        if self._before[signal.SIGHUP] != signal.SIG_DFL:
            del self._before[signal.SIGHUP]
        for number in self._before:
            signal.signal(number, take)
        try:
            yield
        finally:
            for number, before in self._before.items():
                signal.signal(number, signal.SIG_DFL if before is None else before)

    def fail(self) -> None:
        """Ends the server, since what it cannot be without has died; it says so until then."""
        self._engine.draining = True
        self._arm(_FAILING_SECONDS + END_SECONDS)
        self._patience.cancel()
        self._asked.set()

    async def wait(self) -> None:
        """Drains once a signal has come, and hands it on; or once the server has failed."""
        await self._asked.wait()
        try:
            await self._drain()
        except Exception:  # noqa: BLE001 - whatever it is, the process was told to end
            _log.exception("the drain broke")
        self.end()

    def end(self) -> None:
        """Lets the server close, as whoever told it to would have it."""
        if self._engine.supervisor.failed is not None and self._stop is not None:
            self._stop()
        else:
            self._hand_on(self._taken or signal.SIGTERM, None)

    async def _drain(self) -> None:
        self._engine.draining = True
        self._patience.deadline = anyio.current_time() + self._seconds
        with self._patience:
            await self._streams.closed()
        await self._engine.interrupt()
        with anyio.move_on_after(_TELL_SECONDS):
            await self._streams.closed()
        self._streams.cut()
        if self._engine.supervisor.failed is not None:
            await anyio.sleep(_FAILING_SECONDS)

    def _arm(self, seconds: float) -> None:
        if self._watchdog is not None:
            self._watchdog.arm(seconds)

    def _hand_on(self, number: int, frame: FrameType | None) -> None:
        before = self._before.get(number, signal.SIG_DFL)
        if callable(before):
            before(number, frame)
        elif before == signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
