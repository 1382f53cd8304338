"""The drawn pages behind a server on loopback, and searches that name them."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from anyio.abc import SocketAttribute, SocketStream

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.model import Hit, Query
from reading_draw import Case, Drawn, html

REWRITING_SECONDS = 1.0
_HEAD_BYTES = 65_536
_QUEUE = 1_024


@asynccontextmanager
async def served(cases: Sequence[Case]) -> AsyncGenerator[int, None]:
    """The port of a server that plays every page's host; what still hangs ends with the block."""
    pages = {page.host: page for case in cases for page in case.pages()}

    async def play(stream: SocketStream) -> None:
        async with stream:
            try:
                while await _answer(stream, pages):
                    pass
            except (anyio.BrokenResourceError, anyio.EndOfStream):
                return

    listener = await anyio.create_tcp_listener(
        local_host="127.0.0.1", family=socket.AF_INET, backlog=_QUEUE
    )
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, play)
        yield int(listener.extra(SocketAttribute.local_port))
        tasks.cancel_scope.cancel()


async def _answer(stream: SocketStream, pages: Mapping[str, Drawn]) -> bool:
    """Answers one request; False where the connection is at its end."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += await stream.receive(_HEAD_BYTES)
    lines = head.decode("latin-1").split("\r\n")
    path = lines[0].split(" ")[1]
    named = next(line[6:] for line in lines if line.lower().startswith("host: "))
    page = pages[named.partition(":")[0]]
    if path == "/robots.txt":
        await _send(stream, 404)
        return True
    if page.kind == "never":
        await anyio.sleep_forever()
    await anyio.sleep(page.seconds)
    if page.kind == "failing":
        await _send(stream, 503)
    elif page.kind == "redirecting" and path == "/":
        await _send(stream, 302, "Location: /moved\r\n")
    else:
        await _send(stream, 200, "Content-Type: text/html\r\n", html(page).encode())
    return True


async def _send(stream: SocketStream, status: int, header: str = "", body: bytes = b"") -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{header}\r\n"
    await stream.send(head.encode() + body)


async def loopback(host: str, port: int) -> Sequence[str]:
    """Every host is this machine."""
    del host, port
    return ("127.0.0.1",)


def fetcher(cases: Sequence[Case], limits: FetchLimits) -> HttpFetcher:
    """The real fetcher, in a world in which every drawn host is this machine."""
    hosts = frozenset(page.host for case in cases for page in case.pages())
    guard = Guard(allow_hosts=hosts, resolver=loopback)
    return HttpFetcher(version="0", contact="bench", guard=guard, limits=limits)


@dataclass(slots=True)
class Search:
    """A provider that names the pages of the next query at each search, after its seconds."""

    case: Case
    port: int
    name: str = "drawn"
    asked: int = 0

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """See the port."""
        del query
        at = self.asked % len(self.case.named)
        self.asked += 1
        await anyio.sleep(self.case.searching[at])
        named = self.case.named[at]
        return tuple(Hit(title=page.title, url=address(page, self.port)) for page in named)[:limit]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Port `Models`: one that takes its second to word one further query, and writes nothing."""

    name: str = "drawn"
    context_tokens: int | None = None

    def current(self, principal: str) -> Rewriting:
        """Itself: there is no other."""
        del principal
        return self

    def write(self, *_: object, **__: object) -> Any:
        """Is not reached."""
        raise AssertionError("nothing is written in this benchmark")

    async def reply(self, *_: object, **__: object) -> dict[str, Any]:
        """One query more, after a second."""
        await anyio.sleep(REWRITING_SECONDS)
        return {"queries": ["a third way to say it"]}


def address(page: Drawn, port: int) -> str:
    return f"http://{page.host}:{port}/"
