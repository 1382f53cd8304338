"""Readers of a run: a cursor on a log in memory, or on one that only the store holds."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import anyio

from codexity.errors import LeftBehind
from codexity.events import Done, Failed, tells
from codexity.ports import Entries, RunRecord

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

    # There may be thousands: an Event of anyio's alone would take more than all of this.
    __slots__ = ("_nudged", "_released", "_woken", "bell", "cursor", "run")

    def __init__(self, run: str, cursor: int) -> None:
        self.run = run
        self.cursor: int = cursor
        self.bell: Callable[[], None] | None = None
        self._released: asyncio.Future[None] | None = None
        self._nudged = False
        self._woken = False

    @property
    def waits(self) -> bool:
        """Whether it is in `ready`: through with what it was given, it reads on when it is let."""
        return self._released is not None

    @property
    @abstractmethod
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""

    @abstractmethod
    async def ready(self) -> bool:
        """Waits until there is something to take; false when `nudge` was called before that."""

    @abstractmethod
    def take(self) -> Entries:
        """The next of what is pending; none once the run has ended.

        Raises:
            LeftBehind: the run did not wait for this reader.
        """

    def hand(self, max_bytes: int) -> Entries | None:
        """What is pending, for who passes it on without waking a reader that waits in `ready`.

        None where the reader has to look itself: it does not wait, the run has ended, or more is
        pending than `max_bytes` or than may be held.
        """
        del max_bytes
        return None

    async def read(self) -> Entries:
        """The next of what is pending, waiting for it; none once the run has ended.

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
        if self._released is not None and not self._woken:
            self._woken = True
            (self.bell or self.release)()

    def release(self) -> None:
        """Lets a `ready` that waits look."""
        if self._released is not None and not self._released.done():
            self._released.set_result(None)

    async def _wait(self) -> bool:
        """Waits to be released; true when it was for a nudge."""
        if not self._nudged:
            self._woken = False
            self._released = asyncio.get_running_loop().create_future()
            try:
                await self._released
            finally:
                self._released = None
        nudged, self._nudged = self._nudged, False
        return nudged


class LiveFollower(Follower):
    """Follows a run of this process, `live`."""

    __slots__ = ("_dropped", "live")

    def __init__(self, run: Run, after: int) -> None:
        super().__init__(run.id, resumed(run.blocks, after, closed=run.closed))
        self.live = run
        self._dropped = False

    @property
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""
        return self.live.closed and self.cursor >= len(self.live.blocks)

    async def ready(self) -> bool:
        """Waits until there is something to take, or for a nudge."""
        while self.cursor >= len(self.live.blocks) and not self.live.closed:
            if await self._wait():
                return False
        return True

    def take(self) -> Entries:
        """The next of what is pending; see `Follower.take`."""
        if self._dropped:
            raise LeftBehind("The reader was too far behind. Come back with the last event's id.")
        pending = self.live.blocks[self.cursor : self.cursor + _READ_EVENTS]
        first = self.cursor + 1
        self.cursor += len(pending)
        self.live.make_room()
        return Entries(first, pending)

    def hand(self, max_bytes: int) -> Entries | None:
        """What is pending, of a run that goes on; see `Follower.hand`."""
        if (
            self.live.closed
            or self._dropped
            or self._nudged
            or self._released is None
            or self._released.done()
        ):
            return None
        pending = self.live.blocks[self.cursor : self.cursor + _READ_EVENTS]
        if not 0 < len(pending) < _READ_EVENTS or sum(map(len, pending)) > max_bytes:
            return None
        self._woken = False
        return self.take()

    def drop(self) -> None:
        """The run goes on without this reader."""
        self._dropped = True


class StoredFollower(Follower):
    """Follows a run that this process does not hold: it has ended, or lives in another."""

    __slots__ = ("_ledger", "_pending", "_record")

    def __init__(self, ledger: Ledger, record: RunRecord, after: int) -> None:
        super().__init__(record.run, after)
        self._ledger = ledger
        self._record = record
        self._pending = Entries(after + 1, ())

    @property
    def finished(self) -> bool:
        """Whether the run has ended and everything of it was read."""
        return self._record.closed and not self._pending and self.cursor == self._record.last

    async def look(self) -> None:
        """Looks at what is stored behind the cursor.

        Raises:
            StoreFailed: it cannot be read.
        """
        record = await self._ledger.current(self.run)
        self._record = record or replace(self._record, closed=True)
        # Read after the record: what it says of an end is then among the entries.
        if self._record.closed and self.cursor > self._record.last:
            self._pending = await self._end()
        else:
            self._pending = await self._ledger.entries(self.run, after=self.cursor)
        if self._record.closed and not self._pending:
            # All of it was read, or it was removed meanwhile.
            self._record = replace(self._record, last=self.cursor)

    async def _end(self) -> Entries:
        """The events that tell how the run ended."""
        last = await self._ledger.entries(self.run, after=self._record.last - 2)
        return last.behind(last.last - _ends(last.blocks))

    async def ready(self) -> bool:
        """Waits until there is something to take, or for a nudge.

        Raises:
            StoreFailed: the store cannot be read.
        """
        while not self._pending and not self.finished:
            if not self._record.closed:
                with anyio.move_on_after(_LOOK_SECONDS):
                    if await self._wait():
                        return False
            await self.look()
        return True

    def take(self) -> Entries:
        """The next of what is pending; see `Follower.take`."""
        taken = self._pending.part(0, _READ_EVENTS)
        self._pending = self._pending.behind(taken.last)
        self.cursor = taken.last if taken else self.cursor
        return taken


def resumed(blocks: Sequence[bytes], after: int, *, closed: bool) -> int:
    """Where a reader of a run in memory goes on that says it has read until `after`.

    Nobody can have read more than was said: such a reader gets the last events.
    """
    if after <= len(blocks):
        return after
    return len(blocks) - _ends(blocks) if closed else len(blocks)


def _ends(blocks: Sequence[bytes]) -> int:
    """How many events at the end of a closed run tell how it ended."""
    return sum(tells(block, Failed, Done) for block in blocks[-2:])
