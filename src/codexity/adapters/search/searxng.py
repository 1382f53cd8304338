"""A SearXNG instance through its JSON API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import anyio
import httpx2

from codexity.adapters.search.hits import operators, usable
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query

_MAX_BYTES = 4_000_000
_TIME_RANGES = (("month", 30), ("year", 365))
_BLOCKS = ("captcha", "denied", "too many", "suspended", "403", "429")


class Searxng:
    """A SearXNG instance at `base_url`, asked through `client`, which its owner closes.

    Source: SearXNG's documentation, "Search API".
    """

    name = "searxng"

    def __init__(
        self, base_url: str, client: httpx2.AsyncClient, *, timeout_seconds: float = 6.0
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/search"
        self._client = client
        self._timeout = timeout_seconds

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits of the first page, in SearXNG's order.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`; where no engine of the
                instance brought anything and some failed, what the failures say.
        """
        reply = self._read(await self._ask(_parameters(query)))
        results: object = reply.get("results")
        if not isinstance(results, list):
            raise self._nonsense("a JSON reply without `results`")
        hits = usable(_hits(cast("list[object]", results)), query, limit)
        failed = _unresponsive(reply)
        if not hits and failed:
            raise _all_failed(failed)
        return hits

    async def _ask(self, parameters: Mapping[str, str]) -> bytes:
        try:
            with anyio.fail_after(self._timeout):
                return await self._get(parameters)
        except (TimeoutError, httpx2.TimeoutException) as slow:
            raise ProviderUnavailable(
                "SearXNG did not answer in time; try again.", code="timeout", detail=self._url
            ) from slow
        except httpx2.DecodingError as garbled:
            raise self._nonsense(str(garbled)) from garbled
        except (httpx2.TransportError, httpx2.InvalidURL) as broken:
            raise ProviderUnavailable(
                "SearXNG cannot be reached; check that it runs and that its URL in the settings "
                "(CODEXITY_SEARXNG__URL) is right.",
                code="unreachable",
                detail=f"{self._url}: {broken!r}",
            ) from broken

    async def _get(self, parameters: Mapping[str, str]) -> bytes:
        # Redirections are not followed: a query that begins with `!!` makes SearXNG send one to
        # any site.
        stream = self._client.stream(
            "GET",
            self._url,
            params=parameters,
            headers={"Accept": "application/json"},
            timeout=self._timeout,
            follow_redirects=False,
        )
        async with stream as response:
            if response.status_code != 200:
                raise self._refusal(response)
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MAX_BYTES:
                    raise self._nonsense(f"more than {_MAX_BYTES} bytes")
            return bytes(body)

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            reply: object = json.loads(body)
        except (ValueError, RecursionError) as nonsense:
            # Not the reply itself: it repeats the question, which the log must not.
            raise self._nonsense(f"no JSON in {len(body)} bytes") from nonsense
        if not isinstance(reply, dict):
            raise self._nonsense("JSON, but no object")
        return cast("dict[str, Any]", reply)

    def _refusal(self, response: httpx2.Response) -> ProviderError:
        status = response.status_code
        detail = f"{self._url}: HTTP {status}"
        match status:
            case 401:
                return ProviderRefused(
                    "SearXNG asks for a password (HTTP 401).", code="unauthorized", detail=detail
                )
            case 403:
                return ProviderRefused(
                    "SearXNG refused (HTTP 403); JSON must be enabled in its settings.yml "
                    "(search.formats: [html, json]).",
                    code="blocked",
                    detail=detail,
                )
            case 429:
                return ProviderRefused(
                    f"SearXNG was asked too often (HTTP 429); {_wait(response)}, or turn its "
                    "limiter off for this machine.",
                    code="quota",
                    detail=detail,
                )
            case _ if status >= 500:
                return ProviderUnavailable(
                    f"SearXNG is in trouble (HTTP {status}); try again later.",
                    code="bad_reply",
                    detail=detail,
                )
            case _:
                return self._nonsense(f"HTTP {status}")

    def _nonsense(self, what: str) -> ProviderUnavailable:
        return ProviderUnavailable(
            "SearXNG's reply makes no sense; check that its URL in the settings "
            "(CODEXITY_SEARXNG__URL) is that of a SearXNG instance.",
            code="bad_reply",
            detail=f"{self._url}: {what}",
        )


def _parameters(query: Query) -> dict[str, str]:
    """The search in SearXNG's words.

    Of dates it knows a time until now, for which it asks only those of its engines that know dates.
    """
    parameters = {"q": operators(query), "format": "json"}
    if query.language:
        parameters["language"] = query.language
    since = query.after and _since(datetime.now(UTC).date() - date.fromisoformat(query.after))
    if since:
        parameters["time_range"] = since
    return parameters


def _since(age: timedelta) -> str | None:
    """The shortest time range that holds all of it, with a day to spare for time zones."""
    return next((name for name, days in _TIME_RANGES if age.days + 1 < days), None)


def _wait(response: httpx2.Response) -> str:
    after = response.headers.get("Retry-After", "").strip()
    return f"wait {after} seconds" if after.isdecimal() else "wait a while"


def _hits(results: list[object]) -> Iterator[Hit]:
    for one in results:
        if not isinstance(one, dict):
            continue
        row = cast("dict[str, object]", one)
        url = _text(row.get("url"))
        yield Hit(title=_text(row.get("title")) or url, url=url, snippet=_text(row.get("content")))


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _unresponsive(reply: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs of an engine and what it said, as SearXNG reports them."""
    listed: object = reply.get("unresponsive_engines")
    pairs: list[tuple[str, str]] = []
    for one in cast("list[object]", listed) if isinstance(listed, list) else ():
        words = [_text(word) for word in cast("list[object]", one)] if isinstance(one, list) else []
        if words:
            pairs.append((words[0], words[1] if len(words) > 1 else ""))
    return pairs


def _all_failed(failed: list[tuple[str, str]]) -> ProviderError:
    said = ", ".join(f"{engine} ({why})" if why else engine for engine, why in failed[:5])
    message = f"SearXNG found nothing because its engines failed: {said}."
    reasons = [why.lower() for _, why in failed]
    if any(block in why for why in reasons for block in _BLOCKS):
        return ProviderRefused(message, code="blocked")
    if all("timeout" in why or "timed out" in why for why in reasons):
        return ProviderUnavailable(message, code="timeout")
    return ProviderUnavailable(message, code="unreachable")
