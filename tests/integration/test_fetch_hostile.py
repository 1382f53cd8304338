"""Sites that hang, flood, lie or lead elsewhere: each is refused with its own code, in time."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager

import anyio
import brotli
import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.errors import Unreadable
from codexity.model import Page
from servers.local import Asked, LocalServer, Reply

MEGABYTE = 1_000_000
WORDS = "A context manager closes the file when the block of the with statement is left. "
PAGE = f"<!doctype html><title>Closing</title><article><p>{WORDS * 5}</p></article>".encode()
HTML = "text/html"
Answer = Callable[[Asked], Reply]


def html(body: bytes = PAGE, **more: str) -> Reply:
    headers = tuple((name.replace("_", "-"), value) for name, value in more.items())
    return Reply(pieces=(body,), media_type=HTML, headers=headers)


def redirect(target: str) -> Reply:
    return Reply(status=302, headers=(("Location", target),))


class Reader:
    """A fetcher and an extractor in a row, as a run has them."""

    def __init__(
        self, server: LocalServer, fetcher: HttpFetcher, extractor: ProcessExtractor
    ) -> None:
        self.server = server
        self._fetcher = fetcher
        self._extractor = extractor

    async def read(self, answer: Answer) -> Page:
        self.server.answer = answer
        return await self._extractor.extract(await self._fetcher.fetch(self.server.url))

    async def refusal(self, answer: Answer) -> Unreadable:
        """How an answer is refused; the plain page right after it shows that nothing is stuck."""
        with pytest.raises(Unreadable) as raised:
            await self.read(answer)
        assert "context manager" in (await self.read(lambda _: html())).text
        return raised.value


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=30) as shared:
        yield shared


@asynccontextmanager
async def reading(extractor: ProcessExtractor, *, seconds: float) -> AsyncGenerator[Reader]:
    with LocalServer() as server:
        guard = Guard(allow_hosts=frozenset({server.url.removeprefix("http://")}))
        limits = FetchLimits(total_seconds=seconds, read_seconds=2 * seconds)
        async with HttpFetcher(
            version="1", contact="https://example.org", guard=guard, limits=limits
        ) as fetcher:
            yield Reader(server, fetcher, extractor)


@pytest.fixture
async def reader(extractor: ProcessExtractor) -> AsyncGenerator[Reader]:
    async with reading(extractor, seconds=8) as patient:
        yield patient


def _rle_bomb(megabytes: int) -> bytes:
    """A Zstandard frame of run-length blocks, 128 KiB for every 4 bytes. Source: RFC 8878."""
    head = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x38"
    block = ((1 << 1) | (128 * 1024 << 3)).to_bytes(3, "little") + b"a"
    return head + block * (8 * megabytes)


def _endless() -> Iterator[bytes]:
    return itertools.repeat(b"<p>more and more</p>" * 1_000)


def _padding() -> bytes:
    return b"<!--" + b"x" * (10 * MEGABYTE) + b"-->"


TOO_LARGE: dict[str, Answer] = {
    "10 MB, announced": lambda _: html(PAGE + _padding()),
    "10 MB, in chunks": lambda _: Reply(
        pieces=(PAGE, _padding()), media_type=HTML, framing="chunked"
    ),
    "10 MB, until the close": lambda _: Reply(
        pieces=(PAGE, _padding()), media_type=HTML, framing="close"
    ),
    "endless": lambda _: Reply(pieces=_endless(), media_type=HTML, framing="chunked"),
    "gzip bomb": lambda _: html(gzip.compress(bytes(50 * MEGABYTE)), Content_Encoding="gzip"),
    "brotli bomb": lambda _: html(
        brotli.compress(bytes(50 * MEGABYTE), quality=3), Content_Encoding="br"
    ),
    "zstd bomb": lambda _: html(_rle_bomb(50), Content_Encoding="zstd"),
    "endless gzip of nothing": lambda _: Reply(
        pieces=itertools.repeat(gzip.compress(b"") * 4_000),
        media_type=HTML,
        headers=(("Content-Encoding", "gzip"),),
        framing="chunked",
    ),
}


@pytest.mark.parametrize("name", TOO_LARGE)
async def test_what_floods_is_too_large(reader: Reader, name: str) -> None:
    answer = await anyio.to_thread.run_sync(lambda: TOO_LARGE[name](NOTHING_ASKED))
    assert (await reader.refusal(lambda _: answer)).code == "too_large"


NOTHING_ASKED = Asked(method="GET", path="/", query={}, headers={}, body=b"")


async def test_a_packed_page_below_the_cap_is_read(reader: Reader) -> None:
    packed = gzip.compress(PAGE + b" " * (4 * MEGABYTE))
    page = await reader.read(lambda _: html(packed, Content_Encoding="gzip"))
    assert page.title == "Closing"


HANGING: dict[str, Reply] = {
    "before the head": Reply(hold=True),
    "in the body": Reply(pieces=(PAGE,), media_type=HTML, framing="chunked", hold_at_end=True),
}


@pytest.mark.parametrize("name", HANGING)
async def test_what_hangs_is_left_at_the_deadline(extractor: ProcessExtractor, name: str) -> None:
    async with reading(extractor, seconds=2) as reader:
        await reader.read(lambda _: html())
        start = time.monotonic()
        with pytest.raises(Unreadable) as raised:
            await reader.read(lambda _: HANGING[name])
        assert 2 <= time.monotonic() - start < 12
        assert raised.value.code == "timeout"
        assert "2 seconds" in raised.value.message
        assert await anyio.to_thread.run_sync(reader.server.asked[-1].left.wait, 5)


async def test_a_redirect_to_loopback_is_not_public(reader: Reader) -> None:
    with LocalServer(lambda _: html()) as inner:
        error = await reader.refusal(
            lambda asked: redirect(inner.url) if asked.path == "/" else html()
        )
        assert error.code == "not_public"
        assert not inner.asked
    control = await reader.read(
        lambda asked: redirect(f"{reader.server.url}/new") if asked.path == "/" else html()
    )
    assert control.url == f"{reader.server.url}/new"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://localhost:9/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "http://user:secret@example.org/",
    ],
)
async def test_no_redirect_leads_where_no_address_may(reader: Reader, target: str) -> None:
    assert (await reader.refusal(lambda _: redirect(target))).code == "not_public"


@pytest.mark.parametrize(
    "target", ["http://0177.0.0.1/", "http://", "http://[::1", "http://a\u0001b/"]
)
async def test_a_redirect_to_no_address_at_all_is_unreachable(reader: Reader, target: str) -> None:
    assert (await reader.refusal(lambda _: redirect(target))).code == "unreachable"


async def test_a_redirect_in_a_circle_ends(reader: Reader) -> None:
    before = len(reader.server.asked)
    error = await reader.refusal(lambda _: redirect("/"))
    assert error.code == "unreachable"
    assert len(reader.server.asked) - before == 6 + 1


def _hops(count: int) -> Answer:
    def answer(asked: Asked) -> Reply:
        done = len(asked.path) - 1
        return html() if done == count else redirect("/" + "x" * (done + 1))

    return answer


async def test_five_redirects_are_followed_and_a_sixth_is_not(reader: Reader) -> None:
    assert (await reader.read(_hops(5))).title == "Closing"
    assert (await reader.refusal(_hops(6))).code == "unreachable"


REFUSED: dict[str, tuple[Reply, str]] = {
    "404": (Reply(status=404, pieces=(PAGE,), media_type=HTML), "http_status"),
    "500": (Reply(status=500, pieces=(PAGE,), media_type=HTML), "http_status"),
    "binary": (Reply(pieces=(bytes(range(256)),), media_type="application/octet-stream"), "type"),
    "binary called text": (Reply(pieces=(bytes(range(256)),), media_type="text/plain"), "type"),
    "binary called HTML": (html(bytes(range(256)) * 40), "bad_content"),
    "a head of 1 MB": (html(X_Long="x" * MEGABYTE), "unreachable"),
    "broken gzip": (
        html(gzip.compress(PAGE)[:20] + b"\xff" * 60, Content_Encoding="gzip"),
        "bad_content",
    ),
    "cut off": (Reply(pieces=(PAGE,), media_type=HTML, cut_at=50), "unreachable"),
    "nothing": (html(b""), "empty"),
    "a shell for scripts": (
        html(b"<!doctype html><div id=app></div><script>x()</script>"),
        "needs_javascript",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_used_is_refused_by_its_code(reader: Reader, name: str) -> None:
    reply, code = REFUSED[name]
    assert (await reader.refusal(lambda _: reply)).code == code


async def test_a_closed_port_is_unreachable(reader: Reader) -> None:
    with LocalServer() as gone:
        address = gone.url
    guard = Guard(allow_hosts=frozenset({"127.0.0.1"}))
    async with HttpFetcher(version="1", contact="https://example.org", guard=guard) as fetcher:
        with pytest.raises(Unreadable) as raised:
            await fetcher.fetch(address)
        assert raised.value.code == "unreachable"
        reader.server.answer = lambda _: html()
        assert (await fetcher.fetch(reader.server.url)).body == PAGE


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1251", "no-such-thing", ""])
async def test_a_wrong_charset_in_the_header_does_no_harm(reader: Reader, charset: str) -> None:
    body = PAGE.decode().replace("file", "Größenänderung – Датей").encode()
    reply = Reply(pieces=(body,), media_type=f"text/html; charset={charset}")
    assert "the Größenänderung – Датей when" in (await reader.read(lambda _: reply)).text


async def test_a_page_full_of_nul_is_read_without_them(reader: Reader) -> None:
    page = await reader.read(lambda _: html(PAGE.replace(b"e", b"\0e\0")))
    assert WORDS.strip() in page.text
    assert "\0" not in page.title + page.text
