"""A pool of child processes: started when needed, kept while used, ended with what they do."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from codexity.adapters.workers import frames
from codexity.adapters.workers.process import end, start
from codexity.adapters.workers.turns import Turns

_START_SECONDS = 20.0
_PING_SECONDS = 2.0
_MOST_REQUESTS = 500
"""A worker is replaced after so many: the caches of parsers grow."""
_GONE = (
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    anyio.IncompleteRead,
    ValueError,
)


class WorkerFailed(Exception):
    """A worker was of no help; what it says is for the log only."""


class WorkerNotStarted(WorkerFailed):
    """No worker could be started."""


class WorkerDied(WorkerFailed):
    """The worker ended over the request, or said something that is no frame."""


class WorkersBusy(WorkerFailed):
    """No worker became free in time."""


class WorkerPool:
    """At most `most` processes that run the `main(seconds, idle_seconds)` of a module of ours.

    A request has `seconds`, waiting for its turn and a start not counted, and an answer at most
    `largest_reply` bytes. A worker that was idle for `idle_seconds` ends by itself. Not
    `anyio.to_process`: that runs the caller's main module again in each child, loses a child that
    is cancelled while it starts, and trusts pickles.
    """

    def __init__(
        self,
        module: str,
        *,
        most: int,
        seconds: float,
        idle_seconds: float = 300.0,
        largest_reply: int = 64_000_000,
    ) -> None:
        # This process's own search path, since the child must find what this one runs; isolated, so
        # that no variable of the environment or module of the working directory gets in the way.
        self._program = (
            f"import sys; sys.path[:] = {sys.path!r}\n"
            f"from {module} import main; main({seconds!r}, {idle_seconds!r})"
        )
        self._seconds = seconds
        self._largest_reply = largest_reply
        self._turns = Turns(most)
        self._idle: list[_Worker] = []

    async def aclose(self) -> None:
        """Ends the idle workers; the others end with what they are asked."""
        while self._idle:
            await end(self._idle.pop().process)

    async def warm(self) -> None:
        """Starts a worker ahead of need; it takes most of a second.

        Raises:
            WorkerNotStarted: it does not start.
        """
        async with self._turns.turn():
            self._idle.append(await self._worker())

    async def ask(
        self, *request: bytes, wait_seconds: float = math.inf, worth: float = 0.0
    ) -> bytes:
        """A worker's answer to one request, told in pieces; leaving early ends the worker.

        Of the requests that wait for a turn, what is worth most is next.

        Raises:
            WorkerFailed: `WorkersBusy` when no turn came within `wait_seconds`.
            TimeoutError: no answer within the pool's `seconds`.
        """
        with anyio.move_on_after(wait_seconds) as waiting:
            async with self._turns.turn(worth):
                waiting.deadline = math.inf
                return await self._ask(request)
        raise WorkersBusy(f"no worker became free within {wait_seconds:g} seconds")

    async def _ask(self, request: Sequence[bytes]) -> bytes:
        worker = await self._worker()
        done = False
        try:
            with anyio.fail_after(self._seconds):
                answer = await worker.ask(request)
            done = True
        except _GONE as error:
            raise WorkerDied(f"the worker ended with {worker.process.returncode}") from error
        finally:
            if done and worker.requests < _MOST_REQUESTS:
                self._idle.append(worker)
            else:
                await end(worker.process)
        return answer

    async def _worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            alive = False
            try:
                alive = await worker.alive()
            finally:
                if not alive:
                    await end(worker.process)
            if alive:
                return worker
        return await self._started()

    async def _started(self) -> _Worker:
        command = [sys.executable, "-I", "-c", self._program]
        try:
            process = await start(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise WorkerNotStarted(f"a worker could not be started: {error}") from error
        ready = False
        try:
            worker = _Worker(process, self._largest_reply)
            with anyio.fail_after(_START_SECONDS):
                ready = await worker.hear() == frames.READY
        except (TimeoutError, *_GONE) as error:
            detail = f"a worker did not start: it ended with {process.returncode}"
            raise WorkerNotStarted(detail) from error
        finally:
            if not ready:
                await end(process)
        return worker


class _Worker:
    def __init__(self, process: Process, largest_reply: int) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a worker needs both of its pipes")
        self.process = process
        self.requests = 0
        self._largest_reply = largest_reply
        self._inlet = process.stdin
        self._outlet = BufferedByteReceiveStream(process.stdout)

    async def ask(self, request: Sequence[bytes]) -> bytes:
        """Sends one frame, in pieces, and returns the one that answers it."""
        self.requests += 1
        await self._inlet.send(frames.head(*request))
        for piece in request:
            await self._inlet.send(piece)
        return await self.hear()

    async def alive(self) -> bool:
        """Whether it still answers; that it died is seen late by other signs."""
        with anyio.move_on_after(_PING_SECONDS), suppress(*_GONE):
            await self._inlet.send(frames.head(frames.READY) + frames.READY)
            return await self.hear() == frames.READY
        return False

    async def hear(self) -> bytes:
        """The worker's next frame."""
        size = frames.length(await self._outlet.receive_exactly(frames.HEAD_BYTES))
        if size > self._largest_reply:
            raise ValueError("a worker's reply that is too large")
        return await self._outlet.receive_exactly(size)
