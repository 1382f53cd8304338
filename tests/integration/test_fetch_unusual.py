"""Answers that are unusual, and honest: what is refused of their like is read in them."""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator

import brotli
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.errors import Unreadable
from servers.local import LocalServer, Reply

HTML = "text/html"
PAGE = b"<!doctype html><title>Closing</title><p>A context manager closes the file.</p>"


@pytest.fixture
async def fetching() -> AsyncGenerator[tuple[LocalServer, HttpFetcher]]:
    with LocalServer() as server:
        guard = Guard(allow_hosts=frozenset({"127.0.0.1"}))
        async with HttpFetcher(version="1", contact="https://example.org", guard=guard) as fetcher:
            yield server, fetcher


def lines(count: int, body: bytes = PAGE) -> Reply:
    return Reply(pieces=(body,), media_type=HTML, headers=(("X", "y"),) * count)


def packed(body: bytes, coding: str) -> Reply:
    return Reply(pieces=(body,), media_type=HTML, headers=(("Content-Encoding", coding),))


def raw(*pieces: bytes) -> Reply:
    return Reply(pieces=pieces, framing="raw")


def crumbs(body: bytes) -> Reply:
    pieces = [body[at : at + 1] for at in range(len(body))]
    return Reply(pieces=pieces, media_type=HTML, framing="chunked")


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ANNOUNCED = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
READ: dict[str, Reply] = {
    "a head of 50 kB": raw(OK, b"X: " + b"x" * 50_000 + b"\r\n\r\n", PAGE),
    "a head of 900 lines": lines(900),
    "a head that comes in pieces": raw(OK[:-1], b"\n\r", b"\n" + PAGE),
    "a head that ends its lines oddly": raw(OK.replace(b"\r", b"") + b"\n", PAGE),
    "behind heads that announce it": raw(ANNOUNCED * 20, OK + b"\r\n", PAGE),
    "packed once, and not at all": packed(gzip.compress(PAGE), "identity, gzip"),
    "in small pieces": crumbs(PAGE),
    "of many lines": raw(OK, b"\r\n" + PAGE + b"\n\r\n" * 3_000),
}
REFUSED: dict[str, tuple[Reply, str]] = {
    "a head of 1,200 lines": (lines(1_200), "unreachable"),
    "a head of 1,200 lines behind another": (
        raw(ANNOUNCED, OK, b"X: y\r\n" * 1_200, b"\r\n", PAGE),
        "unreachable",
    ),
    "behind 400 heads": (raw(ANNOUNCED * 400, OK + b"\r\n", PAGE), "unreachable"),
    "packed twice": (packed(brotli.compress(gzip.compress(PAGE)), "gzip, br"), "bad_content"),
    "packed twice, oddly": (
        packed(gzip.compress(gzip.compress(PAGE)), "GZIP,, identity , gzip"),
        "bad_content",
    ),
    "crumbs of a large page": (crumbs(PAGE * 300), "bad_content"),
}


@pytest.mark.parametrize("name", READ)
async def test_what_is_only_unusual_is_read(
    fetching: tuple[LocalServer, HttpFetcher], name: str
) -> None:
    server, fetcher = fetching
    server.answer = lambda _: READ[name]
    assert (await fetcher.fetch(server.url)).body.rstrip() == PAGE


@pytest.mark.parametrize("name", REFUSED)
async def test_what_goes_too_far_is_not(
    fetching: tuple[LocalServer, HttpFetcher], name: str
) -> None:
    server, fetcher = fetching
    reply, code = REFUSED[name]
    server.answer = lambda _: reply
    with pytest.raises(Unreadable) as raised:
        await fetcher.fetch(server.url)
    assert raised.value.code == code


async def test_heads_are_counted_anew_for_each_answer(
    fetching: tuple[LocalServer, HttpFetcher],
) -> None:
    server, fetcher = fetching
    server.answer = lambda _: lines(400)
    urls = {(await fetcher.fetch(f"{server.url}/{number}")).url for number in range(4)}
    assert len(urls) == len(server.asked) == 4


async def test_more_than_fifty_cookies_are_none(
    fetching: tuple[LocalServer, HttpFetcher],
) -> None:
    server, fetcher = fetching
    for count, sent in ((50, 50), (51, 0)):
        cookies = [("Set-Cookie", f"c{number}=x; Path=/") for number in range(count)]
        headers = (*cookies, ("Location", "/page"))
        server.answer = lambda asked, headers=headers: (
            lines(0) if asked.path == "/page" else Reply(status=302, headers=headers)
        )
        await fetcher.fetch(server.url)
        assert server.asked[-1].headers.get("cookie", "").count("=x") == sent
