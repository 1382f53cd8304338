"""What every log of runs promises of time: leases that end, and runs that are old."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from codexity.adapters.store.memory import MemoryRunLog
from codexity.events import Done, Event, Token
from codexity.ports import Batch, RunRecord
from living import Hands, Log, batch, record_of, said, sqlite_log, stored

DONE = Done(status="completed", run="r1", seconds={"total": 1.5})
A, B, C = (Token(text=text) for text in "abc")


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture(params=["memory", "sqlite"])
async def log(
    request: pytest.FixtureRequest, tmp_path: Path, hands: Hands
) -> AsyncGenerator[Log, None]:
    if request.param == "memory":
        yield MemoryRunLog(monotonic=hands)
        return
    async with sqlite_log(tmp_path / "runs.sqlite3", hands) as log:
        yield log


async def _write(log: Log, *batches: Batch, owner: str = "me") -> set[str]:
    return set(await log.write(owner, batches))


async def _known(log: Log, *runs: str) -> list[str]:
    return [run for run in runs if await log.record(run) is not None]


async def test_a_lease_that_is_not_renewed_is_taken_over_once_and_fences_the_old_owner(
    log: Log, hands: Hands
) -> None:
    await _write(log, batch(record_of("late", owner="old"), A), owner="old")
    await _write(log, batch(record_of("over", owner="old"), DONE), owner="old")

    assert [await _taken(log, hands, 2.0) for _ in range(5)] == [[]] * 5
    assert await _taken(log, hands, 2.0) == [record_of("late", owner="new")]
    assert await _taken(log, hands, 2.0) == []
    assert await _write(log, batch(record_of("late"), A, B), owner="old") == {"late"}
    assert await _write(log, batch(record_of("late"), DONE, first=2), owner="new") == set()
    assert await stored(log, "late") == said(A, DONE)


async def test_a_lease_is_kept_by_renewing_it_and_by_nothing_else(log: Log, hands: Hands) -> None:
    for owner in ("alive", "dead", "me"):
        await _write(log, batch(record_of(owner, owner=owner), A), owner=owner)
    taken: list[RunRecord] = []
    for _ in range(20):
        await log.renew("alive")
        taken += await _taken(log, hands, 2.5)
    assert {one.run for one in taken} == {"dead"}
    assert await log.record("me") == record_of("me")

    taken = [one for _ in range(6) for one in await _taken(log, hands, 2.5)]
    assert "alive" in {one.run for one in taken}


async def test_who_takes_over_and_fails_loses_its_lease_as_others_do(
    log: Log, hands: Hands
) -> None:
    await _write(log, batch(record_of("late", owner="dead"), A), owner="dead")
    for closer in ("one", "two"):
        taken = [one for _ in range(5) for one in await _taken(log, hands, 2.5, by=closer)]
        assert [one.owner for one in taken] == [closer]


async def test_a_pause_in_which_nobody_looked_ends_no_lease(log: Log, hands: Hands) -> None:
    await _write(log, batch(record_of("asleep", owner="other"), A), owner="other")
    assert await _taken(log, hands, 0) == []
    assert await _taken(log, hands, 1e9) == [], "a machine that slept"
    await log.renew("other")
    assert [await _taken(log, hands, 2.0) for _ in range(5)] == [[]] * 5
    assert [one.run for one in await _taken(log, hands, 2.0)] == ["asleep"]


async def test_no_clock_that_is_set_ends_a_lease(log: Log, hands: Hands) -> None:
    for number, started in enumerate((-1e12, 0.0, 1e12)):
        record = replace(record_of(f"r{number}", owner="other"), started=started)
        await _write(log, batch(record, A), owner="other")
    for _ in range(20):
        await log.renew("other")
        assert await _taken(log, hands, 2.5) == []
    taken = [one.run for _ in range(5) for one in await _taken(log, hands, 2.5)]
    assert sorted(taken) == ["r0", "r1", "r2"]


async def test_a_run_that_was_begun_and_left_is_taken_over_with_its_key(
    log: Log, hands: Hands
) -> None:
    record = replace(record_of("r1", owner="dead"), key="k")
    await log.begin(record)
    taken = [one for _ in range(6) for one in await _taken(log, hands, 2.0)]
    assert taken == [replace(record, owner="new")]
    end = batch(record, DONE, first=1_000_000_000)
    assert await _write(log, end, owner="new") == set()
    assert await log.asked("local", "k") == replace(record, owner="new", closed=True)


async def test_old_runs_are_forgotten_a_tenth_at_a_time_the_oldest_first(log: Log) -> None:
    runs = [f"r{number}" for number in range(41)]
    await _write_runs(log, [float(number) for number in range(41)])

    assert await log.forget_old(1_040.0, 1_010.0) == 4
    assert await _known(log, *runs) == ["r0", *runs[5:]], "what is open stays"
    counts = [await log.forget_old(1_040.0, 1_010.0) for _ in range(20)]
    assert counts[:8] == [3, 3, 3, 2, 2, 2, 2, 1], "a tenth of those that are left"
    assert counts[-1] == 0
    assert await _known(log, *runs) == ["r0", *runs[30:]]


@pytest.mark.parametrize(
    ("started", "now", "kept"),
    [
        ([0.0, 100, 200, 300], 310, ["r0", "r3"]),
        # The clock was at its beginning when the last two began.
        ([0.0, 300, -1e9, -1e9], 310, ["r0", "r1", "r2", "r3"]),
        # It was far ahead: they are as old as the last before them, and not young for years.
        ([0.0, 100, 1e9, 1e9], 310, ["r0"]),
        ([0.0, 300, 1e9, 1e9], 310, ["r0", "r1", "r2", "r3"]),
        # It is behind now.
        ([0.0, 100, 200, 300], -1e9, ["r0", "r1", "r2", "r3"]),
    ],
    ids=["right", "began behind", "old and ahead", "young and ahead", "now behind"],
)
async def test_what_a_wrong_clock_says_of_a_run_is_held_against_its_neighbours(
    log: Log, started: list[float], now: float, kept: list[str]
) -> None:
    await _write_runs(log, started)
    for _ in range(9):
        await log.forget_old(now, 50.0)
    assert await _known(log, *(f"r{number}" for number in range(len(started)))) == kept


async def test_a_writer_that_stopped_between_two_batches_leaves_the_first(
    tmp_path: Path, hands: Hands
) -> None:
    path = tmp_path / "runs.sqlite3"
    async with sqlite_log(path) as first, sqlite_log(path, hands) as second:
        await _write(first, batch(record_of("r1", owner="first"), A, B), owner="first")

        assert await stored(second, "r1") == said(A, B)
        taken = [one.run for _ in range(6) for one in await _taken(second, hands, 2.0)]
        assert taken == ["r1"]
        assert await _write(second, batch(record_of("r1"), DONE, first=3), owner="new") == set()
        assert await _write(first, batch(record_of("r1"), A, B, C), owner="first") == {"r1"}
        assert await stored(first, "r1") == said(A, B, DONE)


async def _write_runs(log: Log, started: Sequence[float]) -> None:
    """Runs of some size that began then, of which the first is open."""
    for number, at in enumerate(started):
        record = replace(record_of(f"r{number}"), started=at, key=f"k{number}")
        end: list[Event] = [DONE] if number else []
        await _write(log, batch(record, Token(text="x" * 1_000), *end))


async def _taken(log: Log, hands: Hands, passed: float, *, by: str = "new") -> list[RunRecord]:
    hands.seconds += passed
    return list(await log.take_over(by, but="me", seconds=10.0))
