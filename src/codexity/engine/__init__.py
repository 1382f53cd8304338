"""How a run lives: started, followed, stopped; its errors told; its events kept.

A run is a task with an append-only log of events. Readers follow the log with a cursor, so that a
late or a second reader costs nothing and what is pending can be sent in one piece.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

import anyio

from codexity import pipeline
from codexity.errors import BadQuestion, NoEvidence, ProviderError, UnknownRun
from codexity.events import Done, Event, Failed, Skipped, Status, answer_of
from codexity.model import Answer, AnswerStatus, Limits, Question, Tried, Usage
from codexity.ports import Journal, RunLog, Toolbox

from .ledger import Ledger
from .run import Follower, Run

__all__ = ["MAX_QUESTION_CHARS", "Engine", "Follower"]

MAX_QUESTION_CHARS: Final = 500
_MAX_FILTERS: Final = 20
_DOMAIN_CHARS: Final = 253
_DOMAIN: Final = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
_KEPT_IN_MEMORY: Final = 64
_KEPT_IN_STORE: Final = 1_000
_FLUSH_SECONDS: Final = 2.0
_END_SECONDS: Final = 10.0
"""How long the end of a run is waited for: its work has deadlines of its own below that."""


class Engine:
    """Runs questions through the pipeline. Open it with `async with`; leaving ends every run."""

    def __init__(
        self,
        tools: Toolbox,
        limits: Limits,
        *,
        log: RunLog,
        journal: Journal,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.tools = tools
        self.limits = limits
        self._journal = journal
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._ledger = Ledger(
            log, journal, owner=secrets.token_hex(16), now=now, keep=_KEPT_IN_STORE
        )
        self._tasks = anyio.create_task_group()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._tasks)
        self._tasks.start_soon(self._ledger.write)
        self._tasks.start_soon(self._ledger.keep)
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
                await self._ledger.flush()
        self._tasks.cancel_scope.cancel()
        if isinstance(error, Exception):
            # The task group would wrap the error of whoever uses the engine, which nobody catches.
            kind = error = trace = None
        return await self._stack.__aexit__(kind, error, trace)

    def start(self, question: Question) -> str:
        """Begins to answer, and returns the run's id.

        Raises:
            BadQuestion: the text is empty, too long or not text, or a filter names what is not
                there.
        """
        question = checked(question)
        pipeline.providers(question, self.tools)
        record = self._ledger.record(secrets.token_hex(16), question.principal, question.text)
        run = Run(record, question, self._heard)
        self._journal.asked(run.id, question.text)
        self._runs[run.id] = run
        self._tasks.start_soon(self._live, run)
        return run.id

    @asynccontextmanager
    async def follow(
        self, run: str, *, principal: str, after: int = 0
    ) -> AsyncGenerator[Follower, None]:
        """The events of a run of this process behind number `after`; leaving the block detaches.

        When the last reader leaves a run that has not ended, its work is ended and awaited.

        Raises:
            UnknownRun: there is none of this id for this principal.
        """
        followed = self._own(run, principal)
        followed.followers += 1
        try:
            yield Follower(followed, after)
        finally:
            followed.followers -= 1
            if not followed.followers:
                await self._end(followed, "cancelled")

    async def stop(self, run: str, *, principal: str) -> None:
        """Ends the work now; returns once nothing of it runs any more. Ended runs stay ended.

        Raises:
            UnknownRun: there is none of this id for this principal.
        """
        if run in self._runs:
            await self._end(self._own(run, principal), "cancelled")
        else:
            await self.snapshot(run, principal=principal)

    async def interrupt(self) -> None:
        """Ends every run, as a shutdown does; returns once nothing of them runs any more."""
        for run in tuple(self._runs.values()):
            run.cancel("interrupted")
        for run in tuple(self._runs.values()):
            await self._end(run, "interrupted")

    async def snapshot(self, run: str, *, principal: str) -> Answer:
        """The answer as far as it has come. Reading it is not following.

        Raises:
            UnknownRun: there is none of this id for this principal, or it is no longer kept.
        """
        if run in self._runs:
            known = self._own(run, principal)
            record, entries = known.record, tuple(known.entries)
        else:
            stored = await self._ledger.stored(run)
            if stored is None or stored[0].principal != principal:
                raise UnknownRun("There is no such run.")
            record, entries = stored
        return answer_of(record.question, record.run, (entry.event for entry in entries))

    def _heard(self, run: Run, event: Event) -> None:
        self._ledger.grown(run)
        if isinstance(event, Skipped) and event.detail:
            self._journal.skipped(run.id, event)

    def _own(self, run: str, principal: str) -> Run:
        known = self._runs.get(run)
        if known is None or known.record.principal != principal:
            raise UnknownRun("There is no such run.")
        return known

    async def _end(self, run: Run, ending: AnswerStatus) -> None:
        run.cancel(ending)
        with anyio.move_on_after(_END_SECONDS, shield=True):
            await run.over.wait()

    async def _live(self, run: Run) -> None:
        """The run's own boundary: whatever happens, exactly one terminal event is said."""
        status: AnswerStatus = "interrupted"
        failed: Failed | None = None
        usage: Usage | None = None
        try:
            with run.scope:
                await run.say(Status(step="rewriting_query", run=run.id, protocol=1))
                with anyio.fail_after(self.limits.run_seconds):
                    usage = await pipeline.answer(run.question, self.tools, self.limits, run.say)
                status = "completed"
            if run.scope.cancelled_caught:
                status = run.ending
        except NoEvidence as error:
            status, failed = "no_evidence", _no_evidence(error)
        except Exception as error:  # noqa: BLE001 - the one place where a run's faults are told
            status, failed = "failed", self._failure(run, error)
        finally:
            # Nothing here waits: this is said even when whoever holds the engine is cancelled.
            if failed is not None:
                await run.say(failed)
            await run.say(Done(status=status, run=run.id, seconds=run.seconds(), usage=usage))
            run.over.set()
            self._journal.run_ended(run.ended())
            self._forget_oldest()

    def _failure(self, run: Run, error: Exception) -> Failed:
        match error:
            case ProviderError():
                return Failed(code="model_failed", message=error.message, retryable=True)
            case TimeoutError():
                message = f"No answer within {self.limits.run_seconds:g} seconds."
                return Failed(code="too_slow", message=message, retryable=True)
            case _:
                self._journal.fault(run.id, error)
                message = "Something broke inside Codexity; its log says what, under this run's id."
                return Failed(code="internal", message=message, retryable=True)

    def _forget_oldest(self) -> None:
        over = [run for run in self._runs.values() if run.over.is_set() and not run.followers]
        for run in over[: max(0, len(over) - _KEPT_IN_MEMORY)]:
            del self._runs[run.id]


