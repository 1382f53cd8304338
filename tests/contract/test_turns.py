"""A site is asked for so many pages at once, and no more."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import anyio
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from servers.local import Asked, LocalServer, Reply

PAGE = Reply(pieces=(b"<!doctype html><p>A page",), media_type="text/html")
PAGES = 10


class Crowd:
    """Holds each page of a site until `go` is set; `peak` is how many it held at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.peak = 0
        self._open = 0
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Reply:
        if asked.headers["host"].startswith("site.test"):
            with self._lock:
                self._open += 1
                self.peak = max(self.peak, self._open)
            self.go.wait(20)
            with self._lock:
                self._open -= 1
        return PAGE


async def resolver(_host: str, _port: int) -> Sequence[str]:
    return ("127.0.0.1",)


@pytest.mark.parametrize(("per_host", "peak"), [(6, 6), (2, 2), (PAGES, PAGES)])
async def test_a_site_is_asked_for_so_many_pages_at_once(per_host: int, peak: int) -> None:
    crowd = Crowd()
    with LocalServer(crowd.answer) as server:
        port = server.url.rpartition(":")[2]
        names = frozenset({f"site.test:{port}", f"other.test:{port}"})
        limits = FetchLimits(total_seconds=20, read_seconds=20, max_per_host=per_host)
        async with (
            HttpFetcher(
                version="1",
                contact="https://example.org",
                guard=Guard(allow_hosts=names, resolver=resolver),
                limits=limits,
            ) as fetcher,
            anyio.create_task_group() as group,
        ):
            try:
                for count in range(PAGES):
                    group.start_soon(fetcher.fetch, f"http://site.test:{port}/{count}")
                assert await anyio.to_thread.run_sync(server.came, peak)
                # Those that wait keep no other site from being read.
                await fetcher.fetch(f"http://other.test:{port}/")
                assert len(server.asked) == peak + 1
            finally:
                crowd.go.set()
    assert len(server.asked) == PAGES + 1
    assert crowd.peak == peak


async def test_who_is_cancelled_gives_up_the_turn() -> None:
    crowd = Crowd()
    with LocalServer(crowd.answer) as server:
        port = server.url.rpartition(":")[2]
        async with HttpFetcher(
            version="1",
            contact="https://example.org",
            guard=Guard(allow_hosts=frozenset({f"site.test:{port}"}), resolver=resolver),
            limits=FetchLimits(total_seconds=20, read_seconds=20, max_per_host=1),
        ) as fetcher:
            try:
                async with anyio.create_task_group() as group:
                    for count in range(3):
                        group.start_soon(fetcher.fetch, f"http://site.test:{port}/{count}")
                    assert await anyio.to_thread.run_sync(server.came, 1)
                    group.cancel_scope.cancel()
            finally:
                crowd.go.set()
            await fetcher.fetch(f"http://site.test:{port}/last")
    assert len(server.asked) == 2
