"""Settings become adapters, one kind of part after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import httpx2
from anyio.to_thread import run_sync

from codexity.adapters.authorities import trusting
from codexity.adapters.fetch import chromium
from codexity.adapters.fetch.browser import Browser, BrowserLimits
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.pages import Pages
from codexity.adapters.flights import Flights
from codexity.adapters.library import database
from codexity.adapters.llm.discover import Candidate, Found, first_model
from codexity.adapters.llm.first import FirstModel
from codexity.adapters.llm.look import look_around, look_at
from codexity.adapters.llm.models import Models
from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.llm.thinking import Habit
from codexity.adapters.llm.turns import Turns
from codexity.adapters.running.control import LocalControl
from codexity.adapters.running.slots import LocalSlots
from codexity.adapters.search.brave import Brave
from codexity.adapters.search.cached import CachedSearch
from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.adapters.search.library import LibrarySearch
from codexity.adapters.search.mojeek import Mojeek
from codexity.adapters.search.paced import Pace, Paced
from codexity.adapters.search.searxng import Searxng
from codexity.adapters.search.tavily import Tavily
from codexity.adapters.sqlite.faults import lasting_fault
from codexity.adapters.store import tables
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.errors import Misconfigured
from codexity.model import LIBRARY
from codexity.ports import Backing, Journal, Keep, LanguageModel, SearchProvider
from codexity.settings import KeyedGroup, Settings
from codexity.settings.outside import Outside

VERSION: Final = version("codexity")
_IDLE_CONNECTIONS: Final = 20
_MANY: Final = 1_000_000
"""More requests to a model server than the runs of one process can make."""
_HOME: Final = "https://pypi.org/project/codexity/"


async def client(way: Outside) -> httpx2.AsyncClient:
    """What search services and model servers are asked with; raises as `trusting` does."""
    # It imports its transport and reads the certificates of authorities: not on the loop.
    # How many are asked at once is bounded by the runs: a run must not wait for a connection.
    bounds = httpx2.Limits(max_connections=None, max_keepalive_connections=_IDLE_CONNECTIONS)

    def made() -> httpx2.AsyncClient:
        verify = trusting(way.cert_file, way.cert_dir)
        return httpx2.AsyncClient(trust_env=False, limits=bounds, verify=verify)

    return await run_sync(made)


def check_files(settings: Settings) -> None:
    """Lets pass a data folder whose files are Codexity's, and of no later version; it reads them.

    What can be mended while it runs (a damaged file, a full disk) is told when it is met: it costs
    the replay, or the library's part, and no answer.

    Raises:
        Misconfigured: the store of runs or the library is another program's or a newer Codexity's.
    """
    files = (
        (tables.NAME, runs_file(settings), tables.SCHEMA),
        (database.NAME, library_file(settings), database.SCHEMA),
    )
    for name, path, schema in files:
        fault = lasting_fault(f"{name} ({path})", path, schema)
        if fault is not None:
            raise Misconfigured(fault.message)


def runs_file(settings: Settings) -> Path:
    """Where runs are kept."""
    return settings.data_dir / "runs.sqlite3"


def library_file(settings: Settings) -> Path:
    """Where the library is, and the starter collection in it."""
    return settings.data_dir / "library.sqlite3"


def backing(settings: Settings, stack: AsyncExitStack) -> Backing:
    """What runs stand on; the stack closes it."""
    log = SqliteRunLog(runs_file(settings))
    stack.push_async_callback(log.aclose)
    runs = settings.runs
    return Backing(
        log=log,
        threads=log,
        control=LocalControl(),
        slots=LocalSlots(runs.at_once, runs.queued, each=at_once_per_client(settings)),
        keep=Keep(
            # What is to go at once needs no clock.
            runs=runs.keep_count if runs.keep_days else 0,
            seconds=runs.keep_days * 86_400,
            total_bytes=runs.keep_bytes,
        ),
    )


def at_once_per_client(settings: Settings) -> int:
    """How many of its questions are answered at the same time for one client."""
    runs, server = settings.runs, settings.server
    if runs.at_once_per_client is not None:
        return runs.at_once_per_client
    if server.open or server.trusted_proxies or len(server.api_keys) > 1:
        return max(1, runs.at_once - max(1, runs.at_once // 4))
    return runs.at_once


def guard(settings: Settings) -> Guard:
    """Which addresses may be reached."""
    return Guard(allow_hosts=frozenset(settings.fetch.allow_hosts))


def browser(settings: Settings, fetcher: HttpFetcher) -> Browser | None:
    """What shows pages that need JavaScript, to be opened; None where it is not to be had.

    It looks for files.
    """
    group = settings.browser
    executable = None if group.enabled == "off" else chromium.find(group.executable)
    if executable is None or not chromium.is_drivable():
        return None
    limits = BrowserLimits(
        pages=group.pages_at_once,
        memory_bytes=group.memory_bytes,
        seconds=settings.limits.read_seconds,
        max_bytes=settings.fetch.max_bytes,
    )
    return Browser(
        executable,
        guard=fetcher.guard,
        user_agent=fetcher.user_agent,
        allowed=fetcher.check,
        limits=limits,
    )


def fetcher(settings: Settings, way: Outside) -> HttpFetcher:
    """What brings pages here, to be opened."""
    limits = FetchLimits(
        total_seconds=settings.limits.read_seconds,
        max_bytes=settings.fetch.max_bytes,
        robots=settings.fetch.robots,
    )
    contact = settings.fetch.contact or _HOME
    made = HttpFetcher(
        version=VERSION,
        contact=contact,
        guard=guard(settings),
        limits=limits,
        tls=partial(trusting, way.cert_file, way.cert_dir),
    ).naming(way.proxy_for)
    kept = pages(settings)
    return made if kept is None else made.keeping(kept)


def pages(settings: Settings) -> Pages | None:
    """Where pages are kept; None where they are not to be."""
    fetch = settings.fetch
    if not fetch.cache:
        return None
    return Pages(
        settings.data_dir / "pages.sqlite3",
        most_bytes=fetch.cache_bytes,
        most_seconds=fetch.cache_days * 86_400,
    )


def remembering(
    providers: tuple[tuple[SearchProvider, ...], ...], flights: Flights, seconds: float
) -> tuple[tuple[SearchProvider, ...], ...]:
    """The providers, which answer equal searches once; the library is asked each time."""
    return tuple(
        tuple(
            one if one.name == LIBRARY else CachedSearch(one, flights, seconds=seconds)
            for one in group
        )
        for group in providers
    )


def providers(
    settings: Settings, own: LibrarySearch, client: httpx2.AsyncClient, stack: AsyncExitStack
) -> tuple[tuple[SearchProvider, ...], ...]:
    """The providers that the settings name, in their groups; the stack closes them."""
    seconds = settings.limits.search_seconds

    def paced(provider: SearchProvider, between: float = 0) -> SearchProvider:
        # Who asks gives up after these seconds: a search that was given up then has hung.
        pace = Pace(between=between, patience=seconds / 2, slow=seconds * 0.9)
        return Paced(provider, pace)

    def duckduckgo() -> SearchProvider:
        made = DuckDuckGo(timeout_seconds=seconds)
        stack.push_async_callback(made.aclose)
        return paced(made)

    def keyed(make: type[Brave | Tavily | Mojeek], group: KeyedGroup) -> SearchProvider:
        key = group.api_key.get_secret_value() if group.api_key else ""
        made = make(key, client, base_url=group.url, timeout_seconds=seconds)
        return paced(made, group.pace_seconds)

    def searxng() -> SearchProvider:
        return paced(Searxng(settings.searxng.url or "", client, timeout_seconds=seconds))

    makers: Mapping[str, Callable[[], SearchProvider]] = {
        "duckduckgo": duckduckgo,
        "searxng": searxng,
        "brave": lambda: keyed(Brave, settings.brave),
        "tavily": lambda: keyed(Tavily, settings.tavily),
        "mojeek": lambda: keyed(Mojeek, settings.mojeek),
        LIBRARY: lambda: own,
    }
    groups = settings.search.alternatives()
    return tuple(tuple(makers[name]() for name in group) for group in groups)


def models(
    settings: Settings,
    client: httpx2.AsyncClient,
    candidates: Sequence[Candidate],
    journal: Journal,
    again_seconds: float,
) -> Models:
    """The model of the settings, else the first that is found at the candidates; to be opened."""
    llm = settings.llm
    silence = settings.limits.first_token_seconds
    # A key is for the address beside it: whoever listens at a usual port is not given it.
    key = llm.api_key.get_secret_value() if llm.api_key and llm.base_url else None

    def turns(slots: int | None, context_tokens: int | None = None) -> Turns:
        queue = LocalSlots(llm.at_once or slots or _MANY, _MANY)
        return Turns(queue, wait_seconds=silence, context_tokens=context_tokens)

    # What a model has shown is known of the next one of its name, whose context may be another.
    @lru_cache
    def habit(_base_url: str, _name: str) -> Habit:
        return Habit()

    def make(base_url: str, name: str, context_tokens: int | None = None) -> OpenAIModel:
        return OpenAIModel(
            base_url=base_url,
            model=name,
            client=client,
            api_key=key,
            temperature=llm.temperature,
            silence_seconds=silence,
            context_tokens=context_tokens,
            habit=habit(base_url, name),
        )

    def found(one: Found) -> tuple[LanguageModel, Turns]:
        model = make(one.base_url, one.model, one.context_tokens)
        return model, turns(one.slots, one.context_tokens)

    def named(base_url: str) -> LanguageModel:
        if llm.model is not None:
            return make(base_url, llm.model)
        first = partial(first_model, client, base_url, api_key=key)
        return FirstModel(first=first, make=partial(make, base_url))

    otherwise: tuple[LanguageModel, Turns] | None = None
    if llm.base_url is not None:
        look = partial(look_at, client, llm.base_url, llm.model, key)
        otherwise = named(llm.base_url), turns(None)
    else:
        # Without candidates nothing is asked.
        look = partial(look_around, client, candidates if llm.discover else (), llm.model)
    return Models(
        look=look, make=found, otherwise=otherwise, journal=journal, again_seconds=again_seconds
    )


def guides() -> Path | None:
    """Codexity's own guides: in the package once it is built, in the checkout beside it else."""
    here = Path(__file__).parents[1]
    for folder in (here / "guides", here.parents[1] / "docs"):
        if folder.is_dir():
            return folder
    return None
