"""A server whose clock is far ahead when it starts, as of a machine that has not set it yet."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from codexity.events import Done, Token
from living import batch, record_of, sqlite_log
from serving import installed, serving, until

RUNS = 5
DAYS = 100
DONE = Done(status="completed", run="r1", seconds={})


@pytest.mark.parametrize("count", [RUNS + 1, 1], ids=["old", "too many"])
async def test_what_is_old_at_the_start_is_kept_and_what_is_too_much_is_not(
    tmp_path: Path, count: int
) -> None:
    # That its runs began so long ago is what a clock so far ahead shows a server.
    folder = installed(tmp_path)
    began = time.time() - DAYS * 86_400
    async with sqlite_log(folder / "data" / "runs.sqlite3") as log:
        for number in range(RUNS):
            record = replace(record_of(f"{number:032x}"), started=began, thread=f"{number:032x}")
            await log.write("me", [batch(record, Token(text="a"), DONE)])
    with serving(folder, SEARCH__STARTER=False, RUNS__KEEP_COUNT=count) as server:
        assert server.ask("what is kept?").status == "no_evidence"
        left = RUNS + 1 if count > RUNS else 2
        until(lambda: len(server.get("/threads").json()["threads"]) == left, "kept")
