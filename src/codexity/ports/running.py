"""What the engine asks of the world: where runs are kept, how they are reached, when they begin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, NamedTuple, Protocol

from codexity.events import Event, decode

Wish = Literal["stop", "finish"]
"""What the owner of a run can be told: end the work, or write from what has been read."""


class Entry(NamedTuple):
    """One event in a run's log: its number, from 1, and what `codexity.events.encode` made."""

    seq: int
    block: bytes

    @property
    def event(self) -> Event:
        """The event that the block tells."""
        return decode(self.block)


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries that follow each other: the number of the first, and the blocks of all.

    What runs say is kept and passed on so, since an object for each event costs more than the rest.
    """

    first: int
    blocks: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.blocks)

    def __iter__(self) -> Iterator[Entry]:
        return map(Entry, count(self.first), self.blocks)

    @property
    def last(self) -> int:
        """The number of the last; one less than the first where there is none."""
        return self.first + len(self.blocks) - 1

    def size(self, each: int) -> int:
        """How many bytes the blocks are, and `each` besides for every one."""
        return sum(map(len, self.blocks)) + each * len(self.blocks)

    def behind(self, seq: int) -> Entries:
        """Those with a larger number."""
        return self.part(min(max(0, seq + 1 - self.first), len(self.blocks)))

    def part(self, begin: int, end: int | None = None) -> Entries:
        """Those from one place to another, as a slice has it."""
        return Entries(self.first + begin, self.blocks[begin:end])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as a log keeps it. `question` is the person's text; `started` is a Unix time.

    `key` is what the client named the request by, so that asking again starts nothing; `asked`
    stands for everything that was asked with it. `last` is the number of the last event that is
    kept.
    """

    run: str
    principal: str
    thread: str
    question: str
    owner: str
    started: float
    key: str | None = None
    asked: str = ""
    closed: bool = False
    last: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a run has said since it was last written; its first batch begins with number 1."""

    record: RunRecord
    entries: Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How much is kept of runs that have ended: how many, for how long, of what size in all."""

    runs: int = 10_000
    seconds: float = 90 * 86_400
    total_bytes: int = 1_000_000_000


class RunLog(Protocol):
    """Keeps runs and their events beyond the process that writes them.

    The owner of a run numbers its events before they come here. Writing is fenced: an owner whose
    lease was taken over cannot write. A lease is held by renewing it, and ends by a duration that
    whoever takes it over has seen pass: clocks that can be set, here or elsewhere, decide nothing.
    Every method may raise `StoreFailed`.
    """

    async def begin(self, record: RunRecord) -> RunRecord:
        """Begins a run that has said nothing yet, unless its key has one: returns who has it.

        A principal's key names one run: of several who begin with it at once, in whatever process,
        one begins, and its record is returned to all. A record without a key always begins.
        """
        ...

    async def write(self, owner: str, batches: Sequence[Batch]) -> frozenset[str]:
        """Begins and continues runs, all or none; a `done` closes a run.

        A run that was not begun, and whose key another has, is not begun here either: it is lost.

        Writing a batch again changes nothing. Returns the runs whose lease this owner has lost.
        """
        ...

    async def record(self, run: str) -> RunRecord | None:
        """The run, or None when it is unknown or no longer kept."""
        ...

    async def asked(self, principal: str, key: str) -> RunRecord | None:
        """The principal's run that was asked for under this key, or None."""
        ...

    async def entries(self, run: str, *, after: int = 0) -> Entries:
        """The next of what is stored behind number `after`, none at its end.

        It is at most some hundred events, and stops where numbers are left out.
        """
        ...

    async def renew(self, owner: str) -> None:
        """Renews the lease of every open run of this owner."""
        ...

    async def take_over(self, new_owner: str, *, but: str, seconds: float) -> Sequence[RunRecord]:
        """Takes over the open runs of all owners, `but` one, whose lease ended; returns them.

        A lease ends when it was not renewed for `seconds` of this process' own time in which this
        was called again and again: the first call sees no lease end.
        """
        ...

    async def trim(self, keep: Keep) -> None:
        """Forgets the oldest closed runs beyond the number and the size that are to be kept."""
        ...

    async def forget_old(self, now: float, seconds: float) -> int:
        """Forgets closed runs that began longer than `seconds` before the Unix time `now`.

        A tenth of the closed runs at most (and one at least), the oldest first; returns how many.
        A run is taken to have begun no earlier than those before it, and one that says that it
        began after `now` when the last before it did: clocks are set.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRecord:
    """A conversation: its first question, how many runs it has, when its last one began.

    `number` is that of its last run in the order in which runs began: threads are listed by it,
    the larger first, since `updated` is a Unix time of a clock that may be set.
    """

    thread: str
    question: str
    runs: int
    updated: float
    number: int


class Threads(Protocol):
    """Runs in their order, by conversation. Every method may raise `StoreFailed`."""

    async def threads(
        self, principal: str, *, limit: int, before: int | None = None
    ) -> Sequence[ThreadRecord]:
        """The principal's threads, the last used first; at most `limit`, of a `number` `before`."""
        ...

    async def runs(
        self, thread: str, *, principal: str, limit: int, after: str | None = None
    ) -> Sequence[RunRecord]:
        """The runs of a thread, oldest first; at most `limit`, of those behind the run `after`.

        There are none when the thread is unknown or another principal's.
        """
        ...

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread and everything its runs said."""
        ...


class Control(Protocol):
    """Tells the owner of a run what is wanted of it."""

    def hear(
        self, owner: str, does: Callable[[str, Wish], Awaitable[None]]
    ) -> AbstractContextManager[None]:
        """Inside the block, `does` is called with a run and a wish when the owner is told one."""
        ...

    async def tell(self, owner: str, run: str, wish: Wish) -> bool:
        """True once the owner has done it; False when it cannot be reached."""
        ...


class Admission(Protocol):
    """A place in the queue in front of the work, and then one of its slots."""

    async def turn(self, moved: Callable[[int], Awaitable[None]]) -> None:
        """Returns when the work may begin.

        While it may not, `moved` is called with the place in the queue (1 is the next), at once
        and whenever it has changed.

        Raises:
            TooManyOfOne: the place was given to somebody who had asked for less.
        """
        ...

    def leave(self) -> None:
        """Gives the place or the slot back; a second time changes nothing."""
        ...


class Slots(Protocol):
    """The fair queue in front of the work: clients take turns, whatever each has asked.

    The slot that becomes free next is of who has the fewest. Where the queue is full, the fullest
    client's newest place gives way to one who has clearly fewer.
    """

    def admit(self, client: str) -> Admission:
        """A place at the end of the client's queue.

        Raises:
            TooManyOfOne: the queue is full, and this client has its share of it.
            Busy: the queue is full of others'.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What runs stand on: in this process alone, or shared by several."""

    log: RunLog
    threads: Threads
    control: Control
    slots: Slots
    keep: Keep = Keep()
