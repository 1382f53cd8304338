"""The readers that turn candidates into pages."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import anyio
import anyio.lowlevel
from anyio.abc import TaskGroup
from anyio.to_thread import run_sync

from codexity.errors import Unreadable
from codexity.likeness import Likeness, alike, differ, likeness_of
from codexity.links import canonical
from codexity.memo import Memo
from codexity.model import Limits, Page

from .board import Board, Candidate
from .patience import Patience
from .words import Words

Read = Callable[[str, Callable[[], float], str | None], Awaitable[Page]]
"""Reads an address; tells the function when the page has arrived, which says its worth.

The last is the day on which the page was published, where the hit has it.
"""

_LIKENESS: Final = Memo[Likeness]()


class Readers:
    """The readers that turn candidates into pages, at most `limits.max_reads_at_once` at once."""

    def __init__(
        self, board: Board, words: Words, read: Read, patience: Patience, limits: Limits
    ) -> None:
        self.pages: dict[str, Page] = {}
        self.left_behind: list[str] = []
        self._known: dict[str, Likeness] = {}
        self._board = board
        self._words = words
        self._read = read
        self._patience = patience
        self._limits = limits
        self._out = 0
        self._loading: dict[str, anyio.CancelScope] = {}
        self._over = False
        self._keeping = anyio.Lock()

    def start(self, tasks: TaskGroup) -> None:
        """Starts reading; it ends once nothing is left to read or to be waited for."""
        tasks.start_soon(self._watch, tasks.cancel_scope)
        tasks.start_soon(self._hand_out, tasks)

    def ranked(self) -> tuple[Page, ...]:
        """The pages, those of the best hits first."""
        keys = sorted(self.pages, key=self._score, reverse=True)
        return tuple(self.pages[key] for key in keys)

    def _score(self, key: str) -> float:
        return self._board.candidates[key].score

    async def _hand_out(self, tasks: TaskGroup) -> None:
        """Begins to read what may be read, as soon as it is named and there is room.

        A task each, once it is needed: dozens that stood idle woke at all that happens.
        """
        while True:
            while self._has_room() and (candidate := self._board.take()) is not None:
                self._out += 1
                tasks.start_soon(self._work, candidate)
            if self._board.closed and not self._out:
                return
            if len(self.pages) >= self._limits.max_pages:
                tasks.cancel_scope.cancel()
                await anyio.lowlevel.checkpoint()
            else:
                await self._board.changed.wait()

    def _has_room(self) -> bool:
        free = self._out < self._limits.max_reads_at_once and not self._over
        return free and len(self.pages) + self._out < self._limits.max_pages

    async def _work(self, candidate: Candidate) -> None:
        try:
            await self._take_in(candidate)
        finally:
            self._out -= 1
            self._board.wake()

    async def _watch(self, scope: anyio.CancelScope) -> None:
        """Leaves behind what patience does not reach to: first what loads, then all of it."""
        while self._left() or not self._board.closed:
            if await self._patience.look(read=len(self.pages)):
                continue  # it may be over by now
            until = self._patience.until(read=len(self.pages), out=self._left())
            with anyio.CancelScope(deadline=math.inf if until is None else until) as waiting:
                await self._board.changed.wait()
            if waiting.cancelled_caught:
                break
        else:
            return
        self._over = True
        for loading in self._loading.values():
            loading.cancel()
        scope.deadline = self._patience.last()
        while self._out:
            await self._board.changed.wait()
        scope.cancel()

    def _left(self) -> int:
        """How many pages may still come: those being read, and those that have a place."""
        waiting = sum(not candidate.taken for candidate in self._board.candidates.values())
        return min(self._out + waiting, self._limits.max_pages - len(self.pages))

    async def _take_in(self, candidate: Candidate) -> None:
        url = candidate.hit.url
        await self._words.scraping()
        try:
            page = await self._loaded(candidate)
            likeness = await run_sync(_LIKENESS.of, page, partial(likeness_of, page.text))
            async with self._keeping:
                worse = await self._keep(candidate, page, likeness)
        except Unreadable as error:
            await self._words.skipped("read", url, error)
        except anyio.get_cancelled_exc_class():
            self.left_behind.append(url)
            raise
        else:
            await self._words.page(page)
            for copy in worse:
                await self._words.skipped("read", copy.url, _copy())
            self._patience.add(page)

    async def _loaded(self, candidate: Candidate) -> Page:
        """The page; what has arrived is not left behind with what still loads."""

        def arrived() -> float:
            self._loading.pop(candidate.key, None)
            return candidate.score / self._board.best

        hit = candidate.hit
        with anyio.CancelScope() as loading:
            self._loading[candidate.key] = loading
            try:
                return await self._read(hit.url, arrived, hit.published)
            finally:
                self._loading.pop(candidate.key, None)
        raise Unreadable("It was still loading when the answer began.", code="left_behind")

    async def _keep(self, candidate: Candidate, page: Page, likeness: Likeness) -> list[Page]:
        """Keeps a page, and returns the worse ranked copies of it that go; one page at a time.

        A redirect can lead to a page that another hit names too: it is read once.

        Raises:
            Unreadable: `duplicate` when that, or a better ranked copy, was kept already.
        """
        final = canonical(page.url)
        if any(canonical(kept.url) == final for kept in self.pages.values()):
            raise Unreadable("It is the same page as another hit.", code="duplicate")
        near = [key for key, kept in self._known.items() if alike(likeness, kept)]
        # Only what is alike is compared word for word, in a thread: it is read whole.
        twins = [key for key in near if not await run_sync(differ, page.text, self.pages[key].text)]
        if any(self._score(twin) >= candidate.score for twin in twins):
            raise _copy()
        worse = [self.pages.pop(twin) for twin in twins]
        for twin in twins:
            del self._known[twin]
        self.pages[candidate.key] = page
        self._known[candidate.key] = likeness
        other = self._board.candidates.get(final)
        if other is not None and not other.taken:
            self._board.mark(other)
        return worse


def _copy() -> Unreadable:
    message = "Its text is nearly the same as that of another page."
    return Unreadable(message, code="duplicate")
