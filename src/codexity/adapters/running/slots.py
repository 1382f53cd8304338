"""The fair queue in front of the work of one process."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterator

import anyio

from codexity.errors import Busy


class LocalSlots:
    """Port `Slots` in one process: `at_once` runs work, and at most `queued` wait for a slot.

    Each principal has a queue, and the queues take turns: who asks much waits for himself.
    """

    def __init__(self, at_once: int, queued: int) -> None:
        self._free = at_once
        self._queued = queued
        self._queues: dict[str, deque[Place]] = {}

    def admit(self, principal: str) -> Place:
        """A slot, or a place in the queue.

        Raises:
            Busy: the queue is full.
        """
        place = Place(self, principal)
        if self._free:
            self._free -= 1
            place.called.set()
        elif sum(map(len, self._queues.values())) >= self._queued:
            raise Busy("Too many questions are being answered. Ask again in a moment.")
        else:
            self._queues.setdefault(principal, deque()).append(place)
            self._tell()
        return place

    def release(self, place: Place) -> None:
        """Takes back what a place held, and calls the next."""
        queue = self._queues.get(place.principal, deque())
        if place in queue:
            queue.remove(place)
            if not queue:
                del self._queues[place.principal]
        elif self._queues:
            self._next().called.set()
        else:
            self._free += 1
            return
        self._tell()

    def _next(self) -> Place:
        principal, queue = next(iter(self._queues.items()))
        # To the end of the turns, if it waits for more.
        del self._queues[principal]
        place = queue.popleft()
        if queue:
            self._queues[principal] = queue
        return place

    def _tell(self) -> None:
        for number, place in enumerate(self._in_order(), 1):
            place.moved_to(number)

    def _in_order(self) -> Iterator[Place]:
        longest = max(map(len, self._queues.values()), default=0)
        for turn in range(longest):
            for queue in self._queues.values():
                if turn < len(queue):
                    yield queue[turn]


class Place:
    """Port `Admission`: a place in the queue, and the slot once it was called."""

    def __init__(self, slots: LocalSlots, principal: str) -> None:
        self.principal = principal
        self.called = anyio.Event()
        self._slots = slots
        self._number = 0
        self._moved = anyio.Event()
        self._left = False

    async def turn(self, moved: Callable[[int], Awaitable[None]]) -> None:
        """Returns when it was called; until then tells each place that it comes to."""
        told = 0
        while not self.called.is_set():
            self._moved = anyio.Event()
            if self._number != told:
                told = self._number
                await moved(told)
                continue
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_first, self._moved, tasks.cancel_scope)
                tasks.start_soon(_first, self.called, tasks.cancel_scope)

    def moved_to(self, number: int) -> None:
        """The place is now this one; 1 is the next."""
        if number != self._number:
            self._number = number
            self._moved.set()

    def leave(self) -> None:
        """Gives back what is held."""
        if not self._left:
            self._left = True
            self._slots.release(self)


async def _first(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()
