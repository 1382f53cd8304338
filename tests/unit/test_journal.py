"""When the operator is told of runs that have ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codexity.edges.journal import LogJournal
from codexity.ports import Ending


def ending(run: str) -> Ending:
    return Ending(
        run=run,
        principal="local",
        status="completed",
        seconds={},
        sources=0,
        skipped=(),
        model=None,
    )


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.__dict__["run"] for one in caplog.records]


def test_the_first_has_its_line_at_once_and_those_that_follow_soon_after(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "codexity.run")
    later: list[Callable[[], None]] = []
    journal = LogJournal(defer=later.append)
    for run in "abc":
        journal.run_ended(ending(run))
    assert lines(caplog) == ["a"]
    later.pop()()
    assert lines(caplog) == ["a", "b", "c"]
    journal.run_ended(ending("d"))
    journal.run_ended(ending("e"))
    assert lines(caplog)[3:] == ["d"]
    journal.flush()
    assert lines(caplog)[3:] == ["d", "e"]


def test_without_a_later_each_has_its_line_at_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "codexity.run")
    journal = LogJournal()
    for run in "abc":
        journal.run_ended(ending(run))
    assert lines(caplog) == ["a", "b", "c"]
