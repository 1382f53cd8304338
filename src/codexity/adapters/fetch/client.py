"""One document after its redirects, over a guarded network: what `HttpFetcher` does, unhurried."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncGenerator
from http import HTTPStatus

import anyio
import httpcore2
import httpx2

from codexity.adapters.fetch import media
from codexity.adapters.fetch.cached import CachedTransport
from codexity.adapters.fetch.elsewhere import Elsewhere, elsewhere
from codexity.adapters.fetch.faults import FOREIGN, renamed
from codexity.adapters.fetch.giving_way import GivingWay
from codexity.adapters.fetch.heads import BoundedHeads
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.network import GuardedNetwork, GuardedTransport, too_large
from codexity.adapters.fetch.pages import Pages
from codexity.adapters.fetch.resting import RestingTransport
from codexity.adapters.fetch.robots import MOST_BYTES, Robots, RobotsReply
from codexity.adapters.fetch.turns import TurnsTransport
from codexity.errors import Unreadable
from codexity.ports import Fetched

_CODINGS = frozenset({"", "identity", "gzip", "deflate", "br", "zstd"})
_KEPT_SECONDS = 2.0
"""Long enough for a redirect to the same host, too short for the host to tire of waiting."""
_REDIRECT_BYTES = 16_384
_REDIRECT_SECONDS = 0.2
"""What comes with a redirect is next to nothing, and is there with its head."""
_MOST_COOKIES = 50
"""Of one answer. Source: RFC 6265, section 6.1. Thousands stop the loop for a third of a second."""
_LONGEST_URL = 8_192
_LARGEST_PORT = 65_535


class Client:
    """Fetches documents over connections that it keeps for a moment."""

    def __init__(
        self,
        *,
        user_agent: str,
        network: GuardedNetwork,
        limits: FetchLimits,
        tls: ssl.SSLContext,
        pages: Pages | None = None,
    ) -> None:
        self._limits = limits
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html, application/xhtml+xml, application/pdf;q=0.9,"
            " text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.1",
            "Accept-Language": "en, *;q=0.5",
            "Accept-Encoding": "gzip, deflate, br, zstd",
        }
        giving_way = GivingWay(network)
        giving_way.pool = pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=limits.max_connections,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=BoundedHeads(giving_way),
        )
        resting = RestingTransport(GuardedTransport(pool, max_bytes=limits.max_bytes))
        self._resting = resting
        turns = TurnsTransport(resting, per_host=limits.max_per_host)
        self._transport = CachedTransport(turns, pages, network.guard) if pages else turns
        self._robots = Robots(self._robots_txt) if limits.robots else None

    async def get(self, url: str) -> Fetched:
        """The document behind `url`; each redirect is judged like an address that was asked for.

        So is what a document itself sends its reader to: at once or after some seconds, in which it
        is read where what is behind cannot be, and as the main one of its frames.

        Raises:
            Unreadable: see the port.
        """
        passed: list[tuple[Fetched, Elsewhere]] = []
        try:
            with renamed():
                return await self._followed(url, passed)
        except Unreadable as error:
            shown = next((page for page, onward in reversed(passed) if onward.shows), None)
            if shown is not None:
                return shown
            if any(onward.is_frame for _, onward in passed):
                message = f"The page is made of frames. Of the main one: {error.message}"
                raise Unreadable(message, code=error.code, detail=error.detail) from error
            raise

    async def _followed(self, url: str, passed: list[tuple[Fetched, Elsewhere]]) -> Fetched:
        cookies = httpx2.Cookies()
        target = httpx2.URL(url)
        for _ in range(self._limits.max_redirects + 1):
            fetched, target, onward = await self._hop(_checked(target), cookies)
            if fetched is not None and onward is None:
                return fetched
            if fetched is not None and onward is not None:
                passed.append((fetched, onward))
        message = f"The site redirects more than {self._limits.max_redirects} times."
        raise Unreadable(message, code="unreachable")

    async def _hop(
        self, target: httpx2.URL, cookies: httpx2.Cookies
    ) -> tuple[Fetched | None, httpx2.URL, Elsewhere | None]:
        """What came from an address, the one to go on to, and how the document itself says so."""
        await self._check(target)
        async with self._answer(target, cookies) as response:
            if response.has_redirect_location:
                onward = target.join(response.headers["Location"])
                await _finish(response)
                return None, onward, None
            fetched = await self._document(response)
            found = elsewhere(target, response.headers, fetched.media_type, fetched.body)
            return fetched, target if found is None else found.url, found

    async def check(self, url: str) -> None:
        """Returns where an address may be fetched.

        Raises:
            Unreadable: see the port.
        """
        with renamed():
            target = _checked(httpx2.URL(url))
            self._resting.check(target)
            await self._check(target)

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._transport.aclose()

    async def _check(self, target: httpx2.URL) -> None:
        if self._robots is not None:
            await self._robots.check(str(target))

    @contextlib.asynccontextmanager
    async def _answer(
        self, target: httpx2.URL, cookies: httpx2.Cookies
    ) -> AsyncGenerator[httpx2.Response]:
        limits = self._limits
        timeout = httpx2.Timeout(limits.read_seconds, connect=limits.connect_seconds)
        request = httpx2.Request(
            "GET", target, headers=self._headers, extensions={"timeout": timeout.as_dict()}
        )
        # The cookies live as long as one document: many sites set one and redirect to see it.
        cookies.set_cookie_header(request)
        response = await self._transport.handle_async_request(request)
        try:
            response.request = request
            if len(response.headers.get_list("Set-Cookie")) <= _MOST_COOKIES:
                cookies.extract_cookies(response)
            yield response
        finally:
            await response.aclose()

    async def _robots_txt(self, url: str) -> RobotsReply:
        """Source: RFC 9309, section 2.3.1: at least five redirects, to other hosts too."""
        target = _checked(httpx2.URL(url))
        for _ in range(self._limits.max_redirects + 1):
            async with self._answer(target, httpx2.Cookies()) as response:
                if not response.has_redirect_location:
                    body = bytearray()
                    if response.is_success:
                        _check_coding(response)
                        async with contextlib.aclosing(response.aiter_bytes()) as pieces:
                            async for piece in pieces:
                                body += piece
                                if len(body) >= MOST_BYTES:
                                    break
                    return RobotsReply(status=response.status_code, body=bytes(body[:MOST_BYTES]))
                target = _checked(target.join(response.headers["Location"]))
                await _finish(response)
        return RobotsReply(status=HTTPStatus.NOT_FOUND, body=b"")

    async def _document(self, response: httpx2.Response) -> Fetched:
        if response.headers.get("cf-mitigated", "").lower() == "challenge":
            # Source: Cloudflare, "Detect a Challenge Page response".
            message = "The site wants to see a person first (a CAPTCHA or a wall against bots)."
            raise Unreadable(message, code="captcha")
        if not response.is_success:
            raise Unreadable(f"The site answered {_status(response)}.", code="http_status")
        media_type, charset = media.declared(response.headers.get("Content-Type", ""))
        media.check_declared(media_type)
        body = await self._body(response, media_type)
        if not body.strip():
            raise Unreadable("The site answered with an empty page.", code="empty")
        return Fetched(
            url=str(response.url.copy_with(fragment=None)),
            media_type=media.judged(media_type, response.url.path, body),
            charset=charset,
            body=body,
            via="cache" if "cached" in response.extensions else "http",
        )

    async def _body(self, response: httpx2.Response, media_type: str) -> bytes:
        _check_coding(response)
        length = response.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:18]) > self._limits.max_bytes:
            raise too_large(self._limits.max_bytes)
        body = bytearray()
        async with contextlib.aclosing(response.aiter_bytes()) as pieces:
            async for piece in pieces:
                body += piece
                media.check_beginning(media_type, body)
                if len(body) > self._limits.max_bytes:
                    raise too_large(self._limits.max_bytes)
        return bytes(body)


async def _finish(redirect: httpx2.Response) -> None:
    """Takes the little that comes with a redirect: its connection then serves the next request."""
    taken = 0
    with anyio.move_on_after(_REDIRECT_SECONDS), contextlib.suppress(Unreadable, *FOREIGN):
        async with contextlib.aclosing(redirect.aiter_raw()) as pieces:
            async for piece in pieces:
                taken += len(piece)
                if taken > _REDIRECT_BYTES:
                    break


def _checked(url: httpx2.URL) -> httpx2.URL:
    if url.scheme not in {"http", "https"}:
        raise httpx2.UnsupportedProtocol(url.scheme)
    if not url.host or len(str(url)) > _LONGEST_URL:
        raise httpx2.InvalidURL("no host, or too long")
    if url.port is not None and not 0 < url.port <= _LARGEST_PORT:
        # The library takes -1 for a port, and goes to 80 for 0.
        raise httpx2.InvalidURL("no such port")
    if url.userinfo:
        message = "The address holds a user name or a password: it is not a public page."
        raise Unreadable(message, code="not_public")
    return url


def _check_coding(response: httpx2.Response) -> None:
    """Refuses what is packed in a way that is not known, or more than once.

    A kilobyte that is packed twice can unpack to a gigabyte that unpacks to nothing: the library
    says nothing until it has been through it, and that would stop the loop for a minute.
    """
    said = response.headers.get("Content-Encoding", "").lower()
    codings = [one.strip() for one in said.split(",")]
    if not _CODINGS.issuperset(codings):
        message = "The document is packed in a way that cannot be unpacked."
    elif len([one for one in codings if one not in {"", "identity"}]) > 1:
        message = "The document is packed more than once."
    else:
        return
    raise Unreadable(message, code="bad_content", detail=f"Content-Encoding: {said[:200]}")


def _status(response: httpx2.Response) -> str:
    try:
        return f"{response.status_code} ({HTTPStatus(response.status_code).phrase})"
    except ValueError:
        return str(response.status_code)
