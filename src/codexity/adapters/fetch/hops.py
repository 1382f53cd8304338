"""What a page in the browser goes to, its redirects included, judged before it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final, cast

from playwright.async_api import CDPSession, Error, Page

from codexity.adapters.fetch.proxy import Way
from codexity.errors import Unreadable

Allowed = Callable[[str], Awaitable[None]]
"""Returns where an address may be shown; raises `Unreadable` where not."""

_DOCUMENTS: Final = {"urlPattern": "*", "resourceType": "Document"}


class Hops:
    """Has `allowed` asked for each address that one page goes to, before the address is.

    What it refused stays undone, and is in `refusal`. Playwright's routes see no redirect, so
    Chromium itself is asked to hold them. Who holds requests is asked for the proxy's password
    too: `way` has it. Source: the Chrome DevTools Protocol, domain "Fetch".
    """

    _session: CDPSession
    _frame: str

    def __init__(self, allowed: Allowed, way: Way) -> None:
        self.refusal: Unreadable | None = None
        self._allowed = allowed
        self._way = way

    async def watch(self, page: Page) -> None:
        """Begins, for a page that has gone nowhere yet; its context's end is the end."""
        self._session = session = await page.context.new_cdp_session(page)
        self._frame = (await self._send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        session.on("Fetch.requestPaused", self._judge)
        session.on("Fetch.authRequired", self._authorise)
        await self._send("Fetch.enable", patterns=[_DOCUMENTS], handleAuthRequests=True)

    async def html(self, most_chars: int) -> str:
        """The page's HTML as it stands, of which no more is brought here.

        It is read where the page's scripts can change nothing.
        """
        world = await self._send("Page.createIsolatedWorld", frameId=self._frame)
        told = await self._send(
            "Runtime.evaluate",
            expression=f"document.documentElement?.outerHTML.slice(0, {most_chars}) ?? ''",
            contextId=world["executionContextId"],
            returnByValue=True,
        )
        if not isinstance(html := told["result"].get("value"), str):
            raise Unreadable("The browser could not tell what the page holds.", code="bad_content")
        return html

    async def _judge(self, paused: Mapping[str, Any]) -> None:
        request = paused["requestId"]
        refusal = None
        if paused["frameId"] == self._frame:
            try:
                await self._allowed(paused["request"]["url"])
            except Unreadable as error:
                refusal = self.refusal = error
            except Exception as error:  # noqa: BLE001 - unanswered, the request would hang
                message = "The browser could not go to the page."
                detail = f"{type(error).__name__}: {error}"
                refusal = self.refusal = Unreadable(message, code="unreachable", detail=detail)
        with suppress(Error):
            if refusal is None:
                await self._send("Fetch.continueRequest", requestId=request)
            else:
                reason = "BlockedByClient"
                await self._send("Fetch.failRequest", requestId=request, errorReason=reason)

    async def _authorise(self, asked: Mapping[str, Any]) -> None:
        answer = {"response": "CancelAuth"}
        if asked["authChallenge"]["source"] == "Proxy":
            password = {"username": self._way.user, "password": self._way.password}
            answer = {"response": "ProvideCredentials", **password}
        request = asked["requestId"]
        with suppress(Error):
            await self._send(
                "Fetch.continueWithAuth", requestId=request, authChallengeResponse=answer
            )

    async def _send(self, method: str, **given: object) -> Mapping[str, Any]:
        told: object = await self._session.send(method, given)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- Playwright's
        return cast("Mapping[str, Any]", told)
