"""Settings become adapters, adapters become an engine: the only room that names adapters."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import httpx2
from anyio.to_thread import run_sync

from codexity.adapters.embed.nearness import EmbeddedMeaning
from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.extract.rendered import RenderedExtractor
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.shared import SharedFetcher
from codexity.adapters.flights import Flights
from codexity.adapters.library.embedded import Filled, LibraryVectors
from codexity.adapters.library.file_reader import FileReader
from codexity.adapters.library.files import FileProgress, LibraryFiles
from codexity.adapters.library.files import Report as AddReport
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.kept_sessions import KeptSessions
from codexity.adapters.library.listing import Listed as ListedDocument
from codexity.adapters.library.starter import StarterCollection
from codexity.adapters.library.watch import Away, Back, FolderWatch, InStep, Kept, News, Trouble
from codexity.adapters.llm.discover import CANDIDATES, Candidate
from codexity.adapters.llm.models import AGAIN_SECONDS, Models
from codexity.adapters.rank.bm25 import Bm25
from codexity.adapters.running.worker import claim
from codexity.adapters.search.library import LibrarySearch, StarterSearch
from codexity.compose import parts
from codexity.compose.meaning import embedders
from codexity.compose.parts import VERSION, check_files
from codexity.engine import Engine
from codexity.model import Page
from codexity.ports import Extractor, Journal, Toolbox
from codexity.settings import Settings
from codexity.settings.outside import outside
from codexity.stages.read import read

_FILE_SECONDS = 120.0
"""Which a file of one's own may take: four times as large as a page may be, and nobody waits for
an answer. The largest Markdown took 13 seconds of a free processor, its stems included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Codexity as these settings make it: what the edges stand on.

    `warm` starts what the first page would have to wait for; `meaning` tells texts by what they
    mean and has the library's vectors, None where nothing may embed.
    """

    settings: Settings
    engine: Engine
    index: LibraryIndex
    files: LibraryFiles
    starter: StarterCollection | None
    warm: Callable[[], Awaitable[None]]
    read: Callable[[str], Awaitable[Page]]
    meaning: EmbeddedMeaning | None


@asynccontextmanager
async def opened(
    settings: Settings,
    journal: Journal,
    *,
    candidates: Sequence[Candidate] = CANDIDATES,
    again_seconds: float = AGAIN_SECONDS,
) -> AsyncGenerator[Installation, None]:
    """Everything open and ready; leaving the block ends every run and closes everything.

    Without a base URL in the settings a model server is looked for at the `candidates`, and again
    every `again_seconds` in which something is asked.

    Raises:
        Misconfigured: the settings do not fit each other, or the data folder cannot be one, or its
            files are another program's or a newer Codexity's.
    """
    await run_sync(settings.make_data_dir)
    await run_sync(check_files, settings)
    limits = settings.limits.values()
    path = parts.library_file(settings)
    kept = KeptSessions(path)
    index = LibraryIndex(path, kept=kept)
    starter = None
    if settings.search.starter:
        starter = StarterCollection(index, guides=await run_sync(parts.guides), version=VERSION)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(kept.aclose)
        extractor = await stack.enter_async_context(ProcessExtractor())
        reader = await stack.enter_async_context(FileReader(seconds=_FILE_SECONDS))
        way = outside()
        client = await stack.enter_async_context(await parts.client(way))
        fetcher = await stack.enter_async_context(parts.fetcher(settings, way))
        meaning = await run_sync(_meaning, settings, index, client, candidates)
        flights = await stack.enter_async_context(Flights())
        library = LibrarySearch(index, meaning.meant if meaning else None, flights=flights)
        providers = parts.providers(settings, library, client, stack)
        models = parts.models(settings, client, candidates, journal, again_seconds)
        await stack.enter_async_context(models)
        tools = Toolbox(
            providers=parts.remembering(providers, flights, settings.search.cache_seconds),
            fetcher=SharedFetcher(fetcher, flights),
            extractor=await _rendered(settings, extractor, fetcher, stack),
            ranker=Bm25(),
            library=index,
            starter=StarterSearch(index, starter.ensure_built) if starter else None,
            models=await _looked(settings, models),
            meaning=meaning,
        )
        engine = Engine(tools, limits, backing=parts.backing(settings, stack), journal=journal)
        yield Installation(
            settings=settings,
            engine=await stack.enter_async_context(engine),
            index=index,
            files=LibraryFiles(index, reader, max_file_bytes=settings.library.max_file_bytes),
            starter=starter,
            warm=extractor.warm,
            read=partial(read, tools=tools, limits=limits),
            meaning=meaning,
        )


def _meaning(
    settings: Settings,
    index: LibraryIndex,
    client: httpx2.AsyncClient,
    candidates: Sequence[Candidate],
) -> EmbeddedMeaning | None:
    """What tells texts by their meaning, where something may; it looks for files."""
    found = embedders(settings, client, candidates)
    if found is None:
        return None
    vectors = LibraryVectors(index, found)
    return EmbeddedMeaning(found, vectors, ranker=Bm25(), seconds=settings.embed.seconds)


async def _looked(settings: Settings, models: Models) -> Models:
    """The models once it is known which there are; one that is named is not waited for."""
    if settings.llm.base_url is None or settings.llm.model is None:
        await models.look()
    else:
        models.begin()
    return models


async def _rendered(
    settings: Settings, extractor: Extractor, fetcher: HttpFetcher, stack: AsyncExitStack
) -> Extractor:
    """The extractor, with the browser for pages that need one where there is a browser."""
    browser = await run_sync(parts.browser, settings, fetcher)
    if browser is None:
        return extractor
    return RenderedExtractor(extractor, (await stack.enter_async_context(browser)).render)


__all__ = [
    "VERSION",
    "AddReport",
    "Away",
    "Back",
    "FileProgress",
    "Filled",
    "FolderWatch",
    "InStep",
    "Installation",
    "Kept",
    "LibraryVectors",
    "ListedDocument",
    "News",
    "StarterCollection",
    "Trouble",
    "check_files",
    "claim",
    "opened",
]
