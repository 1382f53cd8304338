"""One running Chromium, driven by Playwright: started, shown pages with, ended without remains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

import anyio
from anyio.to_thread import run_sync
from playwright.async_api import Browser, BrowserContext, Error, Page, Route, async_playwright
from playwright.async_api import Playwright as Driver
from playwright.async_api import TimeoutError as TooSlow

from codexity.adapters.fetch import group as processes
from codexity.adapters.fetch.chromium import launching
from codexity.adapters.fetch.hops import Allowed, Hops
from codexity.adapters.fetch.network import too_large
from codexity.adapters.fetch.proxy import Way
from codexity.errors import Unreadable

_BLOCKED: Final = frozenset({"image", "media", "font", "texttrack", "manifest", "ping"})
_WEB: Final = ("http://", "https://")
_CLOSE_SECONDS: Final = 3.0
_GONE_SECONDS: Final = 3.0
_REASON: Final = re.compile(r"net::(ERR_\w+)")


class Patience(Protocol):
    """What bounds the showing of one page."""

    @property
    def seconds(self) -> float:
        """For all of it."""
        ...

    @property
    def settle_seconds(self) -> float:
        """For what its scripts fetch."""
        ...

    @property
    def max_bytes(self) -> int:
        """The most that its HTML may have."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page as its scripts left it, and where it ended."""

    url: str
    html: str


async def start(executable: Path, way: Way, user_agent: str, seconds: float) -> Session:
    """A browser that runs, whose one way out is `way`; the caller owes it an `end`.

    Raises:
        Unreadable: it does not start.
    """
    manager = async_playwright()
    try:
        with anyio.fail_after(seconds, shield=True):
            driver = await manager.start()
    except (Error, OSError, TimeoutError) as error:
        with anyio.move_on_after(_CLOSE_SECONDS, shield=True), suppress(Exception):
            await manager.__aexit__()
        raise _not_started(error) from error
    try:
        options = launching(executable, way, seconds=seconds)
        # Shielded: cancelled in the middle of it, nobody would own the processes.
        with anyio.fail_after(seconds + _CLOSE_SECONDS, shield=True):
            browser = await driver.chromium.launch(**options)
            return Session(driver, browser, await _group(browser), user_agent, way)
    except (Error, OSError, TimeoutError) as error:
        await _stopped(driver)
        raise _not_started(error) from error


class Session:
    """One browser from its start to its end."""

    def __init__(
        self, driver: Driver, browser: Browser, group: int | None, user_agent: str, way: Way
    ) -> None:
        self.group = group
        self.version = browser.version
        self._driver = driver
        self._browser = browser
        self._way = way
        self._lost = False
        self._user_agent = (
            f"Mozilla/5.0 (compatible; {user_agent}) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{self.version.partition('.')[0]}.0.0.0 Safari/537.36"
        )
        # What a killed browser leaves behind are processes that nobody else would end.
        browser.on("disconnected", lambda _: self.kill())

    @property
    def alive(self) -> bool:
        """Whether it can show pages."""
        return not self._lost and self._browser.is_connected()

    def kill(self) -> None:
        """Ends all of its processes at once."""
        if self.group is not None:
            processes.kill(self.group)

    async def end(self) -> None:
        """Closes the browser, and returns when none of its processes is left."""
        with anyio.move_on_after(_CLOSE_SECONDS), suppress(Error):
            await self._browser.close()
        self.kill()
        if self.group is not None:
            with anyio.move_on_after(_GONE_SECONDS):
                await _gone(self.group)
        self.group = None
        await _stopped(self._driver)

    async def show(self, url: str, allowed: Allowed, patience: Patience) -> Shown:
        """A page, in a context of its own that is closed behind it.

        Raises:
            Unreadable: it cannot be shown, or may not.
        """
        try:
            context = await self._context()
            try:
                return await _Showing(context, Hops(allowed, self._way), patience).show(
                    url, allowed
                )
            finally:
                await self._close(context)
        except TooSlow as error:
            message = f"The page was not shown within {patience.seconds:g} seconds."
            raise Unreadable(message, code="timeout", detail=_first_line(error)) from error
        except Error as error:
            raise _unreadable(error) from error

    async def _context(self) -> BrowserContext:
        try:
            # Shielded: cancelled in the middle of it, nobody would close the context.
            with anyio.fail_after(_CLOSE_SECONDS, shield=True):
                return await self._browser.new_context(
                    user_agent=self._user_agent,
                    accept_downloads=False,
                    service_workers="block",
                    locale="en",
                )
        except (Error, TimeoutError) as error:
            # It shows nothing more, though it may be connected: the next page has another.
            self._lost = True
            self.kill()
            message = "The browser gave the page up: it had crashed."
            raise Unreadable(message, code="bad_content", detail=str(error)[:300]) from error

    async def _close(self, context: BrowserContext) -> None:
        closed = False
        with anyio.CancelScope(shield=True), suppress(Error):
            with anyio.move_on_after(_CLOSE_SECONDS):
                await context.close()
                closed = True
        if not closed:
            self.kill()


