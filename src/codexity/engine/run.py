"""One run: its append-only log of events, and the work behind it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import anyio

from codexity.errors import CodexityError, TooLong
from codexity.events import (
    ClaimChecked,
    Done,
    Event,
    Failed,
    PageRead,
    Skipped,
    Sources,
    SourcesPreview,
    Status,
    encode_all,
    no_tokens,
)
from codexity.model import CancelReason, Limits, Question
from codexity.ports import Ending, RunRecord

_MILESTONES: Final[dict[type[Event], str]] = {
    SourcesPreview: "first_hit",
    PageRead: "first_page",
    Sources: "first_source",
}
_SPEAKS: Final = "first_token"
_BLOCK_BYTES: Final = 50
"""About what a block takes besides its bytes."""


class Reader(Protocol):
    """Somebody who follows a run; `cursor` is the number of the last event that was read."""

    cursor: int

    @property
    def waits(self) -> bool:
        """Whether it is through with what it was given: it reads on as soon as it is let."""
        ...

    def wake(self) -> None:
        """There is something to read."""
        ...

    def drop(self) -> None:
        """The run goes on without this reader."""
        ...


class Run:
    """A question being answered in this process.

    `blocks[n]` has the number n + 1. `scope` holds the work: cancelling it ends the run, as
    cancelled where there is a `reason`, else as interrupted. `over` is set once no part of the work
    is left, `enough` when what has been read is to do; `stored` says that nothing of it is still to
    be written. Until `owed_until` (a monotonic time) the run goes on without readers;
    `grace_seconds` is what it owes to each of them, None where each says so itself.
    """

    def __init__(
        self,
        record: RunRecord,
        question: Question,
        limits: Limits,
        heard: Callable[[Run, Sequence[Event]], None],
    ) -> None:
        self.id = record.run
        self.record = record
        self.question = question
        self.blocks: list[bytes] = []
        self.closed = False
        self.stored = False
        self.scope = anyio.CancelScope()
        self.reason: CancelReason | None = None
        self.over = anyio.Event()
        self.enough = anyio.Event()
        self.followers: list[Reader] = []
        self.grace_seconds: float | None = None
        self.owed_until = 0.0
        self.lingering = False
        self._room: anyio.Event | None = None
        self._limits = limits
        self._look_every = self._look_at = max(1, limits.max_unread_events // 16)
        self._bytes = 0
        self._heard = heard
        self._started = time.monotonic()
        self._seconds: dict[str, float] = {}
        self._told: list[Event] = []

    async def say(self, *events: Event) -> None:
        """Appends events to the log, all at once, and wakes the readers.

        Waits while even the fastest of them is too far behind, or one that has only not had its
        turn; drops the others who are. The last events of a run wait for nobody.

        Raises:
            TooLong: the run has said more than is kept of one.
        """
        if self.closed:
            raise CodexityError("The run has already ended.")
        if not events:
            return
        untold = no_tokens(events)
        blocks = encode_all(events, untold)
        self.blocks += blocks
        self._bytes += sum(map(len, blocks)) + _BLOCK_BYTES * len(blocks)
        self._pass(untold, speaks=len(untold) < len(events))
        for follower in self.followers:
            follower.wake()
        self._heard(self, untold)
        last = type(events[-1])
        if last is Done or last is Failed:
            return
        if self._bytes > self._limits.max_run_bytes:
            raise TooLong("The answer grew beyond what is kept of one, and was ended there.")
        if len(self.blocks) >= self._look_at:
            self._look_at = len(self.blocks) + self._look_every
            await self._await_readers()

    def _pass(self, events: Sequence[Event], *, speaks: bool) -> None:
        """Keeps what was said, but for tokens, and when each milestone was passed."""
        for event in events:
            self._told.append(event)
            self.closed = self.closed or type(event) is Done
            milestone = _MILESTONES.get(type(event))
            if milestone is not None:
                self._seconds.setdefault(milestone, self._elapsed())
        if speaks and _SPEAKS not in self._seconds:
            self._seconds[_SPEAKS] = self._elapsed()

    def close(self) -> None:
        """Nothing more is said: every reader is woken, and hears of the end."""
        self.closed = True
        for follower in self.followers:
            follower.wake()

    def make_room(self) -> None:
        """A reader has read, or left: the run need not wait for it."""
        if self._room is not None:
            self._room.set()

    def seconds(self) -> dict[str, float]:
        """Where the time went, since the start: the milestones passed, and the total."""
        return {"total": self._elapsed(), **self._seconds}

    def claims(self) -> dict[str, int]:
        """How many sentences of the answer have each kind of support."""
        return dict(Counter(one.support for one in self._told if type(one) is ClaimChecked))

    def ended(self) -> Ending:
        """What the operator is told of the run once it is over."""
        found: dict[str, Any] = {"status": "running", "seconds": {}, "sources": 0, "model": None}
        skipped: list[str] = []
        for event in self._told:
            match event:
                case Skipped():
                    skipped.append(event.code)
                case Sources():
                    found["sources"] = len(event.sources)
                case Status(step="generating"):
                    found["model"] = event.model
                case Done():
                    found |= {"status": event.status, "seconds": event.seconds}
                case _:
                    pass
        principal = self.record.principal
        return Ending(run=self.id, principal=principal, skipped=tuple(skipped), **found)

    def cancel(self, reason: CancelReason | None) -> None:
        """Ends the work, as interrupted where there is no reason; `over` tells when it has."""
        if not self.scope.cancel_called:
            self.reason = reason
            self.scope.cancel()

    async def _await_readers(self) -> None:
        most = self._limits.max_unread_events
        while self.followers:
            said = len(self.blocks)
            behind = [one for one in self.followers if said - one.cursor >= most]
            # They are let read some at a time, and this may run between two of them.
            if len(behind) < len(self.followers) and not any(one.waits for one in behind):
                for follower in behind:
                    follower.drop()
                return
            # Several parts of a run may wait here at once, all for the same.
            if self._room is None or self._room.is_set():
                self._room = anyio.Event()
            await self._room.wait()

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._started, 4)
