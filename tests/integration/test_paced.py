"""A provider that refuses or fails is left alone for as long as it wants, and then tried again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from dataclasses import dataclass, field

import anyio
import httpx2
import pytest

from codexity.adapters.search.paced import Pace, Paced
from codexity.adapters.search.searxng import Searxng
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Query
from servers.local import Reply
from servers.searxng import SearxngServer

QUERY = Query(text="anything")
PACE = Pace(failures=3, rest=15, slow=0.1)


@dataclass(slots=True)
class Rig:
    """A server, and the provider in front of it, whose clock is turned by hand."""

    server: SearxngServer
    client: httpx2.AsyncClient
    time: float = 100.0
    provider: Paced = field(init=False)

    def __post_init__(self) -> None:
        inner = Searxng(self.server.url, self.client, timeout_seconds=2)
        self.provider = Paced(inner, PACE, now=lambda: self.time)

    def refuse(self, status: int, after: str = "") -> None:
        headers = (("Retry-After", after),) if after else ()
        self.server.answer = lambda _: Reply(status=status, headers=headers)

    def mend(self) -> None:
        self.server.answer = self.server.usual

    async def fails(self) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await self.provider.search(QUERY, limit=1)
        return caught.value

    async def works(self) -> bool:
        return bool(await self.provider.search(QUERY, limit=1))

    async def is_asked(self) -> bool:
        """Whether a search reaches the server, however it ends."""
        before = len(self.server.asked)
        with suppress(ProviderError):
            await self.provider.search(QUERY, limit=1)
        return len(self.server.asked) > before


@pytest.fixture(scope="module")
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture
def rig(client: httpx2.AsyncClient) -> Generator[Rig]:
    with SearxngServer(lambda _: [("One", "https://one.example.org/", "")]) as server:
        yield Rig(server, client)


async def test_it_is_not_asked_before_the_time_that_it_named(rig: Rig) -> None:
    assert rig.provider.name == "searxng"
    rig.refuse(429, "17")
    assert (await rig.fails()).retry_seconds == 17
    rig.mend()
    rig.time += 16.5
    left_alone = await rig.fails()
    assert (type(left_alone), left_alone.code) == (ProviderRefused, "quota")
    assert left_alone.message == (
        "SearXNG was asked too often (HTTP 429). It is asked again in 1 second."
    )
    assert len(rig.server.asked) == 1
    rig.time += 0.5
    assert await rig.works()


async def test_without_a_time_it_is_asked_again_at_once(rig: Rig) -> None:
    rig.refuse(429)
    await rig.fails()
    rig.mend()
    assert await rig.works()


async def test_an_outage_that_names_a_time_stays_an_outage(rig: Rig) -> None:
    rig.refuse(503, "5")
    await rig.fails()
    left_alone = await rig.fails()
    assert (type(left_alone), left_alone.code) == (ProviderUnavailable, "bad_reply")
    assert len(rig.server.asked) == 1


async def test_failing_again_and_again_it_is_tried_by_one_search_at_a_time(rig: Rig) -> None:
    rig.refuse(500)
    for _ in range(3):
        assert await rig.is_asked()
    assert not await rig.is_asked()
    assert (await rig.fails()).message == (
        "SearXNG is in trouble (HTTP 500); try again later. It has failed again and again, and is"
        " asked again in 15 seconds."
    )
    rig.time += 15
    assert await rig.is_asked()
    rig.time += 29
    assert not await rig.is_asked()
    rig.time += 1
    rig.server.answer = lambda _: Reply(hold=True)
    count = len(rig.server.asked)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(rig.is_asked)
        assert await anyio.to_thread.run_sync(rig.server.came, count + 1, 20)
        assert not await rig.is_asked()
        tasks.cancel_scope.cancel()
    rig.mend()
    assert await rig.works()
    rig.refuse(500)
    for _ in range(3):
        assert await rig.is_asked()
    assert not await rig.is_asked()


async def test_a_success_in_between_counts(rig: Rig) -> None:
    for _ in range(3):
        rig.refuse(500)
        assert await rig.is_asked()
        assert await rig.is_asked()
        rig.mend()
        assert await rig.works()


@pytest.mark.parametrize(("seconds", "open_again"), [(0.2, False), (0.0, True)])
async def test_a_search_given_up_after_long_counts_as_failed(
    rig: Rig, seconds: float, open_again: bool
) -> None:
    rig.server.answer = lambda _: Reply(hold=True)
    for number in range(1, 4):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(rig.is_asked)
            assert await anyio.to_thread.run_sync(rig.server.came, number, 20)
            rig.time += seconds
            tasks.cancel_scope.cancel()
    rig.mend()
    assert await rig.is_asked() is open_again


async def test_searches_begin_at_their_distance_and_too_many_are_told(
    client: httpx2.AsyncClient,
) -> None:
    with SearxngServer(lambda _: [("One", "https://one.example.org/", "")]) as server:
        pace = Pace(between=0.2, patience=0.5)
        provider = Paced(Searxng(server.url, client), pace)
        failed: list[ProviderError] = []

        async def ask() -> None:
            try:
                await provider.search(QUERY, limit=1)
            except ProviderError as error:
                failed.append(error)

        begun = anyio.current_time()
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(ask)
        assert anyio.current_time() - begun >= 0.4
        assert len(server.asked) == 3
        assert [error.code for error in failed] == ["timeout", "timeout"]
