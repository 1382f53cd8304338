"""The browser's way out, byte by byte: what is not to go through it does not."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import anyio
import pytest

from codexity.adapters.fetch.proxy import ProxyLimits
from servers.proxied import ProxyRig as Rig


@pytest.fixture
async def rig(request: pytest.FixtureRequest) -> AsyncGenerator[Rig]:
    async with Rig(getattr(request, "param", ProxyLimits(silence_seconds=5))) as made:
        yield made


async def until(heard: anyio.Event) -> None:
    with anyio.fail_after(5):
        await heard.wait()


async def test_a_request_for_what_is_allowed_goes_there_and_says_nothing_of_the_proxy(
    rig: Rig,
) -> None:
    fields = ("Host: SITE", "Proxy-Connection: keep-alive", "Connection: keep-alive", "X-Own: 1")
    told = await rig.answer(rig.head("GET http://SITE/a?b#c HTTP/1.1", *fields))
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert told.endswith(b"Connection: close\r\n\r\nhello")
    (heard,) = rig.site.heard
    assert bytes(heard.received) == rig.bare(
        "GET /a?b HTTP/1.1", "Host: SITE", "X-Own: 1", "Connection: close"
    )


async def test_a_tunnel_to_what_is_allowed_carries_both_ways(rig: Rig) -> None:
    rig.site.echoes = True
    async with await rig.connect() as stream:
        await stream.send(rig.head("CONNECT SITE HTTP/1.1", "Host: SITE"))
        with anyio.fail_after(5):
            told = await stream.receive()
            assert told == b"HTTP/1.1 200 Connection established\r\n\r\n"
            for piece in (b"\x16\x03\x01", b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n"):
                await stream.send(piece)
                assert await stream.receive() == piece
    (heard,) = rig.site.heard
    await until(heard.ended)
    assert not rig.canary.heard


@pytest.mark.parametrize(
    "line",
    [
        "CONNECT CANARY HTTP/1.1",
        "GET http://CANARY/ HTTP/1.1",
        "POST http://CANARY/ HTTP/1.0",
        "GET http://CANARY HTTP/1.1",
        "CONNECT localhost:80 HTTP/1.1",
        "CONNECT [::1]:80 HTTP/1.1",
        "CONNECT [::ffff:127.0.0.1]:80 HTTP/1.1",
        "CONNECT 169.254.169.254:80 HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1",
        "GET http://[::1]/ HTTP/1.1",
        "CONNECT site.test:22 HTTP/1.1",
        "GET http://site.test:6379/ HTTP/1.1",
    ],
)
async def test_what_is_not_public_is_refused_and_not_connected(rig: Rig, line: str) -> None:
    told = await rig.answer(rig.head(line, "Host: SITE"))
    assert told.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert told.endswith(b"Connection: close\r\n\r\n")
    assert rig.nothing_was_connected()


@pytest.mark.parametrize(
    "line",
    [
        "GET",
        "GET  http://SITE/ HTTP/1.1",
        "GET\thttp://SITE/\tHTTP/1.1",
        "GET http://SITE/",
        "GET http://SITE/ HTTP/1.1 HTTP/1.1",
        "GET http://SITE/ HTTP/2.0",
        "GET http://SITE/ gopher",
        "GET / HTTP/1.1",
        "GET SITE HTTP/1.1",
        "GET https://SITE/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET http://user:password@SITE/ HTTP/1.1",
        "GET http://SITE\\@CANARY/ HTTP/1.1",
        "GET http://[SITE/ HTTP/1.1",
        "GET http://site.test:99999/ HTTP/1.1",
        "GET http://s\xeft\xe9.test/ HTTP/1.1",
        "CONNECT site.test HTTP/1.1",
        "CONNECT http://SITE/ HTTP/1.1",
        "CONNECT SITE/ HTTP/1.1",
        "CONNECT user@SITE HTTP/1.1",
        "CONNECT site.test:0 HTTP/1.1",
        "CONNECT site.test:65536 HTTP/1.1",
        "CONNECT site.test:-1 HTTP/1.1",
        "CONNECT :80 HTTP/1.1",
        "",
        "\x16\x03\x01\x02",
    ],
)
async def test_a_line_that_is_no_request_to_a_proxy_is_refused(rig: Rig, line: str) -> None:
    told = await rig.answer(rig.head(line, "Host: SITE"))
    assert told.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert rig.nothing_was_connected()


@pytest.mark.parametrize("line", ["CONNECT SITE HTTP/1.1", "GET http://SITE/ HTTP/1.1"])
@pytest.mark.parametrize("shown", ["", "Basic Og==", "Basic WRONG", "Bearer RIGHT", "Basic"])
async def test_who_does_not_know_the_password_gets_nothing(rig: Rig, line: str, shown: str) -> None:
    said = shown.replace("RIGHT", rig.password()).replace("WRONG", rig.password("x"))
    fields = (f"Proxy-Authorization: {said}",) if shown else ()
    told = await rig.answer(rig.bare(line, *fields, f"Authorization: Basic {rig.password()}"))
    assert told.startswith(b"HTTP/1.1 407 Proxy Authentication Required\r\n")
    assert rig.nothing_was_connected()


async def test_a_host_that_is_not_there_is_told(rig: Rig) -> None:
    told = await rig.answer(rig.head("CONNECT nowhere.test:443 HTTP/1.1"))
    assert told.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")


@pytest.mark.parametrize(
    "large", ["X-Large: " + "x" * 70_000, "\r\n".join(["X-Many: 1"] * 8_000), "x" * 70_000]
)
async def test_a_head_that_is_too_large_ends_the_connection(rig: Rig, large: str) -> None:
    assert await rig.answer(rig.head("GET http://SITE/ HTTP/1.1", large)) == b""
    assert rig.nothing_was_connected()
    some = "X-Large: " + "x" * 60_000
    assert (await rig.answer(rig.head("GET http://SITE/ HTTP/1.1", some))).endswith(b"hello")


@pytest.mark.parametrize(
    "fields",
    [
        ("Content-Length: 0", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 4"),
        ("Content-Length: 0", "Content-Length: 4"),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: xchunked",),
        ("Host: CANARY",),
        ("host : CANARY", "Host: CANARY"),
        ("Upgrade: websocket", "Connection: Upgrade"),
        (),
    ],
)
async def test_a_request_behind_another_goes_nowhere_else(
    rig: Rig, fields: tuple[str, ...]
) -> None:
    """Whatever the two sides make of the length of the first, there is one host behind it."""
    second = rig.head("GET http://CANARY/smuggled HTTP/1.1", "Host: CANARY")
    told = await rig.answer(rig.head("POST http://SITE/ HTTP/1.1", *fields), b"0\r\n\r\n" + second)
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not rig.canary.heard
    (heard,) = rig.site.heard
    first = bytes(heard.received).partition(b"\r\n\r\n")[0].lower()
    assert first.count(b"\r\nhost") == 1
    assert f"host: site.test:{rig.site.port}".encode() in first
    assert b"\r\nconnection: close" in first


async def test_another_request_on_the_same_connection_is_not_carried_elsewhere(rig: Rig) -> None:
    first = rig.head("GET http://SITE/ HTTP/1.1")
    second = rig.head("GET http://CANARY/ HTTP/1.1")
    await rig.answer(first + second)
    assert not rig.canary.heard
    assert (await rig.answer(second)).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("line", ["CONNECT SITE HTTP/1.1", "GET http://SITE/ HTTP/1.1"])
async def test_a_client_that_is_done_sending_ends_both_connections(rig: Rig, line: str) -> None:
    rig.site.echoes = True
    async with await rig.connect() as stream:
        await stream.send(rig.head(line))
        with anyio.fail_after(4):
            await stream.receive()
            await stream.send_eof()
            async for _ in stream:
                pass
            (heard,) = rig.site.heard
            await heard.ended.wait()


async def test_a_client_that_leaves_before_its_head_is_whole_connects_nothing(rig: Rig) -> None:
    async with await rig.connect() as stream:
        await stream.send(rig.head("GET http://SITE/ HTTP/1.1")[:-2])
        await stream.send_eof()
        with anyio.fail_after(5), pytest.raises(anyio.EndOfStream):
            await stream.receive()
    assert rig.nothing_was_connected()


@pytest.mark.parametrize("rig", [ProxyLimits(silence_seconds=0.2)], indirect=True)
@pytest.mark.parametrize("said", [b"", b"GET http://site.test/ HTTP/1.1\r\nX: "])
async def test_a_client_that_says_nothing_more_is_not_waited_for(rig: Rig, said: bytes) -> None:
    assert await rig.answer(said) == b""
    assert rig.nothing_was_connected()


@pytest.mark.parametrize("rig", [ProxyLimits(connections=2)], indirect=True)
async def test_more_connections_than_may_be_are_closed(rig: Rig) -> None:
    line = rig.head("CONNECT SITE HTTP/1.1")
    async with await rig.connect() as first, await rig.connect() as second:
        for stream in (first, second):
            await stream.send(line)
            assert (await stream.receive()).startswith(b"HTTP/1.1 200 ")
        assert await rig.answer(line) == b""
    assert len(rig.site.heard) == 2
    for heard in rig.site.heard:
        await until(heard.ended)
    assert (await rig.answer(rig.head("GET http://SITE/ HTTP/1.1"))).endswith(b"hello")


@pytest.mark.parametrize("rig", [ProxyLimits(max_bytes=200_000)], indirect=True)
async def test_a_tunnel_carries_so_many_bytes(rig: Rig) -> None:
    rig.site.echoes = True
    sent = b"x" * 60_000
    told = await rig.answer(rig.head("CONNECT SITE HTTP/1.1"), *[sent] * 8)
    assert len(told) < 200_000
    (heard,) = rig.site.heard
    await until(heard.ended)
    assert len(heard.received) < 200_000
