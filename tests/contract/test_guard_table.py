"""Each form of the guard's table, through the real fetcher, up to the connection.

Whatever is connected ends at a canary on loopback: what it did not hear of was not connected.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import anyio
import httpcore2
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.names import Resolve
from codexity.errors import ReadCode, Unreadable
from guard_sources import SOURCES
from guard_table import ALLOWED, MALFORMED, NAMES, REFUSED
from servers.local import Asked, LocalServer, Reply

PAGE = Reply(pieces=(b"<!doctype html><p>A page",), media_type="text/html")
HOSTS = [(kind, host) for kind, hosts in REFUSED.items() for host in hosts]
URLS = [
    (kind, url, code)
    for kind, codes in MALFORMED.items()
    for code, urls in codes.items()
    for url in urls
]
REDIRECTED = ("127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "mixed-loopback.test")


async def table(host: str, port: int) -> Sequence[str]:
    """The names of the table; a number as this machine's own resolver spells it out."""
    host = host.lower().rstrip(".")
    known = NAMES.get(host)
    if known is not None:
        return known
    flags = socket.AI_NUMERICHOST
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return tuple(str(sockaddr[0]) for *_, sockaddr in found)


class Unguarded(Guard):
    """The control: whatever is named is let through."""

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        return tuple(await table(host, port))


@dataclass(kw_only=True)
class Net:
    """A network in which every address is the canary's; `dialled` is who was asked for."""

    canary: LocalServer
    dialled: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    @property
    def port(self) -> str:
        return self.canary.url.rpartition(":")[2]

    async def open_tcp(self, address: str, port: int) -> httpcore2.AsyncNetworkStream:
        self.dialled.append((address, port))
        backend = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())
        return await backend.connect_tcp("127.0.0.1", int(self.port))

    @asynccontextmanager
    async def fetcher(self, guard: Guard | None = None) -> AsyncGenerator[HttpFetcher]:
        async with HttpFetcher(
            version="1",
            contact="https://example.org",
            guard=guard or Guard(resolver=table),
            limits=FetchLimits(total_seconds=10),
        ).opening(self.open_tcp) as fetcher:
            yield fetcher

    async def refusal(self, url: str, guard: Guard | None = None) -> Unreadable:
        async with self.fetcher(guard) as fetcher:
            with pytest.raises(Unreadable) as raised:
                await fetcher.fetch(url)
        return raised.value

    def heard_nothing(self) -> bool:
        return not self.canary.asked and not self.dialled


@pytest.fixture
def net() -> Generator[Net]:
    with LocalServer(lambda _: PAGE) as canary:
        yield Net(canary=canary)


def test_the_table_is_as_large_as_it_was_promised() -> None:
    assert len(HOSTS) + len(URLS) >= 75
    kinds = Counter(kind for kind, *_ in {*HOSTS, *URLS})
    assert kinds.keys() == REFUSED.keys() | MALFORMED.keys()
    assert min(kinds.values()) >= 4
    assert len(set(ALLOWED)) >= 10


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_has_forms_in_the_table(source: str) -> None:
    forms = {kind: [one for one, *_ in (*HOSTS, *URLS) if one == kind] for kind in SOURCES[source]}
    assert min(map(len, forms.values())) >= 4


@pytest.mark.parametrize(("kind", "host"), HOSTS)
async def test_a_host_that_is_not_public_is_not_connected(net: Net, kind: str, host: str) -> None:
    url = f"http://{host}:{net.port}/"
    assert (await net.refusal(url)).code == "not_public", kind
    assert net.heard_nothing()


@pytest.mark.parametrize(("kind", "host"), HOSTS)
async def test_without_the_guard_each_of_them_is(net: Net, kind: str, host: str) -> None:
    async with net.fetcher(Unguarded()) as fetcher:
        await fetcher.fetch(f"http://{host}:{net.port}/")
    assert len(net.canary.asked) == 1, kind


@pytest.mark.parametrize(("kind", "url", "code"), URLS)
async def test_what_is_no_address_of_the_web_is_not_connected(
    net: Net, kind: str, url: str, code: ReadCode
) -> None:
    assert (await net.refusal(url.replace("{port}", net.port))).code == code, kind
    assert net.heard_nothing()


@pytest.mark.parametrize("url", ALLOWED)
async def test_what_is_public_is_read(net: Net, url: str) -> None:
    async with net.fetcher() as fetcher:
        await fetcher.fetch(url)
    assert len(net.canary.asked) == 1
    assert net.dialled


