"""A store of runs that an older Codexity wrote: brought up to date, and nothing of it lost."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.sqlite.schema import prepare
from codexity.adapters.store.tables import SCHEMA
from codexity.errors import StoreFailed
from codexity.events import Done, Token
from codexity.ports import Entry
from living import Hands, batch, record_of, said, sqlite_log, stored

# As it was written before files were marked: kept word for word.
UNMARKED = """
create table if not exists runs (
    number integer primary key, run text not null unique, principal text not null,
    thread text not null, question text not null, owner text not null, started real not null,
    lease_until real not null, key text, asked text not null,
    closed integer not null default 0, last integer not null default 0,
    bytes integer not null default 0
) strict;
create index if not exists runs_open on runs (lease_until) where closed = 0;
create index if not exists runs_thread on runs (principal, thread);
create index if not exists runs_key on runs (principal, key) where key is not null;
create table if not exists told (
    number integer not null references runs on delete cascade, first integer not null,
    last integer not null, events blob not null
) strict;
create unique index if not exists told_in_order on told (number, first);
"""
DONE = Done(status="completed", run="r1", seconds={})
A, B = (Token(text=text) for text in "ab")
AHEAD = 4e9
KEYS = {"open": None, "first": "k", "second": "k", "hers": "k", "other": "K"}


def unmarked(path: Path) -> None:
    """Five runs; one is open, and two have one key."""
    with closing(sqlite3.connect(path)) as file, file:
        file.executescript("pragma journal_mode = wal;" + UNMARKED)
        for number, (run, key) in enumerate(KEYS.items(), 1):
            ends = run != "open"
            kept = said(A, B, DONE) if ends else said(A, B)
            principal = "alice" if run == "hers" else "local"
            file.execute(
                "insert into runs values (?, ?, ?, ?, 'Why?', 'gone', 1, ?, ?, 'everything',"
                " ?, ?, 9)",
                (number, run, principal, f"t-{run}", AHEAD, key, ends, len(kept)),
            )
            events = b"".join(one.block for one in kept)
            file.execute("insert into told values (?, 1, ?, ?)", (number, len(kept), events))


def marks(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as file:
        [mark] = file.execute("pragma application_id").fetchone()
        [version] = file.execute("pragma user_version").fetchone()
    return mark, version


async def test_an_old_store_keeps_its_runs_and_of_two_with_one_key_the_older_its_key(
    tmp_path: Path,
) -> None:
    path = tmp_path / "runs.sqlite3"
    await run_sync(unmarked, path)
    async with sqlite_log(path) as log:
        kept: dict[str, list[Entry]] = {run: await stored(log, run) for run in KEYS}
        assert [len(kept[run]) for run in KEYS] == [2, 3, 3, 3, 3]
        record = replace(record_of("first", owner="gone"), key="k", closed=True)
        assert await log.record("first") == await log.asked("local", "k") == record
        assert await log.record("second") == replace(
            record, run="second", thread="t-second", key=None
        )
        found = [await log.asked(*asked) for asked in (("alice", "k"), ("local", "K"))]
        assert [one and one.run for one in found] == ["hers", "other"]
        assert (await log.begin(replace(record_of("new"), key="k"))).run == "first"
        assert await log.write("me", [batch(record_of("next"), A, DONE)]) == set()
    assert marks(path) == (SCHEMA.application_id, SCHEMA.version)


async def test_a_run_whose_lease_ended_in_the_future_is_taken_over_all_the_same(
    tmp_path: Path,
) -> None:
    path, hands = tmp_path / "runs.sqlite3", Hands()
    await run_sync(unmarked, path)
    taken: list[str] = []
    async with sqlite_log(path, hands) as log:
        for _ in range(7):
            taken += [one.run for one in await log.take_over("new", but="me", seconds=10.0)]
            hands.seconds += 2.5
    assert taken[:1] == ["open"]


async def test_a_store_that_cannot_be_brought_up_to_date_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite3"
    await run_sync(unmarked, path)
    # Somebody looks at a column that goes.
    view = "create view leases as select lease_until from runs"
    await run_sync(_execute, path, view)
    async with sqlite_log(path) as log:
        with pytest.raises(StoreFailed):
            await log.record("first")
        assert marks(path) == (0, 0)
        await run_sync(
            _execute,
            path,
            "insert into runs select null, 'x', principal, thread,"
            " question, owner, started, lease_until, null, asked, 1, 0, 0 from runs"
            " where run = 'first'",
        )
        await run_sync(_execute, path, "drop view leases")
        assert await log.record("x") is not None
        assert [len(await stored(log, run)) for run in KEYS] == [2, 3, 3, 3, 3]


def test_many_may_bring_one_file_up_to_date_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        for number in range(10):
            path, barrier = tmp_path / f"{number}", Barrier(4)
            unmarked(path)
            found = list(threads.map(partial(_prepared, path), [barrier] * 4))
            assert found == [5] * 4


def _prepared(path: Path, barrier: Barrier) -> int:
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as file:
        barrier.wait(20)
        prepare(file, SCHEMA, busy_seconds=20)
        [runs] = file.execute("select count(*) from runs").fetchone()
    return runs


def _execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement)
