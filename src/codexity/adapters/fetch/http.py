"""Brings public documents here over HTTP, within deadlines and caps."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import anyio
import anyio.to_thread

from codexity.adapters.authorities import trusting
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.pages import Pages
from codexity.adapters.tls import fault_of
from codexity.errors import Unreadable
from codexity.ports import Fetched

if TYPE_CHECKING:
    from codexity.adapters.fetch.client import Client
    from codexity.adapters.fetch.network import OpenTcp


class HttpFetcher:
    """The `Fetcher` of the open web, as an async context manager.

    Proxies and credentials that the environment names are not used. The HTTP library is loaded at
    the first fetch. `version` and `contact` (an address where a site's owner
    reads what Codexity is) make the honest user agent; `tls` makes the context that connections
    are checked with.
    """

    def __init__(
        self,
        *,
        version: str,
        contact: str,
        guard: Guard,
        limits: FetchLimits | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self.user_agent = f"Codexity/{version} (+{contact})"
        self.guard = guard
        self._limits = limits or FetchLimits()
        self._tls = tls
        self._unused_proxy: Callable[[str], str] = lambda _url: ""
        self._pages: Pages | None = None
        self._open_tcp: OpenTcp | None = None
        self._client: Client | None = None
        self._loading = anyio.Lock()

    def keeping(self, pages: Pages) -> Self:
        """The same fetcher, which from its first fetch on keeps what it may, and uses it again."""
        self._pages = pages
        return self

    def naming(self, unused_proxy: Callable[[str], str]) -> Self:
        """The same fetcher, which says of what it cannot reach that a proxy was not used.

        `unused_proxy` names the variable by which other programs would use one; empty for none.
        """
        self._unused_proxy = unused_proxy
        return self

    def opening(self, open_tcp: OpenTcp) -> Self:
        """The same fetcher, whose connections to judged addresses are opened by `open_tcp`."""
        self._open_tcp = open_tcp
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes every connection; a later fetch opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            with anyio.CancelScope(shield=True):
                await client.aclose()

    async def fetch(self, url: str) -> Fetched:
        """See the port. A cancellation closes the connection at once."""
        seconds = self._limits.total_seconds
        try:
            with anyio.fail_after(seconds):
                client = await self._loaded()
                return await client.get(url)
        except TimeoutError as error:
            message = f"The page did not answer within {seconds:g} seconds."
            raise self._straight(url, Unreadable(message, code="timeout")) from error
        except Unreadable as error:
            told = self._straight(url, error)
            if told is error:
                raise
            raise told from error

    async def check(self, url: str) -> None:
        """Returns where the site's robots.txt lets the address be read, when that is asked for.

        Raises:
            Unreadable: `robots`, `http_status` while the site wants to be left alone, or
                `not_public` where it is no public web address.
        """
        client = await self._loaded()
        await client.check(url)

    def _straight(self, url: str, error: Unreadable) -> Unreadable:
        """The error, which says that a proxy was not used where that may be all that is wrong."""
        variable = self._unused_proxy(url)
        is_of_the_way = error.code in {"unreachable", "timeout"} and fault_of(error) is None
        if not variable or not is_of_the_way:
            return error
        message = f"{error.message} {variable} is set, but pages are not read through a proxy."
        return Unreadable(message, code=error.code, detail=error.detail)

    async def _loaded(self) -> Client:
        async with self._loading:
            if self._client is None:
                self._client = await anyio.to_thread.run_sync(self._load)
            return self._client

    def _load(self) -> Client:
        from codexity.adapters.fetch.client import Client
        from codexity.adapters.fetch.network import GuardedNetwork

        tls = trusting() if self._tls is None else self._tls()
        return Client(
            user_agent=self.user_agent,
            network=GuardedNetwork(self.guard, open_tcp=self._open_tcp),
            limits=self._limits,
            tls=tls,
            pages=self._pages,
        )
