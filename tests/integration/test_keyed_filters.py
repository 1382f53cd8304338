"""How Brave, Tavily and Mojeek are told of dates, languages and what to leave out."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import httpx2
import pytest

from codexity.adapters.search.brave import Brave
from codexity.adapters.search.mojeek import Mojeek
from codexity.adapters.search.tavily import Tavily
from codexity.errors import ProviderError
from codexity.model import Query
from servers.keyed import KEY, BraveServer, MojeekServer, TavilyServer
from servers.local import LocalServer, Reply

ROWS = (("One", "https://one.example.org/", "First"),)
AFTER, BEFORE = "2024-05-01", "2025-01-01"


@pytest.fixture(scope="module")
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("after", "before", "freshness"),
    [
        (AFTER, BEFORE, "2024-05-01to2024-12-31"),
        (AFTER, None, "2024-05-01to{today}"),
        (None, BEFORE, "1990-01-01to2024-12-31"),
        ("2999-01-01", None, "2999-01-01to2999-01-01"),
        (None, None, None),
    ],
)
async def test_brave_is_told_of_dates_as_a_range(
    client: httpx2.AsyncClient, after: str | None, before: str | None, freshness: str | None
) -> None:
    with BraveServer(lambda _: ROWS) as server:
        provider = Brave(KEY, client, base_url=server.url)
        today = datetime.now(UTC).date().isoformat()
        assert await provider.search(Query(text="x", after=after, before=before), limit=1)
        said = server.asked[0].query.get("freshness")
    assert said == (None if freshness is None else [freshness.format(today=today)])


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "de"), ("ja", "jp"), ("zh", "zh-hans"), ("sw", None), (None, None)],
)
async def test_brave_is_told_of_a_language_that_it_knows(
    client: httpx2.AsyncClient, language: str | None, said: str | None
) -> None:
    with BraveServer(lambda _: ROWS) as server:
        provider = Brave(KEY, client, base_url=server.url)
        assert await provider.search(Query(text="x", language=language), limit=1)
        assert server.asked[0].query.get("search_lang") == (said and [said])


async def test_a_long_question_to_brave_names_what_fits_of_what_to_leave_out(
    client: httpx2.AsyncClient,
) -> None:
    out = tuple(f"a-long-name-of-a-site-{number}.example.net" for number in range(8))
    with BraveServer(lambda _: ROWS) as server:
        provider = Brave(KEY, client, base_url=server.url)
        long = Query(text="word " * 90, site=("example.org",), exclude_site=out)
        assert await provider.search(long, limit=1)
        [said] = server.asked[0].query["q"]
    assert "site:example.org -site:a-long-name-of-a-site-0.example.net" in said
    assert said.startswith("word word")


async def test_tavily_is_told_of_dates(client: httpx2.AsyncClient) -> None:
    with TavilyServer(lambda _: ROWS) as server:
        provider = Tavily(KEY, client, base_url=server.url)
        assert await provider.search(Query(text="x", after=AFTER, before=BEFORE), limit=1)
        assert await provider.search(Query(text="x", language="de"), limit=1)
        dated, plain = (json.loads(asked.body) for asked in server.asked)
    assert (dated["start_date"], dated["end_date"]) == (AFTER, BEFORE)
    assert plain.keys() == {"query", "search_depth", "max_results"}


async def test_mojeek_is_told_of_dates_and_a_language(client: httpx2.AsyncClient) -> None:
    with MojeekServer(lambda _: ROWS) as server:
        provider = Mojeek(KEY, client, base_url=server.url)
        narrow = Query(text="x", after=AFTER, before=BEFORE, language="de")
        assert await provider.search(narrow, limit=1)
        assert await provider.search(Query(text="x"), limit=1)
        dated, plain = (asked.query for asked in server.asked)
    assert [dated[name] for name in ("since", "before", "lb")] == [
        ["20240501"],
        ["20250101"],
        ["DE"],
    ]
    assert plain.keys() == {"api_key", "q", "fmt", "t"}


@pytest.mark.parametrize("text", ["!w anything", "what does !in mean", "!!x a b"])
async def test_brave_is_not_told_to_ask_another_site(client: httpx2.AsyncClient, text: str) -> None:
    with BraveServer(lambda _: ROWS) as server:
        assert await Brave(KEY, client, base_url=server.url).search(Query(text=text), limit=1)
        assert server.asked[0].query["q"] == [text.replace("!", "")]


async def test_brave_and_tavily_say_when_a_page_was_published(client: httpx2.AsyncClient) -> None:
    with BraveServer(lambda _: ROWS) as server:
        (hit,) = await Brave(KEY, client, base_url=server.url).search(Query(text="x"), limit=1)
    assert hit.published == "2025-11-03"
    with TavilyServer(lambda _: ROWS) as server:
        dated = "Mon, 03 Nov 2025 08:12:00 GMT"
        provider = Tavily(KEY, client, base_url=server.url)
        assert (await provider.search(Query(text="x"), limit=1))[0].published is None
        server.recorded["found"]["results"][0]["published_date"] = dated
        assert (await provider.search(Query(text="x"), limit=1))[0].published == "2025-11-03"


@pytest.mark.parametrize("make", [Brave, Tavily, Mojeek])
async def test_a_redirection_is_told_as_one(
    client: httpx2.AsyncClient, make: type[Brave | Tavily | Mojeek]
) -> None:
    away = Reply(status=301, headers=(("Location", "https://gateway.example/a?q=x&k=secret"),))
    with LocalServer(lambda _: away) as server:
        with pytest.raises(ProviderError) as caught:
            await make(KEY, client, base_url=server.url).search(Query(text="x"), limit=1)
        assert "redirects to another address (HTTP 301); check CODEXITY_" in caught.value.message
        assert "gateway" not in caught.value.message
        assert caught.value.detail.endswith("HTTP 301, to https://gateway.example/a")