@pytest.mark.parametrize("written", ["bücher.inner", "Bücher.Inner.", "xn--bcher-kva.inner"])
@pytest.mark.parametrize("host", REFUSED["names in other letters"])
async def test_an_inner_host_is_read_where_the_settings_name_it(
    net: Net, written: str, host: str
) -> None:
    guard = Guard(allow_hosts=frozenset({f"{written}:{net.port}"}), resolver=table)
    async with net.fetcher(guard) as fetcher:
        await fetcher.fetch(f"http://{host}:{net.port}/")
    assert net.dialled == [("10.1.2.3", int(net.port))]
    other = await net.refusal(f"http://inner.test:{net.port}/", guard)
    assert other.code == "not_public"


@pytest.mark.parametrize(
    ("written", "host", "code"),
    [
        ("bücher.inner", "loopback.test", "not_public"),
        ("ｌｏｏｐｂａｃｋ.test", "loopback.test", "not_public"),
        ("loopback.test.inner", "loopback。test", "not_public"),
        ("bücher.inner", "ｂücher.inner", "unreachable"),
        ("loopback.test", "ｌｏｏｐｂａｃｋ.test", "unreachable"),
        ("127.0.0.1", "１２７.0.0.1", "unreachable"),
    ],
)
async def test_what_the_settings_name_opens_nothing_that_is_spelled_like_it(
    net: Net, written: str, host: str, code: ReadCode
) -> None:
    guard = Guard(allow_hosts=frozenset({written}), resolver=table)
    assert (await net.refusal(f"http://{host}:{net.port}/", guard)).code == code
    assert net.heard_nothing()


@pytest.mark.parametrize("hop", [1, 2, 5])
@pytest.mark.parametrize("host", REDIRECTED)
async def test_each_redirect_is_judged(net: Net, host: str, hop: int) -> None:
    def answer(asked: Asked) -> Reply:
        count = int(asked.path.removeprefix("/")) + 1
        target = f"http://{host}:{net.port}/end" if count == hop else f"/{count}"
        return Reply(status=302, headers=(("Location", target),))

    net.canary.answer = answer
    assert (await net.refusal("http://public.test/0")).code == "not_public"
    assert [asked.path for asked in net.canary.asked] == [f"/{one}" for one in range(hop)]
    assert {address for address, _ in net.dialled} == {"93.184.216.34"}


@pytest.mark.parametrize("target", ["http://six.test/end", "/end", "//many.test:8080/end"])
async def test_a_redirect_to_what_is_public_is_followed(net: Net, target: str) -> None:
    net.canary.answer = lambda asked: (
        PAGE if asked.path == "/end" else Reply(status=302, headers=(("Location", target),))
    )
    async with net.fetcher() as fetcher:
        assert (await fetcher.fetch("http://public.test/0")).url.endswith("/end")


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://public.test/",
        "http://u:p@public.test/",
        "http://public.test:22/",
    ],
)
async def test_a_redirect_out_of_the_web_is_refused(net: Net, target: str) -> None:
    net.canary.answer = lambda _: Reply(status=302, headers=(("Location", target),))
    assert (await net.refusal("http://public.test/0")).code == "not_public"
    assert len(net.canary.asked) == 1


def turning(*answers: str) -> Resolve:
    """A resolver that says something else each time, and its last for ever."""
    left = list(answers)

    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return (left.pop(0) if len(left) > 1 else left[0],)

    return resolver


async def test_a_name_that_turns_is_connected_where_it_was_judged(net: Net) -> None:
    guard = Guard(resolver=turning("93.184.216.34", "127.0.0.1"))
    async with net.fetcher(guard) as fetcher:
        await fetcher.fetch("http://turning.test/")
    assert net.dialled == [("93.184.216.34", 80)]


@pytest.mark.parametrize("second", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:169.254.169.254"])
async def test_a_name_that_turned_leads_nowhere_else_and_is_judged_again(
    net: Net, second: str
) -> None:
    closing = Reply(pieces=PAGE.pieces, media_type=PAGE.media_type, framing="close")
    net.canary.answer = lambda _: closing
    clock = [0.0]
    guard = Guard(resolver=turning("93.184.216.34", second), now=lambda: clock[0])
    async with net.fetcher(guard) as fetcher:
        for clock[0] in (0, 30, 59):
            await fetcher.fetch("http://turning.test/")
        clock[0] = 61
        with pytest.raises(Unreadable) as raised:
            await fetcher.fetch("http://turning.test/")
    assert raised.value.code == "not_public"
    assert net.dialled == [("93.184.216.34", 80)] * 3


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_is_no_way_round(
    net: Net, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with LocalServer(lambda _: PAGE) as proxy:
        monkeypatch.setenv(name, proxy.url)
        assert (await net.refusal(f"http://127.0.0.1:{net.port}/")).code == "not_public"
        assert net.heard_nothing()
        async with net.fetcher() as fetcher:
            await fetcher.fetch("http://public.test/")
        assert not proxy.asked


async def test_a_host_without_an_address_is_unreachable(net: Net) -> None:
    assert (await net.refusal("http://nothing.test/")).code == "unreachable"
    assert net.heard_nothing()
