"""Brave's index of the web, through its Search API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import httpx2

from codexity.adapters.search.asking import Asking, Service, retry_after
from codexity.adapters.search.hits import bounded, rows, unmarked, usable
from codexity.errors import ProviderError, SearchCode
from codexity.model import Hit, Query

URL = "https://api.search.brave.com"
"""Where Brave answers programs."""

_PER_PAGE = 20
_MOST_PAGES = 10
_CHARS, _WORDS = 400, 50


class Brave:
    """Brave at `base_url`, asked with `api_key` through `client`, which its owner closes.

    Its filter of sites is the operator `site:`, which it calls experimental. Longer questions than
    its 400 characters and 50 words are cut.

    Source: Brave Search API, "Web Search: Query Parameters", "Response Headers", "Responses".
    """

    name = "brave"

    def __init__(
        self,
        api_key: str,
        client: httpx2.AsyncClient,
        *,
        base_url: str = URL,
        timeout_seconds: float = 6.0,
    ) -> None:
        url = f"{base_url.rstrip('/')}/res/v1/web/search"
        service = replace(Service.with_key("Brave", url, api_key), wait=_wait, means=_means)
        self._asking = Asking(service, client, timeout_seconds=timeout_seconds)
        self._headers = {"X-Subscription-Token": api_key}

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits, in Brave's order; a page has 20, and is one request.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`.
        """
        text = bounded(query, chars=_CHARS, words=_WORDS)
        found: list[Hit] = []
        for page in range(min(_MOST_PAGES, -(-limit // _PER_PAGE))):
            try:
                hits, more = await self._page(text, page)
            except ProviderError:
                if not found:
                    raise
                break
            found += hits
            if not more or len(usable(found, query, limit)) >= limit:
                break
        return usable(found, query, limit)

    async def _page(self, text: str, page: int) -> tuple[list[Hit], bool]:
        params = {
            "q": text,
            "count": str(_PER_PAGE),
            "offset": str(page),
            "result_filter": "web",
            "text_decorations": "false",
        }
        reply = await self._asking.get(params, self._headers)
        if reply.get("type") != "search":
            raise self._asking.service.makes_no_sense("a JSON reply of another type")
        web: object = reply.get("web")
        if web is None:
            return [], False
        found = rows(_inner(web, "results"), snippet="description", text=unmarked)
        if found is None:
            raise self._asking.service.makes_no_sense("a JSON reply without `web.results`")
        return found, _inner(reply.get("query"), "more_results_available") is True


def _inner(value: object, name: str) -> object:
    return cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None


def _means(status: int, body: bytes) -> tuple[SearchCode, str] | None:
    """A wrong key is 422 as well as a wrong parameter; only the code in the body tells them."""
    if status != 422:
        return None
    try:
        reply: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if _inner(_inner(reply, "error"), "code") != "SUBSCRIPTION_TOKEN_INVALID":
        return None
    return "unauthorized", "Brave does not accept the key; check CODEXITY_BRAVE__API_KEY."


def _wait(headers: httpx2.Headers) -> float | None:
    """The longest reset among the limits that are used up, where there is no `Retry-After`.

    Brave lists a limit for each window: `X-RateLimit-Remaining: 0, 1000`, and so its resets.
    """
    said = retry_after(headers)
    if said is not None:
        return said
    left, resets = (_numbers(headers, f"X-RateLimit-{name}") for name in ("Remaining", "Reset"))
    used_up = [reset for many, reset in zip(left, resets, strict=False) if many == 0]
    return float(max(used_up)) if used_up else None


def _numbers(headers: Mapping[str, str], name: str) -> list[int]:
    parts = [part.strip() for part in headers.get(name, "").split(",")]
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 10]
