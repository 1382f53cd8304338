"""Every fetcher keeps the port's promises."""

from __future__ import annotations

import gzip
import inspect
import ssl
import zlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import anyio
import brotli
import httpcore2
import httpx2
import pytest

from codexity.adapters.fetch.faults import FAULTS, FOREIGN, meaning, renamed
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.errors import Unreadable
from codexity.ports import Fetcher
from servers.local import Asked, LocalServer, Reply

PAGE = b"<!doctype html><title>A page</title><p>Hello</p>"
NAMES = ("site.test", "other.test")


@dataclass(kw_only=True)
class Rig:
    """A fetcher for which two names lead to the local server."""

    fetcher: Fetcher
    server: LocalServer
    looked_up: list[str] = field(default_factory=list[str])

    def url(self, path: str = "/", host: str = "site.test") -> str:
        return f"http://{host}:{self.server.url.rpartition(':')[2]}{path}"


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    with LocalServer(
        lambda _: Reply(pieces=(PAGE,), media_type="text/html; charset=utf-8")
    ) as server:
        looked_up: list[str] = []

        async def resolver(host: str, _port: int) -> Sequence[str]:
            looked_up.append(host)
            return ("127.0.0.1",)

        port = server.url.rpartition(":")[2]
        guard = Guard(allow_hosts=frozenset(f"{name}:{port}" for name in NAMES), resolver=resolver)
        async with HttpFetcher(
            version="9.8",
            contact="https://example.org/codexity",
            guard=guard,
            limits=FetchLimits(total_seconds=5),
        ) as fetcher:
            yield Rig(fetcher=fetcher, server=server, looked_up=looked_up)


async def refused(rig: Rig, url: str) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        await rig.fetcher.fetch(url)
    return raised.value


async def test_a_document_comes_with_its_type_charset_and_bytes(rig: Rig) -> None:
    fetched = await rig.fetcher.fetch(rig.url("/a?b=c#d"))
    assert (fetched.media_type, fetched.charset, fetched.body) == ("text/html", "utf-8", PAGE)
    assert fetched.url == rig.url("/a?b=c")


async def test_the_name_is_looked_up_once_and_the_address_that_was_judged_is_connected(
    rig: Rig,
) -> None:
    # No resolver of this machine knows the name: had anyone asked it, nothing would have come.
    await rig.fetcher.fetch(rig.url())
    assert rig.looked_up == ["site.test"]
    assert rig.server.asked[0].headers["host"] == rig.url().removeprefix("http://").rstrip("/")


async def test_the_user_agent_says_who_asks(rig: Rig) -> None:
    await rig.fetcher.fetch(rig.url())
    assert (
        rig.server.asked[0].headers["user-agent"] == "Codexity/9.8 (+https://example.org/codexity)"
    )


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_proxies_of_the_environment_are_not_used(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with LocalServer() as proxy:
        monkeypatch.setenv(name, proxy.url)
        await rig.fetcher.fetch(rig.url())
        assert not proxy.asked


@pytest.mark.parametrize(
    ("header", "path", "body", "kind"),
    [
        ("text/html", "/", PAGE, "text/html"),
        ("TEXT/HTML;charset=x", "/", PAGE, "text/html"),
        ("application/xhtml+xml", "/", PAGE, "application/xhtml+xml"),
        ("text/plain", "/a.txt", b"Plain", "text/plain"),
        ("text/plain", "/README.md", b"# Head", "text/markdown"),
        ("text/markdown", "/", b"# Head", "text/markdown"),
        ("text/x-markdown", "/", b"# Head", "text/markdown"),
        ("", "/", b"\xef\xbb\xbf \n<!DOCTYPE html><p>x", "text/html"),
        ("", "/", b"Just words", "text/plain"),
        ("text/html", "/", "<p>wide</p>".encode("utf-16"), "text/html"),
        ("text/plain", "/", "wide".encode("utf-16"), "text/plain"),
        ("application/pdf", "/a.html", b"%PDF-1.7", "application/pdf"),
        ("application/x-pdf", "/", b"%PDF-1.7", "application/pdf"),
        ("application/pdf", "/", b"junk before it %PDF-1.7", "application/pdf"),
        ("text/html", "/", b"%PDF-1.7 ...", "application/pdf"),
        ("", "/", b"%PDF-1.7 ...", "application/pdf"),
        ("application/octet-stream", "/a", b"junk %PDF-1.7", "application/pdf"),
    ],
)
async def test_html_text_markdown_and_pdf_are_brought(
    rig: Rig, header: str, path: str, body: bytes, kind: str
) -> None:
    rig.server.answer = lambda _: Reply(pieces=(body,), media_type=header)
    assert (await rig.fetcher.fetch(rig.url(path))).media_type == kind


@pytest.mark.parametrize(
    ("header", "body", "named"),
    [
        ("image/png", b"\x89PNG\r\n", "image/png"),
        ("application/octet-stream", b"abc", "application/octet-stream"),
        ("application/json; charset=utf-8", b"{}", "application/json"),
        ("application/octet-stream", b"x" * 2_000 + b"%PDF-", "application/octet-stream"),
        ("text/plain", b"PK\x03\x04....", "application/zip"),
        ("text/plain", b"\x00\x01\x02\x03", "application/octet-stream"),
        ("", b"\x7fELF\x02", "application/x-executable"),
        ("", b"words\x00", "application/octet-stream"),
    ],
)
async def test_any_other_type_is_refused_by_name(
    rig: Rig, header: str, body: bytes, named: str
) -> None:
    rig.server.answer = lambda _: Reply(pieces=(body,), media_type=header)
    error = await refused(rig, rig.url())
    assert error.code == "type"
    assert named in error.message


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("gzip, identity", gzip.compress(PAGE, mtime=0)),
    ],
)
async def test_what_is_packed_is_unpacked(rig: Rig, coding: str, packed: bytes) -> None:
    rig.server.answer = lambda _: Reply(
        pieces=(packed,), media_type="text/html", headers=(("Content-Encoding", coding),)
    )
    assert (await rig.fetcher.fetch(rig.url())).body == PAGE


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "compress"])
async def test_what_cannot_be_unpacked_is_bad_content(rig: Rig, coding: str) -> None:
    rig.server.answer = lambda _: Reply(
        pieces=(PAGE,), media_type="text/html", headers=(("Content-Encoding", coding),)
    )
    assert (await refused(rig, rig.url())).code == "bad_content"


