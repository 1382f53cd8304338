"""Step: queries become pages; searching and reading overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import anyio
import anyio.lowlevel
from anyio.abc import TaskGroup

from codexity.errors import ProviderError, ProviderUnavailable, Unreadable
from codexity.events import PageRead, Skipped, SourcesPreview, Status, Step
from codexity.links import canonical, site
from codexity.model import Hit, Limits, Page, Query, Stage
from codexity.ports import Emit, SearchProvider

_RRF_K: Final = 60
"""Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion", SIGIR 2009."""
_PREVIEW: Final = 5

Read = Callable[[str], Awaitable[Page]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The pages that were read, in the order of their merged rank, and what everybody said.

    `tried` pairs each provider asked with what came of it; `hits` counts the distinct addresses
    that were named, `attempts` those that were tried to be read.
    """

    pages: tuple[Page, ...]
    tried: tuple[tuple[str, str], ...]
    hits: int
    attempts: int


async def gather(
    queries: AsyncIterator[Query],
    groups: Sequence[Sequence[SearchProvider]],
    *,
    read: Read,
    limits: Limits,
    emit: Emit,
) -> Gathered:
    """Asks every group of providers every query, and reads the best hits as they come.

    Within a group the providers are asked in order until one answers. Ends at the latest after
    `limits.gather_seconds`; whatever is still out then is left behind.
    """
    words = _Words(emit)
    board = _Board(len(groups), limits)
    readers = _Readers(board, words, read, limits)
    with anyio.move_on_after(limits.gather_seconds):
        async with anyio.create_task_group() as reading:
            readers.start(reading)
            async with anyio.create_task_group() as searches:
                async for query in queries:
                    await words.searching()
                    for number, group in enumerate(groups):
                        asking = partial(_ask, query=query, words=words, limits=limits)
                        searches.start_soon(_ask_group, number, group, asking, board, words)
            board.close()
    for url in readers.left_behind:
        failure = Unreadable("It was still loading when the answer began.", code="left_behind")
        await words.skipped("read", url, failure)
    await words.silent()
    return Gathered(
        pages=readers.ranked(),
        tried=words.tried(),
        hits=len(board.candidates),
        attempts=sum(candidate.taken for candidate in board.candidates.values()),
    )


async def _ask_group(
    number: int,
    group: Sequence[SearchProvider],
    ask: Callable[[SearchProvider], Awaitable[Sequence[Hit]]],
    board: _Board,
    words: _Words,
) -> None:
    for provider in group:
        hits = await ask(provider)
        if hits:
            first = not board.candidates
            board.add(number, hits)
            if first:
                await words.preview([one.hit.url for one in board.candidates.values()])
            return


async def _ask(
    provider: SearchProvider, *, query: Query, words: _Words, limits: Limits
) -> Sequence[Hit]:
    try:
        with anyio.fail_after(limits.search_seconds):
            hits = await provider.search(query, limit=limits.max_hits_per_query)
    except TimeoutError:
        message = f"It did not answer within {limits.search_seconds:g} seconds."
        await words.failed(provider.name, ProviderUnavailable(message, code="timeout"))
        return ()
    except ProviderError as error:
        await words.failed(provider.name, error)
        return ()
    words.found(provider.name, len(hits))
    return hits


@dataclass(slots=True)
class _Candidate:
    key: str
    hit: Hit
    site: str
    score: float = 0.0
    groups: set[int] = field(default_factory=set[int])
    taken: bool = False


class _Board:
    """The hits of all providers merged by reciprocal rank, handed out best first."""

    def __init__(self, groups: int, limits: Limits) -> None:
        self.candidates: dict[str, _Candidate] = {}
        self.closed = False
        self.changed = anyio.Event()
        self._max_per_site = limits.max_hits_per_site
        # While others still search, no group of providers may take all the places.
        self._early_share = max(1, limits.max_pages // (groups + 1))
        self._taken_of_site: Counter[str] = Counter()
        self._taken_of_group: Counter[int] = Counter()

    def add(self, group: int, hits: Sequence[Hit]) -> None:
        for rank, hit in enumerate(hits, 1):
            key = canonical(hit.url)
            new = _Candidate(key, hit, site(hit.url))
            candidate = self.candidates.setdefault(key, new)
            candidate.score += 1 / (_RRF_K + rank)
            candidate.groups.add(group)
        self.wake()

    def close(self) -> None:
        """No more hits will come."""
        self.closed = True
        self.wake()

    def wake(self) -> None:
        self.changed.set()
        self.changed = anyio.Event()

    def take(self) -> _Candidate | None:
        """The best candidate that may be read now."""
        free = [one for one in self.candidates.values() if not one.taken and self._may(one)]
        if not free:
            return None
        best = max(free, key=lambda one: (not self._crowded(one), one.score))
        self.mark(best)
        return best

    def mark(self, candidate: _Candidate) -> None:
        candidate.taken = True
        self._taken_of_site[candidate.site] += 1
        self._taken_of_group.update(candidate.groups)

    def _may(self, one: _Candidate) -> bool:
        if self.closed:
            return True
        early = any(self._taken_of_group[group] < self._early_share for group in one.groups)
        return early and not self._crowded(one)

    def _crowded(self, one: _Candidate) -> bool:
        return self._taken_of_site[one.site] >= self._max_per_site


class _Readers:
    """The readers that turn candidates into pages, at most `limits.max_reads_at_once` at once."""

    def __init__(self, board: _Board, words: _Words, read: Read, limits: Limits) -> None:
        self.pages: dict[str, Page] = {}
        self.left_behind: list[str] = []
        self._board = board
        self._words = words
        self._read = read
        self._limits = limits
        self._out = 0

    def start(self, tasks: TaskGroup) -> None:
        for _ in range(self._limits.max_reads_at_once):
            tasks.start_soon(self._work, tasks.cancel_scope)

    def ranked(self) -> tuple[Page, ...]:
        def score(key: str) -> float:
            return self._board.candidates[key].score

        return tuple(self.pages[key] for key in sorted(self.pages, key=score, reverse=True))

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
            elif len(self.pages) >= self._limits.max_pages:
                scope.cancel()
                await anyio.lowlevel.checkpoint()
            elif self._board.closed and not self._out:
                return
            else:
                await self._board.changed.wait()

    async def _take_in(self, candidate: _Candidate) -> None:
        url = candidate.hit.url
        await self._words.scraping()
        try:
            page = await self._read(url)
            self._keep(candidate, page)
        except Unreadable as error:
            await self._words.skipped("read", url, error)
        except anyio.get_cancelled_exc_class():
            self.left_behind.append(url)
            raise
        else:
            await self._words.page(page)

    def _keep(self, candidate: _Candidate, page: Page) -> None:
        """A redirect can lead to a page that another hit names too: it is read once."""
        final = canonical(page.url)
        if any(canonical(kept.url) == final for kept in self.pages.values()):
            raise Unreadable("It is the same page as another hit.", code="duplicate")
        self.pages[candidate.key] = page
        other = self._board.candidates.get(final)
        if other is not None and not other.taken:
            self._board.mark(other)


class _Words:
    """What is said of a gathering: each failure of a provider once, each step once."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._failures: dict[str, dict[str, str]] = {}
        self._found: Counter[str] = Counter()
        self._steps: set[Step] = set()

    def found(self, provider: str, hits: int) -> None:
        self._found[provider] += hits

    async def failed(self, provider: str, error: ProviderError) -> None:
        told = self._failures.setdefault(provider, {})
        if error.code not in told:
            told[error.code] = error.message
            await self.skipped("search", provider, error)

    async def skipped(self, stage: Stage, what: str, error: ProviderError | Unreadable) -> None:
        await self._emit(Skipped(stage=stage, what=what, why=error.message, code=error.code))

    async def silent(self) -> None:
        """Tells which providers answered every query with nothing."""
        for provider, hits in self._found.items():
            if not hits and provider not in self._failures:
                error = ProviderUnavailable("It found nothing.", code="no_results")
                await self.skipped("search", provider, error)

    async def preview(self, urls: Sequence[str]) -> None:
        await self._emit(SourcesPreview(count=len(urls), urls=tuple(urls[:_PREVIEW])))

    async def searching(self) -> None:
        await self._step("searching")

    async def scraping(self) -> None:
        await self._step("scraping")

    async def _step(self, step: Step) -> None:
        if step not in self._steps:
            self._steps.add(step)
            await self._emit(Status(step=step))

    async def page(self, page: Page) -> None:
        await self._emit(
            PageRead(url=page.url, title=page.title, chars=len(page.text), via=page.via)
        )

    def tried(self) -> tuple[tuple[str, str], ...]:
        """Each provider asked with what it said."""
        found = [
            (name, f"{hits} hits" if hits else "It found nothing.")
            for name, hits in self._found.items()
            if hits or name not in self._failures
        ]
        failed = [(name, why) for name, told in self._failures.items() for why in told.values()]
        return (*found, *failed)
