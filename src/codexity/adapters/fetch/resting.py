"""Hosts that asked to be left alone for a while, and are."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import anyio
import httpx2

from codexity.adapters.asked_to_wait import retry_after
from codexity.errors import Unreadable
from codexity.text import counted

_ASKING: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_USUAL_SECONDS: Final = 5.0
"""For a 429 that does not say how long."""
_MOST_SECONDS: Final = 600.0
_MOST_HOSTS: Final = 1_000


class RestingTransport(httpx2.AsyncBaseTransport):
    """`transport`, which asks no host before the time that it named with a 429 or a 503.

    Ten minutes at most. A robots.txt counts only where it names a time: without one a 429 for it
    forbids nothing. Source: RFC 9110, section 10.2.3; RFC 9309, section 2.3.1.3.
    """

    def __init__(
        self,
        transport: httpx2.AsyncBaseTransport,
        *,
        now: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._transport = transport
        self._now = now
        self._until: OrderedDict[bytes, tuple[float, int]] = OrderedDict()

    def check(self, url: httpx2.URL) -> None:
        """Returns where the host of the address may be asked now.

        Raises:
            Unreadable: `http_status`, with how long not.
        """
        until, status = self._until.get(url.netloc, (-math.inf, 0))
        left = until - self._now()
        if left <= 0:
            self._until.pop(url.netloc, None)
            return
        raise Unreadable(
            f"The site answered {status}, and is left alone for"
            f" {counted(math.ceil(left), 'more second')}.",
            code="http_status",
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer; raises as the transport and `check` do."""
        self.check(request.url)
        answer = await self._transport.handle_async_request(request)
        if answer.status_code in _ASKING:
            seconds = retry_after(answer.headers)
            is_page = request.url.path != "/robots.txt"
            if seconds is None and is_page and answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                seconds = _USUAL_SECONDS
            if seconds:
                self._rest(request.url, min(seconds, _MOST_SECONDS), answer.status_code)
        return answer

    async def aclose(self) -> None:
        """Closes the transport."""
        await self._transport.aclose()

    def _rest(self, url: httpx2.URL, seconds: float, status: int) -> None:
        before, _ = self._until.pop(url.netloc, (-math.inf, 0))
        self._until[url.netloc] = (max(before, self._now() + seconds), status)
        while len(self._until) > _MOST_HOSTS:
            self._until.popitem(last=False)
