"""Supervision of background work: begun again when it fails, and told when that does not help."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, cast

import anyio

from codexity.ports import Journal

_FIRST_DELAY_SECONDS: Final = 0.25
_MOST_DELAY_SECONDS: Final = 4.0
_MAX_RESTARTS: Final = 5
"""In a row: with the delays between them they take five to eight seconds."""
_WELL_SECONDS: Final = 30.0
"""A loop that ran for so long was well: its failures are counted anew."""


class Supervisor:
    """Keeps the background loops of a process going.

    `failed` says in words for people why that could not be done; it stays None until then. The
    loops belong to the task groups of whoever starts them.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._on_failure: Callable[[], object] | None = None
        self.failed: str | None = None
        self.running: set[str] = set()

    def on_failure(self, callback: Callable[[], object]) -> None:
        """Calls `callback` when a loop could not be begun again; it must not wait for anything."""
        self._on_failure = callback

    async def supervise(self, name: str, loop: Callable[[], Awaitable[object]]) -> None:
        """Runs an endless `loop` until this is cancelled, and begins it again with back-off.

        Any error ends a loop, and so does its return. After five restarts in a row in which it was
        not well for half a minute, the supervisor has `failed`, and this returns.
        """
        failures = 0
        self.running.add(name)
        try:
            while failures <= _MAX_RESTARTS:
                begun = time.monotonic()
                error: BaseException | None = None
                try:
                    await loop()
                except BaseException as raised:
                    if is_ending(raised):
                        raise
                    error = raised
                well = time.monotonic() - begun >= _WELL_SECONDS
                failures = 1 if well else failures + 1
                # Memory may be short right here: then it is begun again at once.
                delay = _delay(failures)
                with suppress(Exception):
                    self._journal.loop_failed(name, error, delay)
                error = None  # its frames may hold what is short
                with suppress(Exception):
                    await anyio.sleep(delay or 0)
        finally:
            self.running.discard(name)
            if anyio.current_effective_deadline() > -math.inf:
                # Not ended by its owner: given up, or cancelled by somebody else's mistake.
                self.fail(name)

    def fail(self, name: str) -> None:
        """The work of this name cannot be done any more; only the first is told."""
        if self.failed is not None:
            return
        self.failed = (
            f"Work that this server cannot be without has stopped and could not be begun again "
            f"({name}). The server ends; its log says why."
        )
        if self._on_failure is not None:
            self._on_failure()


def is_ending(error: BaseException) -> bool:
    """Whether it is no fault, but how a task or the process is told to end: not to be caught.

    A cancellation of a task that nobody cancelled is a fault: passed on, it would end silently all
    that its task group holds.
    """
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        interrupted = group.subgroup((KeyboardInterrupt, SystemExit)) is not None
        return interrupted or all(map(is_ending, group.exceptions))
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        is_cancelled = task is None or task.cancelling() > 0
        return is_cancelled or anyio.current_effective_deadline() == -math.inf
    return isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit)


def _delay(failures: int) -> float | None:
    """Seconds until the next try, with jitter; None where there is to be none."""
    if failures > _MAX_RESTARTS:
        return None
    longest = min(_MOST_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2 ** (failures - 1))
    return random.uniform(longest / 2, longest)
