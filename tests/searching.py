"""The search providers as tests of all of them find them: each with its server, one line each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import httpx2

from codexity.adapters.flights import Flights
from codexity.adapters.search.brave import Brave
from codexity.adapters.search.cached import CachedSearch
from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.adapters.search.mojeek import Mojeek
from codexity.adapters.search.searxng import Searxng
from codexity.adapters.search.tavily import Tavily
from codexity.model import Query
from codexity.ports import SearchProvider
from servers.duckduckgo import DuckDuckGoServer
from servers.keyed import KEY, BraveServer, KeyedServer, MojeekServer, TavilyServer
from servers.local import Asked, LocalServer
from servers.searxng import Row, SearxngServer

ROWS: tuple[Row, ...] = (
    ("The with statement", "https://docs.example.org/ref?b=2&a=1", "A context manager & more"),
    ("C# and 100%", "https://wiki.example.org/C%23_100%25/a%20b", "Percent signs stay"),
    ("The with statement", "https://www.docs.example.org/ref/?a=1&b=2&utm_source=x", "Again"),
    ("Elsewhere", "https://example.net/with", "Another site"),
    ("A script", "javascript:alert(1)", "No address at all"),
    ("Broken", "http://[::1/x", "No address either"),
    ("Ünïcode", "https://docs.example.org/ü", "日本語"),
)
QUERY = Query(text="with statement")
OPERATORS = (
    "with statement (site:example.net OR site:wiki.example.org)",
    "with statement site:ample.net",
    "with statement site:example.net",
)
"""How most engines are asked for one site, for two, and for one that has nothing."""

EXCLUDING = (
    "with statement -site:example.net -site:example.org",
    "with statement -site:example.org",
    "with statement site:example.org -site:wiki.example.org -site:e.net",
)
"""How most engines are asked to leave out two sites, one, and two of what is below another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A provider and the server behind it; `codes` are the provider's own where they differ.

    `patient` is the same provider with a deadline that no test waits for. `told` is how a request
    asks for sites; `narrowed` and `excluding` are what it then says, in the order of the alphabet.
    `most_excluded` are so many of those to leave out as are named.
    """

    provider: SearchProvider
    patient: SearchProvider
    server: LocalServer
    codes: dict[str, str] = field(default_factory=dict[str, str])
    told: Callable[[Asked], str]
    narrowed: tuple[str, ...] = OPERATORS
    excluding: tuple[str, ...] = EXCLUDING
    most_excluded: int = 8

    def code(self, usual: str) -> str:
        return self.codes.get(usual, usual)


def find(_text: str) -> tuple[Row, ...]:
    return ROWS


@asynccontextmanager
async def duckduckgo(_client: httpx2.AsyncClient) -> AsyncGenerator[Rig]:
    with DuckDuckGoServer(find) as server:
        provider, patient = (
            DuckDuckGo(search_url=f"{server.url}/html/", timeout_seconds=seconds)
            for seconds in (1, 60)
        )
        # It tells its states apart by nothing that its library passes on.
        same = ("blocked", "quota", "unauthorized", "bad_reply", "no_results")
        codes: dict[str, str] = dict.fromkeys(same, "blocked_or_empty")
        async with aclosing(provider), aclosing(patient):
            yield Rig(
                provider=provider,
                patient=patient,
                server=server,
                codes=codes,
                told=lambda asked: parse_qs(asked.body.decode())["q"][0],
            )


@asynccontextmanager
async def searxng(client: httpx2.AsyncClient) -> AsyncGenerator[Rig]:
    with SearxngServer(find) as server:
        provider, patient = (
            Searxng(f"{server.url}/", client, timeout_seconds=seconds) for seconds in (1, 60)
        )
        yield Rig(
            provider=provider,
            patient=patient,
            server=server,
            told=lambda asked: asked.query["q"][0],
        )


def keyed(
    make: type[Brave | Tavily | Mojeek],
    serve: type[KeyedServer],
    **says: Any,
) -> Callable[[httpx2.AsyncClient], AbstractAsyncContextManager[Rig]]:
    """A service that wants a key, and whose server finds whatever it is asked to leave out."""

    @asynccontextmanager
    async def opened(client: httpx2.AsyncClient) -> AsyncGenerator[Rig]:
        with serve(find, narrows=False) as server:
            provider, patient = (
                make(KEY, client, base_url=f"{server.url}/", timeout_seconds=seconds)
                for seconds in (1, 60)
            )
            yield Rig(
                provider=provider,
                patient=patient,
                server=server,
                told=server.told,
                **says,
            )

    return opened


@asynccontextmanager
async def cached(client: httpx2.AsyncClient) -> AsyncGenerator[Rig]:
    """Its hits are kept, but not for long enough that the next test would get them."""
    async with searxng(client) as rig, Flights() as flights:
        provider, patient = (
            CachedSearch(one, flights, seconds=1e-6) for one in (rig.provider, rig.patient)
        )
        yield replace(rig, provider=provider, patient=patient)


PROVIDERS: dict[str, Callable[[httpx2.AsyncClient], AbstractAsyncContextManager[Rig]]] = {
    "duckduckgo": duckduckgo,
    "searxng": searxng,
    "searxng, cached": cached,
    "brave": keyed(Brave, BraveServer),
    "tavily": keyed(
        Tavily,
        TavilyServer,
        narrowed=(
            "with statement <ample.net>",
            "with statement <example.net>",
            "with statement <example.net> <wiki.example.org>",
        ),
        excluding=(
            "with statement <-site:example.net> <-site:example.org>",
            "with statement <-site:example.org>",
            "with statement <example.org> <-site:wiki.example.org> <-site:e.net>",
        ),
        most_excluded=20,
    ),
    "mojeek": keyed(
        Mojeek,
        MojeekServer,
        narrowed=(
            "with statement <ample.net>",
            "with statement <example.net>",
            "with statement <example.net>",
            "with statement <wiki.example.org>",
        ),
        excluding=("with statement", "with statement", "with statement <example.org>"),
        most_excluded=0,
    ),
}


def over_http(url: str, client: httpx2.AsyncClient) -> tuple[SearchProvider, ...]:
    keyed = (make(KEY, client, base_url=url) for make in (Brave, Tavily, Mojeek))
    return (Searxng(url, client), *keyed)
