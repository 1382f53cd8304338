"""A real browser behind the guarded proxy, for which one name leads to a local server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from codexity.adapters.fetch import chromium, group
from codexity.adapters.fetch.browser import Browser, BrowserLimits
from codexity.adapters.fetch.guard import Guard
from codexity.errors import Unreadable
from servers.local import LocalServer
from servers.shell import shell

PATIENT = BrowserLimits(seconds=30)


@dataclass(kw_only=True)
class Rig:
    """A browser for which one name leads to the local server."""

    browser: Browser
    server: LocalServer

    def url(self, path: str = "/") -> str:
        return f"http://site.test:{self.server.url.rpartition(':')[2]}{path}"

    async def text(self, path: str = "/") -> str:
        return (await self.browser.render(self.url(path))).body.decode()

    async def processes(self) -> frozenset[int]:
        return await run_sync(group.members, self.group)

    @property
    def group(self) -> int:
        assert self.browser.group is not None
        return self.browser.group


@asynccontextmanager
async def rigged(limits: BrowserLimits = PATIENT) -> AsyncGenerator[Rig]:
    found = await run_sync(chromium.find)
    assert found is not None, "these tests need Chromium"

    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    async def allowed(url: str) -> None:
        if url.endswith("/private"):
            raise Unreadable("No.", code="robots")

    with LocalServer(shell) as server:
        port = server.url.rpartition(":")[2]
        guard = Guard(allow_hosts=frozenset({f"site.test:{port}"}), resolver=resolver)
        async with Browser(
            found, guard=guard, user_agent="Codexity/9", allowed=allowed, limits=limits
        ) as browser:
            yield Rig(browser=browser, server=server)


def states(pids: frozenset[int]) -> list[str]:
    """The state letters of those of the processes that are still there, zombies among them."""
    found: list[str] = []
    for pid in pids:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        found.append(stat.rpartition(")")[2].split()[0])
    return found


async def none_left(pids: frozenset[int]) -> bool:
    with anyio.move_on_after(10):
        while await run_sync(states, pids):
            await anyio.sleep(0.02)
        return True
    return False
