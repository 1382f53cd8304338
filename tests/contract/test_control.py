"""What telling the owner of a run promises."""

from __future__ import annotations

import anyio
import pytest

from codexity.adapters.running.control import LocalControl
from codexity.ports import Control, Wish
from world import until


@pytest.fixture
def control() -> Control:
    return LocalControl()


async def test_the_owner_alone_is_told_and_has_done_it_when_that_is_answered(
    control: Control,
) -> None:
    told: list[tuple[str, str, Wish]] = []
    release = anyio.Event()
    answers: list[bool] = []

    async def mine(run: str, wish: Wish) -> None:
        await release.wait()
        told.append(("me", run, wish))

    async def theirs(run: str, wish: Wish) -> None:
        told.append(("them", run, wish))

    async def tell() -> None:
        answers.append(await control.tell("me", "r1", "stop"))

    with control.hear("me", mine), control.hear("them", theirs), anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(tell)
            assert await control.tell("them", "r2", "finish")
            assert (told, answers) == ([("them", "r2", "finish")], [])
            release.set()
            await until(lambda: answers)
    assert answers == [True]
    assert told == [("them", "r2", "finish"), ("me", "r1", "stop")]


async def test_an_owner_that_does_not_hear_cannot_be_reached(control: Control) -> None:
    told: list[str] = []

    async def does(run: str, wish: Wish) -> None:
        told.append(f"{run} {wish}")

    assert not await control.tell("me", "r1", "stop")
    with control.hear("me", does):
        assert await control.tell("me", "r2", "stop")
        assert not await control.tell("them", "r3", "stop")
    assert not await control.tell("me", "r4", "stop")
    assert told == ["r2 stop"]


async def test_an_owner_that_breaks_is_heard_of_and_hears_on(control: Control) -> None:
    async def does(run: str, wish: Wish) -> None:
        if wish == "stop":
            raise ZeroDivisionError(run)

    with control.hear("me", does):
        with pytest.raises(ZeroDivisionError):
            await control.tell("me", "r1", "stop")
        assert await control.tell("me", "r1", "finish")
