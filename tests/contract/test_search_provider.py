"""Every search provider keeps the port's promises, whatever its engine does.

A new provider is a line in `PROVIDERS` of `tests/searching.py`.
"""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial

import anyio
import httpx2
import pytest

from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query
from searching import PROVIDERS, QUERY, ROWS, Rig, find, over_http
from servers.local import LocalServer, Reply

PAY = Reply(status=402)
HTML = Reply(media_type="text/html", pieces=(b"<!doctype html><p>Hello</p>",))


@pytest.fixture(scope="module")
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="module", params=PROVIDERS)
async def shared(request: pytest.FixtureRequest, client: httpx2.AsyncClient) -> AsyncGenerator[Rig]:
    async with PROVIDERS[request.param](client) as started:
        yield started


@pytest.fixture
def rig(shared: Rig) -> Rig:
    """A provider whose server answers as it usually does, and was asked nothing so far."""
    shared.server.answer = shared.server.usual
    shared.server.find = find  # type: ignore[attr-defined]
    shared.server.asked.clear()
    return shared


async def fails(rig: Rig, query: Query = QUERY) -> ProviderError:
    """The failure of this search; the message that people see names no address."""
    with pytest.raises(ProviderError) as caught:
        await rig.provider.search(query, limit=5)
    assert "127.0.0.1" not in caught.value.message
    assert caught.value.message.endswith(".") or "?" in caught.value.message
    return caught.value


async def works(rig: Rig) -> bool:
    """The control: the same provider and server, behaving."""
    rig.server.answer = rig.server.usual
    return bool(await rig.provider.search(QUERY, limit=5))


async def test_hits_come_in_the_engine_s_order_each_page_once_addresses_untouched(rig: Rig) -> None:
    hits = await rig.provider.search(QUERY, limit=10)
    # Some engines say when a page was published, and some do not.
    assert [replace(hit, published=None) for hit in hits] == [
        Hit(title=title, url=url, snippet=snippet)
        for title, url, snippet in (ROWS[0], ROWS[1], ROWS[3], ROWS[6])
    ]


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_there_are_no_more_hits_than_the_limit(rig: Rig, limit: int) -> None:
    assert len(await rig.provider.search(QUERY, limit=limit)) == limit


async def test_a_site_is_asked_for_and_also_held_to(rig: Rig) -> None:
    one = await rig.provider.search(replace(QUERY, site=("example.net",)), limit=5)
    two = await rig.provider.search(
        replace(QUERY, site=("example.net", "wiki.example.org")), limit=5
    )
    none = await rig.provider.search(replace(QUERY, site=("ample.net",)), limit=5)
    assert [hit.url for hit in one] == [ROWS[3][1]]
    assert {hit.url for hit in two} == {ROWS[1][1], ROWS[3][1]}
    assert list(none) == []
    assert sorted(rig.told(asked) for asked in rig.server.asked) == list(rig.narrowed)


async def test_an_excluded_site_is_named_and_also_held_to(rig: Rig) -> None:
    one = await rig.provider.search(replace(QUERY, exclude_site=("example.org",)), limit=5)
    both = replace(QUERY, site=("example.org",), exclude_site=("wiki.example.org", "e.net"))
    two = await rig.provider.search(both, limit=5)
    none = replace(QUERY, exclude_site=("example.net", "example.org"))
    assert [hit.url for hit in one] == [ROWS[3][1]]
    assert [hit.url for hit in two] == [ROWS[0][1], ROWS[6][1]]
    assert list(await rig.provider.search(none, limit=5)) == []
    assert sorted(rig.told(asked) for asked in rig.server.asked) == list(rig.excluding)


async def test_of_many_excluded_sites_a_few_are_named_and_all_held_to(rig: Rig) -> None:
    many = (*(f"x{number}.example" for number in range(19)), "example.org")
    hits = await rig.provider.search(replace(QUERY, exclude_site=many), limit=5)
    assert [hit.url for hit in hits] == [ROWS[3][1]]
    [asked] = rig.server.asked
    assert rig.told(asked).count("-site:") == rig.most_excluded


async def test_dates_and_a_language_stay_out_of_the_text(rig: Rig) -> None:
    narrow = replace(QUERY, after="2024-01-01", before="2025-01-01", language="de")
    assert len(await rig.provider.search(narrow, limit=5)) == 4
    assert [rig.told(asked) for asked in rig.server.asked] == ["with statement"]


