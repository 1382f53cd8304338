"""How a run lives: started, followed, left, stopped; its errors told; its events kept.

A run is a task with an append-only log of events. Readers follow the log with a cursor, so that a
late or a second reader costs nothing and what is pending can be sent in one piece.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Final, Self

import anyio

from codexity import pipeline
from codexity.errors import Draining, UnknownRun
from codexity.events import Event, Skipped, answer_of, decode
from codexity.filters import understood
from codexity.model import Answer, Limits, Question
from codexity.ports import Admission, Backing, Journal, RunRecord, Toolbox
from codexity.supervisor import Supervisor, is_ending

from .follower import Follower, LiveFollower, StoredFollower
from .held import Held
from .history import MOST_LISTED, Excerpt, History, Listing
from .journal import SafeJournal
from .leaving import Leaving
from .ledger import Ledger
from .life import Pipeline, live
from .question import MAX_QUESTION_CHARS, checked
from .request import Request, fingerprint, recorded, same
from .run import Run
from .wishes import Wishes

__all__ = [
    "MAX_QUESTION_CHARS",
    "MOST_LISTED",
    "Engine",
    "Excerpt",
    "Follower",
    "Listing",
    "Request",
]

_FLUSH_SECONDS: Final = 2.0
_INTERRUPT_SECONDS: Final = 2.0


class Engine:
    """Runs questions through the pipeline. Open it with `async with`; leaving ends every run."""

    def __init__(
        self, tools: Toolbox, limits: Limits, *, backing: Backing, journal: Journal
    ) -> None:
        self.answer: Pipeline = pipeline.answer
        self.tools = tools
        self.limits = limits
        self.draining = False
        self._backing = backing
        self._journal = SafeJournal(journal)
        self.supervisor = Supervisor(self._journal)
        self._runs = Held()
        self._ledger = Ledger(
            backing.log, self._journal, keep=backing.keep, stored=self._runs.settle
        )
        self._wishes = Wishes(backing.control, self._ledger, self._runs)
        self.history = History(backing.threads, self._ledger, self._runs)
        self._tasks = anyio.create_task_group()
        self._leaving = Leaving(self._tasks, self._journal)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._tasks)
        self._stack.enter_context(self._backing.control.hear(self._ledger.owner, self._wishes.told))
        supervise = self.supervisor.supervise
        self._tasks.start_soon(supervise, "the writing of runs", self._ledger.write)
        self._tasks.start_soon(supervise, "the renewing of leases", self._ledger.keep)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        with anyio.CancelScope(shield=True):
            await self.interrupt()
            with anyio.move_on_after(_FLUSH_SECONDS):
                await self._ledger.flush_at_end()
        self._tasks.cancel_scope.cancel()
        if isinstance(error, Exception):
            # The task group would wrap the error of whoever uses the engine, which nobody catches.
            kind = error = trace = None
        return await self._stack.__aexit__(kind, error, trace)

    @property
    def held(self) -> int:
        """How many runs are in memory."""
        return len(self._runs)

    def start(self, question: Question, request: Request | None = None) -> str:
        """Begins to answer, and returns the run's id.

        Raises:
            BadQuestion: the text is empty, too long or not text, or a filter names what is not
                there.
            Busy: too many wait already, in all or (`TooManyOfOne`) of this client; or (`Draining`)
                this process is about to end.
        """
        run, admission = self._admitted(question, request or Request())
        self._launch(run, admission)
        return run.id

    async def once(self, question: Question, request: Request) -> RunRecord:
        """Begins to answer, unless that was asked before under the request's key.

        A run that has a key is stored before it begins: of several processes on one store one
        begins it.

        Raises:
            BadQuestion, Busy: as `start`.
            KeyReused: the key belongs to another question.
            UnknownRun: the request names a thread that the principal does not have.
            StoreFailed: it has a key or a thread, which cannot be looked up or kept now.
        """
        principal = question.principal
        if request.thread is not None and not await self.history.runs(
            request.thread, principal=principal, limit=1
        ):
            raise UnknownRun("There is no such thread.")
        if request.key is None:
            return self._runs[self.start(question, request)].record
        known = await self._ledger.asked(principal, request.key)
        if known is None:
            run, admission = self._admitted(question, request)
            try:
                known = await self._ledger.begin(run.record)
            except BaseException:
                admission.leave()
                raise
            # Nothing waits from here to the start: what is stored begins.
            if known.run == run.id:
                self._launch(run, admission)
                return run.record
            admission.leave()
        return same(known, fingerprint(checked(question), request))

    def _admitted(self, question: Question, request: Request) -> tuple[Run, Admission]:
        """A run that may begin, and its place in the queue; raises as `start` does."""
        if self.draining:
            raise Draining(
                "This server is about to restart. Ask again in a moment.", retry_seconds=2
            )
        question = checked(question)
        meant = understood(question)
        pipeline.providers(meant, self.tools)
        run = Run(self._ledger.owned(recorded(question, request)), meant, self.limits, self._heard)
        run.grace_seconds = request.grace_seconds
        run.owed_until = time.monotonic() + (request.grace_seconds or 0)
        # The last: whatever is raised above holds no place.
        return run, self._backing.slots.admit(request.client or question.principal)

    def _launch(self, run: Run, admission: Admission) -> None:
        self._journal.asked(run.id, run.record.question)
        self._runs[run.id] = run
        try:
            self._tasks.start_soon(self._live, run, admission)
        except BaseException:
            admission.leave()
            self._runs.forget(run.id)
            self._ledger.abandon(run.record)
            raise
        if run.grace_seconds is not None:
            self._leaving.linger(run)

    @asynccontextmanager
    async def follow(
        self, run: str, *, principal: str, after: int = 0, grace_seconds: float = 0
    ) -> AsyncGenerator[Follower, None]:
        """A reader as `attach` gives it; leaving the block detaches it."""
        follower = await self.attach(run, principal=principal, after=after)
        try:
            yield follower
        finally:
            await self.detach(follower, grace_seconds=grace_seconds)

    async def attach(self, run: str, *, principal: str, after: int = 0) -> Follower:
        """A reader of a run's events behind number `after`, to be detached.

        Raises:
            UnknownRun: there is none of this id for this principal, or it is no longer kept.
            StoreFailed: it is kept, but cannot be read now.
        """
        followed = self._runs.get(run)
        if followed is None:
            record = await self._wishes.stored(run, principal)
            stored = StoredFollower(self._ledger, record, after)
            await stored.look()
            return stored
        follower = LiveFollower(self._wishes.own(followed, principal), after)
        self._runs.need(followed)
        followed.followers.append(follower)
        followed.make_room()
        return follower

    async def detach(self, follower: Follower, *, grace_seconds: float = 0) -> None:
        """The reader has left.

        A run goes on for the longest `grace_seconds` that is owed to one of its readers, or for
        those of its own request. When nobody is owed any more, leaving ends the work and waits for
        its end.
        """
        if not isinstance(follower, LiveFollower):
            return
        run = follower.live
        run.followers.remove(follower)
        run.make_room()
        grace = grace_seconds if run.grace_seconds is None else run.grace_seconds
        run.owed_until = max(run.owed_until, time.monotonic() + grace)
        await self._leaving.left(run)
        self._runs.settle(run)

    async def stop(self, run: str, *, principal: str) -> None:
        """Ends the work now; returns once nothing of it runs any more. Ended runs stay ended.

        Raises:
            UnknownRun: there is none of this id for this principal.
            Elsewhere: it is the run of a process that cannot be told.
        """
        await self._wishes.tell(run, principal, "stop")

    async def finish(self, run: str, *, principal: str) -> None:
        """Searches no further: the answer is written from what has been read so far.

        Raises:
            UnknownRun, Elsewhere: as `stop`.
        """
        await self._wishes.tell(run, principal, "finish")

    async def interrupt(self) -> None:
        """Ends every run, as a shutdown does; returns once nothing of them runs any more.

        Work that hangs is not waited for any longer than two seconds.
        """
        runs = tuple(self._runs.values())
        for run in runs:
            run.cancel(None)
        with anyio.move_on_after(_INTERRUPT_SECONDS, shield=True):
            for run in runs:
                await run.over.wait()

    async def snapshot(self, run: str, *, principal: str) -> Answer:
        """The answer as far as it has come. Reading it is not following.

        Raises:
            UnknownRun: there is none of this id for this principal, or it is no longer kept.
        """
        known = self._runs.get(run)
        if known is not None:
            record, blocks = self._wishes.own(known, principal).record, known.blocks
        else:
            record = await self._wishes.stored(run, principal)
            blocks = await self._ledger.blocks(run)
        return answer_of(record.question, record.run, map(decode, blocks))

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread with all its runs, those stopped first that are not over.

        Raises:
            UnknownRun: the principal has no such thread.
            Elsewhere: one of its runs is that of a process that cannot be told.
        """
        async for record in self.history.every(thread, principal=principal):
            if not record.closed:
                await self._wishes.tell(record.run, principal, "stop")
        await self.history.forget(thread, principal=principal)

    async def _live(self, run: Run, admission: Admission) -> None:
        """Whatever a run does, it ends this run alone: the other tasks are of all the others."""
        try:
            work = partial(self.answer, run.question, self.tools, self.limits, run.say, run.enough)
            await live(run, work, self.limits, admission=admission, journal=self._journal)
        except BaseException as error:
            if is_ending(error):
                raise
            self._journal.fault(run.id, error)
        finally:
            self._runs.settle(run)

    def _heard(self, run: Run, events: Sequence[Event]) -> None:
        """Something was said; `events` are those of it that are no tokens."""
        self._ledger.grown(run)
        for event in events:
            if isinstance(event, Skipped) and event.detail:
                self._journal.skipped(run.id, event)
