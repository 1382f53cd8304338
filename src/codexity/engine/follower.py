"""Readers of a run: a cursor on a log in memory, or on one that only the store holds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import anyio

from codexity.errors import LeftBehind
from codexity.events import Done, Failed
from codexity.ports import Entry, RunRecord

from .ledger import Ledger
from .run import Run

_LOOK_SECONDS: Final = 0.25
"""How often the store is asked for more of a run that lives in another process."""
_READ_EVENTS: Final = 256
"""A reader that takes nothing holds no more than this of what is pending."""


class Follower(ABC):
    """A reader's cursor on a run's events: `run` is the id, `cursor` the last number read.

    A reader that waits is released when something was said; where it has a `bell`, that is called
    instead, and who hears it releases the reader.
    """

    def __init__(self, run: str, cursor: int) -> None:
        self.run = run
        self.cursor: int = cursor
        self.bell: Callable[[], None] | None = None
        self._nudge: anyio.Event | None = None
        self._nudged = False
        self._woken = False

    @property
    @abstractmethod
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""

    @abstractmethod
    async def ready(self) -> bool:
        """Waits until there is something to take; false when `nudge` was called before that."""

    @abstractmethod
    def take(self) -> tuple[Entry, ...]:
        """The next of what is pending; empty once the run has ended.

        Raises:
            LeftBehind: the run did not wait for this reader.
        """

    async def read(self) -> tuple[Entry, ...]:
        """The next of what is pending, waiting for it; empty once the run has ended.

        Raises:
            LeftBehind: the run did not wait for this reader.
        """
        while not await self.ready():
            pass
        return self.take()

    def nudge(self) -> None:
        """Lets a `ready` that waits return."""
        self._nudged = True
        self.release()

    def wake(self) -> None:
        """There is something to be looked at: rings the bell, where there is one."""
        if self._nudge is not None and not self._woken:
            self._woken = True
            (self.bell or self._nudge.set)()

    def release(self) -> None:
        """Lets a `ready` that waits look."""
        if self._nudge is not None:
            self._nudge.set()

    async def _wait(self) -> bool:
        """Waits to be released; true when it was for a nudge."""
        if not self._nudged:
            self._nudge = anyio.Event()
            self._woken = False
            await self._nudge.wait()
            self._nudge = None
        nudged, self._nudged = self._nudged, False
        return nudged


class LiveFollower(Follower):
    """Follows a run of this process."""

    def __init__(self, run: Run, after: int) -> None:
        super().__init__(run.id, resumed(run.entries, after, closed=run.closed))
        self._live = run
        self._dropped = False

    @property
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""
        return self._live.closed and self.cursor >= len(self._live.entries)

    async def ready(self) -> bool:
        """Waits until there is something to take, or for a nudge."""
        while self.cursor >= len(self._live.entries) and not self._live.closed:
            if await self._wait():
                return False
        return True

    def take(self) -> tuple[Entry, ...]:
        """The next of what is pending; see `Follower.take`."""
        if self._dropped:
            raise LeftBehind("The reader was too far behind. Come back with the last event's id.")
        pending = tuple(self._live.entries[self.cursor : self.cursor + _READ_EVENTS])
        self.cursor += len(pending)
        self._live.make_room()
        return pending

    def drop(self) -> None:
        """The run goes on without this reader."""
        self._dropped = True


class StoredFollower(Follower):
    """Follows a run that this process does not hold: it has ended, or lives in another."""

    def __init__(self, ledger: Ledger, record: RunRecord, after: int) -> None:
        super().__init__(record.run, after)
        self._ledger = ledger
        self._record = record
        self._pending: Sequence[Entry] = ()

    @property
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""
        return self._record.closed and not self._pending

    async def look(self) -> None:
        """Looks at what is stored behind the cursor.

        Raises:
            StoreFailed: it cannot be read.
        """
        record = await self._ledger.current(self.run)
        # One that was removed meanwhile says nothing more.
        self._record = record or replace(self._record, closed=True)
        # Read after the record: what it says of an end is then among the entries.
        self._pending = await self._ledger.entries(self.run, after=self.cursor)
        if self._record.closed and not self._pending:
            entries = await self._ledger.entries(self.run)
            if entries and entries[-1].seq < self.cursor:
                self._pending = entries[-_ends(entries) :]

    async def ready(self) -> bool:
        """Waits until there is something to take, or for a nudge.

        Raises:
            StoreFailed: the store cannot be read.
        """
        while not self._pending and not self._record.closed:
            with anyio.move_on_after(_LOOK_SECONDS):
                if await self._wait():
                    return False
            await self.look()
        return True

    def take(self) -> tuple[Entry, ...]:
        """The next of what is pending; see `Follower.take`."""
        pending, self._pending = tuple(self._pending[:_READ_EVENTS]), self._pending[_READ_EVENTS:]
        self.cursor = pending[-1].seq if pending else self.cursor
        return pending


def resumed(entries: Sequence[Entry], after: int, *, closed: bool) -> int:
    """Where a reader of a run in memory goes on that says it has read until `after`.

    Nobody can have read more than was said: such a reader gets the last events.
    """
    if after <= len(entries):
        return after
    return len(entries) - _ends(entries) if closed else len(entries)


def _ends(entries: Sequence[Entry]) -> int:
    """How many events at the end of a closed run tell how it ended."""
    return sum(isinstance(entry.event, Failed | Done) for entry in entries[-2:])
