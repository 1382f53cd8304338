"""Readers of a run: a cursor on a log in memory, or on one that only the store holds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
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
    """A reader's cursor on a run's events: `run` is the id, `cursor` the last number read."""

    def __init__(self, run: str, cursor: int) -> None:
        self.run = run
        self.cursor: int = cursor
        self._nudge: anyio.Event | None = None
        self._nudged = False

    @property
    @abstractmethod
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""

    @abstractmethod
    async def read(self) -> tuple[Entry, ...] | None:
        """What is pending, waiting for at least one event; empty once the run has ended.

        None when `nudge` was called before there was anything.

        Raises:
            LeftBehind: the run did not wait for this reader.
        """

    def nudge(self) -> None:
        """Lets a `read` that waits return."""
        self._nudged = True
        self.wake()

    def wake(self) -> None:
        """There is something to be looked at."""
        if self._nudge is not None:
            self._nudge.set()

    async def _wait(self) -> bool:
        """Waits to be woken; true when it was for a nudge."""
        if not self._nudged:
            self._nudge = anyio.Event()
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

    async def read(self) -> tuple[Entry, ...] | None:
        """The next of what is pending; see `Follower.read`."""
        entries = self._live.entries
        while self.cursor >= len(entries):
            if self._live.closed:
                return ()
            if await self._wait():
                return None
        if self._dropped:
            raise LeftBehind("The reader was too far behind. Come back with the last event's id.")
        pending = tuple(entries[self.cursor : self.cursor + _READ_EVENTS])
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
        if record is not None:
            self._record = record
        # Read after the record: what it says of an end is then among the entries.
        self._pending = await self._ledger.entries(self.run, after=self.cursor)
        if self._record.closed and not self._pending:
            entries = await self._ledger.entries(self.run)
            self.cursor = resumed(entries, self.cursor, closed=True)
            self._pending = entries[self.cursor :]

    async def read(self) -> tuple[Entry, ...] | None:
        """Everything pending; see `Follower.read`."""
        while not self._pending:
            if self._record.closed:
                return ()
            with anyio.move_on_after(_LOOK_SECONDS):
                if await self._wait():
                    return None
            await self.look()
        pending, self._pending = tuple(self._pending), ()
        self.cursor = pending[-1].seq
        return pending


def resumed(entries: Sequence[Entry], after: int, *, closed: bool) -> int:
    """Where a reader goes on that has read until `after`.

    A crash may have kept less of a run than its reader saw: such a reader gets its last events.
    """
    if after <= len(entries):
        return after
    if not closed:
        return len(entries)
    ends = sum(isinstance(entry.event, Failed | Done) for entry in entries[-2:])
    return len(entries) - ends