@pytest.mark.parametrize(
    ("reply", "code", "kind"),
    [
        (Reply(status=403), "blocked", ProviderRefused),
        (Reply(status=429), "quota", ProviderRefused),
        (Reply(status=429, headers=(("Retry-After", "17"),)), "quota", ProviderRefused),
        (Reply(status=401), "unauthorized", ProviderRefused),
        (PAY, "quota", ProviderRefused),
        (Reply(status=202), "bad_reply", None),
        (Reply(status=418), "bad_reply", None),
        (Reply(status=500), "bad_reply", None),
        (Reply(status=503, pieces=(b"down",)), "bad_reply", None),
        (Reply(), "bad_reply", None),
        (HTML, "bad_reply", None),
        (Reply(pieces=(b"[" * 100_000,)), "bad_reply", None),
        (Reply(pieces=(b"\xff\x00\xfe",)), "bad_reply", None),
    ],
    ids=lambda value: f"{value.status}" if isinstance(value, Reply) else None,
)
async def test_a_refusal_or_nonsense_is_told_and_never_taken_for_no_results(
    rig: Rig, reply: Reply, code: str, kind: type[ProviderError] | None
) -> None:
    rig.server.answer = lambda _: reply
    failure = await fails(rig)
    assert failure.code == rig.code(code)
    if kind is not None:
        assert isinstance(failure, kind)
    assert await works(rig)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirection_takes_neither_the_question_nor_a_key_along(
    rig: Rig, status: int
) -> None:
    if rig.provider.name == "duckduckgo":
        return  # It is asked without a key, by a library of its own.
    with LocalServer() as elsewhere:
        there = (("Location", f"{elsewhere.url}/search"),)
        rig.server.answer = lambda _: Reply(status=status, headers=there)
        assert (await fails(rig)).code == "bad_reply"
        assert elsewhere.asked == []
        # The control: a client that follows does get there.
        with httpx2.Client(trust_env=False, follow_redirects=True) as following:
            following.get(rig.server.url)
        assert len(elsewhere.asked) == 1
    assert await works(rig)


async def test_when_to_ask_again_is_kept_where_it_was_said(rig: Rig) -> None:
    rig.server.answer = lambda _: Reply(status=429, headers=(("Retry-After", "17"),))
    assert (await fails(rig)).retry_seconds == (None if rig.codes else 17)
    rig.server.answer = lambda _: Reply(status=429)
    assert (await fails(rig)).retry_seconds is None


async def test_finding_nothing_is_no_failure_where_it_is_told_from_a_block(rig: Rig) -> None:
    rig.server.find = lambda _: ()  # type: ignore[attr-defined]
    if rig.codes:
        assert (await fails(rig)).code == rig.code("no_results")
    else:
        assert list(await rig.provider.search(QUERY, limit=5)) == []
    rig.server.find = find  # type: ignore[attr-defined]
    assert await works(rig)


async def test_an_engine_that_is_too_slow_is_a_timeout(rig: Rig) -> None:
    rig.server.answer = lambda _: Reply(hold=True)
    begun = time.monotonic()
    failure = await fails(rig)
    assert isinstance(failure, ProviderUnavailable)
    assert failure.code == "timeout"
    assert time.monotonic() - begun < 10
    assert await works(rig)


async def test_a_page_that_never_ends_is_a_timeout(rig: Rig) -> None:
    half = Reply(pieces=(b'{"results": [',), framing="chunked", hold_at_end=True)
    rig.server.answer = lambda _: half
    assert (await fails(rig)).code == "timeout"
    assert await works(rig)


async def test_a_reply_cut_off_in_the_middle_is_unreachable(rig: Rig) -> None:
    rig.server.answer = lambda asked: replace(rig.server.usual(asked), cut_at=100)
    failure = await fails(rig)
    assert isinstance(failure, ProviderUnavailable)
    assert failure.code == "unreachable"
    assert await works(rig)


async def test_nobody_listening_is_unreachable_and_told_at_once(client: httpx2.AsyncClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with aclosing(DuckDuckGo(search_url=url)) as duckduckgo:
        for provider in (duckduckgo, *over_http(url, client)):
            with pytest.raises(ProviderUnavailable) as caught:
                await provider.search(QUERY, limit=5)
            assert caught.value.code == "unreachable"


async def test_a_name_that_does_not_resolve_is_unreachable(client: httpx2.AsyncClient) -> None:
    url = "http://no-such-host.invalid"
    async with aclosing(DuckDuckGo(search_url=url)) as duckduckgo:
        for provider in (duckduckgo, *over_http(url, client)):
            with pytest.raises(ProviderUnavailable) as caught:
                await provider.search(QUERY, limit=5)
            assert caught.value.code == "unreachable"


async def test_a_cancelled_search_ends_its_work(rig: Rig) -> None:
    rig.server.answer = lambda _: Reply(hold=True)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(rig.patient.search, QUERY, limit=5))
        assert await anyio.to_thread.run_sync(rig.server.came, 1, 20)
        assert not rig.server.asked[0].left.is_set()
        tasks.cancel_scope.cancel()
    assert await anyio.to_thread.run_sync(rig.server.asked[0].left.wait, 5)
    assert await works(rig)


async def test_searches_at_the_same_time_do_not_mix(rig: Rig) -> None:
    rig.server.find = lambda text: [(text, f"https://e.org/{text}", "")]  # type: ignore[attr-defined]
    got: dict[str, str] = {}

    async def ask(text: str) -> None:
        got[text] = (await rig.provider.search(Query(text=text), limit=1))[0].title

    async with anyio.create_task_group() as tasks:
        for number in range(4):
            tasks.start_soon(ask, f"q{number}")
    assert got == {f"q{number}": f"q{number}" for number in range(4)}
