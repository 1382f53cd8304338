"""Brave's index of the web, through its Search API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import httpx2

from codexity.adapters.asked_to_wait import retry_after
from codexity.adapters.search.asking import Asking, Service
from codexity.adapters.search.hits import bounded, rows, unmarked, usable, without_bangs
from codexity.errors import ProviderError, SearchCode
from codexity.model import Hit, Query

URL = "https://api.search.brave.com"
"""Where Brave answers programs."""

_PER_PAGE = 20
_MOST_PAGES = 10
_CHARS, _WORDS = 400, 50
_FIRST_DAY = "1990-01-01"
_LANGUAGES = {
    pair[:2]: pair[3:] or pair
    for pair in """ar bg bn ca cs da de en es et eu fi fr gl gu he hi hr hu is it ja:jp kn ko lt lv
    ml mr ms nb nl no:nb pa pl pt:pt-pt ro ru sk sl sr sv ta te th tr uk vi zh:zh-hans""".split()
}
"""Its names of languages by ISO 639-1; with any other word, it refuses the whole search."""


class Brave:
    """Brave at `base_url`, asked with `api_key` through `client`, which its owner closes.

    Its filters of sites are operators, which it calls experimental; it filters by dates, and by the
    languages that it knows, itself. Longer questions than
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
        params = _parameters(query)
        found: list[Hit] = []
        for page in range(min(_MOST_PAGES, -(-limit // _PER_PAGE))):
            try:
                hits, more = await self._page({**params, "offset": str(page)})
            except ProviderError:
                if not found:
                    raise
                break
            found += hits
            if not more or len(usable(found, query, limit)) >= limit:
                break
        return usable(found, query, limit)

    async def _page(self, params: Mapping[str, str]) -> tuple[list[Hit], bool]:
        reply = await self._asking.get(params, self._headers)
        if reply.get("type") != "search":
            raise self._asking.service.makes_no_sense("a JSON reply of another type")
        web: object = reply.get("web")
        if web is None:
            return [], False
        found = rows(
            _inner(web, "results"), snippet="description", published="page_age", text=unmarked
        )
        if found is None:
            raise self._asking.service.makes_no_sense("a JSON reply without `web.results`")
        return found, _inner(reply.get("query"), "more_results_available") is True


def _parameters(query: Query) -> dict[str, str]:
    params = {
        "q": bounded(replace(query, text=without_bangs(query.text)), chars=_CHARS, words=_WORDS),
        "count": str(_PER_PAGE),
        "result_filter": "web",
        "text_decorations": "false",
    }
    if query.after or query.before:
        today = datetime.now(UTC).date()
        last = date.fromisoformat(query.before) - timedelta(days=1) if query.before else today
        first = query.after or min(_FIRST_DAY, last.isoformat())
        params["freshness"] = f"{first}to{max(first, last.isoformat())}"
    if query.language in _LANGUAGES:
        params["search_lang"] = _LANGUAGES[query.language]
    return params


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
