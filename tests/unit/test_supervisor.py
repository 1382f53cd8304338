"""Background loops: begun again whatever ends them, given up in time, and ended by their owner."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import anyio
import anyio.lowlevel
import pytest

from codexity.supervisor import Supervisor, is_ending
from world import Diary, until

Loop: TypeAlias = Callable[[], Awaitable[None]]


class Panic(BaseException):
    """As the extensions that are written in Rust raise: no `Exception`."""


FAULTS = [
    ValueError("a column of somebody else's"),
    MemoryError(),
    RuntimeError("can't start new thread"),
    ExceptionGroup("several", [OSError("gone"), KeyError("x")]),
    Panic("index out of bounds"),
    asyncio.CancelledError("what was awaited was cancelled by another"),
    None,
]
"""What ends a loop; None: that it returns."""


class Faulty:
    """A loop that fails `failures` times, each time by `error`, and then runs on."""

    def __init__(self, failures: float, error: BaseException | None) -> None:
        self.begun = 0
        self.well = anyio.Event()
        self._failures = failures
        self._error = error

    async def run(self) -> None:
        self.begun += 1
        if self.begun <= self._failures:
            if self._error is not None:
                raise self._error
            return
        self.well.set()
        await anyio.sleep_forever()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codexity.supervisor._FIRST_DELAY_SECONDS", 0.001)


@pytest.mark.parametrize("error", FAULTS, ids=repr)
async def test_whatever_ends_a_loop_it_is_begun_again_and_told(error: BaseException | None) -> None:
    diary, loop, other = Diary(), Faulty(3, error), Faulty(0, None)
    supervisor = Supervisor(diary)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(supervisor.supervise, "the loop", loop.run)
        tasks.start_soon(supervisor.supervise, "another", other.run)
        with anyio.fail_after(5):
            await loop.well.wait()
        assert supervisor.running == {"the loop", "another"}
        tasks.cancel_scope.cancel()
    assert supervisor.failed is None
    assert (loop.begun, other.begun) == (4, 1)
    assert [(one.loop, one.error) for one in diary.loops] == [("the loop", error)] * 3
    assert all(one.retry_seconds for one in diary.loops)


@pytest.mark.parametrize("error", FAULTS, ids=repr)
async def test_a_loop_that_cannot_be_begun_again_is_given_up_and_only_that(
    error: BaseException | None,
) -> None:
    diary, loop, other = Diary(), Faulty(float("inf"), error), Faulty(0, None)
    supervisor = Supervisor(diary)
    told: list[str | None] = []
    supervisor.on_failure(lambda: told.append(supervisor.failed))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(supervisor.supervise, "the loop", loop.run)
        tasks.start_soon(supervisor.supervise, "another", other.run)
        await until(lambda: bool(told))
        assert supervisor.running == {"another"}
        tasks.cancel_scope.cancel()
    assert loop.begun == 6
    assert [one.retry_seconds is None for one in diary.loops] == [False] * 5 + [True]
    [reason] = told
    assert reason is not None
    assert "the loop" in reason
    assert "column" not in reason


async def test_the_delays_grow_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    await Supervisor(Diary()).supervise("the loop", Faulty(99, ValueError("x")).run)
    *delays, last = slept
    assert last == 0
    for delay, longest in zip(delays, [0.25, 0.5, 1, 2, 4], strict=True):
        assert longest / 2 <= delay <= longest


async def test_a_loop_that_was_well_for_a_while_has_its_failures_counted_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("codexity.supervisor._WELL_SECONDS", 0)
    loop = Faulty(20, ValueError("now and then"))
    supervisor = Supervisor(Diary())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(supervisor.supervise, "the loop", loop.run)
        with anyio.fail_after(5):
            await loop.well.wait()
        tasks.cancel_scope.cancel()
    assert supervisor.failed is None


async def test_a_loop_that_somebody_else_cancelled_does_not_go_silently() -> None:
    async def cancelled() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await anyio.sleep(1)

    supervisor = Supervisor(Diary())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(supervisor.supervise, "the loop", cancelled)
        await until(lambda: supervisor.failed is not None)
        tasks.cancel_scope.cancel()


async def test_a_journal_that_fails_ends_nothing() -> None:
    class Torn(Diary):
        def loop_failed(
            self, name: str, error: BaseException | None, retry_seconds: float | None
        ) -> None:
            raise MemoryError

    loop = Faulty(3, ValueError("x"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(Supervisor(Torn()).supervise, "the loop", loop.run)
        with anyio.fail_after(5):
            await loop.well.wait()
        tasks.cancel_scope.cancel()


async def test_only_ends_are_passed_on() -> None:
    cancelled = asyncio.CancelledError
    cancellations = (cancelled(), BaseExceptionGroup("", [cancelled(), cancelled()]))
    for end in (
        KeyboardInterrupt(),
        SystemExit(1),
        BaseExceptionGroup("", [ValueError("x"), KeyboardInterrupt()]),
    ):
        assert is_ending(end), end
    for fault in (
        ValueError(),
        MemoryError(),
        Panic(),
        BaseExceptionGroup("", [Panic()]),
        # Of a task that nobody has cancelled.
        *cancellations,
    ):
        assert not is_ending(fault), fault
    with anyio.CancelScope() as scope:
        scope.cancel()
        try:
            await anyio.lowlevel.checkpoint()
        finally:
            for end in cancellations:
                assert is_ending(end), end
            assert not is_ending(BaseExceptionGroup("", [cancelled(), ValueError("x")]))
    assert scope.cancelled_caught
