"""The readers that turn candidates into pages."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

import anyio
import anyio.lowlevel
from anyio.abc import TaskGroup

from codexity.errors import Unreadable
from codexity.likeness import Likeness, alike, likeness_of
from codexity.links import canonical
from codexity.model import Limits, Page

from .board import Board, Candidate
from .patience import Patience
from .words import Words

Read = Callable[[str], Awaitable[Page]]


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

    def start(self, tasks: TaskGroup) -> None:
        """Starts the readers; they end once nothing is left to read or to be waited for."""
        tasks.start_soon(self._watch, tasks.cancel_scope)
        for _ in range(self._limits.max_reads_at_once):
            tasks.start_soon(self._work, tasks.cancel_scope)

    def ranked(self) -> tuple[Page, ...]:
        """The pages, those of the best hits first."""
        keys = sorted(self.pages, key=self._score, reverse=True)
        return tuple(self.pages[key] for key in keys)

    def _score(self, key: str) -> float:
        return self._board.candidates[key].score

    async def _work(self, scope: anyio.CancelScope) -> None:
        while True:
            room = len(self.pages) + self._out < self._limits.max_pages
            candidate = self._board.take() if room else None
            if candidate is not None:
                self._out += 1
                try:
                    await self._take_in(candidate)
                finally:
                    self._out -= 1
                    self._board.wake()
            elif self._board.closed and not self._out:
                return
            elif len(self.pages) >= self._limits.max_pages:
                scope.cancel()
                await anyio.lowlevel.checkpoint()
            else:
                await self._board.changed.wait()

    async def _watch(self, scope: anyio.CancelScope) -> None:
        """Leaves behind what patience does not reach to."""
        while self._left() or not self._board.closed:
            until = self._patience.until(read=len(self.pages), out=self._left())
            scope.deadline = math.inf if until is None else until
            await self._board.changed.wait()

    def _left(self) -> int:
        """How many pages may still come: those being read, and those that have a place."""
        waiting = sum(not candidate.taken for candidate in self._board.candidates.values())
        return min(self._out + waiting, self._limits.max_pages - len(self.pages))

    async def _take_in(self, candidate: Candidate) -> None:
        url = candidate.hit.url
        await self._words.scraping()
        try:
            page = await self._read(url)
            worse = self._keep(candidate, page)
        except Unreadable as error:
            await self._words.skipped("read", url, error)
        except anyio.get_cancelled_exc_class():
            self.left_behind.append(url)
            raise
        else:
            await self._words.page(page)
            if worse is not None:
                await self._words.skipped("read", worse.url, _copy())
            await self._patience.look(page)

    def _keep(self, candidate: Candidate, page: Page) -> Page | None:
        """Keeps a page, and returns the worse ranked copy of it that goes.

        A redirect can lead to a page that another hit names too: it is read once.

        Raises:
            Unreadable: `duplicate` when that, or a better ranked copy, was kept already.
        """
        final = canonical(page.url)
        if any(canonical(kept.url) == final for kept in self.pages.values()):
            raise Unreadable("It is the same page as another hit.", code="duplicate")
        known = likeness_of(page.text)
        twin = next((key for key, kept in self._known.items() if alike(known, kept)), None)
        if twin is not None and self._score(twin) >= candidate.score:
            raise _copy()
        worse = None if twin is None else self.pages.pop(twin)
        if twin is not None:
            del self._known[twin]
        self.pages[candidate.key] = page
        self._known[candidate.key] = known
        other = self._board.candidates.get(final)
        if other is not None and not other.taken:
            self._board.mark(other)
        return worse


def _copy() -> Unreadable:
    message = "Its text is nearly the same as that of another page."
    return Unreadable(message, code="duplicate")