def checked(question: Question) -> Question:
    """The question with its text trimmed and its sites in lower case.

    Raises:
        BadQuestion: it is empty, longer than 500 characters, or holds what is not text; or a filter
            is not what it should be.
    """
    text = question.text.strip()
    if not text:
        raise BadQuestion("The question is empty. Ask something.")
    if len(text) > MAX_QUESTION_CHARS:
        message = (
            f"The question has {len(text)} characters; at most {MAX_QUESTION_CHARS} can be asked."
        )
        raise BadQuestion(message)
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadQuestion("The question holds characters that are not text (NUL or broken UTF-8).")
    filters = question.filters
    sites = tuple(site.strip().lower() for site in filters.site)
    for site in sites:
        if not _DOMAIN.fullmatch(site):
            raise BadQuestion(f"site is a domain such as docs.python.org, not {site[:60]!r}.")
    for name, values in (("site", sites), ("collection", filters.collection)):
        if len(values) > _MAX_FILTERS or not all(0 < len(one) <= _DOMAIN_CHARS for one in values):
            raise BadQuestion(f"{name} is given too often, too long, or empty.")
    return replace(question, text=text, filters=replace(filters, site=sites))


def _no_evidence(error: NoEvidence) -> Failed:
    tried = tuple(Tried(what=what, said=said) for what, said in error.tried)
    return Failed(code=error.code, message=error.message, retryable=False, tried=tried)
