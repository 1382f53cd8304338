"""What the queue in front of the work promises."""

from __future__ import annotations

import anyio
import pytest
from anyio.abc import TaskGroup
from hypothesis import given
from hypothesis import strategies as some

from codexity.adapters.running.slots import LocalSlots, Place
from codexity.errors import Busy, TooManyOfOne
from codexity.ports import Admission, Slots


class Waiter:
    """Somebody who waits for a turn, and what was heard meanwhile."""

    def __init__(self, slots: Slots, name: str, principal: str = "local") -> None:
        self.name = name
        self.places: list[int] = []
        self.begun = False
        self.admission: Admission = slots.admit(principal)
        self.scope = anyio.CancelScope()

    async def wait(self, begun: list[str] | None = None) -> None:
        with self.scope:
            await self.admission.turn(self._moved)
            self.begun = True
            if begun is not None:
                begun.append(self.name)

    async def _moved(self, place: int) -> None:
        self.places.append(place)


def _several(slots: Slots, tasks: TaskGroup, *principals: str) -> list[Waiter]:
    waiters = [Waiter(slots, f"{name}{n}", name) for n, name in enumerate(principals)]
    for one in waiters:
        tasks.start_soon(one.wait)
    return waiters


async def _settled() -> None:
    with anyio.fail_after(5):
        await anyio.wait_all_tasks_blocked()


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
        waiters = _several(slots, tasks, *["local"] * 5)
        for running in ([0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4]):
            await _settled()
            assert [n for n, one in enumerate(waiters) if one.begun] == running
            waiters[running[-2]].admission.leave()


async def test_places_are_told_at_once_and_again_whenever_they_change() -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        waiters = _several(slots, tasks, *["local"] * 4)
        await _settled()
        assert [one.places for one in waiters] == [[], [1], [2], [3]]
        waiters[0].admission.leave()
        await _settled()
        assert [one.places for one in waiters] == [[], [1], [2, 1], [3, 2]]
        waiters[2].admission.leave()
        waiters[2].scope.cancel()
        await _settled()
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
        await _settled()
        assert [one.places[-1] for one in waiters] == [1, 4, 6, 7, 2, 3, 5]
        for leaving in (first, *waiters[:1], waiters[4], waiters[5], waiters[1], waiters[6]):
            leaving.admission.leave()
            await _settled()
        waiters[2].admission.leave()
    assert begun == ["a0", "b4", "c5", "a1", "c6", "a2", "a3"]


async def test_who_comes_late_is_next_where_others_have_more() -> None:
    slots = LocalSlots(1, 100)
    async with anyio.create_task_group() as tasks:
        waiters = _several(slots, tasks, "a", "a", "a", "a")
        await _settled()
        (late,) = _several(slots, tasks, "b")
        await _settled()
        assert [one.places for one in waiters] == [[], [1, 2], [2, 3], [3, 4]]
        assert late.places == [1]
        waiters[0].admission.leave()
        await _settled()
        assert (late.begun, waiters[1].begun) == (True, False)
        late.admission.leave()
        await _settled()
        assert waiters[1].begun
        tasks.cancel_scope.cancel()


async def test_who_leaves_the_queue_is_never_called_and_holds_nobody_up() -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        running, leaver, next_one = _several(slots, tasks, "a", "a", "a")
        await _settled()
        leaver.admission.leave()
        await _settled()
        assert (leaver.begun, next_one.places) == (False, [2, 1])
        running.admission.leave()
        await _settled()
        assert (leaver.begun, next_one.begun) == (False, True)
        leaver.scope.cancel()


async def test_leaving_again_changes_nothing() -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        first, second, third = _several(slots, tasks, "a", "a", "a")
        await _settled()
        for _ in range(3):
            first.admission.leave()
        await _settled()
        assert (second.begun, third.begun) == (True, False)
        second.admission.leave()
        await _settled()
        assert third.begun


@pytest.mark.parametrize("called", [False, True], ids=["in-the-queue", "as-it-is-called"])
async def test_a_waiter_that_is_cancelled_leaves_its_slot_to_others(called: bool) -> None:
    slots = LocalSlots(1, 10)
    async with anyio.create_task_group() as tasks:
        running, waiter, next_one = _several(slots, tasks, "a", "a", "a")
        await _settled()
        if called:
            running.admission.leave()
        waiter.scope.cancel()
        await _settled()
        assert not waiter.begun
        waiter.admission.leave()
        running.admission.leave()
        await _settled()
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


async def test_the_newest_of_the_fullest_queue_gives_way_to_who_has_clearly_fewer() -> None:
    slots = LocalSlots(1, 4)
    async with anyio.create_task_group() as tasks:
        first, *waiters = [Waiter(slots, f"a{n}", "a") for n in range(5)]
        told: list[str] = []
        for one in waiters:
            tasks.start_soon(_told_to_leave, one, told)
        await _settled()
        with pytest.raises(TooManyOfOne):
            slots.admit("a")
        newcomers = [Waiter(slots, f"b{n}", "b") for n in range(2)]
        await _settled()
        assert told == ["a4", "a3"]
        # Two of each: whoever came now would only take from those who have no more.
        with pytest.raises(TooManyOfOne):
            slots.admit("b")
        (stranger,) = _several(slots, tasks, "c")
        await _settled()
        assert told == ["a4", "a3", "a2"]
        first.admission.leave()
        await _settled()
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
        await _settled()
        assert (other.places, other.begun) == ([1], False)
        held[0].leave()
        await _settled()
        assert other.begun


async def test_nobody_has_the_slots_that_are_for_others() -> None:
    slots = LocalSlots(4, 10, each=3)
    async with anyio.create_task_group() as tasks:
        greedy = _several(slots, tasks, *["a"] * 5)
        await _settled()
        assert [one.begun for one in greedy] == [True, True, True, False, False]
        other, next_one = _several(slots, tasks, "b", "b")
        await _settled()
        assert (other.begun, next_one.begun) == (True, False)
        # The slot of who has the most goes to who has fewer, though he waited for less long.
        greedy[0].admission.leave()
        await _settled()
        assert next_one.begun
        assert [one.begun for one in greedy[3:]] == [False, False]
        other.admission.leave()
        await _settled()
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


@given(some.lists(some.tuples(some.sampled_from("abc"), some.integers(0, 5)), max_size=30))
def test_whoever_leaves_when_no_slot_is_lost_or_given_twice(steps: list[tuple[str, int]]) -> None:
    slots = LocalSlots(2, 5)
    held: list[Place] = []
    for principal, leaver in steps:
        try:
            held.append(slots.admit(principal))
        except Busy:
            assert len(held) == 7
        # One that had to give way holds nothing any more.
        held = [one for one in held if not one.evicted]
        assert len(held) <= 7
        assert sum(one.called.is_set() for one in held) == min(len(held), 2)
        if leaver < len(held):
            held.pop(leaver).leave()
    for one in held:
        one.leave()
    again = [slots.admit("a") for _ in range(7)]
    with pytest.raises(Busy):
        slots.admit("a")
    assert len(again) == 7
