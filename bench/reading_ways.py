"""Four ways from a question to its sources, over the same pages, fetcher, extractor and ranking."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import anyio
import anyio.lowlevel

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.rank.bm25 import Bm25
from codexity.errors import NoEvidence, Unreadable
from codexity.events import Event, Sources
from codexity.model import Limits, Page, Query, Question
from codexity.pipeline import answer
from codexity.ports import Fetcher, Toolbox
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from reading_draw import Case
from reading_web import REWRITING_SECONDS, Rewriting, Search, address, fetcher

LIMITS: Final = Limits()
_FIVE: Final = 5
_PATIENT: Final = 15.0
_SHORT: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What every way stands on: where the pages are served, what reads them."""

    port: int
    extractor: ProcessExtractor
    library: LibraryIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The seconds until the sources were there, and whether one of them answers."""

    seconds: float
    answering: bool


Way = Callable[[Case, World], Awaitable[Found]]


async def ours(case: Case, world: World) -> Found:
    """The pipeline itself, until it says its sources."""
    found: list[Found] = []
    begin = time.perf_counter()
    with anyio.CancelScope() as scope:

        async def emit(*events: Event) -> None:
            for event in events:
                if isinstance(event, Sources):
                    urls = [source.url for source in event.sources]
                    found.append(_found(case, world, begin, urls))
                    scope.cancel()
            await anyio.lowlevel.checkpoint()

        limits = FetchLimits(total_seconds=LIMITS.read_seconds, robots=True)
        async with fetcher([case], limits) as fetching:
            tools = Toolbox(
                providers=((Search(case, world.port),),),
                fetcher=fetching,
                extractor=world.extractor,
                ranker=Bm25(),
                library=world.library,
                models=Rewriting(),
            )
            try:
                await answer(Question(text=case.question), tools, LIMITS, emit, anyio.Event())
            except NoEvidence:
                found.append(_found(case, world, begin, ()))
    return found[0]


async def sequential(case: Case, world: World) -> Found:
    """Rewrites, then searches, then fetches all five at a time for 15 s at most, then ranks."""
    return await _plain(case, world, at_once=_FIVE, seconds=_PATIENT)


async def all_at_once(case: Case, world: World) -> Found:
    """The same, but all fetches begin together and have 3 s."""
    return await _plain(case, world, at_once=len(case.pages()), seconds=_SHORT)


async def oracle(case: Case, world: World) -> Found:
    """All fetches begin together, and stop with the last page that is known to answer."""
    needed = {
        address(page, world.port)
        for page in case.pages()
        if page.answers and page.kind in {"plain", "redirecting"}
    }
    return await _plain(
        case, world, at_once=len(case.pages()), seconds=_PATIENT, needed=frozenset(needed)
    )


async def _plain(
    case: Case,
    world: World,
    *,
    at_once: int,
    seconds: float,
    needed: frozenset[str] | None = None,
) -> Found:
    begin = time.perf_counter()
    await anyio.sleep(REWRITING_SECONDS)
    urls = await _searched(case, world)
    limits = FetchLimits(
        connect_seconds=seconds, read_seconds=seconds, total_seconds=seconds, max_connections=99
    )
    async with fetcher([case], limits) as fetching:
        pages = await _fetched(urls, partial(_page, world, fetching), at_once, needed)
    return _found(case, world, begin, await _ranked(case, pages))


async def _searched(case: Case, world: World) -> list[str]:
    provider = Search(case, world.port)
    urls: list[str] = []

    async def search() -> None:
        hits = await provider.search(Query(text=case.question), limit=LIMITS.max_hits_per_query)
        urls.extend(hit.url for hit in hits)

    async with anyio.create_task_group() as searches:
        for _ in case.named:
            searches.start_soon(search)
    return urls


async def _fetched(
    urls: Sequence[str],
    read: Callable[[str], Awaitable[Page]],
    at_once: int,
    needed: frozenset[str] | None,
) -> list[Page]:
    pages: list[Page] = []
    come: set[str] = set()
    turns = anyio.CapacityLimiter(at_once)
    async with anyio.create_task_group() as tasks:

        async def one(url: str) -> None:
            async with turns:
                try:
                    pages.append(await read(url))
                except Unreadable:
                    return
            come.add(url)
            if needed is not None and needed <= come:
                tasks.cancel_scope.cancel()

        if needed is None or needed:
            for url in urls:
                tasks.start_soon(one, url)
    return pages


async def _page(world: World, fetching: Fetcher, url: str) -> Page:
    return await world.extractor.extract(await fetching.fetch(url))


async def _ranked(case: Case, pages: Sequence[Page]) -> list[str]:
    passages = [part for page in pages for part in chunk(page, words=LIMITS.passage_words)]
    if not passages:
        return []
    chosen = await choose(
        case.question, passages, ranker=Bm25(), limits=LIMITS, max_sources=LIMITS.max_sources
    )
    return [one.source.url for one in chosen]


def _found(case: Case, world: World, begin: float, urls: Sequence[str]) -> Found:
    answering = {
        address(page, world.port) + moved
        for page in case.pages()
        if page.answers
        for moved in ("", "moved")
    }
    return Found(seconds=time.perf_counter() - begin, answering=not answering.isdisjoint(urls))
