"""Shows pages in the system's Chromium, which goes out through the guarded proxy alone."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, cast
from urllib.parse import urlsplit

import anyio
from anyio.abc import TaskGroup, TaskStatus
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
_FAILED_SECONDS: Final = 60.0
"""A browser that could not be started is not tried again for so long: each try takes seconds."""


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


class _Opening:
    """A start of the browser, for all who want it meanwhile; a failure holds `until` then."""

    def __init__(self) -> None:
        self.done = anyio.Event()
        self.until = -math.inf
        self.session: Session | None = None
        self.failure = Unreadable("The browser is being closed.", code="needs_javascript")


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
        self._opening: _Opening | None = None
        self._ending = anyio.Lock()
        self._way: Way | None = None
        self._session: Session | None = None
        self._idle_from = 0.0
        self._log = logging.getLogger("codexity.fetch")

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
        self._tasks.cancel_scope.cancel()
        try:
            # The block's own error is none of these tasks': it goes on as it is.
            await self._tasks.__aexit__(None, None, None)
        finally:
            await self._end()

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
        html = _without_noscript(shown.html)
        return Fetched(
            url=shown.url,
            media_type="text/html",
            charset="utf-8",
            body=html.encode("utf-8", "replace"),
        )

    async def _judge(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or parts.hostname is None:
            message = "Only http:// and https:// addresses are read."
            raise Unreadable(message, code="not_public")
        await self._guard.addresses(parts.hostname, parts.port or _PORTS[parts.scheme])
        await self._allowed(url)

    async def _running(self) -> Session:
        """The browser that runs; its start is nobody's in particular, and waiting for it ends."""
        if self._session is not None and self._session.alive:
            return self._session
        opening = self._opening
        if opening is None or (opening.done.is_set() and anyio.current_time() > opening.until):
            opening = self._opening = _Opening()
            self._tasks.start_soon(self._open, opening)
        await opening.done.wait()
        if opening.session is None:
            told = opening.failure
            raise Unreadable(told.message, code=told.code, detail=told.detail)
        return opening.session

    async def _open(self, opening: _Opening) -> None:
        try:
            await self._end()
            self._session = opening.session = await self._started()
            self._idle_from = anyio.current_time() + self._limits.idle_seconds
        except Unreadable as error:
            opening.failure = error
            opening.until = anyio.current_time() + _FAILED_SECONDS
        except Exception as error:  # noqa: BLE001 - who waits is told, and all else goes on
            message = "The page needs a browser, and starting one failed."
            opening.failure = Unreadable(message, code="needs_javascript", detail=repr(error))
            opening.until = anyio.current_time() + _FAILED_SECONDS
        finally:
            opening.done.set()
        if opening.session is not None:
            try:
                await self._watch(opening.session)
            except Exception:  # noqa: BLE001 - the next page begins another one
                self._log.exception("the browser was not watched, and is ended")
                with suppress(Exception):
                    await self._end()

    async def _started(self) -> Session:
        way = self._way
        if way is None:
            way = self._way = cast("Way", await self._tasks.start(self._keep_way))
        start = await run_sync(_loaded)
        return await start(self.executable, way, self._user_agent, self._limits.start_seconds)

    async def _keep_way(self, *, task_status: TaskStatus[Way]) -> None:
        """The way out; when it ends by an error so does the browser, and both are begun anew."""
        try:
            await self._proxy.run(task_status=task_status)
        except Exception:  # noqa: BLE001 - the next page begins another one
            self._log.exception("the proxy of the browser ended")
            self._way = None
            with suppress(Exception):
                await self._end()

    async def _watch(self, session: Session) -> None:
        while self._session is session:
            unused = self._turns.borrowed_tokens == 0
            idle = unused and anyio.current_time() > self._idle_from
            if idle or not session.alive:
                await self._end()
                return
            if session.group is not None:
                held = await run_sync(processes.resident, session.group)
                if held > self._limits.memory_bytes:
                    session.kill()
            await anyio.sleep(_LOOK_SECONDS)

    async def _end(self) -> None:
        """Ends the browser; who comes meanwhile waits, so that there are never two."""
        with anyio.CancelScope(shield=True):
            async with self._ending:
                session, self._session = self._session, None
                if session is not None:
                    await session.end()


def _without_noscript(html: str) -> str:
    """What is for those who run no scripts taken out; by one walk, however often it is opened."""
    kept: list[str] = []
    at = 0
    while (begin := html.find("<noscript", at)) >= 0:
        end = html.find("</noscript>", begin)
        if end < 0:
            break
        kept.append(html[at:begin])
        at = end + len("</noscript>")
    return "".join((*kept, html[at:]))


def _loaded() -> Callable[[Path, Way, str, float], Awaitable[Session]]:
    # Playwright takes a third of a second to import.
    from codexity.adapters.fetch.showing import start

    return start
