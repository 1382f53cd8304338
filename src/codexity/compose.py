"""Settings become adapters, adapters become an engine: the only module that names adapters."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

import httpx2
from anyio.to_thread import run_sync

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.library.files import LibraryFiles
from codexity.adapters.library.files import Report as AddReport
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.starter import StarterCollection
from codexity.adapters.library.trial import tried as library_tried
from codexity.adapters.library.trial import tried_starter
from codexity.adapters.llm.discover import CANDIDATES, Candidate, discover, first_model
from codexity.adapters.llm.first import FirstModel
from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.llm.trial import SECONDS as MODEL_SECONDS
from codexity.adapters.llm.trial import Wanted
from codexity.adapters.llm.trial import tried as model_tried
from codexity.adapters.rank.bm25 import Bm25
from codexity.adapters.running.control import LocalControl
from codexity.adapters.running.slots import LocalSlots
from codexity.adapters.running.worker import claim
from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.adapters.search.library import LibrarySearch, StarterSearch
from codexity.adapters.search.mends import mender
from codexity.adapters.search.searxng import Searxng
from codexity.adapters.search.searxng_mends import Asked
from codexity.adapters.search.trial import tried as search_tried
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.adapters.store.trial import tried as store_tried
from codexity.engine import Engine
from codexity.model import LIBRARY, Page
from codexity.ports import (
    Backing,
    Examination,
    Journal,
    Keep,
    LanguageModel,
    SearchProvider,
    Toolbox,
    setting,
)
from codexity.settings import Settings
from codexity.stages.read import read

VERSION: Final = version("codexity")
_IDLE_CONNECTIONS: Final = 20
_TRIAL_SECONDS: Final = 6.0
_MOST_SEARCH_SECONDS: Final = 10.0
_BUILD_SECONDS: Final = 30.0
"""For the starter collection where it is not built yet: seconds of one core."""
_HOME: Final = "https://pypi.org/project/codexity/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Codexity as these settings make it: what the edges stand on.

    `warm` starts what the first page would have to wait for.
    """

    settings: Settings
    engine: Engine
    index: LibraryIndex
    files: LibraryFiles
    starter: StarterCollection | None
    warm: Callable[[], Awaitable[None]]
    read: Callable[[str], Awaitable[Page]]


@asynccontextmanager
async def opened(
    settings: Settings, journal: Journal, *, candidates: Sequence[Candidate] = CANDIDATES
) -> AsyncGenerator[Installation, None]:
    """Everything open and ready; leaving the block ends every run and closes everything.

    Without a base URL in the settings a model server is looked for at the `candidates`.

    Raises:
        Misconfigured: the settings do not fit each other.
    """
    limits = settings.limits.values()
    index = LibraryIndex(settings.data_dir / "library.sqlite3")
    starter = None
    if settings.search.starter:
        starter = StarterCollection(index, guides=await run_sync(_guides), version=VERSION)
    async with AsyncExitStack() as stack:
        extractor = await stack.enter_async_context(ProcessExtractor())
        client = await stack.enter_async_context(await _client())
        fetcher = await stack.enter_async_context(_fetcher(settings))
        tools = Toolbox(
            providers=_providers(settings, index, client, stack),
            fetcher=fetcher,
            extractor=extractor,
            ranker=Bm25(),
            library=index,
            starter=StarterSearch(index, starter.ensure_built) if starter else None,
            model=await _model(settings, client, candidates),
        )
        engine = Engine(tools, limits, backing=_backing(settings, stack), journal=journal)
        yield Installation(
            settings=settings,
            engine=await stack.enter_async_context(engine),
            index=index,
            files=LibraryFiles(index, extractor, max_file_bytes=settings.library.max_file_bytes),
            starter=starter,
            warm=extractor.warm,
            read=partial(read, tools=tools, limits=limits),
        )


@asynccontextmanager
async def examinations(
    settings: Settings, *, candidates: Sequence[Candidate] = CANDIDATES
) -> AsyncGenerator[tuple[Examination, ...]]:
    """What tries each part of the installation that these settings make; nothing else is opened.

    A model server is looked for at the `candidates`, as in `opened`.
    """
    index = LibraryIndex(settings.data_dir / "library.sqlite3")
    starter = None
    if settings.search.starter:
        starter = StarterCollection(index, guides=await run_sync(_guides), version=VERSION)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(await _client())
        model = partial(model_tried, _wanted(settings), client, candidates)
        store = partial(store_tried, settings.data_dir / "runs.sqlite3")
        library = partial(library_tried, index)
        built = partial(tried_starter, index, starter)
        yield (
            Examination(part="model", seconds=MODEL_SECONDS, examine=model),
            *_searches(settings, index, client, stack),
            Examination(part="store", seconds=_TRIAL_SECONDS, examine=store),
            Examination(part=LIBRARY, seconds=_TRIAL_SECONDS, examine=library),
            Examination(part="starter", seconds=_BUILD_SECONDS, examine=built),
        )


