"""The tables of the store of runs, their versions, and a run as a row."""

from __future__ import annotations

from typing import Final

from codexity.adapters.sqlite.schema import Schema
from codexity.ports import RunRecord

NAME: Final = "The store of runs"
COLUMNS: Final = (
    "run, principal, thread, question, owner, started, key, asked, closed, last"  # as `record`
)
Row = tuple[str, str, str, str, str, float, str | None, str, int, int]

# What is told goes to the end of its table: where it was sorted by run, a write for 2,000 runs
# touched two thousand pages, and took ten times as long.
_FIRST: Final = (
    """create table runs (
    number integer primary key, run text not null unique, principal text not null,
    thread text not null, question text not null, owner text not null, started real not null,
    lease_until real not null, key text, asked text not null,
    closed integer not null default 0, last integer not null default 0,
    bytes integer not null default 0
) strict""",
    "create index runs_open on runs (lease_until) where closed = 0",
    "create index runs_thread on runs (principal, thread)",
    "create index runs_key on runs (principal, key) where key is not null",
    """create table told (
    number integer not null references runs on delete cascade, first integer not null,
    last integer not null, events blob not null
) strict""",
    "create unique index told_in_order on told (number, first)",
)
# A lease is a number that its owner changes, no time: clocks of two processes, or of one before and
# after it was set, are not compared. Of runs that had one key, the oldest keeps it.
_SECOND: Final = (
    "drop index runs_open",
    "alter table runs drop column lease_until",
    "create index runs_open on runs (owner) where closed = 0",
    "create table owners (owner text primary key, beat integer not null) strict, without rowid",
    """update runs set key = null where key is not null and number not in (
    select min(number) from runs where key is not null group by principal, key
)""",
    "drop index runs_key",
    "create unique index runs_key on runs (principal, key) where key is not null",
)
SCHEMA: Final = Schema(
    application_id=0x43445852,  # "CDXR"
    migrations=(_FIRST, _SECOND),
    unmarked={
        "runs": "number run principal thread question owner started lease_until key asked closed"
        " last bytes",
        "told": "number first last events",
    },
)


def record(row: Row) -> RunRecord:
    """A row of `COLUMNS`."""
    run, principal, thread, question, owner, started, key, asked, closed, last = row
    return RunRecord(
        run=run,
        principal=principal,
        thread=thread,
        question=question,
        owner=owner,
        started=started,
        key=key,
        asked=asked,
        closed=bool(closed),
        last=last,
    )


def begun(one: RunRecord) -> tuple[str | float | None, ...]:
    """The values of a new row: `COLUMNS` but for the last two."""
    return (
        one.run, one.principal, one.thread, one.question, one.owner, one.started, one.key,
        one.asked,
    )  # fmt: skip
