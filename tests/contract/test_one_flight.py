"""What several want at once is asked for once, whoever of them is cancelled."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import anyio
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.shared import SharedFetcher
from codexity.adapters.flights import Flights
from codexity.adapters.search.cached import CachedSearch
from codexity.errors import ProviderRefused, Unreadable
from codexity.model import Hit, Query
from codexity.ports import Fetcher
from servers.local import LocalServer, Reply

PAGE = Reply(pieces=(b"<p>Hello</p>",), media_type="text/html")
QUERY = Query(text="with")


@pytest.fixture
async def flights() -> AsyncGenerator[Flights]:
    async with Flights() as opened:
        yield opened


@dataclass(kw_only=True)
class Pages:
    """Two runs' one fetcher, `alone` without what is tried here, and a server that counts."""

    server: LocalServer
    fetcher: Fetcher
    alone: Fetcher
    told: list[str] = field(default_factory=list[str])

    async def read(self, fetcher: Fetcher, path: str = "/") -> None:
        try:
            await fetcher.fetch(self.server.url + path)
        except Unreadable as error:
            self.told.append(error.code)
        else:
            self.told.append("read")


@pytest.fixture
async def pages(flights: Flights) -> AsyncGenerator[Pages]:
    with LocalServer(lambda _: PAGE) as server:
        guard = Guard(allow_hosts=frozenset({server.url.removeprefix("http://")}))
        limits = FetchLimits(total_seconds=5)
        async with HttpFetcher(version="1", contact="me", guard=guard, limits=limits) as alone:
            yield Pages(server=server, fetcher=SharedFetcher(alone, flights), alone=alone)


async def asked(pages: Pages, count: int) -> None:
    with anyio.fail_after(5):
        while len(pages.server.asked) < count:
            await anyio.sleep(0.005)


async def test_a_page_that_two_want_is_fetched_once(pages: Pages) -> None:
    async with anyio.create_task_group() as tasks:
        for path in ("/a", "/a#there", "/a"):
            tasks.start_soon(pages.read, pages.fetcher, path)
        tasks.start_soon(pages.read, pages.fetcher, "/b")
    assert pages.told == ["read"] * 4
    assert sorted(one.path for one in pages.server.asked) == ["/a", "/b"]


async def test_without_it_each_fetches(pages: Pages) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(pages.read, pages.alone, "/a")
    assert len(pages.server.asked) == 3


async def test_who_comes_later_fetches_anew(pages: Pages) -> None:
    for _ in range(2):
        await pages.read(pages.fetcher)
    assert len(pages.server.asked) == 2


async def test_a_failure_is_everyone_s_and_not_kept(pages: Pages) -> None:
    pages.server.answer = lambda _: replace(PAGE, status=500)
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(pages.read, pages.fetcher)
    assert pages.told == ["http_status"] * 3
    assert len(pages.server.asked) == 1
    pages.server.answer = lambda _: PAGE
    await pages.read(pages.fetcher)
    assert pages.told[-1] == "read"


@pytest.mark.parametrize("leaves", ["the first", "the second"])
async def test_who_is_cancelled_leaves_the_other_the_page(pages: Pages, leaves: str) -> None:
    pages.server.answer = lambda _: replace(PAGE, hold=True)
    async with anyio.create_task_group() as tasks:
        scopes = [anyio.CancelScope(), anyio.CancelScope()]

        async def one(scope: anyio.CancelScope) -> None:
            with scope:
                await pages.read(pages.fetcher)

        for scope in scopes:
            tasks.start_soon(one, scope)
        await asked(pages, 1)
        scopes[leaves == "the second"].cancel()
        await anyio.wait_all_tasks_blocked()
        assert not pages.server.asked[0].left.is_set()
        tasks.cancel_scope.cancel()
    # The last one left: so nobody fetches any more.
    assert await anyio.to_thread.run_sync(pages.server.asked[0].left.wait, 5)
    assert len(pages.server.asked) == 1
    pages.server.answer = lambda _: PAGE
    await pages.read(pages.fetcher)
    assert pages.told == ["read"]


