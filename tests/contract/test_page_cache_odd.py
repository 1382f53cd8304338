"""Odd headers and sudden ends: a page cache neither breaks a read nor keeps a connection."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import httpx2
import pytest

from codexity.adapters.fetch.cached import CachedTransport
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.pages import KeptPage, Pages
from page_cache import BODY, LONG, OTHER, Rig, page
from servers.local import Asked, LocalServer, Reply


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    with LocalServer(lambda _: page(LONG)) as server:
        yield Rig(server=server, file=tmp_path / "data" / "pages.sqlite3")


async def test_a_header_in_another_alphabet_is_kept_as_it_came(rig: Rig) -> None:
    name = ("Content-Disposition", 'inline; filename="M\u00fcller.html"')
    rig.server.answer = lambda _: page(LONG, name)
    assert await rig.vias() == ["http", "cache"]


async def test_a_page_is_asked_about_by_a_tag_in_another_alphabet(rig: Rig) -> None:
    tag = '"h\u00e9ron"'

    def answer(asked: Asked) -> Reply:
        same = asked.headers.get("if-none-match") == tag
        about = ("ETag", tag), ("Cache-Control", "no-cache")
        return Reply(status=304, headers=about) if same else page(*about)

    rig.server.answer = answer
    assert await rig.vias() == ["http", "cache"]


async def test_a_redirect_to_an_address_with_accents_is_followed_from_the_cache(rig: Rig) -> None:
    place = "/caf\u00e9".encode().decode("latin-1")

    def answer(asked: Asked) -> Reply:
        moved = Reply(status=301, headers=(("Location", place), LONG))
        return moved if asked.path == "/" else page(LONG)

    rig.server.answer = answer
    first, second = await rig.read(), await rig.read()
    assert (first.via, second.via, first.url) == ("http", "cache", second.url)
    assert first.url.endswith("/caf%C3%A9")


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"])
@pytest.mark.parametrize(
    "expires", ["Fri, 31 Dec 9999 23:59:59 -1200", "Thu, 01 Jan 1970 00:00:00"]
)
async def test_no_date_breaks_a_read(rig: Rig, date: str, expires: str) -> None:
    rig.server.answer = lambda _: page(("Date", date), ("Expires", expires))
    assert [one.body for one in (await rig.read(), await rig.read())] == [BODY, BODY]


class Stuck(Pages):
    """Pages in whose writing a reader is cancelled."""

    def __init__(self, path: Path, *, old: KeptPage | None) -> None:
        super().__init__(path, most_bytes=1_000_000, most_seconds=86_400)
        self.old = old
        self.reached = anyio.Event()

    async def get(self, url: str) -> KeptPage | None:
        return self.old

    async def put(self, page: KeptPage) -> None:
        self.reached.set()
        await anyio.sleep_forever()

    async def drop(self, url: str) -> None:
        await self.put(KeptPage(url=url, asked={}, status=200, headers={}, body=b""))


@pytest.mark.parametrize("stale", [False, True])
async def test_who_is_cancelled_while_it_is_kept_gives_the_connection_up(
    tmp_path: Path, stale: bool
) -> None:
    moved = Reply(pieces=(b"moved",), status=301, headers=(("Location", "/new"), LONG))
    with LocalServer(lambda _: moved) as server:
        url = f"{server.url}/"
        headers = {"etag": ['"1"'], "cache-control": ["no-cache"], "date": ["x"]}
        old = KeptPage(url=url, asked={}, status=200, headers=headers, body=OTHER)
        pages = Stuck(tmp_path / "pages.sqlite3", old=old if stale else None)
        pool = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_connections=1))
        async with CachedTransport(pool, pages, Guard()) as transport:
            async with anyio.create_task_group() as tasks:
                request = httpx2.Request("GET", url)
                tasks.start_soon(transport.handle_async_request, request)
                with anyio.fail_after(5):
                    await pages.reached.wait()
                tasks.cancel_scope.cancel()
            # The pool has one connection: were it not given up, this would wait in vain.
            with anyio.fail_after(5):
                again = await pool.handle_async_request(httpx2.Request("GET", url))
            await again.aclose()
