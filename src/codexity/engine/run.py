"""One run: its append-only log of events, and the cursors that follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import anyio

from codexity.errors import CodexityError
from codexity.events import (
    Done,
    Event,
    PageRead,
    Sources,
    SourcesPreview,
    Token,
    answer_of,
    encode,
)
from codexity.model import AnswerStatus, Question
from codexity.ports import Ending, Entry, RunRecord

_MILESTONES: Final[dict[type[Event], str]] = {
    SourcesPreview: "first_hit",
    PageRead: "first_page",
    Sources: "first_source",
    Token: "first_token",
}


class Run:
    """A question being answered in this process.

    `entries[n]` has the number n + 1. `scope` holds the work: cancelling it ends the run with the
    status in `ending`. `over` is set once no part of the work is left.
    """

    def __init__(
        self, record: RunRecord, question: Question, heard: Callable[[Run, Event], None]
    ) -> None:
        self.record = record
        self.question = question
        self.entries: list[Entry] = []
        self.closed = False
        self.scope = anyio.CancelScope()
        self.ending: AnswerStatus = "cancelled"
        self.over = anyio.Event()
        self.followers = 0
        self.changed = anyio.Event()
        self._heard = heard
        self._started = anyio.current_time()
        self._seconds: dict[str, float] = {}

    @property
    def id(self) -> str:
        """The run's id: 128 random bits in hexadecimal digits."""
        return self.record.run

    async def say(self, event: Event) -> None:
        """Appends an event to the log and wakes the readers."""
        if self.closed:
            raise CodexityError("The run has already ended.")
        milestone = _MILESTONES.get(type(event))
        if milestone is not None:
            self._seconds.setdefault(milestone, self._elapsed())
        self.entries.append(Entry(seq=len(self.entries) + 1, event=event, data=encode(event)))
        self.closed = isinstance(event, Done)
        self.changed.set()
        self.changed = anyio.Event()
        self._heard(self, event)

    def seconds(self) -> dict[str, float]:
        """Where the time went, since the start: the milestones passed, and the total."""
        return {"total": self._elapsed(), **self._seconds}

    def ended(self) -> Ending:
        """What the operator is told of the run once it is over."""
        answer = answer_of("", self.id, (entry.event for entry in self.entries))
        return Ending(
            run=self.id,
            principal=self.record.principal,
            status=answer.status,
            seconds=answer.seconds,
            sources=len(answer.sources),
            skipped=tuple(failure.code for failure in answer.skipped),
            model=answer.model,
        )

    def cancel(self, ending: AnswerStatus) -> None:
        """Ends the work; `over` tells when nothing of it is left."""
        if not self.scope.cancel_called:
            self.ending = ending
            self.scope.cancel()

    def _elapsed(self) -> float:
        return round(anyio.current_time() - self._started, 4)


class Follower:
    """A reader's cursor on a log."""

    def __init__(self, run: Run, after: int) -> None:
        self._run = run
        self._cursor = after

    @property
    def run(self) -> str:
        """The id of the run that is followed."""
        return self._run.id

    @property
    def cursor(self) -> int:
        """The number of the last event that was read."""
        return self._cursor

    async def read(self) -> tuple[Entry, ...]:
        """Everything pending, waiting for at least one event; empty once the run has ended."""
        while self._cursor >= len(self._run.entries):
            if self._run.closed:
                return ()
            await self._run.changed.wait()
        pending = tuple(self._run.entries[self._cursor :])
        self._cursor = len(self._run.entries)
        return pending
