"""Runs that memory may not let go, since nobody else has them yet."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from codexity.adapters.store.memory import MemoryRunLog
from codexity.ports import Batch
from living import KESTREL, MINE, all_entries, answering, events_of, living
from world import until


async def test_what_is_not_stored_yet_is_not_let_go_from_memory() -> None:
    class Stuck(MemoryRunLog):
        free = anyio.Event()

        async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
            await self.free.wait()
            return await super().write(owner, batches)

    log = Stuck()
    async with living(answering(), log=log) as (engine, diary):
        first = engine.start(KESTREL)
        async with engine.follow(first, principal=MINE) as follower:
            await all_entries(follower)
        for _ in range(70):
            await events_of(engine, KESTREL)
        await until(lambda: len(diary.ended) == 71)
        assert (await engine.snapshot(first, principal=MINE)).status == "completed"
        log.free.set()
        with anyio.fail_after(5):
            while (record := await log.record(first)) is None or not record.closed:
                await anyio.sleep(0.01)
        assert (await engine.snapshot(first, principal=MINE)).status == "completed"
