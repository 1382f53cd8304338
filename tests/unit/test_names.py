"""A host is looked up once, and connected where it was judged, for as long as is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio
import httpcore2
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.network import GuardedNetwork
from codexity.errors import Unreadable

PUBLIC = "93.184.216.34"
OTHER = "93.184.216.35"
LOOPBACK = "127.0.0.1"


@dataclass(kw_only=True)
class Resolver:
    """Says its answers one after the other, the last for ever; an empty one is a failure."""

    answers: list[str]
    asked: list[str] = field(default_factory=list[str])
    held: anyio.Event | None = None

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if self.held is not None:
            await self.held.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not answer:
            raise OSError("Name or service not known")
        return (answer,)


@dataclass(kw_only=True)
class Rig:
    resolver: Resolver
    now: float = 0.0

    def guard(self, *allowed: str) -> Guard:
        return Guard(resolver=self.resolver, allow_hosts=frozenset(allowed), now=lambda: self.now)


def saying(*answers: str) -> Rig:
    return Rig(resolver=Resolver(answers=list(answers)))


async def test_a_host_is_looked_up_once_a_minute_whatever_its_port_and_spelling() -> None:
    rig = saying(PUBLIC, LOOPBACK)
    guard = rig.guard()
    for rig.now, host, port in (
        (0, "site.test", 80),
        (30, "SITE.test", 443),
        (59, "site.test", 80),
    ):
        assert await guard.addresses(host, port) == (PUBLIC,)
    assert rig.resolver.asked == ["site.test"]
    rig.now = 61
    with pytest.raises(Unreadable):
        await guard.addresses("site.test", 80)
    assert len(rig.resolver.asked) == 2


async def test_what_is_remembered_is_judged_for_each_port() -> None:
    rig = saying(LOOPBACK)
    guard = rig.guard("site.test:8080")
    assert await guard.addresses("site.test", 8080) == (LOOPBACK,)
    with pytest.raises(Unreadable) as raised:
        await guard.addresses("site.test", 80)
    assert raised.value.code == "not_public"


async def test_another_host_is_looked_up_for_itself() -> None:
    rig = saying(PUBLIC, OTHER)
    guard = rig.guard()
    assert await guard.addresses("one.test", 80) == (PUBLIC,)
    assert await guard.addresses("two.test", 80) == (OTHER,)


async def test_many_at_once_ask_once() -> None:
    rig = saying(PUBLIC, LOOPBACK)
    rig.resolver.held = anyio.Event()
    guard = rig.guard()
    found: list[tuple[str, ...]] = []

    async def look() -> None:
        found.append(await guard.addresses("site.test", 80))

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(look)
        await anyio.wait_all_tasks_blocked()
        rig.resolver.held.set()
    assert found == [(PUBLIC,)] * 8
    assert rig.resolver.asked == ["site.test"]


async def test_who_gives_up_leaves_the_others_their_answer() -> None:
    rig = saying(PUBLIC)
    rig.resolver.held = anyio.Event()
    guard = rig.guard()
    found: list[tuple[str, ...]] = []

    async def look() -> None:
        found.append(await guard.addresses("site.test", 80))

    async with anyio.create_task_group() as tasks:
        with anyio.CancelScope() as first:
            async with anyio.create_task_group() as leaving:
                leaving.start_soon(look)
                await anyio.wait_all_tasks_blocked()
                tasks.start_soon(look)
                await anyio.wait_all_tasks_blocked()
                first.cancel()
        await anyio.wait_all_tasks_blocked()
        assert len(rig.resolver.asked) == 2
        rig.resolver.held.set()
    assert found == [(PUBLIC,)]


async def test_a_failure_is_remembered_for_a_second() -> None:
    rig = saying("", PUBLIC)
    guard = rig.guard()
    for rig.now in (0, 0.9):
        with pytest.raises(Unreadable) as raised:
            await guard.addresses("site.test", 80)
        assert raised.value.code == "unreachable"
    assert len(rig.resolver.asked) == 1
    rig.now = 1.1
    assert await guard.addresses("site.test", 80) == (PUBLIC,)


async def test_a_refusal_is_not_remembered() -> None:
    rig = saying(LOOPBACK, PUBLIC)
    guard = rig.guard()
    with pytest.raises(Unreadable):
        await guard.addresses("site.test", 80)
    assert await guard.addresses("site.test", 80) == (PUBLIC,)


async def test_the_oldest_of_a_thousand_hosts_goes() -> None:
    rig = saying(PUBLIC)
    guard = rig.guard()
    for number in range(1_001):
        await guard.addresses(f"host{number}.test", 80)
    await guard.addresses("host1.test", 80)
    assert len(rig.resolver.asked) == 1_001
    await guard.addresses("host0.test", 80)
    assert len(rig.resolver.asked) == 1_002


async def test_a_host_none_of_whose_addresses_takes_a_connection_is_looked_up_anew() -> None:
    rig = saying(PUBLIC, OTHER)
    dialled: list[str] = []

    async def open_tcp(address: str, _port: int) -> httpcore2.AsyncNetworkStream:
        dialled.append(address)
        if address == PUBLIC:
            raise httpcore2.ConnectError("refused")
        return httpcore2.AsyncMockStream([])

    network = GuardedNetwork(rig.guard(), open_tcp=open_tcp)
    with pytest.raises(httpcore2.ConnectError):
        await network.connect_tcp("site.test", 80)
    await network.connect_tcp("site.test", 80)
    await network.connect_tcp("site.test", 443)
    assert dialled == [PUBLIC, OTHER, OTHER]
    assert len(rig.resolver.asked) == 2
