"""A site that says when to ask again is not asked before."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx2
import pytest

from codexity.adapters.asked_to_wait import retry_after
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.pages import Pages
from codexity.adapters.fetch.resting import RestingTransport
from codexity.errors import Unreadable
from servers.local import LocalServer, Reply

PAGE = Reply(pieces=(b"<!doctype html><p>A page",), media_type="text/html")


def refusal(status: int, *headers: tuple[str, str]) -> Reply:
    return Reply(status=status, pieces=(b"Later",), media_type="text/html", headers=headers)


def waiting(text: str) -> tuple[str, str]:
    return ("Retry-After", text)


@pytest.fixture
def server() -> Generator[LocalServer]:
    with LocalServer(lambda _: PAGE) as running:
        yield running


def port(server: LocalServer) -> str:
    return server.url.rpartition(":")[2]


@asynccontextmanager
async def fetching(
    server: LocalServer, *, robots: bool = False, file: Path | None = None
) -> AsyncGenerator[HttpFetcher]:
    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    names = frozenset(f"{name}:{port(server)}" for name in ("site.test", "other.test"))
    made = HttpFetcher(
        version="1",
        contact="https://example.org",
        guard=Guard(allow_hosts=names, resolver=resolver),
        limits=FetchLimits(total_seconds=10, robots=robots),
    )
    if file is not None:
        made = made.keeping(Pages(file, most_bytes=1_000_000, most_seconds=86_400))
    async with made as fetcher:
        yield fetcher


async def refused(fetcher: HttpFetcher, url: str) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        await fetcher.fetch(url)
    assert raised.value.code == "http_status"
    return raised.value


def in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


@pytest.mark.parametrize(
    ("wait", "status", "most", "least"),
    [
        ("120", 429, 120, 100),
        ("60", 503, 60, 40),
        (in_a_minute, 429, 60, 1),
        ("999999999", 429, 600, 580),
        ("", 429, 5, 1),
        ("soon", 429, 5, 1),
    ],
)
async def test_a_site_that_wants_to_be_left_alone_is(
    server: LocalServer, wait: str | Callable[[], str], status: int, most: int, least: int
) -> None:
    named = wait if isinstance(wait, str) else wait()
    reply = refusal(status, *([waiting(named)] if named else []))
    async with fetching(server) as fetcher:
        server.answer = lambda _: reply
        url = f"http://site.test:{port(server)}"
        assert f"answered {reply.status}" in (await refused(fetcher, f"{url}/a")).message
        server.answer = lambda _: PAGE
        said = (await refused(fetcher, f"{url}/b")).message
        left = int(said.partition(" more second")[0].rpartition(" ")[2])
        assert least <= left <= most
        with pytest.raises(Unreadable):
            await fetcher.check(f"{url}/c")
        assert [asked.path for asked in server.asked] == ["/a"]
        # Another site is asked all the same.
        await fetcher.fetch(f"http://other.test:{port(server)}/d")


@pytest.mark.parametrize(
    "reply",
    [
        refusal(503),
        refusal(503, waiting("0")),
        refusal(503, waiting("-5")),
        refusal(503, waiting("Mon, 01 Jan 2024 00:00:00 GMT")),
        refusal(404, waiting("60")),
        refusal(500, waiting("60")),
    ],
)
async def test_any_other_refusal_is_of_one_page(server: LocalServer, reply: Reply) -> None:
    async with fetching(server) as fetcher:
        server.answer = lambda _: reply
        url = f"http://site.test:{port(server)}"
        await refused(fetcher, f"{url}/a")
        server.answer = lambda _: PAGE
        await fetcher.fetch(f"{url}/b")
    assert [asked.path for asked in server.asked] == ["/a", "/b"]


async def test_a_robots_txt_that_names_a_time_is_heeded(server: LocalServer) -> None:
    async with fetching(server, robots=True) as fetcher:
        server.answer = lambda _: refusal(429, waiting("60"))
        await refused(fetcher, f"http://site.test:{port(server)}/a")
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


async def test_what_is_kept_of_a_site_that_is_left_alone_is_used(
    server: LocalServer, tmp_path: Path
) -> None:
    kept = Reply(
        pieces=PAGE.pieces, media_type="text/html", headers=(("Cache-Control", "max-age=60"),)
    )
    async with fetching(server, file=tmp_path / "pages.sqlite3") as fetcher:
        url = f"http://site.test:{port(server)}"
        server.answer = lambda asked: kept if asked.path == "/a" else refusal(429, waiting("60"))
        await fetcher.fetch(f"{url}/a")
        await refused(fetcher, f"{url}/b")
        assert (await fetcher.fetch(f"{url}/a")).via == "cache"
        await refused(fetcher, f"{url}/c")
    assert [asked.path for asked in server.asked] == ["/a", "/b"]


async def test_when_the_time_is_over_the_site_is_asked_again(server: LocalServer) -> None:
    clock = [1_000.0]
    request = httpx2.Request("GET", f"{server.url}/a")
    async with RestingTransport(httpx2.AsyncHTTPTransport(), now=lambda: clock[0]) as transport:
        server.answer = lambda _: refusal(429, waiting("60"))
        await (await transport.handle_async_request(request)).aread()
        for later, may in ((30.0, False), (29.5, False), (0.5, True)):
            clock[0] += later
            if may:
                transport.check(request.url)
            else:
                with pytest.raises(Unreadable):
                    await transport.handle_async_request(request)
        server.answer = lambda _: PAGE
        await (await transport.handle_async_request(request)).aread()
    assert len(server.asked) == 2


async def test_only_so_many_sites_are_remembered() -> None:
    class Tired(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(429, headers={"Retry-After": "60"}, request=request)

    async with RestingTransport(Tired(), now=lambda: 0.0) as transport:
        urls = [httpx2.URL(f"http://{count}.test/") for count in range(1_001)]
        for url in urls:
            await transport.handle_async_request(httpx2.Request("GET", url))
        transport.check(urls[0])
        for url in (urls[1], urls[-1]):
            with pytest.raises(Unreadable):
                transport.check(url)


@pytest.mark.parametrize("years", [-1, 0, 1])
def test_a_date_is_held_against_the_clock_of_who_names_it(years: int) -> None:
    now = datetime.now(UTC) + timedelta(days=365 * years)
    dates = {"Date": now, "Retry-After": now + timedelta(seconds=90)}
    headers = {name: format_datetime(at, usegmt=True) for name, at in dates.items()}
    assert retry_after(httpx2.Headers(headers)) == 90


def test_a_date_beside_none_is_held_against_our_clock() -> None:
    seconds = retry_after(httpx2.Headers({"Retry-After": in_a_minute()}))
    assert seconds is not None
    assert 0 < seconds <= 60
