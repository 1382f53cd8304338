"""A SearXNG instance through its JSON API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import httpx2

from codexity.adapters.search.asking import Asking, Service
from codexity.adapters.search.hits import operators, plain, rows, usable
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query

_TIME_RANGES = (("month", 30), ("year", 365))
_BLOCKS = ("captcha", "denied", "too many", "suspended", "403", "429")
_NO_JSON = (
    "SearXNG refused (HTTP 403); JSON must be enabled in its settings.yml "
    "(search.formats: [html, json])."
)


class Searxng:
    """A SearXNG instance at `base_url`, asked through `client`, which its owner closes.

    Source: SearXNG's documentation, "Search API".
    """

    name = "searxng"

    def __init__(
        self, base_url: str, client: httpx2.AsyncClient, *, timeout_seconds: float = 6.0
    ) -> None:
        service = Service(
            title="SearXNG",
            url=f"{base_url.rstrip('/')}/search",
            unreachable="check that it runs and that its URL in the settings "
            "(CODEXITY_SEARXNG__URL) is right.",
            nonsense="check that its URL in the settings (CODEXITY_SEARXNG__URL) is that of a "
            "SearXNG instance.",
            refusals={
                401: ("unauthorized", "SearXNG asks for a password (HTTP 401)."),
                403: ("blocked", _NO_JSON),
            },
            too_often=", or turn its limiter off for this machine",
        )
        self._asking = Asking(service, client, timeout_seconds=timeout_seconds)

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits of the first page, in SearXNG's order.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`; where no engine of the
                instance brought anything and some failed, what the failures say.
        """
        reply = await self._asking.get(_parameters(query))
        found = rows(reply.get("results"), snippet="content")
        if found is None:
            raise self._asking.service.makes_no_sense("a JSON reply without `results`")
        hits = usable(found, query, limit)
        failed = _unresponsive(reply)
        if not hits and failed:
            raise _all_failed(failed)
        return hits


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


def _unresponsive(reply: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs of an engine and what it said, as SearXNG reports them."""
    listed: object = reply.get("unresponsive_engines")
    pairs: list[tuple[str, str]] = []
    for one in cast("list[object]", listed) if isinstance(listed, list) else ():
        words = [plain(word) for word in cast("list[object]", one)] if isinstance(one, list) else []
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