class Engine:
    """A provider that answers when it is let, and counts."""

    name = "engine"

    def __init__(self) -> None:
        self.asked = 0
        self.ended = 0
        self.let = anyio.Event()
        self.hits: tuple[Hit, ...] = (Hit(title="A", url="https://a.example/"),)
        self.error: ProviderRefused | None = None

    async def search(self, query: Query, *, limit: int) -> tuple[Hit, ...]:
        self.asked += 1
        try:
            await self.let.wait()
            if self.error is not None:
                raise self.error
            return self.hits[:limit]
        finally:
            self.ended += 1


@dataclass(kw_only=True)
class Searches:
    engine: Engine
    cached: CachedSearch
    now: float = 0


@pytest.fixture
async def searches(flights: Flights) -> Searches:
    engine = Engine()
    made = Searches(engine=engine, cached=CachedSearch(engine, flights, seconds=60))
    made.cached = CachedSearch(engine, flights, seconds=60, now=lambda: made.now)
    return made


async def test_equal_searches_are_one_and_others_are_not(searches: Searches) -> None:
    found: list[int] = []

    async def one(query: Query, limit: int) -> None:
        found.append(len(await searches.cached.search(query, limit=limit)))

    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(one, QUERY, 5)
        tasks.start_soon(one, QUERY, 6)
        tasks.start_soon(one, replace(QUERY, site=("a.example",)), 5)
        await anyio.wait_all_tasks_blocked()
        assert searches.engine.asked == 3
        searches.engine.let.set()
    assert found == [1] * 5


async def test_hits_are_kept_for_a_while(searches: Searches) -> None:
    searches.engine.let.set()
    first = await searches.cached.search(QUERY, limit=5)
    searches.now = 59
    assert await searches.cached.search(QUERY, limit=5) == first
    assert searches.engine.asked == 1
    searches.now = 61
    await searches.cached.search(QUERY, limit=5)
    assert searches.engine.asked == 2


async def test_no_more_than_a_bound_is_kept(searches: Searches) -> None:
    searches.engine.let.set()
    for number in range(300):
        await searches.cached.search(Query(text=str(number)), limit=5)
    await searches.cached.search(Query(text="299"), limit=5)
    assert searches.engine.asked == 300
    await searches.cached.search(Query(text="0"), limit=5)
    assert searches.engine.asked == 301


@pytest.mark.parametrize("what", ["nothing", "a failure", "switched off"])
async def test_what_may_be_a_block_is_not_kept(
    searches: Searches, flights: Flights, what: str
) -> None:
    engine, cached = searches.engine, searches.cached
    engine.let.set()
    match what:
        case "nothing":
            engine.hits = ()
        case "a failure":
            engine.error = ProviderRefused("It blocks.", code="blocked")
        case _:
            cached = CachedSearch(engine, flights, seconds=0)
    for _ in range(2):
        if engine.error is None:
            await cached.search(QUERY, limit=5)
        else:
            with pytest.raises(ProviderRefused):
                await cached.search(QUERY, limit=5)
    assert engine.asked == 2


async def test_a_search_ends_with_the_last_who_waits_for_it(searches: Searches) -> None:
    with anyio.move_on_after(0):
        await searches.cached.search(QUERY, limit=5)
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(lambda: searches.cached.search(QUERY, limit=5))
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert searches.engine.asked == searches.engine.ended


async def test_leaving_ends_what_is_in_flight() -> None:
    engine = Engine()
    async with anyio.create_task_group() as tasks:
        async with Flights() as flights:
            cached = CachedSearch(engine, flights, seconds=1)
            tasks.start_soon(lambda: cached.search(QUERY, limit=5))
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        assert (engine.asked, engine.ended) == (1, 1)


async def test_an_error_of_who_opened_it_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="mine"):
        async with Flights():
            raise ValueError("mine")


async def test_work_that_breaks_in_whatever_way_fails_who_waits_and_no_other() -> None:
    class Panic(BaseException):
        """As the extensions that are written in Rust raise: no `Exception`."""

    async def breaks() -> str:
        raise Panic

    async def works() -> str:
        return "done"

    async with Flights() as flights:
        for _ in range(2):
            with pytest.raises(Panic):
                await flights.join("one", breaks)
            assert await flights.join("one", works) == "done"
