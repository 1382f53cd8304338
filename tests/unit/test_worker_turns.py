"""Turns go to whoever is worth most of those who wait, and none is lost."""

from __future__ import annotations

import asyncio
from functools import partial

import anyio
import pytest
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from codexity.adapters.workers.turns import Turns


async def _wait_all(tasks: TaskGroup, turns: Turns, worths: list[float], had: list[float]) -> None:
    async def one(worth: float) -> None:
        async with turns.turn(worth):
            had.append(worth)
            await checkpoint()

    for worth in worths:
        tasks.start_soon(partial(one, worth))
    await anyio.wait_all_tasks_blocked()


async def test_of_those_who_wait_the_worthiest_is_next_and_among_equals_the_first() -> None:
    turns, had = Turns(1), list[float]()
    async with anyio.create_task_group() as tasks, turns.turn():
        await _wait_all(tasks, turns, [1.0, 3.0, 2.0, 3.5, 0.0], had)
        assert had == []
    assert had == [3.5, 3.0, 2.0, 1.0, 0.0]


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_no_more_than_so_many_have_a_turn(most: int) -> None:
    turns, now, highest = Turns(most), 0, 0

    async def one() -> None:
        nonlocal now, highest
        async with turns.turn():
            now += 1
            highest = max(highest, now)
            await checkpoint()
            now -= 1

    async with anyio.create_task_group() as tasks:
        for _ in range(9):
            tasks.start_soon(one)
    assert highest == most


async def test_a_wait_that_is_cancelled_gives_its_place_up() -> None:
    turns, had = Turns(1), list[float]()
    async with anyio.create_task_group() as tasks, turns.turn():
        async with anyio.create_task_group() as leaving:
            await _wait_all(leaving, turns, [9.0], had)
            leaving.cancel_scope.cancel()
        await _wait_all(tasks, turns, [1.0], had)
    assert had == [1.0]
    async with turns.turn():
        pass


async def test_who_is_cancelled_as_the_turn_comes_passes_it_on() -> None:
    turns, had, leaving = Turns(1), list[float](), list[asyncio.Task[None]]()
    with anyio.fail_after(3):
        async with anyio.create_task_group() as tasks:
            async with turns.turn():
                leaving.append(asyncio.create_task(_hold(turns, 9.0, had)))
                await anyio.wait_all_tasks_blocked()
                await _wait_all(tasks, turns, [1.0], had)
            # Its turn has come, and it has not run since: only a task's own cancel comes between.
            leaving[0].cancel()
        assert (had, leaving[0].cancelled()) == ([1.0], True)


async def _hold(turns: Turns, worth: float, had: list[float]) -> None:
    async with turns.turn(worth):
        had.append(worth)
