"""Shows pages in the system's Chromium, which goes out through the guarded proxy alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, cast
from urllib.parse import urlsplit

import anyio
from anyio.abc import TaskGroup
from anyio.to_thread import run_sync

from codexity.adapters.fetch import group as processes
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.proxy import GuardedProxy, Way
from codexity.errors import Unreadable
from codexity.ports import Fetched

if TYPE_CHECKING:
    from codexity.adapters.fetch.showing import Session

_LOOK_SECONDS: Final = 0.5
_PORTS: Final = {"http": 80, "https": 443}
_NOSCRIPT: Final = re.compile(r"<noscript\b.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLimits:
    """The numbers of the browser. Durations are in seconds.

    `seconds` is for one page, waiting for a turn and a start not counted; `settle_seconds` of them
    for what its scripts fetch. `memory_bytes` holds for all of its processes together.
    """

    pages: int = 4
    seconds: float = 8.0
    settle_seconds: float = 2.5
    start_seconds: float = 15.0
    idle_seconds: float = 300.0
    memory_bytes: int = 1_200_000_000
    max_bytes: int = 5_000_000


class Browser:
    """One browser for the installation, started for the first page, as an async context manager.

    It is ended when it holds too much memory, when it was idle, and with the block; one that
    crashed is replaced for the next page. The guard and then `allowed` are asked before a page is
    gone to, before each redirect of it, and for where it ended; what the page itself fetches goes
    through the guard like it.
    """

    _tasks: TaskGroup

    def __init__(
        self,
        executable: Path,
        *,
        guard: Guard,
        user_agent: str,
        allowed: Callable[[str], Awaitable[None]],
        limits: BrowserLimits | None = None,
    ) -> None:
        self.executable = executable
        self._guard = guard
        self._proxy = GuardedProxy(guard)
        self._user_agent = user_agent
        self._allowed = allowed
        self._limits = limits or BrowserLimits()
        self._turns = anyio.CapacityLimiter(self._limits.pages)
        self._starting = anyio.Lock()
        self._way: Way | None = None
        self._session: Session | None = None
        self._idle_from = 0.0

    @property
    def group(self) -> int | None:
        """The process group of the browser that runs; None where none does."""
        return None if self._session is None else self._session.group

    async def __aenter__(self) -> Self:
        self._tasks = await anyio.create_task_group().__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._end()
        self._tasks.cancel_scope.cancel()
        # The block's own error is none of these tasks': it goes on as it is.
        await self._tasks.__aexit__(None, None, None)

    async def version(self) -> str:
        """The version of the browser, which is started for it.

        Raises:
            Unreadable: it cannot be started; `detail` says why.
        """
        return (await self._running()).version

    async def render(self, url: str) -> Fetched:
        """The page at `url` as its scripts left it, in HTML.

        Raises:
            Unreadable: as a `Fetcher` does; a cancellation closes the page.
        """
        async with self._turns:
            session = await self._running()
            try:
                with anyio.fail_after(self._limits.seconds):
                    shown = await session.show(url, self._judge, self._limits)
            except TimeoutError as error:
                message = f"The page was not shown within {self._limits.seconds:g} seconds."
                raise Unreadable(message, code="timeout") from error
            finally:
                self._idle_from = anyio.current_time() + self._limits.idle_seconds
        html = _NOSCRIPT.sub("", shown.html)
        return Fetched(
            url=shown.url,
            media_type="text/html",
            charset="utf-8",
            body=html.encode("utf-8", "replace"),
        )

    async def _judge(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or parts.hostname is None:
            raise Unreadable("Only http and https addresses are read.", code="not_public")
        await self._guard.addresses(parts.hostname, parts.port or _PORTS[parts.scheme])
        await self._allowed(url)

    async def _running(self) -> Session:
        async with self._starting:
            if self._session is not None and self._session.alive:
                return self._session
            await self._end()
            way = self._way
            if way is None:
                way = self._way = cast("Way", await self._tasks.start(self._proxy.run))
            start = await run_sync(_loaded)
            self._session = session = await start(
                self.executable, way, self._user_agent, self._limits.start_seconds
            )
            self._idle_from = anyio.current_time() + self._limits.idle_seconds
            self._tasks.start_soon(self._watch, session)
            return session

    async def _watch(self, session: Session) -> None:
        while True:
            await anyio.sleep(_LOOK_SECONDS)
            if session.group is not None:
                held = await run_sync(processes.resident, session.group)
                if held > self._limits.memory_bytes:
                    session.kill()
            async with self._starting:
                if self._session is not session:
                    return
                unused = self._turns.borrowed_tokens == 0
                idle = unused and anyio.current_time() > self._idle_from
                if idle or not session.alive:
                    await self._end()
                    return

    async def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with anyio.CancelScope(shield=True):
                await session.end()


def _loaded() -> Callable[[Path, Way, str, float], Awaitable[Session]]:
    # Playwright takes a third of a second to import.
    from codexity.adapters.fetch.showing import start

    return start
