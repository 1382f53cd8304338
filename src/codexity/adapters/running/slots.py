"""The fair queue in front of the work of one process."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from heapq import heapify, heappop, heapreplace
from itertools import count

import anyio

from codexity.errors import Busy, TooManyOfOne

_EVICTED = (
    "Others came who had asked for less, and the queue was full: of your questions the last one "
    "gave way. Ask it again in a moment."
)


class LocalSlots:
    """Port `Slots` in one process: `at_once` runs work, and at most `queued` wait for a slot.

    Each client has a queue of its own. A slot goes to who has the fewest, and among those in
    turns; nobody has more than `each`, so that the slots beyond are there for others at once.
    Where the queue is full, the newest place of the fullest queue is evicted for whoever has
    clearly fewer: who asks much waits for himself, and is refused for himself.
    """

    def __init__(self, at_once: int, queued: int, *, each: int | None = None) -> None:
        self._free = at_once
        self._queued = queued
        self._each = at_once if each is None else each
        self._working: Counter[str] = Counter()
        self._queues: dict[str, deque[Place]] = {}

    def admit(self, client: str) -> Place:
        """A slot, or a place in the queue.

        Raises:
            TooManyOfOne: the queue is full, and this client has its share of it or of the slots.
            Busy: it is full of others', none of whom has more than one place.
        """
        place = Place(self, client)
        if self._free and self._working[client] < self._each:
            self._free -= 1
            self._call(place)
            return place
        if sum(map(len, self._queues.values())) >= self._queued:
            self._make_room(client)
        self._queues.setdefault(client, deque()).append(place)
        self._tell()
        return place

    def release(self, place: Place) -> None:
        """Takes back what a place held, and calls the next."""
        if place.called.is_set():
            self._free += 1
            # Who gives a slot back still counts as having it: others have the next first.
            self._call_next(place.client)
            self._working[place.client] -= 1
            if not self._working[place.client]:
                del self._working[place.client]
        else:
            self._remove(place)
        self._tell()

    def _make_room(self, client: str) -> None:
        """Evicts from the fullest queue, where that leaves its owner no less than this one has.

        Were one place less enough of a difference, two would evict each other in turn.
        """
        own = len(self._queues.get(client, ()))
        fullest = max(self._queues.values(), key=len, default=deque[Place]())
        if len(fullest) >= own + 2:
            last = fullest[-1]
            self._remove(last)
            last.evict()
        elif own or self._free:
            message = "Too many of your questions wait already. Ask again once one is answered."
            raise TooManyOfOne(message)
        else:
            raise Busy("Too many questions are being answered. Ask again in a moment.")

    def _call_next(self, leaver: str) -> None:
        """Gives the slot that became free to the first in turn of those who have the fewest."""
        may = [one for one in self._queues if one == leaver or self._working[one] < self._each]
        if not may:
            return
        client = min(may, key=self._working.__getitem__)
        # To the end of the turns, if it waits for more.
        queue = self._queues.pop(client)
        place = queue.popleft()
        if queue:
            self._queues[client] = queue
        self._free -= 1
        self._call(place)

    def _call(self, place: Place) -> None:
        self._working[place.client] += 1
        place.called.set()

    def _remove(self, place: Place) -> None:
        queue = self._queues[place.client]
        queue.remove(place)
        if not queue:
            del self._queues[place.client]

    def _tell(self) -> None:
        for number, place in enumerate(self._in_order(), 1):
            place.moved_to(number)

    def _in_order(self) -> Iterator[Place]:
        """As they are called, if no more of one's runs end than of another's."""
        turns = count(len(self._queues))
        ahead = [
            (self._working[one], turn, queue, 0)
            for turn, (one, queue) in enumerate(self._queues.items())
        ]
        heapify(ahead)
        while ahead:
            has, _, queue, called = ahead[0]
            yield queue[called]
            if called + 1 < len(queue):
                heapreplace(ahead, (has + 1, next(turns), queue, called + 1))
            else:
                heappop(ahead)


class Place:
    """Port `Admission`: a place in the queue, and the slot once it was called.

    One that is `evicted` has given way to another's, and holds nothing any more.
    """

    def __init__(self, slots: LocalSlots, client: str) -> None:
        self.client = client
        self.called = anyio.Event()
        self._slots = slots
        self._number = 0
        self._moved = anyio.Event()
        self._left = False
        self.evicted = False

    async def turn(self, moved: Callable[[int], Awaitable[None]]) -> None:
        """Returns when it was called; until then tells each place that it comes to.

        Raises:
            TooManyOfOne: it had to give way to others.
        """
        told = 0
        while not self.called.is_set():
            if self.evicted:
                raise TooManyOfOne(_EVICTED)
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

    def evict(self) -> None:
        """The place is another's now, and nothing is held any more."""
        self.evicted = self._left = True
        self._moved.set()

    def leave(self) -> None:
        """Gives back what is held."""
        if not self._left:
            self._left = True
            self._slots.release(self)


async def _first(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()