def _searches(
    settings: Settings, index: LibraryIndex, client: httpx2.AsyncClient, stack: AsyncExitStack
) -> Iterator[Examination]:
    """Every provider but the library, which is tried as a file."""
    seconds = settings.limits.search_seconds
    most = min(seconds, _MOST_SEARCH_SECONDS) + _TRIAL_SECONDS
    for provider in chain.from_iterable(_providers(settings, index, client, stack)):
        if provider.name == LIBRARY:
            continue
        without = setting("SEARCH__PROVIDERS", settings.search.without(provider.name))
        url = settings.searxng.url or ""
        mend = mender(provider.name, Asked(url=url, client=client, without=without))
        examine = partial(search_tried, provider, mend, without=without, search_seconds=seconds)
        yield Examination(part=provider.name, seconds=most, examine=examine)


def _wanted(settings: Settings) -> Wanted:
    llm, limits = settings.llm, settings.limits
    return Wanted(
        base_url=llm.base_url,
        model=llm.model,
        api_key=llm.api_key.get_secret_value() if llm.api_key else None,
        discovers=llm.discover,
        evidence_tokens=limits.evidence_tokens,
        answer_tokens=limits.answer_tokens,
    )


async def _client() -> httpx2.AsyncClient:
    # It imports its transport and reads the certificates of authorities: not on the loop.
    # How many are asked at once is bounded by the runs: a run must not wait for a connection.
    bounds = httpx2.Limits(max_connections=None, max_keepalive_connections=_IDLE_CONNECTIONS)
    return await run_sync(partial(httpx2.AsyncClient, trust_env=False, limits=bounds))


def _backing(settings: Settings, stack: AsyncExitStack) -> Backing:
    log = SqliteRunLog(settings.data_dir / "runs.sqlite3")
    stack.push_async_callback(log.aclose)
    runs = settings.runs
    return Backing(
        log=log,
        threads=log,
        control=LocalControl(),
        slots=LocalSlots(runs.at_once, runs.queued),
        keep=Keep(
            runs=runs.keep_count, seconds=runs.keep_days * 86_400, total_bytes=runs.keep_bytes
        ),
    )


def _fetcher(settings: Settings) -> HttpFetcher:
    guard = Guard(allow_hosts=frozenset(settings.fetch.allow_hosts))
    limits = FetchLimits(
        total_seconds=settings.limits.read_seconds, max_bytes=settings.fetch.max_bytes
    )
    contact = settings.fetch.contact or _HOME
    return HttpFetcher(version=VERSION, contact=contact, guard=guard, limits=limits)


def _providers(
    settings: Settings, index: LibraryIndex, client: httpx2.AsyncClient, stack: AsyncExitStack
) -> tuple[tuple[SearchProvider, ...], ...]:
    seconds = settings.limits.search_seconds

    def duckduckgo() -> DuckDuckGo:
        made = DuckDuckGo(timeout_seconds=seconds)
        stack.push_async_callback(made.aclose)
        return made

    makers: Mapping[str, Callable[[], SearchProvider]] = {
        "duckduckgo": duckduckgo,
        "searxng": lambda: Searxng(settings.searxng.url or "", client, timeout_seconds=seconds),
        LIBRARY: lambda: LibrarySearch(index),
    }
    groups = settings.search.alternatives()
    return tuple(tuple(makers[name]() for name in group) for group in groups)


async def _model(
    settings: Settings, client: httpx2.AsyncClient, candidates: Sequence[Candidate]
) -> LanguageModel | None:
    llm = settings.llm
    base_url, name = llm.base_url, llm.model
    if base_url is None and llm.discover:
        found = await discover(client, candidates)
        if found is not None:
            base_url, name = found.base_url, name or found.model
    if base_url is None:
        return None
    key = llm.api_key.get_secret_value() if llm.api_key else None

    def make(model: str) -> OpenAIModel:
        return OpenAIModel(
            base_url=base_url,
            model=model,
            client=client,
            api_key=key,
            temperature=llm.temperature,
            silence_seconds=settings.limits.first_token_seconds,
        )

    if name is not None:
        return make(name)
    model = FirstModel(first=partial(first_model, client, base_url, api_key=key), make=make)
    await model.look()
    return model


def _guides() -> Path | None:
    """Codexity's own guides: in the package once it is built, in the checkout beside it else."""
    here = Path(__file__).parent
    for folder in (here / "guides", here.parents[1] / "docs"):
        if folder.is_dir():
            return folder
    return None


__all__ = [
    "VERSION",
    "AddReport",
    "Installation",
    "StarterCollection",
    "claim",
    "examinations",
    "opened",
]
