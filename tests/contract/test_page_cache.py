"""Pages are kept and used again as their sites allow it (RFC 9111)."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codexity.adapters.fetch.cached import Asked as RequestAsked
from codexity.adapters.fetch.cached import CachedTransport
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.pages import Pages
from codexity.errors import Unreadable
from page_cache import BODY, HTML, LONG, OTHER, TAGGED, Rig, page
from servers.local import Asked, LocalServer, Reply


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    with LocalServer(lambda _: page(LONG)) as server:
        yield Rig(server=server, file=tmp_path / "data" / "pages.sqlite3")


async def test_a_fresh_page_comes_from_the_cache_as_it_came(rig: Rig) -> None:
    first = await rig.read("/a?b=c#d")
    second = await rig.read("/a?b=c#e")
    assert (first.via, second.via) == ("http", "cache")
    assert (first.url, first.media_type, first.charset, first.body) == (
        *(second.url, second.media_type, second.charset, second.body),
    )
    assert len(rig.server.asked) == 1
    assert (await rig.read("/a?b=other")).via == "http"


async def test_a_packed_page_is_kept_as_it_came(rig: Rig) -> None:
    packed = page(LONG, ("Content-Encoding", "gzip"), body=gzip.compress(BODY * 100))
    rig.server.answer = lambda _: packed
    assert (await rig.read()).body == (await rig.read()).body == BODY * 100
    assert len(rig.server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ((LONG,), True),
        ((("Cache-Control", "public, max-age=60"),), True),
        ((("Cache-Control", "max-age=1, s-maxage=60"),), True),
        ((("Expires", "Fri, 01 Jan 2100 00:00:00 GMT"),), True),
        ((LONG, ("Age", "100")), True),
        ((LONG, ("Vary", "Accept-Language, User-Agent")), True),
        ((("Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT"),), True),
        ((), False),
        ((LONG, ("Age", "3600")), False),
        ((LONG, ("Vary", "*")), False),
        ((("Expires", "0"),), False),
        ((("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),), False),
        ((("Cache-Control", "max-age=0"),), False),
        ((("Cache-Control", "max-age=60, no-store"),), False),
        ((("Cache-Control", "max-age=60, private"),), False),
        ((("Cache-Control", "max-age=60, no-cache"),), False),
        ((("Cache-Control", "max-age=-1"),), False),
        ((("Cache-Control", "max-age=¹²"),), False),
        ((("Cache-Control", 'private="x, max-age'),), False),
    ],
)
async def test_what_a_site_allows_is_kept_to(
    rig: Rig, headers: tuple[tuple[str, str], ...], kept: bool
) -> None:
    rig.server.answer = lambda _: page(*headers)
    assert await rig.vias() == ["http", "cache" if kept else "http"]
    assert len(rig.server.asked) == 2 - kept


@pytest.mark.parametrize("said", ["no-store, max-age=60", "private, max-age=60"])
async def test_what_nobody_else_may_see_is_not_in_the_file(rig: Rig, said: str) -> None:
    await rig.read("/kept")
    rig.server.answer = lambda _: page(("Cache-Control", said), ("ETag", '"1"'))
    await rig.read("/secret")
    with closing(sqlite3.connect(rig.file)) as file:
        [url] = [url for (url,) in file.execute("select url from pages")]
    assert url.endswith("/kept")


@pytest.mark.parametrize("mark", [("ETag", '"1"'), ("ETag", 'W/"1"')])
async def test_a_stale_page_is_asked_about_and_used_where_it_did_not_change(
    rig: Rig, mark: tuple[str, str]
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == mark[1]:
            return Reply(status=304, headers=(mark, LONG))
        return page(mark, ("Cache-Control", "max-age=0"))

    rig.server.answer = answer
    fetched = [await rig.read() for _ in range(3)]
    assert [one.via for one in fetched] == ["http", "cache", "cache"]
    assert {one.body for one in fetched} == {BODY}
    # The second asked, and was told how long it holds: so the third did not.
    assert len(rig.server.asked) == 2


async def test_a_page_is_asked_about_by_its_date_too(rig: Rig) -> None:
    date = ("Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT")

    def answer(asked: Asked) -> Reply:
        since = asked.headers.get("if-modified-since")
        stale = (date, ("Cache-Control", "no-cache"))
        return Reply(status=304) if since == date[1] else page(*stale)

    rig.server.answer = answer
    assert await rig.vias(times=3) == ["http", "cache", "cache"]
    assert len(rig.server.asked) == 3


async def test_a_stale_page_that_changed_is_replaced(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda _: page(("ETag", '"2"'), LONG, body=OTHER)
    assert [(await rig.read()).body for _ in range(2)] == [OTHER, OTHER]
    assert [one.headers.get("if-none-match") for one in rig.server.asked] == [None, '"1"']


async def test_a_page_that_may_not_be_kept_any_more_is_forgotten(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda _: page(("Cache-Control", "no-store"), body=OTHER)
    assert (await rig.read()).body == OTHER
    await rig.read()
    assert [one.headers.get("if-none-match") for one in rig.server.asked] == [None, '"1"', None]


async def test_a_site_in_trouble_is_told_as_such_and_the_page_stays(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda _: page(status=503)
    with pytest.raises(Unreadable) as raised:
        await rig.read()
    assert raised.value.code == "http_status"
    rig.server.answer = lambda _: Reply(status=304, headers=TAGGED)
    assert (await rig.read()).body == BODY


async def test_not_modified_of_another_page_is_not_believed(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda asked: (
        Reply(status=304, headers=(("ETag", '"9"'),))
        if "if-none-match" in asked.headers
        else page(LONG, body=OTHER)
    )
    assert (await rig.read()).body == OTHER


async def test_who_asks_otherwise_gets_another_page_where_it_varies(rig: Rig) -> None:
    rig.server.answer = lambda _: page(LONG, ("Vary", "User-Agent"))
    await rig.read(contact="me")
    assert (await rig.read(contact="me")).via == "cache"
    assert (await rig.read(contact="you")).via == "http"


async def test_what_cookies_were_shown_for_is_not_kept(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/" and "cookie" not in asked.headers:
            return Reply(status=302, headers=(("Location", "/"), ("Set-Cookie", "who=me"), LONG))
        return page(LONG)

    rig.server.answer = answer
    assert await rig.vias() == ["http", "http"]
    assert await rig.vias("/other") == ["http", "cache"]


async def test_redirects_are_kept_too(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        moved = Reply(status=301, headers=(("Location", "/new"), LONG))
        return moved if asked.path == "/old" else page(LONG)

    rig.server.answer = answer
    first, second = await rig.read("/old"), await rig.read("/old")
    assert first.url == second.url
    assert second.via == "cache"
    assert len(rig.server.asked) == 2


async def test_half_a_page_is_not_kept(rig: Rig) -> None:
    rig.server.answer = lambda _: Reply(pieces=(BODY,), media_type=HTML, headers=(LONG,), cut_at=10)
    with pytest.raises(Unreadable):
        await rig.read()
    rig.server.answer = lambda _: page(LONG)
    assert await rig.vias() == ["http", "cache"]


async def test_a_kept_page_is_given_only_where_its_host_may_be_reached(rig: Rig) -> None:
    await rig.read()
    with pytest.raises(Unreadable) as raised:
        await rig.read(allowed=False)
    assert raised.value.code == "not_public"
    assert (await rig.read()).via == "cache"
    assert rig.looked_up == ["site.test"] * 3


async def test_robots_txt_holds_for_kept_pages_and_is_not_kept_itself(rig: Rig) -> None:
    rules = b""

    def answer(asked: Asked) -> Reply:
        said = Reply(pieces=(rules,), media_type="text/plain", headers=(LONG,))
        return said if asked.path == "/robots.txt" else page(LONG)

    rig.server.answer = answer
    assert (await rig.read(robots=True)).via == "http"
    assert (await rig.read(robots=True)).via == "cache"
    rules = b"User-agent: *\nDisallow: /"
    with pytest.raises(Unreadable) as raised:
        await rig.read(robots=True)
    assert raised.value.code == "robots"


@given(
    control=st.text(alphabet='max-age=s0123456789,; "privateno-store¹٣\\', max_size=40),
    date=st.text(alphabet="Mon, 0123456789Jan:GMT+-", max_size=40),
    age=st.text(alphabet="0123456789-¹", max_size=30),
)
def test_no_header_breaks_the_judgement(control: str, date: str, age: str) -> None:
    transport = CachedTransport(httpx2.AsyncBaseTransport(), NOWHERE, Guard())
    url = "https://a.example/"
    asked = RequestAsked(request=httpx2.Request("GET", url), url=url, headers={})
    headers = [
        (b"Cache-Control", control.encode()),
        (b"Date", date.encode()),
        (b"Expires", date.encode()),
        (b"Last-Modified", date.encode()),
        (b"Age", age.encode()),
        (b"ETag", control.encode()),
        (b"Vary", control.encode()),
    ]
    answer = httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(b""))
    transport.judged(asked, answer)


NOWHERE = Pages(Path("/nowhere"), most_bytes=1, most_seconds=1)
