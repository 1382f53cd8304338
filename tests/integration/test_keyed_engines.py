"""What Brave, Tavily and Mojeek do that no other engine does, and who never gets to see a key."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import replace

import httpx2
import pytest

from codexity.adapters.search.brave import Brave
from codexity.adapters.search.mojeek import Mojeek
from codexity.adapters.search.tavily import Tavily
from codexity.errors import ProviderError, ProviderRefused
from codexity.model import Hit, Query
from servers.keyed import KEY, BraveServer, KeyedServer, MojeekServer, TavilyServer
from servers.local import Reply
from servers.searxng import Row

Keyed = Brave | Tavily | Mojeek

SERVICES: dict[str, tuple[type[Keyed], type[KeyedServer]]] = {
    "brave": (Brave, BraveServer),
    "tavily": (Tavily, TavilyServer),
    "mojeek": (Mojeek, MojeekServer),
}
MANY: tuple[Row, ...] = tuple((f"Page {n}", f"https://e.org/{n}", "") for n in range(60))
QUERY = Query(text="context managers")
RECORDED = Hit(
    title="With statements & context managers",
    url="https://docs.example.org/reference/with",
    snippet="A context manager is an object that's entered and left.",
)


@pytest.fixture(scope="module")
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@contextmanager
def serving(
    name: str, client: httpx2.AsyncClient, *, key: str = KEY
) -> Generator[tuple[Keyed, KeyedServer]]:
    make, serve = SERVICES[name]
    with serve(lambda _: MANY) as server:
        yield make(key, client, base_url=server.url, timeout_seconds=2), server


async def fails(provider: Keyed, query: Query = QUERY) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.search(query, limit=5)
    return caught.value


@pytest.mark.parametrize("name", SERVICES)
async def test_what_was_recorded_of_a_service_is_understood(
    client: httpx2.AsyncClient, name: str
) -> None:
    with serving(name, client) as (provider, server):
        server.answer = lambda _: server.spoken("found")
        # Brave says when a page was published, and the others do not.
        (hit,) = await provider.search(QUERY, limit=5)
        assert hit == replace(RECORDED, published="2025-11-03" if name == "brave" else None)
        server.answer = lambda _: server.spoken("empty")
        assert list(await provider.search(QUERY, limit=5)) == []


@pytest.mark.parametrize("name", SERVICES)
async def test_a_wrong_key_is_told_by_its_variable_and_never_shown(
    client: httpx2.AsyncClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = "a-wrong-key-that-nobody-may-see"
    with caplog.at_level(logging.DEBUG), serving(name, client, key=wrong) as (provider, server):
        refused = await fails(provider)
        server.answer = lambda asked: Reply(status=500, pieces=(str(asked.headers).encode(),))
        trouble = await fails(provider)
        server.answer = lambda _: Reply(status=301, headers=(("Location", "/elsewhere"),))
        moved = await fails(provider)
    gone = await fails(provider)
    assert isinstance(refused, ProviderRefused)
    assert refused.code == "unauthorized"
    assert f"CODEXITY_{name.upper()}__API_KEY" in refused.message
    assert server.asked[-1].path != "/elsewhere"
    for failure in (refused, trouble, moved, gone):
        assert wrong not in f"{failure.message} {failure.detail} {failure!r} {failure.__cause__!r}"
    assert "127.0.0.1" in caplog.text
    assert wrong not in caplog.text
    assert "managers" not in caplog.text
    with serving(name, client) as (provider, _):
        assert await provider.search(QUERY, limit=1)


@pytest.mark.parametrize("name", SERVICES)
async def test_a_key_that_a_service_repeats_is_masked(
    client: httpx2.AsyncClient, name: str
) -> None:
    repeats = {"response": {"status": f"ERROR: Invalid API Key {KEY}"}}
    with serving(name, client) as (provider, server):
        server.answer = lambda _: Reply(pieces=(json.dumps(repeats).encode(),))
        failure = await fails(provider)
        assert KEY not in f"{failure.message} {failure.detail} {failure!r}"
        server.answer = server.usual
        assert await provider.search(QUERY, limit=1)


@pytest.mark.parametrize(
    ("name", "spoken", "status", "says"),
    [
        ("brave", "too_often", 429, "Brave was asked too often (HTTP 429); wait a while."),
        ("tavily", "too_often", 429, "Tavily was asked too often (HTTP 429); wait a while."),
        ("tavily", "plan_used_up", 432, "limit of your plan"),
        ("tavily", "pay_as_you_go_used_up", 433, "pay-as-you-go"),
        ("mojeek", "used_up", 200, "Mojeek refused: Daily Limit Reached."),
    ],
)
async def test_a_quota_that_is_used_up_is_told_in_the_service_s_own_way(
    client: httpx2.AsyncClient, name: str, spoken: str, status: int, says: str
) -> None:
    with serving(name, client) as (provider, server):
        server.answer = lambda _: server.spoken(spoken, status)
        failure = await fails(provider)
        assert (type(failure), failure.code) == (ProviderRefused, "quota")
        assert says in failure.message
        server.answer = server.usual
        assert await provider.search(QUERY, limit=1)


@pytest.mark.parametrize(
    ("left", "reset", "wait", "says"),
    [
        ("0, 1000", "1, 1419704", 1, "wait 1 seconds"),
        ("0, 0", "1, 1419704", 1_419_704, "wait 394 hours"),
        ("1, 0", "1, 90", 90, "wait 90 seconds"),
        ("1, 1", "1, 90", None, "wait a while"),
        ("soon", "", None, "wait a while"),
    ],
)
async def test_brave_s_limits_say_when_it_may_be_asked_again(
    client: httpx2.AsyncClient, left: str, reset: str, wait: float | None, says: str
) -> None:
    headers = (("X-RateLimit-Remaining", left), ("X-RateLimit-Reset", reset))
    with serving("brave", client) as (provider, server):
        server.answer = lambda _: Reply(status=429, headers=headers)
        failure = await fails(provider)
    assert failure.retry_seconds == wait
    assert says in failure.message


async def test_a_date_in_retry_after_is_understood(client: httpx2.AsyncClient) -> None:
    with serving("tavily", client) as (provider, server):
        for date, least, most in (
            ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
            ("Fri, 31 Dec 2199 23:59:59 GMT", 1, 31 * 86_400),
        ):
            headers = (("Retry-After", date),)
            server.answer = lambda _, headers=headers: Reply(status=503, headers=headers)
            wait = (await fails(provider)).retry_seconds
            assert wait is not None
            assert least <= wait <= most


async def test_brave_s_pages_are_asked_for_as_far_as_the_limit_goes(
    client: httpx2.AsyncClient,
) -> None:
    with serving("brave", client) as (provider, server):
        assert len(await provider.search(QUERY, limit=10)) == 10
        assert [asked.query["offset"] for asked in server.asked] == [["0"]]
        assert len(await provider.search(QUERY, limit=45)) == 45
        assert len(await provider.search(QUERY, limit=100)) == len(MANY)
        assert [asked.query["offset"] for asked in server.asked[1:]] == [["0"], ["1"], ["2"]] * 2
        server.answer = lambda asked: (
            server.usual(asked) if asked.query["offset"] == ["0"] else Reply(status=429)
        )
        assert len(await provider.search(QUERY, limit=45)) == 20


@pytest.mark.parametrize("name", SERVICES)
async def test_a_site_far_down_is_found_by_the_service_s_own_filter(
    client: httpx2.AsyncClient, name: str
) -> None:
    rows = (*MANY, ("Wanted", "https://docs.wanted.org/", ""), ("Too", "https://too.org/", ""))

    def find(text: str) -> tuple[Row, ...]:
        return rows[-2:] if "site:" in text else rows

    with serving(name, client) as (provider, server):
        server.find = find
        found = await provider.search(Query(text="x", site=("wanted.org", "too.org")), limit=5)
        assert {hit.title for hit in found} == {"Wanted", "Too"}
        assert len(await provider.search(Query(text="x"), limit=5)) == 5


async def test_mojeek_asks_for_no_more_than_four_sites_one_by_one(
    client: httpx2.AsyncClient,
) -> None:
    sites = ("a.org", "b.org", "c.org", "d.org", "e.org")
    with serving("mojeek", client) as (provider, server):
        assert len(await provider.search(Query(text="x", site=sites), limit=3)) == 3
        assert [server.told(asked) for asked in server.asked] == ["x"]
        server.asked.clear()
        assert list(await provider.search(Query(text="x", site=sites[:4]), limit=3)) == []
        assert len(server.asked) == 4


async def test_mojeek_s_site_that_fails_leaves_the_others(client: httpx2.AsyncClient) -> None:
    query = Query(text="x", site=("a.org", "e.org"))
    with serving("mojeek", client) as (provider, server):
        server.answer = lambda asked: (
            Reply(status=429) if asked.query["site"] == ["a.org"] else server.usual(asked)
        )
        assert len(await provider.search(query, limit=3)) == 3
        server.find = lambda _: ()
        assert (await fails(provider, query)).code == "quota"


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("text", ["word " * 100, "x" * 500, "wordword " * 60])
async def test_a_question_longer_than_a_service_takes_is_cut(
    client: httpx2.AsyncClient, name: str, text: str
) -> None:
    sites = tuple(f"a-name-of-a-site-{n}.example.org" for n in range(20))
    with serving(name, client) as (provider, server):
        assert await provider.search(Query(text=text.strip()), limit=3)
        assert text.startswith(server.told(server.asked[0])[:40])
        server.asked.clear()
        await provider.search(Query(text=text.strip(), site=sites), limit=3)
        assert sites[0] in server.told(server.asked[0]) or name == "mojeek"


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("brave", b"{}"),
        ("brave", b'{"type": "search", "web": []}'),
        ("brave", b'{"type": "search", "web": {"results": {}}}'),
        ("tavily", b"{}"),
        ("tavily", b'{"results": null}'),
        ("mojeek", b"{}"),
        ("mojeek", b'{"response": {"results": []}}'),
        ("mojeek", b'{"response": {"status": "OK"}}'),
        ("mojeek", b'{"response": {"status": "ERROR: the hamster sleeps"}}'),
    ],
)
async def test_json_of_another_shape_is_no_empty_result(
    client: httpx2.AsyncClient, name: str, reply: bytes
) -> None:
    with serving(name, client) as (provider, server):
        server.answer = lambda _: Reply(pieces=(reply,))
        assert (await fails(provider)).code == "bad_reply"
        server.answer = server.usual
        assert await provider.search(QUERY, limit=1)
