"""One who asks without end: what is kept of it is bounded, and others are none the worse."""

from __future__ import annotations

from dataclasses import replace

import anyio
import pytest

from codexity.engine import Request
from codexity.errors import Busy, TooManyOfOne
from codexity.events import Done, Failed, Status
from living import KESTREL, MINE, all_entries, hanging, living
from world import until

HERS = replace(KESTREL, principal="alice")


async def test_of_ten_thousand_questions_of_one_no_more_are_held_than_may_wait() -> None:
    begun: list[str] = []
    async with living(hanging(), at_once=4, queued=8) as (engine, diary):
        for _ in range(10_000):
            try:
                begun.append(engine.start(KESTREL))
            except TooManyOfOne:
                continue
            await anyio.lowlevel.checkpoint()
        assert len(begun) == engine.held == 12
        others = [engine.start(HERS) for _ in range(4)]
        await until(lambda: len(diary.ended) == 4)
        # The places are given from the last on, and who asked last has no fewer than the others.
        assert {one.run for one in diary.ended} == set(begun[-4:])
        with pytest.raises(Busy):
            engine.start(HERS)
        await engine.stop(begun[0], principal=MINE)
        await until(lambda: len(diary.ended) == 5)
        async with engine.follow(others[0], principal="alice") as follower:
            said = [entry.event for entry in await follower.read()]
            while Status(step="rewriting_query", run=others[0], protocol=1) not in said:
                said += [entry.event for entry in await follower.read()]


async def test_a_run_whose_place_was_given_away_says_so_and_can_be_asked_again() -> None:
    async with living(hanging(), at_once=1, queued=2) as (engine, _):
        engine.start(KESTREL)
        kept, given_away = engine.start(KESTREL), engine.start(KESTREL)
        async with engine.follow(given_away, principal=MINE) as follower:
            hers = engine.start(HERS)
            events = [entry.event for entry in await all_entries(follower)]
        error, done = events[-2:]
        assert isinstance(error, Failed)
        assert (error.code, error.retryable) == ("busy", True)
        assert isinstance(done, Done)
        assert done.status == "failed"
        for run, principal in ((kept, MINE), (hers, "alice")):
            assert (await engine.snapshot(run, principal=principal)).status == "running"


async def test_clients_of_one_principal_take_turns_as_well() -> None:
    async with living(hanging(), at_once=1, queued=2) as (engine, diary):
        for _ in range(3):
            engine.start(KESTREL, Request(client="address 192.0.2.1"))
        with pytest.raises(TooManyOfOne):
            engine.start(KESTREL, Request(client="address 192.0.2.1"))
        engine.start(KESTREL, Request(client="address 192.0.2.2"))
        await until(lambda: len(diary.ended) == 1)
