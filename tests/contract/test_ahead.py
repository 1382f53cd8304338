"""A page's connection is opened beside robots.txt; nothing is sent on it before that allows it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import anyio
import httpcore2
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.errors import Unreadable
from servers.counting import CERTIFICATE, CountingSite

BOTH = pytest.mark.parametrize("scheme", ["http", "https"])


@dataclass(kw_only=True)
class Rig:
    fetcher: HttpFetcher
    site: CountingSite
    scheme: str
    outcomes: list[str] = field(default_factory=list[str])

    async def read(self, path: str) -> None:
        await self.see(f"{self.scheme}://site.test:{self.site.port}{path}")

    async def see(self, url: str) -> None:
        try:
            await self.fetcher.fetch(url)
        except Unreadable as error:
            self.outcomes.append(error.code)
        else:
            self.outcomes.append("read")

    async def until_rules_are_asked_for(self, connections: int = 2) -> None:
        """Until so many connections are open and agreed on, one of them asking for robots.txt."""
        await self.site.until(
            lambda: len(self.site.opened) == connections and self.site.asked("/robots.txt")
        )
        await anyio.wait_all_tasks_blocked()


@asynccontextmanager
async def rigged(
    scheme: str = "http", *, per_host: int = 6, robots: bool = True
) -> AsyncGenerator[Rig]:
    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    async with (
        CountingSite(tls=scheme == "https") as site,
        HttpFetcher(
            version="1",
            contact="https://example.org",
            guard=Guard(allow_hosts=frozenset({"site.test"}), resolver=resolver),
            limits=FetchLimits(total_seconds=10, robots=robots, max_per_host=per_host),
            tls=lambda: ssl.create_default_context(cafile=str(CERTIFICATE)),
        ) as fetcher,
    ):
        yield Rig(fetcher=fetcher, site=site, scheme=scheme)


@BOTH
async def test_the_page_is_asked_for_on_a_connection_that_waited_for_robots_txt(
    scheme: str,
) -> None:
    async with rigged(scheme) as rig, anyio.create_task_group() as tasks:
        rig.site.closes = True
        tasks.start_soon(rig.read, "/page")
        await rig.until_rules_are_asked_for()
        asking, waiting = sorted(rig.site.opened, key=lambda one: not one.received)
        assert asking.asked == ["/robots.txt"]
        assert not waiting.received
        rig.site.rules_may_go.set()
        await rig.site.until(lambda: rig.outcomes)
        assert rig.outcomes == ["read"]
        assert waiting.asked == ["/page"]
        assert len(rig.site.opened) == 2


@BOTH
async def test_where_robots_txt_refuses_nothing_was_ever_sent_on_it(scheme: str) -> None:
    async with rigged(scheme) as rig, anyio.create_task_group() as tasks:
        rig.site.closes = True
        tasks.start_soon(rig.read, "/private/page")
        await rig.until_rules_are_asked_for()
        rig.site.rules_may_go.set()
        await rig.site.until(lambda: rig.outcomes)
        assert rig.outcomes == ["robots"]
        for one in rig.site.opened:
            await one.left.wait()
        assert [one.asked for one in rig.site.opened if one.received] == [["/robots.txt"]]
        assert len(rig.site.opened) == 2


async def test_where_the_first_connection_is_kept_it_is_used_and_the_second_is_left() -> None:
    async with rigged() as rig, anyio.create_task_group() as tasks:
        tasks.start_soon(rig.read, "/page")
        await rig.until_rules_are_asked_for()
        rig.site.rules_may_go.set()
        await rig.site.until(lambda: rig.outcomes)
        asking, waiting = sorted(rig.site.opened, key=lambda one: not one.received)
        assert asking.asked == ["/robots.txt", "/page"]
        with anyio.fail_after(5):
            await waiting.left.wait()
        assert not waiting.received
        assert len(rig.site.opened) == 2


@pytest.mark.parametrize(("per_host", "pages"), [(6, 3), (3, 9)])
async def test_each_page_of_a_site_has_its_own_up_to_what_may_be_open(
    per_host: int, pages: int
) -> None:
    most = min(pages + 1, per_host)
    async with rigged(per_host=per_host) as rig, anyio.create_task_group() as tasks:
        for number in range(pages):
            tasks.start_soon(rig.read, f"/{number}")
        await rig.until_rules_are_asked_for(most)
        rig.site.rules_may_go.set()
        await rig.site.until(lambda: len(rig.outcomes) == pages)
        assert rig.outcomes == ["read"] * pages
        assert rig.site.asked("/robots.txt") == 1
        assert len(rig.site.opened) == most


@BOTH
async def test_one_that_the_site_closed_meanwhile_is_replaced(scheme: str) -> None:
    async with rigged(scheme) as rig, anyio.create_task_group() as tasks:
        rig.site.closes = True
        tasks.start_soon(rig.read, "/page")
        await rig.until_rules_are_asked_for()
        (waiting,) = (one for one in rig.site.opened if not one.received)
        await anyio.aclose_forcefully(waiting.stream)
        rig.site.rules_may_go.set()
        await rig.site.until(lambda: rig.outcomes)
        assert rig.outcomes == ["read"]
        assert len(rig.site.opened) == 3


@pytest.mark.parametrize("why", ["known", "not asked"])
async def test_none_is_opened_where_robots_txt_need_not_be_asked_for(why: str) -> None:
    async with rigged(robots=why == "known") as rig:
        rig.site.rules_may_go.set()
        rig.site.closes = True
        await rig.read("/first")
        before = len(rig.site.opened)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(rig.read, "/second")
        assert rig.outcomes == ["read", "read"]
        assert len(rig.site.opened) == before
        assert before == (2 if why == "known" else 1)


FAREWELLS = [(b"", None, 1), (b"Moved.", None, 1), (b"Moved.", 3, 2), (bytes(20_000), None, 2)]
"""What comes with a redirect, how much of it is sent, and the connections it takes."""


@BOTH
@pytest.mark.parametrize(("farewell", "sent", "connections"), FAREWELLS)
async def test_a_redirect_to_the_same_site_goes_on_over_its_connection_unless_it_drags_on(
    scheme: str, farewell: bytes, sent: int | None, connections: int
) -> None:
    async with rigged(scheme, robots=False) as rig:
        rig.site.farewell, rig.site.sent = farewell, sent
        await rig.read("/moved")
        assert rig.outcomes == ["read"]
        asked = [path for one in rig.site.opened for path in one.asked]
        assert asked == ["/moved", "/page"]
        assert len(rig.site.opened) == connections


@BOTH
async def test_who_gives_up_leaves_both(scheme: str) -> None:
    async with rigged(scheme) as rig, anyio.create_task_group() as tasks:
        tasks.start_soon(rig.read, "/page")
        await rig.until_rules_are_asked_for()
        tasks.cancel_scope.cancel()
    assert len(rig.site.opened) == 2
    assert all(one.left.is_set() for one in rig.site.opened)


@pytest.mark.parametrize(("rests", "opened"), [(True, 0), (False, 2)])
async def test_none_is_opened_to_a_site_that_wants_to_be_left_alone(
    rests: bool, opened: int
) -> None:
    async with rigged() as rig:
        rig.site.rests = rests
        rig.site.rules_may_go.set()
        rig.fetcher.opening(partial(dialled, rig.site))
        await rig.see("http://site.test/page")
        before = len(rig.site.opened)
        # The same site, whose robots.txt by https is another one.
        await rig.see("https://site.test/page")
        assert rig.outcomes == (["http_status"] * 2 if rests else ["read", "unreachable"])
        assert len(rig.site.opened) - before == opened


async def dialled(site: CountingSite, _address: str, _port: int) -> httpcore2.AsyncNetworkStream:
    backend = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())
    return await backend.connect_tcp("127.0.0.1", site.port)