@pytest.mark.parametrize(
    ("status", "said"), [(404, "404 (Not Found)"), (500, "500"), (403, "403"), (599, "599")]
)
async def test_an_error_status_is_named(rig: Rig, status: int, said: str) -> None:
    rig.server.answer = lambda _: Reply(status=status, pieces=(PAGE,), media_type="text/html")
    error = await refused(rig, rig.url())
    assert error.code == "http_status"
    assert said in error.message


@pytest.mark.parametrize("body", [b"", b" \n\t "])
async def test_an_empty_document_is_empty(rig: Rig, body: bytes) -> None:
    rig.server.answer = lambda _: Reply(pieces=(body,), media_type="text/html")
    assert (await refused(rig, rig.url())).code == "empty"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_the_last_address_is_told(rig: Rig, status: int) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/new/b":
            return Reply(pieces=(PAGE,), media_type="text/html")
        target = "new/b" if asked.path == "/a" else rig.url("/a", "site.test")
        return Reply(status=status, headers=(("Location", target),))

    rig.server.answer = answer
    assert (await rig.fetcher.fetch(rig.url("/", "other.test"))).url == rig.url("/new/b")


async def test_cookies_live_as_long_as_one_document(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        if "seen=1" in asked.headers.get("cookie", ""):
            return Reply(pieces=(PAGE,), media_type="text/html")
        return Reply(status=302, headers=(("Location", "/"), ("Set-Cookie", "seen=1; Path=/")))

    rig.server.answer = answer
    for count in (2, 4):
        await rig.fetcher.fetch(rig.url())
        assert len(rig.server.asked) == count


async def test_a_cancelled_fetch_hangs_up_at_once_and_the_next_one_works(rig: Rig) -> None:
    rig.server.answer = lambda asked: (
        Reply(pieces=(PAGE,), media_type="text/html") if asked.path == "/" else Reply(hold=True)
    )
    for count in range(1, 101):
        async with anyio.create_task_group() as group:
            group.start_soon(rig.fetcher.fetch, rig.url("/held"))
            if count % 2:
                assert await anyio.to_thread.run_sync(rig.server.came, (count + 1) // 2)
            group.cancel_scope.cancel()
    for asked in rig.server.asked:
        assert await anyio.to_thread.run_sync(asked.left.wait, 5)
    assert (await rig.fetcher.fetch(rig.url())).body == PAGE


def _descendants(kind: type[BaseException]) -> list[type[BaseException]]:
    return [kind, *(one for child in kind.__subclasses__() for one in _descendants(child))]


def test_every_exception_of_the_http_libraries_has_a_meaning() -> None:
    public = {
        kind
        for library in (httpx2, httpcore2)
        for kind in vars(library).values()
        if inspect.isclass(kind) and issubclass(kind, Exception)
    }
    leaves = {
        kind
        for root in FOREIGN
        for kind in _descendants(root)
        if kind not in {httpx2.HTTPError, httpx2.RequestError}
    }
    assert all(issubclass(kind, FOREIGN) for kind in public)
    for kind in leaves:
        assert meaning(kind) in FAULTS.values()


def test_they_are_renamed_and_ours_are_left_alone() -> None:
    with pytest.raises(Unreadable) as raised, renamed():
        raise httpcore2.ReadTimeout("slow")
    assert raised.value.code == "timeout"
    with pytest.raises(Unreadable) as raised, renamed():
        raise httpcore2.ConnectError from ssl.SSLCertVerificationError("self-signed")
    assert raised.value.code == "unreachable"
    assert "certificate" in raised.value.message
    with pytest.raises(Unreadable) as raised, renamed():
        raise Unreadable("ours", code="empty")
    assert raised.value.code == "empty"
    with pytest.raises(KeyError):
        meaning(OSError)