class _Showing:
    """One page on its way through one context."""

    def __init__(self, context: BrowserContext, hops: Hops, patience: Patience) -> None:
        self._context = context
        self._hops = hops
        self._patience = patience
        self._page: Page | None = None

    async def show(self, url: str, allowed: Allowed) -> Shown:
        """Goes there, waits until its scripts are done, and reads it where it ended."""
        await self._context.route("**/*", self._sift)
        self._page = page = await self._context.new_page()
        self._context.on("page", self._popped)
        await self._hops.watch(page)
        try:
            answer = await page.goto(
                url, wait_until="domcontentloaded", timeout=self._patience.seconds * 1e3
            )
            if answer is not None and answer.status >= 400:
                message = f"The site answered {answer.status} to the browser."
                raise Unreadable(message, code="http_status")
            with suppress(TooSlow):
                settle = self._patience.settle_seconds * 1e3
                await page.wait_for_load_state("networkidle", timeout=settle)
            html = await self._hops.html(self._patience.max_bytes + 1)
        except Error:
            if self._hops.refusal is not None:
                raise self._hops.refusal from None
            raise
        if self._hops.refusal is not None:
            raise self._hops.refusal
        if len(html) > self._patience.max_bytes:
            raise too_large(self._patience.max_bytes)
        await allowed(page.url)
        return Shown(url=page.url.partition("#")[0], html=html)

    async def _sift(self, route: Route) -> None:
        """Lets a request go, or not; what goes is judged by the proxy."""
        with suppress(Error):
            request = route.request
            # What opens in a window of its own is shown to nobody.
            elsewhere = request.is_navigation_request() and request.frame.page is not self._page
            web = request.url.startswith(_WEB)
            if elsewhere or not web or request.resource_type in _BLOCKED:
                await route.abort()
            else:
                await route.continue_()

    async def _popped(self, page: Page) -> None:
        with suppress(Error):
            await page.close()


async def _group(browser: Browser) -> int | None:
    """The process group of the browser, which Playwright makes for it."""
    session = await browser.new_browser_cdp_session()
    told = cast("Mapping[str, Any]", await session.send("SystemInfo.getProcessInfo"))  # pyright: ignore[reportUnknownMemberType] -- Playwright's
    await session.detach()
    for one in told["processInfo"]:
        if one["type"] == "browser":
            return processes.own_group(int(one["id"]))
    return None


async def _gone(group: int) -> None:
    while await run_sync(processes.members, group):  # noqa: ASYNC110 -- the system tells no event
        await anyio.sleep(0.01)


async def _stopped(driver: Driver) -> None:
    with anyio.move_on_after(_CLOSE_SECONDS), suppress(Error):
        await driver.stop()


def _not_started(error: Exception) -> Unreadable:
    message = "The page needs a browser, and none could be started here."
    return Unreadable(message, code="needs_javascript", detail=_said(error))


def _said(error: Exception) -> str:
    """What the browser said, without Playwright's account of how it was started."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line.partition("][err] ")[2] for line in lines if "][err] " in line]
    return " ".join((told or lines or [type(error).__name__])[:3])[:500]


def _first_line(error: Error) -> str:
    return error.message.partition("\n")[0][:300]


def _unreadable(error: Error) -> Unreadable:
    reason = _REASON.search(error.message)
    detail = _first_line(error)
    if reason is not None:
        message = "The browser could not go to the page."
        return Unreadable(message, code="unreachable", detail=detail)
    message = "The browser gave the page up: it crashed, or was too large."
    return Unreadable(message, code="bad_content", detail=detail)
