"""Reads documents in child processes, which a cancellation or the deadline ends."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from codexity.adapters.extract import frames
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

_START_SECONDS = 20.0
_PING_SECONDS = 2.0
_MOST_DOCUMENTS = 500
"""A worker is replaced after so many documents: the parsers' caches grow."""
_LARGEST_REPLY = 64_000_000
_GONE = (
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    anyio.IncompleteRead,
    ValueError,
)


class ProcessExtractor:
    """The `Extractor` for HTML, Markdown and plain text, as an async context manager.

    At most `workers` processes live at a time; each starts when it is needed, is kept, and has
    `seconds` for a document, waiting for its turn not counted. Not `anyio.to_process`: that would
    run the caller's main module again in each child, and loses a child that is cancelled while it
    starts.
    """

    def __init__(self, *, workers: int = 2, seconds: float = 8.0) -> None:
        self._seconds = seconds
        self._turns = anyio.CapacityLimiter(workers)
        self._idle: list[_Worker] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends the idle workers."""
        while self._idle:
            await self._idle.pop().end()

    async def warm(self) -> None:
        """Starts a worker ahead of need; it takes most of a second.

        Raises:
            Unreadable: it does not start.
        """
        async with self._turns:
            self._idle.append(await self._worker())

    async def extract(self, fetched: Fetched) -> Page:
        """See the port.

        Raises:
            Unreadable: also `timeout`, and `bad_content` when a worker died over the document.
        """
        async with self._turns:
            worker = await self._worker()
            done = False
            try:
                with anyio.fail_after(self._seconds):
                    payload = await worker.ask(frames.request(fetched, self._seconds))
                done = True
                return frames.outcome(payload)
            except TimeoutError as error:
                message = f"The document could not be read within {self._seconds:g} seconds."
                raise Unreadable(message, code="timeout") from error
            except _GONE as error:
                message = "The document could not be parsed."
                detail = f"the worker ended with {worker.process.returncode}"
                raise Unreadable(message, code="bad_content", detail=detail) from error
            finally:
                if done and worker.documents < _MOST_DOCUMENTS:
                    self._idle.append(worker)
                else:
                    await worker.end()

    async def _worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            alive = False
            try:
                alive = await worker.alive()
            finally:
                if not alive:
                    await worker.end()
            if alive:
                return worker
        return await _started()


class _Worker:
    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a worker needs both of its pipes")
        self.process = process
        self.documents = 0
        self._inlet = process.stdin
        self._outlet = BufferedByteReceiveStream(process.stdout)

    async def ask(self, payload: bytes) -> bytes:
        """Sends one frame and returns the one that answers it."""
        self.documents += 1
        await self._inlet.send(frames.head(payload))
        await self._inlet.send(payload)
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
        if size > _LARGEST_REPLY:
            raise ValueError("a worker's reply that is too large")
        return await self._outlet.receive_exactly(size)

    async def end(self) -> None:
        """Kills the process and reaps it, also when cancelled."""
        with anyio.CancelScope(shield=True):
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.aclose()


async def _started() -> _Worker:
    # This process's own search path, since the child must find what this one runs; isolated, so
    # that no variable of the environment or module of the working directory gets in the way.
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from codexity.adapters.extract.worker import main; main()"
    )
    process = await anyio.open_process(
        [sys.executable, "-I", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    worker = _Worker(process)
    ready = False
    try:
        with anyio.fail_after(_START_SECONDS):
            ready = await worker.hear() == frames.READY
    except (TimeoutError, *_GONE) as error:
        detail = f"a worker did not start: it ended with {process.returncode}"
        message = "The document could not be read here."
        raise Unreadable(message, code="bad_content", detail=detail) from error
    finally:
        if not ready:
            await worker.end()
    return worker
