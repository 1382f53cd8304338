"""What DuckDuckGo and SearXNG do that no other engine does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx2
import pytest

from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.adapters.search.searxng import Searxng
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query
from codexity.ports import SearchProvider
from servers.duckduckgo import ANOMALY, DuckDuckGoServer, page
from servers.local import LocalServer, Reply
from servers.searxng import Row, SearxngServer

ROWS: tuple[Row, ...] = (
    ("One", "https://one.example.org/", "First"),
    ("Two", "https://two.example.org/", "Second"),
)
QUERY = Query(text="anything")


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@asynccontextmanager
async def duckduckgo(*rows: Row) -> AsyncGenerator[tuple[DuckDuckGo, LocalServer]]:
    with DuckDuckGoServer(lambda _: rows or ROWS) as server:
        provider = DuckDuckGo(search_url=f"{server.url}/html/", timeout_seconds=2)
        async with aclosing(provider):
            yield provider, server


@contextmanager
def searxng(
    client: httpx2.AsyncClient,
    rows: tuple[Row, ...] = ROWS,
    failed: tuple[tuple[str, str], ...] = (),
) -> Generator[tuple[Searxng, SearxngServer]]:
    with SearxngServer(lambda _: rows, failed=failed) as server:
        yield Searxng(server.url, client), server


async def fails(provider: SearchProvider) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.search(QUERY, limit=5)
    assert "127.0.0.1" not in caught.value.message
    return caught.value


async def works(provider: SearchProvider, server: LocalServer) -> bool:
    server.answer = server.usual
    return len(await provider.search(QUERY, limit=5)) == len(ROWS)


@pytest.mark.parametrize(
    "reply", [page(ANOMALY), page(ANOMALY, status=202), page(""), Reply(media_type="text/html")]
)
async def test_duckduckgo_does_not_tell_a_block_from_an_empty_page(reply: Reply) -> None:
    async with duckduckgo() as (provider, server):
        server.answer = lambda _: reply
        failure = await fails(provider)
        assert isinstance(failure, ProviderRefused)
        assert failure.code == "blocked_or_empty"
        assert await works(provider, server)


async def test_duckduckgo_s_advertisements_are_left_out_and_its_redirections_unwrapped() -> None:
    async with duckduckgo(
        ("Ad", "https://duckduckgo.com/y.js?ad_domain=shop.example", "Buy"),
        ("Real", "//duckduckgo.com/l/?uddg=https%3A%2F%2Fe.org%2Fa%3Fb%3DC%2523&rut=1", "Yes"),
    ) as (provider, _):
        hits = await provider.search(QUERY, limit=5)
        assert [hit.url for hit in hits] == ["https://e.org/a?b=C%23"]


@pytest.mark.parametrize(
    ("failed", "code", "kind"),
    [
        ((("google", "Suspended: CAPTCHA"), ("brave", "timeout")), "blocked", ProviderRefused),
        ((("brave", "Suspended: too many requests"),), "blocked", ProviderRefused),
        ((("google", "timeout"), ("bing", "timeout")), "timeout", ProviderUnavailable),
        ((("google", "HTTP connection error"),), "unreachable", ProviderUnavailable),
        ((("google", "unexpected crash"), ("bing", "timeout")), "unreachable", ProviderUnavailable),
    ],
)
async def test_searxng_without_results_whose_engines_failed_is_a_failure(
    client: httpx2.AsyncClient,
    failed: tuple[tuple[str, str], ...],
    code: str,
    kind: type[ProviderError],
) -> None:
    with searxng(client, (), failed) as (provider, _):
        failure = await fails(provider)
    assert (failure.code, type(failure)) == (code, kind)
    for engine, reason in failed:
        assert f"{engine} ({reason})" in failure.message
    with searxng(client, ROWS, failed) as (provider, server):
        assert await works(provider, server)
    with searxng(client, ()) as (provider, _):
        assert list(await provider.search(QUERY, limit=9)) == []


@pytest.mark.parametrize(
    ("after", "before", "dates"),
    [
        (None, None, None),
        ("2024-01-01", "2025-01-01", "2024-01-01..2024-12-31"),
        (None, "2025-01-01", "1990-01-01..2024-12-31"),
        (None, "1980-01-01", "1979-12-31..1979-12-31"),
        ("2024-01-01", None, "2024-01-01..{today}"),
        ("9000-01-01", None, "9000-01-01..9000-01-01"),
    ],
)
async def test_duckduckgo_is_given_dates_as_a_range(
    after: str | None, before: str | None, dates: str | None
) -> None:
    async with duckduckgo() as (provider, server):
        days = {datetime.now(UTC).date().isoformat()}
        await provider.search(replace(QUERY, after=after, before=before), limit=5)
        days.add(datetime.now(UTC).date().isoformat())
        asked = parse_qs(server.asked[-1].body.decode())
    wanted = [[dates.format(today=day)] for day in days] if dates else [None]
    assert asked.get("df") in wanted


@pytest.mark.parametrize("text", ["!w anything", "\\anything", "what does !in mean", "!!x a"])
async def test_duckduckgo_is_not_told_to_ask_another_site(text: str) -> None:
    async with duckduckgo() as (provider, server):
        await provider.search(replace(QUERY, text=text), limit=5)
        assert parse_qs(server.asked[-1].body.decode())["q"] == [
            text.replace("!", "").replace("\\", "")
        ]


@pytest.mark.parametrize(
    ("language", "region"),
    [(None, "wt-wt"), ("de", "de-de"), ("et", "ee-et"), ("zh", "cn-zh"), ("en", "wt-wt")],
)
async def test_duckduckgo_is_given_a_region_for_a_language(
    language: str | None, region: str
) -> None:
    async with duckduckgo() as (provider, server):
        await provider.search(replace(QUERY, language=language), limit=5)
        assert parse_qs(server.asked[-1].body.decode())["l"] == [region]


@pytest.mark.parametrize(
    ("age", "time_range"),
    [
        (-3, "month"),
        (3, "month"),
        (27, "month"),
        (31, "year"),
        (100, "year"),
        (363, "year"),
        (366, None),
        (9_000, None),
        (None, None),
    ],
)
async def test_searxng_is_given_a_time_range_that_holds_all_that_is_asked_for(
    client: httpx2.AsyncClient, age: int | None, time_range: str | None
) -> None:
    day = age and (datetime.now(UTC).date() - timedelta(days=age)).isoformat()
    with searxng(client) as (provider, server):
        await provider.search(replace(QUERY, after=day or None, before="2099-01-01"), limit=5)
        assert server.asked[-1].query.get("time_range", [None]) == [time_range]


async def test_searxng_is_given_a_language_only_where_one_is_asked_for(
    client: httpx2.AsyncClient,
) -> None:
    with searxng(client) as (provider, server):
        for language in ("de", None):
            await provider.search(replace(QUERY, language=language), limit=5)
            assert server.asked[-1].query.get("language", [None]) == [language]


async def test_searxng_without_json_says_what_to_enable(client: httpx2.AsyncClient) -> None:
    with searxng(client) as (provider, server):
        server.formats = ("html",)
        assert "search.formats: [html, json]" in (await fails(provider)).message
        server.formats = ("html", "json")
        assert await works(provider, server)


async def test_searxng_s_wait_is_passed_on(client: httpx2.AsyncClient) -> None:
    with searxng(client) as (provider, server):
        server.answer = lambda _: Reply(status=429, headers=(("Retry-After", "17"),))
        assert "wait 17 seconds" in (await fails(provider)).message
        server.answer = lambda _: Reply(status=429, headers=(("Retry-After", "soon"),))
        assert "wait a while" in (await fails(provider)).message


async def test_searxng_below_a_path_is_found(client: httpx2.AsyncClient) -> None:
    with searxng(client) as (_, server):
        server.answer = lambda asked: server.usual(
            replace(asked, path=asked.path.removeprefix("/sx").removeprefix("/%C3%BC"))
        )
        assert await Searxng(f"{server.url}/sx", client).search(QUERY, limit=1)
        assert server.asked[-1].path == "/sx/search"
        assert await Searxng(f"{server.url}/ü", client).search(QUERY, limit=1)


async def test_searxng_s_redirections_are_not_followed(client: httpx2.AsyncClient) -> None:
    with searxng(client) as (provider, server), LocalServer(lambda _: Reply()) as elsewhere:
        away = Reply(status=302, headers=(("Location", elsewhere.url),))
        server.answer = lambda _: away
        assert (await fails(provider)).code == "bad_reply"
        assert elsewhere.asked == []
        assert await works(provider, server)


@pytest.mark.parametrize("reply", [b"[]", b'{"results": {}}', b"{}", b"null"])
async def test_searxng_json_of_another_shape_is_a_bad_reply(
    client: httpx2.AsyncClient, reply: bytes
) -> None:
    with searxng(client) as (provider, server):
        server.answer = lambda _: Reply(pieces=(reply,))
        assert (await fails(provider)).code == "bad_reply"
        odd = b'{"results": [7, {}, {"url": "https://e.org/", "title": null}]}'
        server.answer = lambda _: Reply(pieces=(odd,))
        hits = await provider.search(QUERY, limit=5)
        assert list(hits) == [Hit(title="https://e.org/", url="https://e.org/")]


async def test_searxng_s_reply_has_a_bound(client: httpx2.AsyncClient) -> None:
    with searxng(client) as (provider, server):
        server.answer = lambda _: Reply(pieces=(b" " * 5_000_000,))
        failure = await fails(provider)
        assert failure.code == "bad_reply"
        assert "4000000" in failure.detail
        assert await works(provider, server)
