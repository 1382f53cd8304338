"""The open streams of this process: how many there may be, their one timer, their one owner."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Final

import anyio
import anyio.lowlevel
import structlog
from anyio.abc import TaskGroup
from starlette.types import Receive

from codexity.engine import Follower
from codexity.errors import Busy, TooManyOfOne
from codexity.settings import StreamGroup
from codexity.supervisor import Supervisor, is_ending

_BEAT_SECONDS: Final = 0.25
_GATHER_SECONDS: Final = 0.005
_GATHER_FACTOR: Final = 4
_WRITES_A_TURN: Final = 64
"""Some 2 ms: with those of 2,000 readers in one turn, the loop stood still for 80."""

_log = structlog.get_logger("codexity.http")


class Connection:
    """One reader on the wire.

    `flush` writes what is pending, where that can be done without waking the reader's task, and
    says whether it did. `silence` is after how many seconds without an event a heartbeat is due;
    `spoke_at` and `sending_since` are monotonic times, the latter 0 while nothing is being sent.
    `cut` ends the connection at once, as far as the server can do that; `gone` says that the client
    is not there.
    """

    __slots__ = (
        "cut", "flush", "follower", "gone", "sending_since", "silence", "spoke_at",
    )  # fmt: skip

    def __init__(self, follower: Follower, silence: float) -> None:
        self.follower = follower
        self.cut: Callable[[], object] = self.leave
        self.flush: Callable[[], bool] | None = None
        self.gone = False
        self.silence = silence
        self.spoke_at = time.monotonic()
        self.sending_since = 0.0

    def leave(self) -> None:
        """The client has left."""
        self.gone = True
        self.follower.nudge()

    def write(self) -> None:
        """Writes what is pending, or has the reader's task do it. A fault ends this one alone."""
        try:
            if self.flush is None or not self.flush():
                self.follower.release()
        except BaseException as error:
            if is_ending(error):
                raise
            # What was taken for it is lost: it can only end, and its client come back.
            self._break(error)

    def look(self, now: float, send_seconds: float) -> None:
        """Wakes a reader to whom a heartbeat is due, and drops one that takes nothing."""
        try:
            if self.sending_since:
                if now - self.sending_since > send_seconds:
                    self.cut()
            elif now - self.spoke_at >= self.silence:
                self.follower.nudge()
        except BaseException as error:
            if is_ending(error):
                raise
            self._break(error)

    def _break(self, error: BaseException) -> None:
        with suppress(BaseException):
            self.cut()
        self.leave()
        with suppress(Exception):
            _log.error("a stream broke", run=self.follower.run, exc_info=error)


class Streams:
    """The streams of this process. Open it with `opened`: it owns what watches them."""

    def __init__(self, settings: StreamGroup, tasks: TaskGroup) -> None:
        self.settings = settings
        self._tasks = tasks
        self._open: set[Connection] = set()
        self._rung: set[Connection] = set()
        self._ring = anyio.Event()
        self._places: Counter[str] = Counter()
        self._closed = anyio.Event()

    def __len__(self) -> int:
        return self._places.total()

    def enter(self, client: str) -> None:
        """One stream more for this client, until it is told to `leave`.

        Raises:
            Busy, TooManyOfOne: as `check`.
        """
        self.check(client)
        self._places[client] += 1

    def leave(self, client: str) -> None:
        """One stream less for this client."""
        self._places[client] -= 1
        if not self._places[client]:
            del self._places[client]
        if not self._places:
            self._closed.set()
            self._closed = anyio.Event()

    @contextmanager
    def counted(self, client: str) -> Generator[None]:
        """One stream more for this client as long as the block lasts.

        Raises:
            Busy, TooManyOfOne: as `check`.
        """
        self.enter(client)
        try:
            yield
        finally:
            self.leave(client)

    def check(self, client: str) -> None:
        """Whether one stream more may be opened.

        Raises:
            Busy: there are as many as may be, in all or (`TooManyOfOne`) of this client.
        """
        if self._places[client] >= self.settings.max_streams_per_client:
            message = (
                "Too many answers are being streamed to you at once. Close one, or ask the "
                "operator to raise CODEXITY_STREAM__MAX_STREAMS_PER_CLIENT."
            )
            raise TooManyOfOne(message)
        if len(self) >= self.settings.max_streams:
            raise Busy("Too many answers are being streamed. Try again in a moment.")

    async def closed(self) -> None:
        """Returns when no stream is open."""
        while self._places:
            await self._closed.wait()

    def cut(self) -> None:
        """Ends the connections of all readers, such as those that took nothing of their end."""
        for connection in tuple(self._open):
            connection.cut()

    def watch(self, connection: Connection) -> None:
        """From now on there are heartbeats and a deadline for what is sent."""
        self._open.add(connection)
        connection.follower.bell = partial(self._rang, connection)

    def unwatch(self, connection: Connection) -> None:
        """The connection has ended."""
        self._open.discard(connection)
        self._rung.discard(connection)

    @contextmanager
    def listening(self, connection: Connection, receive: Receive) -> Generator[None]:
        """Cancels the block when its client leaves or is to be cut off.

        For servers that tell the end of a connection through `receive` alone, and cannot cut one:
        there the server closes once the client has taken what is pending.
        """
        watching = anyio.CancelScope()
        with anyio.CancelScope() as left:
            connection.cut = left.cancel
            self._tasks.start_soon(_until_left, receive, left, watching)
            try:
                yield
            finally:
                watching.cancel()

    def _rang(self, connection: Connection) -> None:
        self._rung.add(connection)
        self._ring.set()

    async def pump(self) -> None:
        """Has all readers to whom something was said write it, together; until cancelled.

        A write costs several times what an event does. So writing gets a fifth of the time: the
        busier the server, the further apart are its writes to one stream, up to the setting.
        """
        most = self.settings.gather_seconds
        while True:
            await self._ring.wait()
            begun = time.monotonic()
            self._ring = anyio.Event()
            rung, self._rung = self._rung, set()
            try:
                for place, connection in enumerate(rung, 1):
                    connection.write()
                    if not place % _WRITES_A_TURN:
                        await anyio.lowlevel.checkpoint()
            except BaseException:
                # They do not ring again: begun again, this is to write to them.
                self._rung |= rung & self._open
                self._ring.set()
                raise
            # One turn of the loop, in which those write that were released.
            await anyio.lowlevel.checkpoint()
            spent = time.monotonic() - begun
            gathering = min(spent * _GATHER_FACTOR, most - spent)
            await anyio.sleep(max(min(_GATHER_SECONDS, most), gathering))

    async def beat(self) -> None:
        """The timer of all connections; until cancelled."""
        while True:
            await anyio.sleep(_BEAT_SECONDS)
            now = time.monotonic()
            for connection in tuple(self._open):
                connection.look(now, self.settings.send_seconds)


@asynccontextmanager
async def opened(settings: StreamGroup, supervisor: Supervisor) -> AsyncGenerator[Streams, None]:
    """The streams of a server, as long as the block lasts."""
    async with anyio.create_task_group() as tasks:
        streams = Streams(settings, tasks)
        tasks.start_soon(supervisor.supervise, "the timer of streams", streams.beat)
        tasks.start_soon(supervisor.supervise, "the writing of streams", streams.pump)
        yield streams
        tasks.cancel_scope.cancel()


async def _until_left(
    receive: Receive, scope: anyio.CancelScope, watching: anyio.CancelScope
) -> None:
    # A server whose client is gone may say so by an error; here it would end all the others.
    with watching, suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass
    if not watching.cancel_called:
        scope.cancel()
