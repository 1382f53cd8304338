"""What one who asks much leaves to others: the next slot, a place, and slots beyond a share."""

from __future__ import annotations

import anyio
import pytest

from codexity.adapters.running.slots import LocalSlots
from codexity.errors import Busy, TooManyOfOne
from codexity.ports import Admission
from waiting import Waiter, settled, several


async def test_the_newest_of_the_fullest_queue_gives_way_to_who_has_clearly_fewer() -> None:
    slots = LocalSlots(1, 4)
    async with anyio.create_task_group() as tasks:
        first, *waiters = [Waiter(slots, f"a{n}", "a") for n in range(5)]
        told: list[str] = []
        for one in waiters:
            tasks.start_soon(_told_to_leave, one, told)
        await settled()
        with pytest.raises(TooManyOfOne):
            slots.admit("a")
        newcomers = [Waiter(slots, f"b{n}", "b") for n in range(2)]
        await settled()
        assert told == ["a4", "a3"]
        # Two of each: whoever came now would only take from those who have no more.
        with pytest.raises(TooManyOfOne):
            slots.admit("b")
        (stranger,) = several(slots, tasks, "c")
        await settled()
        assert told == ["a4", "a3", "a2"]
        first.admission.leave()
        await settled()
        for one in (*waiters, *newcomers, stranger):
            one.admission.leave()
        tasks.cancel_scope.cancel()


async def _told_to_leave(waiter: Waiter, told: list[str]) -> None:
    with pytest.raises(TooManyOfOne):
        await waiter.wait()
    told.append(waiter.name)


@pytest.mark.parametrize("fill", [216, 1_000])
async def test_whatever_one_asks_another_is_the_next_to_begin(fill: int) -> None:
    slots = LocalSlots(16, 200)
    held: list[Admission] = []
    refused = 0
    for _ in range(fill):
        try:
            held.append(slots.admit("greedy"))
        except TooManyOfOne:
            refused += 1
    assert (len(held), refused) == (216, fill - 216)
    other = Waiter(slots, "other", "other")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(other.wait)
        await settled()
        assert (other.places, other.begun) == ([1], False)
        held[0].leave()
        await settled()
        assert other.begun


async def test_nobody_has_the_slots_that_are_for_others() -> None:
    slots = LocalSlots(4, 10, each=3)
    async with anyio.create_task_group() as tasks:
        greedy = several(slots, tasks, *["a"] * 5)
        await settled()
        assert [one.begun for one in greedy] == [True, True, True, False, False]
        other, next_one = several(slots, tasks, "b", "b")
        await settled()
        assert (other.begun, next_one.begun) == (True, False)
        # The slot of who has the most goes to who has fewer, though he waited for less long.
        greedy[0].admission.leave()
        await settled()
        assert next_one.begun
        assert [one.begun for one in greedy[3:]] == [False, False]
        other.admission.leave()
        await settled()
        assert [one.begun for one in greedy[3:]] == [True, False]
        tasks.cancel_scope.cancel()


async def test_a_slot_beyond_the_share_stays_free_and_is_lost_to_nobody() -> None:
    slots = LocalSlots(3, 0, each=2)
    mine = [slots.admit("a"), slots.admit("a")]
    with pytest.raises(TooManyOfOne):
        slots.admit("a")
    slots.admit("b").leave()
    mine[0].leave()
    slots.admit("a")
    slots.admit("b")
    with pytest.raises(Busy):
        slots.admit("c")
