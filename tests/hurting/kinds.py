"""Answers made to hurt whoever reads them, each with what is to become of it."""

from __future__ import annotations

import gzip
import itertools
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import brotli

import pdfs
from codexity.errors import ReadCode
from servers.local import Asked, Reply

HTML: Final = "text/html"
PDF: Final = "application/pdf"
FINE_PAGE: Final = "a page that is fine"
FINE: Final = "The control reads well: a kestrel hovers in the wind at exactly its speed."
_SAID: Final = (
    "A kestrel hovers in one place, and {} is what this page has to say of it, at length. "
)
_CHUNKED: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
)
_NOTHING: Final = b"\x00\x00\x00\xff\xff"
"""A block of DEFLATE that holds nothing. Source: RFC 1951, section 3.2.4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a server answers; the codes that it may be skipped with, or what the page `says`.

    There are two where it is the machine's speed that says what ends it: time, or memory.
    """

    answer: Callable[[Asked], Reply]
    codes: frozenset[ReadCode] = frozenset()
    says: str = ""


def article(words: str, *, before: bytes = b"", behind: bytes = b"") -> bytes:
    """A page whose text is these words, five times, with other markup around it."""
    text = f"<p>{words * 5}</p>".encode()
    return b"<!doctype html><title>Kestrels</title><article>%s</article>" % (before + text + behind)


def page(body: bytes, media_type: str = HTML, **more: str) -> Reply:
    """A page with these headers, whose names are written with `_`."""
    headers = tuple((name.replace("_", "-"), value) for name, value in more.items())
    return Reply(pieces=(body,), media_type=media_type, headers=headers)


def _endless(piece: bytes, **more: str) -> Kind:
    sent = replace(page(b"", **more), pieces=itertools.repeat(piece), framing="chunked")
    return _skipped("too_large", lambda _: sent)


def _slowly(body: bytes) -> Iterator[bytes]:
    for at in range(len(body)):
        time.sleep(1)
        yield body[at : at + 1]


