"""HTTP answers that are used again, as RFC 9111 allows it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from email.utils import formatdate, mktime_tz, parsedate_tz
from http import HTTPStatus
from typing import Final, cast
from uuid import UUID

import anyio
import hishel
import httpx2

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.pages import KeptPage, Pages

_OPTIONS: Final = hishel.CacheOptions(shared=True, supported_methods=["GET"])
"""A cache of many readers: what is private to one is never kept."""
_ONE: Final = UUID(int=1)
_KEPT: Final = {200, 301, 302, 307, 308}
_GONE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_LAST_SECOND: Final = 253_402_300_799
"""Of the year 9999, which is the last that a date in a header can name."""
_PORTS: Final = {"http": 80, "https": 443}


class CachedTransport(httpx2.AsyncBaseTransport):
    """`transport`, whose answers are kept in `pages` and used again or asked about.

    An answer from there has the extension `cached`, and is given only where the guard would let
    its host be reached. What was asked with cookies, and robots.txt, is passed by.
    """

    def __init__(
        self,
        transport: httpx2.AsyncBaseTransport,
        pages: Pages,
        guard: Guard,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._pages = pages
        self._guard = guard
        self._now = now

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, kept or sent; raises as the transport and the guard do."""
        if (
            request.method != "GET"
            or "Cookie" in request.headers
            or request.url.path == "/robots.txt"
        ):
            return await self._transport.handle_async_request(request)
        asked = Asked(
            request=request,
            url=str(request.url.copy_with(fragment=None)),
            headers=_lists(request.headers),
        )
        kept = await self._pages.get(asked.url)
        entry = None if kept is None else asked.entry(kept)
        if kept is None or entry is None:
            return await self._sent(asked)
        match hishel.IdleClient(_OPTIONS).next(asked.spelled, [entry]):
            case hishel.FromCache():
                return await self._from(kept, request)
            case hishel.NeedRevalidation() as doubt:
                return await self._asked_again(asked, kept, doubt)
            case _:
                return await self._sent(asked)

    async def aclose(self) -> None:
        """Closes the transport."""
        await self._transport.aclose()

    async def _from(self, kept: KeptPage, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        await self._guard.addresses(url.raw_host.decode(), url.port or _PORTS[url.scheme])
        return _answer(kept)

    async def _asked_again(
        self, asked: Asked, kept: KeptPage, doubt: hishel.NeedRevalidation
    ) -> httpx2.Response:
        conditions = {
            name: doubt.request.headers[name]
            for name in ("If-None-Match", "If-Modified-Since")
            if name in doubt.request.headers
        }
        answer = await self._transport.handle_async_request(asked.again(conditions))
        if answer.status_code != HTTPStatus.NOT_MODIFIED:
            async with _closed_on_failure(answer):
                if answer.status_code < 400 or answer.status_code in _GONE:
                    await self._pages.drop(kept.url)
                return await self._keeping(asked, answer)
        await answer.aclose()
        said = hishel.Response(answer.status_code, hishel.Headers(self._dated(answer.headers)))
        match doubt.next(said):
            case hishel.NeedToBeUpdated(updating_entries=[fresh, *_]):
                headers = _only_lists(fresh.response.headers)
                await self._pages.renew(kept.url, headers)
                return _answer(kept)
            case _:
                # It says that another page than the one that is kept has not changed.
                await self._pages.drop(kept.url)
                return await self._sent(asked)

    async def _sent(self, asked: Asked) -> httpx2.Response:
        answer = await self._transport.handle_async_request(asked.request)
        async with _closed_on_failure(answer):
            return await self._keeping(asked, answer)

    async def _keeping(self, asked: Asked, answer: httpx2.Response) -> httpx2.Response:
        """The answer, which is kept once it was read to its end, where it may be."""
        page = self.judged(asked, answer)
        if page is None:
            return answer
        if answer.has_redirect_location:
            # What comes with a redirect is not read.
            await self._pages.put(page)
        else:
            answer.stream = _Kept(cast("httpx2.AsyncByteStream", answer.stream), page, self._pages)
        return answer

    def judged(self, asked: Asked, answer: httpx2.Response) -> KeptPage | None:
        """What may be kept of the answer, without its body; None where nothing may."""
        headers = self._dated(answer.headers)
        if answer.status_code not in _KEPT or not _is_of_use(headers):
            return None
        if answer.has_redirect_location and "Set-Cookie" in answer.headers:
            # Kept without its cookie, it would lead back to itself.
            return None
        miss = hishel.CacheMiss(request=asked.spelled, options=_OPTIONS)
        state = miss.next(hishel.Response(answer.status_code, hishel.Headers(headers)))
        if not isinstance(state, hishel.StoreAndUse):
            return None
        fields = _only_lists(state.response.headers)
        if answer.has_redirect_location:
            fields.pop("content-length", None)
        return KeptPage(
            url=asked.url,
            asked=asked.headers,
            status=answer.status_code,
            headers=fields,
            body=b"",
        )

    def _dated(self, headers: httpx2.Headers) -> dict[str, list[str]]:
        """The headers with the answer's age put into its `Date`, which `Expires` is moved with.

        Source: RFC 9111, section 4.2.3. The state machine reckons ages by `Date` alone; without one
        an answer would stay young for ever, and with one in the future for too long.
        """
        lists = _lists(headers)
        now = self._now()
        age = headers.get("Age", "0")
        old = int(age[:9]) if age.isascii() and age.isdigit() else 0
        said = _seconds(headers.get("Date", ""))
        date = now - max(old, now - (now if said is None else said), 0)
        expires = _seconds(headers.get("Expires", ""))
        if expires is not None and said is not None:
            lists["expires"] = [_date(expires + date - said)]
        lists["date"] = [_date(date)]
        lists.pop("age", None)
        lists.pop("set-cookie", None)
        return lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, and how it is spelled for the state machine."""

    request: httpx2.Request
    url: str
    headers: dict[str, list[str]]

    @property
    def spelled(self) -> hishel.Request:
        """The same for the state machine."""
        return hishel.Request("GET", self.url, hishel.Headers(self.headers))

    def entry(self, kept: KeptPage) -> hishel.Entry | None:
        """What is kept, where it is an answer to this request. Source: RFC 9111, section 4.1."""
        named = ",".join(kept.headers.get("vary", [])).lower().split(",")
        fields = [name.strip() for name in named if name.strip()]
        if any(name == "*" or self.headers.get(name) != kept.asked.get(name) for name in fields):
            return None
        return hishel.Entry(
            _ONE,
            hishel.Request("GET", kept.url, hishel.Headers(kept.asked)),
            hishel.Response(kept.status, hishel.Headers(kept.headers)),
        )

    def again(self, conditions: dict[str, str]) -> httpx2.Request:
        """The same request, on conditions."""
        return httpx2.Request(
            "GET",
            self.request.url,
            headers=[*self.request.headers.raw, *map(_raw, conditions.items())],
            extensions=self.request.extensions,
        )


class _Kept(httpx2.AsyncByteStream):
    """A body that is kept when its end has come, and not when it was cut off or given up."""

    def __init__(self, stream: httpx2.AsyncByteStream, page: KeptPage, pages: Pages) -> None:
        self._stream = stream
        self._page = page
        self._pages = pages

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        body = bytearray()
        whole = cast("AsyncGenerator[bytes]", aiter(self._stream))
        async with contextlib.aclosing(whole) as pieces:
            async for piece in pieces:
                body += piece
                yield piece
        if self._pages.fits(len(body)):
            await self._pages.put(replace(self._page, body=bytes(body)))

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextlib.asynccontextmanager
async def _closed_on_failure(answer: httpx2.Response) -> AsyncGenerator[None]:
    """An answer that is not handed on, as when its reader is cancelled, gives its connection up."""
    try:
        yield
    except BaseException:
        with anyio.CancelScope(shield=True):
            await answer.aclose()
        raise


def _answer(kept: KeptPage) -> httpx2.Response:
    pairs = [_raw((name, value)) for name, values in kept.headers.items() for value in values]
    return httpx2.Response(
        kept.status,
        headers=pairs,
        stream=httpx2.ByteStream(kept.body),
        extensions={"cached": True},
    )


def _is_of_use(headers: dict[str, list[str]]) -> bool:
    """Whether it could ever be used again: it says how long it holds, or how to ask about it."""
    control = ",".join(headers.get("cache-control", [])).lower()
    return (
        "max-age" in control
        or "s-maxage" in control
        or not headers.keys().isdisjoint({"etag", "last-modified", "expires"})
    )


def _lists(headers: httpx2.Headers) -> dict[str, list[str]]:
    """The headers as they came, each byte a character: what they are encoded in nobody knows."""
    lists: dict[str, list[str]] = {}
    for name, value in headers.raw:
        lists.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return lists


def _raw(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    name, value = pair
    return name.encode("latin-1", "replace"), value.encode("latin-1", "replace")


def _only_lists(headers: hishel.Headers) -> dict[str, list[str]]:
    return {name.lower(): headers.get_list(name) or [] for name in headers}


def _date(seconds: float) -> str:
    return formatdate(min(max(seconds, 0), _LAST_SECOND), usegmt=True)


def _seconds(date: str) -> float | None:
    with contextlib.suppress(ValueError, OverflowError, TypeError):
        parsed = parsedate_tz(date)
        return None if parsed is None else float(mktime_tz(parsed))
    return None
