"""What the queue in front of the work promises."""

from __future__ import annotations

from collections import Counter

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as some

from codexity.adapters.running.slots import LocalSlots, Place
from codexity.errors import Busy, TooManyOfOne
from waiting import Waiter, settled, several


async def test_a_free_slot_is_had_at_once_and_no_place_is_told() -> None:
    slots = LocalSlots(2, 0)
    for _ in range(2):
        waiter = Waiter(slots, "one")
        with anyio.fail_after(5):
            await waiter.wait()
        assert (waiter.begun, waiter.places) == (True, [])


async def test_no_more_than_the_slots_run_at_once_and_each_is_used_again() -> None:
    slots = LocalSlots(2, 10)
    async with anyio.create_task_group() as tasks:
        waiters = several(slots, tasks, *["local"] * 5)
        for running in ([0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4]):
            await settled()
            assert [n for n, one in enumerate(waiters) if one.begun] == running
            waiters[running[-2]].admission.leave()


async def test_places_are_told_at_once_and_again_whenever_they_change() -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        waiters = several(slots, tasks, *["local"] * 4)
        await settled()
        assert [one.places for one in waiters] == [[], [1], [2], [3]]
        waiters[0].admission.leave()
        await settled()
        assert [one.places for one in waiters] == [[], [1], [2, 1], [3, 2]]
        waiters[2].admission.leave()
        waiters[2].scope.cancel()
        await settled()
        assert [one.places for one in waiters] == [[], [1], [2, 1], [3, 2, 1]]
        waiters[3].scope.cancel()


async def test_principals_take_turns_whatever_each_has_asked() -> None:
    slots = LocalSlots(1, 100)
    begun: list[str] = []
    first = Waiter(slots, "running")
    async with anyio.create_task_group() as tasks:
        names = ["a", "a", "a", "a", "b", "c", "c"]
        waiters = [Waiter(slots, f"{name}{n}", name) for n, name in enumerate(names)]
        for one in waiters:
            tasks.start_soon(one.wait, begun)
        await settled()
        assert [one.places[-1] for one in waiters] == [1, 4, 6, 7, 2, 3, 5]
        for leaving in (first, *waiters[:1], waiters[4], waiters[5], waiters[1], waiters[6]):
            leaving.admission.leave()
            await settled()
        waiters[2].admission.leave()
    assert begun == ["a0", "b4", "c5", "a1", "c6", "a2", "a3"]


async def test_who_comes_late_is_next_where_others_have_more() -> None:
    slots = LocalSlots(1, 100)
    async with anyio.create_task_group() as tasks:
        waiters = several(slots, tasks, "a", "a", "a", "a")
        await settled()
        (late,) = several(slots, tasks, "b")
        await settled()
        assert [one.places for one in waiters] == [[], [1, 2], [2, 3], [3, 4]]
        assert late.places == [1]
        waiters[0].admission.leave()
        await settled()
        assert (late.begun, waiters[1].begun) == (True, False)
        late.admission.leave()
        await settled()
        assert waiters[1].begun
        tasks.cancel_scope.cancel()


async def test_who_leaves_the_queue_is_never_called_and_holds_nobody_up() -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        running, leaver, next_one = several(slots, tasks, "a", "a", "a")
        await settled()
        leaver.admission.leave()
        await settled()
        assert (leaver.begun, next_one.places) == (False, [2, 1])
        running.admission.leave()
        await settled()
        assert (leaver.begun, next_one.begun) == (False, True)
        leaver.scope.cancel()


async def test_leaving_again_changes_nothing() -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        first, second, third = several(slots, tasks, "a", "a", "a")
        await settled()
        for _ in range(3):
            first.admission.leave()
        await settled()
        assert (second.begun, third.begun) == (True, False)
        second.admission.leave()
        await settled()
        assert third.begun


@pytest.mark.parametrize("called", [False, True], ids=["in-the-queue", "as-it-is-called"])
async def test_a_waiter_that_is_cancelled_leaves_its_slot_to_others(called: bool) -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        running, waiter, next_one = several(slots, tasks, "a", "a", "a")
        await settled()
        if called:
            running.admission.leave()
        waiter.scope.cancel()
        await settled()
        assert not waiter.begun
        waiter.admission.leave()
        running.admission.leave()
        await settled()
        assert next_one.begun


async def test_a_full_queue_is_told_and_has_room_again_when_one_has_left() -> None:
    slots = LocalSlots(1, 2)
    running, waiting = Waiter(slots, "one"), [Waiter(slots, "two"), Waiter(slots, "three", "b")]
    for principal, own in (("local", True), ("b", True), ("c", False)):
        with pytest.raises(Busy) as told:
            slots.admit(principal)
        assert isinstance(told.value, TooManyOfOne) == own
        assert told.value.retry_seconds > 0
    waiting[1].admission.leave()
    admission = slots.admit("c")
    with pytest.raises(TooManyOfOne):
        slots.admit("c")
    running.admission.leave()
    slots.admit("c")
    admission.leave()


async def test_without_a_queue_only_a_free_slot_is_given() -> None:
    slots = LocalSlots(1, 0)
    admission = slots.admit("a")
    with pytest.raises(Busy):
        slots.admit("b")
    admission.leave()
    slots.admit("b")


async def test_a_place_that_cannot_be_told_is_the_waiters_own_trouble() -> None:
    slots = LocalSlots(1, 10)
    running, waiter, next_one = (Waiter(slots, name) for name in ("one", "two", "three"))

    async def broken(place: int) -> None:
        raise ZeroDivisionError(place)

    with pytest.raises(ZeroDivisionError):
        await waiter.admission.turn(broken)
    waiter.admission.leave()
    running.admission.leave()
    with anyio.fail_after(5):
        await next_one.wait()
    assert next_one.begun


@given(
    some.integers(1, 2),
    some.lists(some.tuples(some.sampled_from("abc"), some.integers(0, 9)), max_size=40),
)
def test_whoever_leaves_when_no_slot_is_lost_or_given_twice(
    each: int, steps: list[tuple[str, int]]
) -> None:
    slots = LocalSlots(2, 5, each=each)
    held: list[Place] = []

    def check() -> None:
        working = Counter(one.client for one in held if one.called.is_set())
        waiting = [one.client for one in held if not one.called.is_set()]
        assert working.total() <= 2
        assert len(waiting) <= 5
        assert all(working[one] <= each for one in working)
        # A slot is free for those alone who do not wait.
        assert working.total() == 2 or all(working[one] == each for one in waiting)

    for principal, leaver in steps:
        try:
            held.append(slots.admit(principal))
        except Busy:
            assert len([one for one in held if not one.called.is_set()]) == 5
        # One that had to give way holds nothing any more.
        held = [one for one in held if not one.evicted]
        check()
        if leaver < len(held):
            held.pop(leaver).leave()
            check()
    while held:
        # Everybody is called in the end.
        one = next(one for one in held if one.called.is_set())
        held.remove(one)
        one.leave()
        check()
    again = [slots.admit("a") for _ in range(each + 5)]
    with pytest.raises(Busy):
        slots.admit("a")
    assert [one.called.is_set() for one in again] == [True] * each + [False] * 5
