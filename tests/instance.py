"""A SearXNG with engines of a test's own, and the provider that asks it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx2
import pytest

from codexity.adapters.search.searxng import Searxng
from codexity.errors import ProviderError
from codexity.model import Query
from servers.searxng import Engine, Row, SearxngServer

WIKI = "https://en.wikipedia.example/wiki/Heat_pump"
PUMP: Row = ("Heat pump", WIKI, "A heat pump moves heat")
QUERY = Query(text="What is a heat pump?")


@contextmanager
def instance(
    client: httpx2.AsyncClient, *engines: Engine, seconds: float = 6.0
) -> Generator[tuple[Searxng, SearxngServer]]:
    with SearxngServer(engines=engines) as server:
        yield Searxng(server.url, client, timeout_seconds=seconds), server


def finds(*rows: Row, **said: object) -> Engine:
    return Engine(name="finder", find=lambda _: rows, **said)  # type: ignore[arg-type]


def fails(why: str, name: str = "brave") -> Engine:
    return Engine(name=name, fails=why)


async def failure(provider: Searxng, query: Query = QUERY) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.search(query, limit=5)
    assert "127.0.0.1" not in caught.value.message
    return caught.value


async def urls(provider: Searxng, query: Query = QUERY, limit: int = 5) -> list[str]:
    return [hit.url for hit in await provider.search(query, limit=limit)]
