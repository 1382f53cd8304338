"""Reads documents in child processes, which a cancellation or the deadline ends."""

from __future__ import annotations

from contextlib import nullcontext
from types import TracebackType
from typing import Self

from codexity.adapters.extract import frames
from codexity.adapters.workers.pool import WorkerFailed, WorkerNotStarted, WorkerPool
from codexity.adapters.workers.turns import Turns
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

_WORKER = "codexity.adapters.extract.worker"
_LARGE_BYTES = 1_000_000
"""One of more is read at a time: it may take a dozen times its size of memory."""
_MOST_BYTES = 32_000_000
"""Of documents at once, waiting or being read: more than two workers read in a page's time."""
_MOST_OF_ONE = _MOST_BYTES // 3
"""As what one document counts at most: alone, a larger one keeps no other out."""


class ProcessExtractor:
    """The `Extractor` for HTML, PDF, Markdown and plain text, as an async context manager.

    At most `workers` processes live at a time, as a `WorkerPool` keeps them; each has `seconds`
    for a document, waiting for its turn not counted.
    """

    def __init__(
        self, *, workers: int = 2, seconds: float = 8.0, idle_seconds: float = 300.0
    ) -> None:
        self._seconds = seconds
        self._bytes = 0
        self._large = Turns(1)
        self._pool = WorkerPool(_WORKER, most=workers, seconds=seconds, idle_seconds=idle_seconds)

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
        await self._pool.aclose()

    async def warm(self) -> None:
        """Starts a worker ahead of need; it takes most of a second.

        Raises:
            Unreadable: it does not start.
        """
        try:
            await self._pool.warm()
        except WorkerFailed as error:
            raise unreadable(error) from error

    async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
        """See the port.

        Raises:
            Unreadable: also `timeout`, at once where others that wait already are large together,
                and `bad_content` when a worker died over the document or none could be started.
        """
        size = min(len(fetched.body), _MOST_OF_ONE)
        if self._bytes and self._bytes + size > _MOST_BYTES:
            raise Unreadable("Too many large pages were being read at once.", code="timeout")
        self._bytes += size
        is_large = len(fetched.body) > _LARGE_BYTES
        try:
            async with self._large.turn(worth) if is_large else nullcontext():
                return frames.outcome(await self._pool.ask(*frames.request(fetched), worth=worth))
        except TimeoutError as error:
            raise too_slow(self._seconds) from error
        except (WorkerFailed, ValueError) as error:
            raise unreadable(error) from error
        finally:
            self._bytes -= size


def too_slow(seconds: float) -> Unreadable:
    """A document that took longer than it may, in words for people."""
    message = (
        f"The document could not be read within {seconds:g} seconds: it is very large, or this "
        "machine is busy."
    )
    return Unreadable(message, code="timeout")


def unreadable(error: Exception) -> Unreadable:
    """A document over which its process failed, in words for people."""
    if isinstance(error, WorkerNotStarted):
        message = "The document could not be read: no process for it could be started here."
    else:
        message = "The document could not be parsed."
    return Unreadable(message, code="bad_content", detail=str(error))