def _gzip_of_nulls(gigabytes: int) -> bytes:
    """16 kB for each 16 MB, which only reading it to the end would find to be damaged."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(16 * 1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + block * (60 * gigabytes)


def _brotli_of_nulls(gigabytes: int) -> bytes:
    """Some 10 bytes for each 16 MB: what a packer says of more nulls, over and over."""
    packer, nulls = brotli.Compressor(quality=1), bytes(16 * 1024 * 1024)
    first = packer.process(nulls) + packer.flush()
    again = packer.process(nulls) + packer.flush()
    return first + again * (60 * gigabytes)


def _zstd_of_one_byte(gigabytes: int) -> bytes:
    """A frame of run-length blocks, 128 KiB for every 4 bytes, with a window of 128 MB.

    Source: RFC 8878.
    """
    head = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x88"
    block = ((1 << 1) | (128 * 1024 << 3)).to_bytes(3, "little") + b"a"
    return head + block * (8_000 * gigabytes)


def _deep(depth: int) -> bytes:
    words = _SAID.format(f"a depth of {depth}")
    before, behind = b"<div><section>" * depth, b"</section></div>" * depth
    return article(words, before=before, behind=behind)


def _nothing_packed_twice() -> bytes:
    """Some kilobytes, which unpack to a gigabyte, which unpacks to nothing."""
    inner = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + _NOTHING * (4_000_000)
    packer = brotli.Compressor(quality=1)
    first = packer.process(inner) + packer.flush()
    again = packer.process(_NOTHING * (4_000_000)) + packer.flush()
    return first + again * 50


def _circle(asked: Asked) -> Reply:
    return Reply(status=302, headers=(("Location", f"{asked.path}x"),))


def _cookies(count: int, value: str) -> Callable[[Asked], Reply]:
    """A site that sets more cookies each time, and is never satisfied."""

    def answer(asked: Asked) -> Reply:
        place = len(asked.path)
        cookies = [("Set-Cookie", f"{place}-{at}={value}") for at in range(count)]
        return Reply(status=302, headers=(*cookies, ("Location", f"{asked.path}x")))

    return answer


def _a_cookie_first(asked: Asked) -> Reply:
    if "seen=yes" in asked.headers.get("cookie", ""):
        return page(article(_SAID.format("a cookie that is wanted")))
    cookies = ("seen=yes; Path=/", "a=b; Domain=example.org", "=;;=; Max-Age=x; Expires=no", "")
    headers = tuple(("Set-Cookie", cookie) for cookie in cookies)
    return Reply(status=302, headers=(*headers, ("Location", asked.path)))


def _head(*lines: bytes) -> Reply:
    told = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + b"".join(lines) + b"\r\n"
    return Reply(pieces=(told, article(FINE)), framing="raw")


def _made(body: Callable[[], Reply]) -> Callable[[Asked], Reply]:
    """Answers with what is made once, when it is first asked for."""
    made: list[Reply] = []

    def answer(_: Asked) -> Reply:
        if not made:
            made.append(body())
        return made[0]

    return answer


def _read(says: str, body: bytes, media_type: str = HTML) -> Kind:
    return Kind(answer=lambda _: page(body, media_type), says=says)


def _skipped(code: ReadCode, answer: Callable[[Asked], Reply]) -> Kind:
    return Kind(answer=answer, codes=frozenset({code}))


def _packed(code: ReadCode, coding: str, body: Callable[[], bytes]) -> Kind:
    return _skipped(code, _made(lambda: page(body(), Content_Encoding=coding)))


def _heavy(body: Callable[[], bytes], media_type: str = HTML) -> Kind:
    codes = frozenset[ReadCode]({"bad_content", "timeout"})
    return Kind(answer=_made(lambda: page(body(), media_type)), codes=codes)


KINDS: Final[Mapping[str, Kind]] = {
    FINE_PAGE: _read(FINE, article(FINE + " ")),
    "a PDF that unpacks to 40 MB of drawing": _heavy(partial(pdfs.bomb, 40_000_000), PDF),
    "a PDF of forms in forms": _heavy(pdfs.laughing, PDF),
    "a PDF whose pages are their own children": _heavy(pdfs.looped, PDF),
    "a PDF of 100,000 brackets": _skipped("empty", _made(lambda: page(pdfs.nested(), PDF))),
    "an endless stream": _endless(b"<p>more and more</p>" * 1_000),
    "an endless stream of nothing, packed": _endless(
        gzip.compress(b"") * 4_000, Content_Encoding="gzip"
    ),
    "an endless stream, a byte a chunk": _skipped(
        "bad_content",
        lambda _: Reply(
            pieces=itertools.chain([_CHUNKED], itertools.repeat(b"1\r\nx\r\n" * 10_000)),
            framing="raw",
        ),
    ),
    "a byte a second": _skipped(
        "timeout",
        lambda _: replace(page(b""), pieces=_slowly(article(FINE)), framing="chunked"),
    ),
    "2 GB, announced": _skipped(
        "too_large",
        lambda _: replace(
            page(b"", Content_Length="2000000000"),
            pieces=itertools.repeat(b"<p>more</p>" * 1_000),
            framing="close",
        ),
    ),
    "a gzip bomb of 4 GB": _packed("too_large", "gzip", partial(_gzip_of_nulls, 4)),
    "a brotli bomb of 60 GB": _packed("too_large", "br", partial(_brotli_of_nulls, 60)),
    "a Zstandard bomb of 10 GB": _packed("too_large", "zstd", partial(_zstd_of_one_byte, 10)),
    "packed twice": _packed("bad_content", "gzip, br", _nothing_packed_twice),
    "50 deep": _read("a depth of 50", _deep(50)),
    "100,000 deep": _heavy(lambda: b"<div><table><tr><td>" * 100_000 + article(FINE)),
    "5 MB of attributes": _heavy(lambda: article(FINE, behind=b"<p a=b c=d e=f g=h>x" * 240_000)),
    "another charset than it says": _read(
        "Größe – Датей",
        article(_SAID.format("Größe – Датей")),
        "text/html; charset=" + "utf-16-or-so" * 9,
    ),
    "UTF-16 that is none": _read(
        "no UTF-16", article(_SAID.format("no UTF-16")), "text/html; charset=utf-16"
    ),
    "full of NUL": _read(
        "what NUL hides", article(_SAID.format("what NUL hides")).replace(b"e", b"\0e\0")
    ),
    "a head of 1 MB": _skipped("unreachable", lambda _: _head(b"X: " + b"x" * 10**6 + b"\r\n")),
    "a head of 25,000 lines": _skipped("unreachable", lambda _: _head(b"X:\r\n" * 25_000)),
    "a head of 500 lines": Kind(answer=lambda _: _head(b"X: y\r\n" * 500), says=FINE),
    "heads that announce others, without end": _skipped(
        "unreachable",
        lambda _: Reply(
            pieces=itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2_000), framing="raw"
        ),
    ),
    "a circle": _skipped("unreachable", _circle),
    "400 cookies of 200 bytes, never enough": _skipped("unreachable", _cookies(400, "c" * 200)),
    "900 cookies of a byte, never enough": _skipped("unreachable", _cookies(900, "c")),
    "a cookie that is wanted": Kind(answer=_a_cookie_first, says="a cookie that is wanted"),
}
