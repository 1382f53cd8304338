"""Reads files for the library in child processes, several files in one request."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from types import TracebackType
from typing import Self

from codexity.adapters.extract.process import too_slow, unreadable
from codexity.adapters.library.reading import Reading, Unread, outcomes, request
from codexity.adapters.workers.pool import WorkerFailed, WorkerPool
from codexity.adapters.workers.turns import Turns
from codexity.errors import Unreadable

_WORKER = "codexity.adapters.library.worker"
_LARGE_BYTES = 1_000_000
"""Files of more are read one request at a time: one may take a dozen times its size of memory."""

_LARGEST_REPLY = 256_000_000
"""The n-grams of 20 MB of Chinese are 80 MB."""


class FileReader:
    """The `Reader` of the library, as an async context manager.

    At most `workers` processes live at a time, as a `WorkerPool` keeps them; each has `seconds` for
    a request, waiting for its turn not counted.
    """

    def __init__(
        self, *, workers: int = 2, seconds: float = 60.0, idle_seconds: float = 300.0
    ) -> None:
        self._seconds = seconds
        self._large = Turns(1)
        self._pool = WorkerPool(
            _WORKER,
            most=workers,
            seconds=seconds,
            idle_seconds=idle_seconds,
            largest_reply=_LARGEST_REPLY,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._pool.aclose()

    async def read(self, files: Sequence[Unread]) -> list[Reading | Unreadable]:
        """What came of each of the files, in their order.

        Where the process fails over several, or they take too long, each is read by itself: only
        one that is to blame is told as unreadable.
        """
        if not files:
            return []
        try:
            return await self._ask(files)
        except Unreadable as error:
            if len(files) == 1:
                return [error]
        return [outcome for one in files for outcome in await self.read([one])]

    async def _ask(self, files: Sequence[Unread]) -> list[Reading | Unreadable]:
        is_large = sum(len(one.body) for one in files) > _LARGE_BYTES
        try:
            async with self._large.turn() if is_large else nullcontext():
                return outcomes(await self._pool.ask(*request(files)), len(files))
        except TimeoutError as error:
            raise too_slow(self._seconds) from error
        except (WorkerFailed, ValueError) as error:
            raise unreadable(error) from error
