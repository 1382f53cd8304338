"""What `codexity doctor` tries of an installation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import chain
from typing import Final

import httpx2
from anyio.to_thread import run_sync

from codexity.adapters.embed.found import Embedders
from codexity.adapters.embed.trial import SECONDS as MEANING_SECONDS
from codexity.adapters.embed.trial import tried as meaning_tried
from codexity.adapters.fetch.network_trial import tried as network_tried
from codexity.adapters.fetch.pages_trial import tried as pages_tried
from codexity.adapters.fetch.trial import SECONDS as BROWSER_SECONDS
from codexity.adapters.fetch.trial import tried as browser_tried
from codexity.adapters.library.embedded import LibraryVectors
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.starter import StarterCollection
from codexity.adapters.library.trial import tried as library_tried
from codexity.adapters.library.trial import tried_starter
from codexity.adapters.llm.discover import CANDIDATES, Candidate
from codexity.adapters.llm.trial import SECONDS as MODEL_SECONDS
from codexity.adapters.llm.trial import Wanted
from codexity.adapters.llm.trial import tried as model_tried
from codexity.adapters.search.library import LibrarySearch
from codexity.adapters.search.mends import mender
from codexity.adapters.search.searxng_mends import Asked
from codexity.adapters.search.trial import tried as search_tried
from codexity.adapters.store.trial import tried as store_tried
from codexity.compose import parts
from codexity.compose.meaning import embedders
from codexity.errors import Misconfigured
from codexity.model import LIBRARY
from codexity.ports import (
    Examination,
    setting,
)
from codexity.settings import Settings
from codexity.settings.outside import Outside, outside

_TRIAL_SECONDS: Final = 6.0
_MOST_SEARCH_SECONDS: Final = 12.0
_BUILD_SECONDS: Final = 30.0
"""For the starter collection where it is not built yet: seconds of one core."""


@asynccontextmanager
async def examinations(
    settings: Settings, *, candidates: Sequence[Candidate] = CANDIDATES
) -> AsyncGenerator[tuple[Examination, ...]]:
    """What tries each part of the installation that these settings make; nothing else is opened.

    A model server is looked for at the `candidates`, as in `opened`.
    """
    index = LibraryIndex(parts.library_file(settings))
    starter = None
    if settings.search.starter:
        starter = StarterCollection(
            index, guides=await run_sync(parts.guides), version=parts.VERSION
        )
    async with AsyncExitStack() as stack:
        way = outside()
        client = await stack.enter_async_context(await _client(way))
        model = partial(model_tried, _wanted(settings), client, candidates)
        embeds = await run_sync(_embedders, settings, client, candidates)
        vectors = LibraryVectors(index, embeds) if isinstance(embeds, Embedders) else None
        meaning = partial(meaning_tried, embeds, vectors)
        browser = partial(
            browser_tried,
            enabled=settings.browser.enabled != "off",
            executable=settings.browser.executable,
        )
        network = partial(
            network_tried, cert_file=way.cert_file, cert_dir=way.cert_dir, proxies=way.proxies
        )
        store = partial(store_tried, parts.runs_file(settings))
        pages = partial(pages_tried, settings.data_dir / "pages.sqlite3", parts.pages(settings))
        library = partial(library_tried, index)
        built = partial(tried_starter, index, starter)
        yield (
            Examination(part="model", seconds=MODEL_SECONDS, examine=model),
            Examination(part="meaning", seconds=MEANING_SECONDS, examine=meaning),
            Examination(part="network", seconds=_TRIAL_SECONDS, examine=network),
            Examination(part="browser", seconds=BROWSER_SECONDS, examine=browser),
            *_searches(settings, index, client, stack),
            Examination(part="store", seconds=_TRIAL_SECONDS, examine=store),
            Examination(part="pages", seconds=_TRIAL_SECONDS, examine=pages),
            Examination(part=LIBRARY, seconds=_TRIAL_SECONDS, examine=library),
            Examination(part="starter", seconds=_BUILD_SECONDS, examine=built),
        )


def _embedders(
    settings: Settings, client: httpx2.AsyncClient, candidates: Sequence[Candidate]
) -> Embedders | Misconfigured | None:
    """What embeds here, or why nothing can although something is set."""
    try:
        return embedders(settings, client, candidates)
    except Misconfigured as error:
        return error


async def _client(way: Outside) -> httpx2.AsyncClient:
    """The one that all use, or one that trusts what this machine does: `network` says why."""
    try:
        return await parts.client(way)
    except Misconfigured:
        return await parts.client(Outside())


def _searches(
    settings: Settings, index: LibraryIndex, client: httpx2.AsyncClient, stack: AsyncExitStack
) -> Iterator[Examination]:
    """Every provider but the library, which is tried as a file."""
    seconds = settings.limits.search_seconds
    urls = {
        "searxng": settings.searxng.url,
        "brave": settings.brave.url,
        "tavily": settings.tavily.url,
        "mojeek": settings.mojeek.url,
    }
    most = min(seconds, _MOST_SEARCH_SECONDS) + _TRIAL_SECONDS
    for provider in chain.from_iterable(
        parts.providers(settings, LibrarySearch(index), client, stack)
    ):
        if provider.name == LIBRARY:
            continue
        without = setting("SEARCH__PROVIDERS", settings.search.without(provider.name))
        url = urls.get(provider.name) or ""
        mend = mender(
            provider.name, Asked(url=url, client=client, without=without, seconds=seconds)
        )
        examine = partial(search_tried, provider, mend, without=without, search_seconds=seconds)
        yield Examination(part=provider.name, seconds=most, examine=examine)


def _wanted(settings: Settings) -> Wanted:
    llm, limits = settings.llm, settings.limits
    return Wanted(
        base_url=llm.base_url,
        model=llm.model,
        api_key=llm.api_key.get_secret_value() if llm.api_key and llm.base_url else None,
        discovers=llm.discover,
        evidence_tokens=limits.evidence_tokens,
        answer_tokens=limits.answer_tokens,
    )
