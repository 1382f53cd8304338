"""What tests of the page cache share: a fetcher that keeps pages, and the server that it reads."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.pages import KeptPage, Pages
from codexity.ports import Fetched
from servers.local import LocalServer, Reply

BODY = b"<!doctype html><title>A page</title><p>Hello</p>"
OTHER = b"<!doctype html><title>A page</title><p>Changed</p>"
HTML = "text/html; charset=utf-8"
LONG = ("Cache-Control", "max-age=3600")
TAGGED = (("ETag", '"1"'), ("Cache-Control", "no-cache"))


def page(*headers: tuple[str, str], body: bytes = BODY, status: int = 200) -> Reply:
    return Reply(pieces=(body,), media_type=HTML, headers=headers, status=status)


@dataclass(kw_only=True)
class Rig:
    """A fetcher that keeps pages of a local server; `agent` and `hosts` are what another has."""

    server: LocalServer
    file: Path
    looked_up: list[str] = field(default_factory=list[str])
    most_bytes: int = 1_000_000
    late: float = 0

    @property
    def pages(self) -> Pages:
        return Pages(
            self.file,
            most_bytes=self.most_bytes,
            most_seconds=86_400,
            now=lambda: time.time() + self.late,
        )

    async def read(
        self, path: str = "/", *, contact: str = "me", allowed: bool = True, robots: bool = False
    ) -> Fetched:
        """One fetch by a fetcher of its own, as another process would make it."""
        port = self.server.url.rpartition(":")[2]

        async def resolver(host: str, _port: int) -> Sequence[str]:
            self.looked_up.append(host)
            return ("127.0.0.1",)

        hosts = frozenset({f"site.test:{port}"}) if allowed else frozenset[str]()
        async with HttpFetcher(
            version="1",
            contact=contact,
            guard=Guard(allow_hosts=hosts, resolver=resolver),
            limits=FetchLimits(total_seconds=10, robots=robots),
        ).keeping(self.pages) as fetcher:
            return await fetcher.fetch(f"http://site.test:{port}{path}")

    async def vias(self, path: str = "/", times: int = 2) -> list[str]:
        return [(await self.read(path)).via for _ in range(times)]


def kept(url: str, body: bytes = BODY) -> KeptPage:
    return KeptPage(url=url, asked={}, status=200, headers={"date": ["x"]}, body=body)
