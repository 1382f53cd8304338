"""The life of a run from its turn to its one terminal event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import anyio

from codexity.errors import Busy, NoEvidence, ProviderError, TooLong
from codexity.events import Done, Failed, Status
from codexity.model import AnswerStatus, CancelReason, Limits, Question, Tried, Usage
from codexity.ports import Admission, Emit, Journal, Toolbox
from codexity.supervisor import is_ending

from .run import Run

Work: TypeAlias = Callable[[], Awaitable[Usage | None]]
"""Answers the question of a run; returns what the model used."""
Pipeline: TypeAlias = Callable[
    [Question, Toolbox, Limits, Emit, anyio.Event], Awaitable[Usage | None]
]
"""How questions are answered: `codexity.pipeline.answer`."""


async def live(
    run: Run, work: Work, limits: Limits, *, admission: Admission, journal: Journal
) -> None:
    """The run's own boundary: whatever happens, exactly one terminal event is said."""
    status: AnswerStatus = "interrupted"
    failed: Failed | None = None
    usage: Usage | None = None
    reason: CancelReason | None = None
    try:
        with run.scope:
            usage = await _worked(run, work, limits, admission)
            status = "completed"
        if run.scope.cancelled_caught:
            reason = run.reason
            status = "cancelled" if reason else "interrupted"
    except NoEvidence as error:
        status, failed = "no_evidence", _no_evidence(error)
    except BaseException as error:
        if is_ending(error):
            raise
        status, failed = "failed", _failure(run, error, limits, journal)
    finally:
        try:
            admission.leave()
        finally:
            # Nothing here waits: this is said even when whoever holds the engine is cancelled.
            done = Done(
                status=status,
                run=run.id,
                seconds=run.seconds(),
                usage=usage,
                reason=reason,
                claims=run.claims(),
            )
            await _close(run, failed, done, journal)
        journal.run_ended(run.ended())


async def _close(run: Run, failed: Failed | None, done: Done, journal: Journal) -> None:
    """Says how the run ended, though what failed it, such as memory, may still be short."""
    plain = Done(status=done.status, run=run.id, seconds={}, reason=done.reason)
    for event in (failed, done, plain):
        if event is None or run.closed:
            continue
        try:
            await run.say(event)
        except Exception as error:  # noqa: BLE001 - the end is still to be told
            journal.fault(run.id, error)
    run.over.set()
    # Where even that could not be said, its readers are let go, to come back.
    run.close()


async def _worked(run: Run, work: Work, limits: Limits, admission: Admission) -> Usage | None:
    async def moved(place: int) -> None:
        await run.say(Status(step="queued", run=run.id, place=place))

    await admission.turn(moved)
    await run.say(Status(step="rewriting_query", run=run.id, protocol=1))
    with anyio.move_on_after(limits.run_seconds):
        return await work()
    raise TimeoutError


def _failure(run: Run, error: BaseException, limits: Limits, journal: Journal) -> Failed:
    match _too_long(error) or error:
        case ProviderError() as lost:
            return Failed(code="model_failed", message=lost.message, retryable=True)
        case Busy() as full:
            return Failed(code="busy", message=full.message, retryable=True)
        case TimeoutError():
            message = f"No answer within {limits.run_seconds:g} seconds."
            return Failed(code="too_slow", message=message, retryable=True)
        case TooLong() as grown:
            return Failed(code="too_long", message=grown.message, retryable=False)
        case _:
            journal.fault(run.id, error)
            message = "Something broke inside Codexity; its log says what, under this run's id."
            return Failed(code="internal", message=message, retryable=True)


def _too_long(error: BaseException) -> TooLong | None:
    """Several parts of a run may work side by side, so that what one raises comes in a group."""
    parts: tuple[BaseException, ...] = getattr(error, "exceptions", ())
    found = (one for part in parts if (one := _too_long(part)))
    return error if isinstance(error, TooLong) else next(found, None)


def _no_evidence(error: NoEvidence) -> Failed:
    tried = tuple(Tried(what=what, said=said) for what, said in error.tried)
    return Failed(code=error.code, message=error.message, retryable=False, tried=tried)
