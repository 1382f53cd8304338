"""Threads: what was asked before, run by run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Generic, TypeVar

from codexity.errors import UnknownRun
from codexity.events import answer_of, decode
from codexity.model import Answer
from codexity.ports import RunRecord, ThreadRecord, Threads

from .held import Held
from .ledger import Ledger

MOST_LISTED: Final = 200
"""No more than this is listed at once, of threads or of a thread's runs."""
_MOST_RUN_BYTES: Final = 256 * 1024
"""So much of what a run said is read for a list: of nearly all runs everything."""
_MOST_LIST_BYTES: Final = 2 * 1024 * 1024
"""A list of answers ends behind so much of what their runs said."""
_LAST: Final = 2
"""The end of a run: why it failed, and that it ended."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[_T]):
    """One page of a list, and whether there is more behind it."""

    items: tuple[_T, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """An answer in a list; one that is `truncated` lacks the end of its text."""

    answer: Answer
    truncated: bool


class History:
    """The threads of this installation, those of this process' runs included.

    Every method may raise `StoreFailed`.
    """

    def __init__(self, threads: Threads, ledger: Ledger, held: Held) -> None:
        self._threads = threads
        self._ledger = ledger
        self._held = held

    async def threads(
        self, *, principal: str, limit: int = MOST_LISTED, before: int | None = None
    ) -> Listing[ThreadRecord]:
        """The principal's threads, the last used first: the first `limit`, or those `before`."""
        await self._ledger.flush()
        found = await self._threads.threads(principal, limit=limit + 1, before=before)
        return Listing(items=tuple(found[:limit]), more=len(found) > limit)

    async def answers(
        self, thread: str, *, principal: str, limit: int = MOST_LISTED, after: str | None = None
    ) -> Listing[Excerpt]:
        """The answers of a thread, oldest first: the first `limit`, or those behind run `after`.

        There are fewer where they are long, and always one where there is any. One at a time is
        read, and no more of it than 256 KiB of its events: the whole is a snapshot's.

        Raises:
            UnknownRun: the principal has no such thread, or it no such run.
        """
        records = await self.runs(thread, principal=principal, limit=limit + 1, after=after)
        found: list[Excerpt] = []
        left = _MOST_LIST_BYTES
        for record in records[:limit]:
            blocks, truncated = await self._beginning(record)
            answer = answer_of(record.question, record.run, map(decode, blocks))
            found.append(Excerpt(answer=answer, truncated=truncated))
            left -= sum(map(len, blocks))
            if left <= 0:
                break
        return Listing(items=tuple(found), more=len(found) < len(records))

    async def runs(
        self, thread: str, *, principal: str, limit: int = MOST_LISTED, after: str | None = None
    ) -> Sequence[RunRecord]:
        """The runs of a thread, oldest first: the first `limit`, or those behind the run `after`.

        Raises:
            UnknownRun: the principal has no such thread, or it no such run.
        """
        await self._ledger.flush()
        if after is not None:
            known = await self._ledger.current(after)
            if known is None or (known.principal, known.thread) != (principal, thread):
                raise UnknownRun("There is no such run in this thread.")
        found = await self._threads.runs(thread, principal=principal, limit=limit, after=after)
        if not found and after is None:
            raise UnknownRun("There is no such thread.")
        return found

    async def forget(self, thread: str, *, principal: str) -> None:
        """Removes a thread of runs that are over, from memory too."""
        async for run in self.every(thread, principal=principal):
            self._ledger.forget(run.run)
            self._held.forget(run.run)
        await self._threads.forget(thread, principal=principal)

    async def every(self, thread: str, *, principal: str) -> AsyncGenerator[RunRecord, None]:
        """All runs of a thread, oldest first, of which some are read at a time.

        Raises:
            UnknownRun: the principal has no such thread.
        """
        found = await self.runs(thread, principal=principal)
        while found:
            for record in found:
                yield record
            if len(found) < MOST_LISTED:
                break
            found = await self.runs(thread, principal=principal, after=found[-1].run)

    async def _beginning(self, record: RunRecord) -> tuple[list[bytes], bool]:
        """What a run said, and whether its middle is left out since it said much."""
        held = self._held.get(record.run)
        if held is not None:
            begin = _within(held.blocks)
            rest = held.blocks[max(begin, len(held.blocks) - _LAST) :]
            return held.blocks[:begin] + rest, begin + len(rest) < len(held.blocks)
        if not record.closed:
            record = await self._ledger.current(record.run) or record
        blocks: list[bytes] = []
        entries = await self._ledger.entries(record.run)
        while entries:
            blocks += entries.blocks
            if sum(map(len, blocks)) > _MOST_RUN_BYTES:
                del blocks[_within(blocks) :]
                # A crash leaves numbers out: the last event is not behind as many as it says.
                after = max(len(blocks), record.last - _LAST)
                entries = await self._ledger.entries(record.run, after=after)
                return [*blocks, *entries.blocks], entries.first > len(blocks) + 1
            entries = await self._ledger.entries(record.run, after=entries.last)
        return blocks, False


def _within(blocks: Sequence[bytes]) -> int:
    """How many of the blocks are less than what is read of one run."""
    sizes = accumulate(map(len, blocks))
    return next((at for at, size in enumerate(sizes) if size > _MOST_RUN_BYTES), len(blocks))
