"""What the real SearXNG, its engines and its limiter refuse, and how that is told."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx2
import pytest

from codexity.adapters.search.searxng import Searxng
from instance import PUMP, WIKI, fails, failure, finds, instance, urls
from servers.local import LocalServer, Reply
from servers.searxng import Engine, SearxngServer


@pytest.fixture(scope="module")
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("HTTP connection error", "unreachable"),
        ("network error", "unreachable"),
        ("proxy error", "unreachable"),
        ("SSL error: certificate validation has failed", "unreachable"),
        ("timeout", "timeout"),
        ("too many requests", "blocked"),
        ("access denied", "blocked"),
        ("CAPTCHA", "blocked"),
        ("parsing error", "bad_reply"),
        ("server API error", "bad_reply"),
        ("unexpected crash", "bad_reply"),
        ("HTTP protocol error", "bad_reply"),
    ],
)
async def test_a_suspended_engine_failed_with_what_it_was_suspended_for(
    client: httpx2.AsyncClient, said: str, code: str
) -> None:
    with instance(client, fails(said)) as (provider, _):
        first, again = await failure(provider), await failure(provider)
    assert f"brave ({said})" in first.message
    assert f"brave (Suspended: {said})" in again.message
    assert (first.code, again.code) == (code, code)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("too many requests", "blocked"),
        ("access denied", "blocked"),
        ("timeout", "timeout"),
        ("HTTP connection error", "unreachable"),
    ],
)
async def test_it_speaks_english_whatever_its_language_is(
    client: httpx2.AsyncClient, said: str, code: str
) -> None:
    with instance(client, fails(said)) as (provider, server):
        server.settings["ui"]["default_locale"] = "de"
        assert (await failure(provider)).code == code
        server.settings["preferences"]["lock"] = ["locale"]
        locked = await failure(provider)
        assert (locked.code, locked.detail != "") == ("unreachable", True)
        assert "Ausgesetzt" in locked.message


async def test_of_many_engines_that_failed_the_first_are_named(client: httpx2.AsyncClient) -> None:
    engines = [fails("timeout", name=f"engine {number}") for number in range(8)]
    with instance(client, *engines) as (provider, _):
        assert "engine 4 (timeout), and 3 more." in (await failure(provider)).message


async def test_its_limiter_is_named_and_a_pace_is_none(client: httpx2.AsyncClient) -> None:
    with instance(client, finds(PUMP)) as (provider, server):
        server.settings["server"]["limiter"] = True
        refused = await failure(provider)
        assert (refused.code, refused.retry_seconds) == ("quota", None)
        assert "limiter refuses programs" in refused.message
        assert "pass_ip" in refused.message
        server.limits["botdetection"]["ip_lists"]["pass_ip"] = ["127.0.0.1"]
        assert await urls(provider) == [WIKI]
        proxy = Reply(status=429, pieces=(b"<h1>429 Too Many Requests</h1>",))
        server.answer = lambda _: proxy
        assert "asked too often (HTTP 429); wait a while" in (await failure(provider)).message


@pytest.mark.parametrize(
    "location",
    ["https://search.example/search?q=secret", "/elsewhere/search?q=secret", "//e.org/x?secret"],
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirection_is_told_as_one_and_its_target_to_the_operator_only(
    client: httpx2.AsyncClient, location: str, status: int
) -> None:
    with instance(client, finds(PUMP)) as (provider, server), LocalServer() as elsewhere:
        away = Reply(status=status, headers=(("Location", location),))
        server.answer = lambda _: away
        moved = await failure(provider)
        assert moved.code == "bad_reply"
        assert f"redirects to another address (HTTP {status})" in moved.message
        assert "example" not in moved.message
        assert location.partition("?")[0] in moved.detail
        assert "secret" not in moved.detail
        assert elsewhere.asked == []
        server.answer = lambda _: Reply(status=status, headers=(("Location", "http://[/"),))
        assert "makes no sense" in (await failure(provider)).message


@pytest.mark.parametrize(
    ("engines", "says"),
    [
        ((Engine(name="pictures", categories=("images",)),), True),
        ((Engine(name="off", disabled=True),), True),
        ((Engine(name="off", disabled=True), Engine(name="news", categories=("news",))), True),
        ((Engine(name="on"),), False),
        ((Engine(name="both", categories=("images", "general")),), False),
    ],
)
async def test_an_instance_without_general_engines_says_so(
    client: httpx2.AsyncClient, engines: tuple[Engine, ...], says: bool
) -> None:
    with instance(client, *engines) as (provider, server):
        if says:
            told = await failure(provider)
            assert told.code == "no_results"
            assert "none of its engines of the category general is on" in told.message
            return
        assert await urls(provider) == []
        assert await urls(provider) == []
        assert [asked.path for asked in server.asked].count("/config") == 1


@pytest.mark.parametrize(("seconds", "notices"), [(0.0, True), (60.0, False)])
async def test_engines_that_are_turned_off_while_it_runs_are_noticed(
    client: httpx2.AsyncClient, seconds: float, notices: bool
) -> None:
    with SearxngServer(engines=[Engine(name="on")]) as server:
        provider = Searxng(server.url, client, config_seconds=seconds)
        assert await urls(provider) == []
        server.engines[0].disabled = True
        if notices:
            assert "is on" in (await failure(provider)).message
        else:
            assert await urls(provider) == [], "once a minute is enough"


@pytest.mark.parametrize("config", [b"[]", b'{"engines": 7}', b"{}", b"no"])
async def test_an_instance_whose_config_says_nothing_has_found_nothing(
    client: httpx2.AsyncClient, config: bytes
) -> None:
    with instance(client, Engine(name="on")) as (provider, server):
        usual = server.usual
        server.answer = lambda asked: (
            Reply(pieces=(config,)) if asked.path == "/config" else usual(asked)
        )
        assert await urls(provider) == []
