"""Tavily's web search for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import httpx2

from codexity.adapters.search.asking import Asking, Service
from codexity.adapters.search.hits import rows, shortened, usable
from codexity.errors import SearchCode
from codexity.model import Hit, Query

URL = "https://api.tavily.com"
"""Where Tavily answers programs."""

_MOST_RESULTS = 20
_CHARS = 400
_LIMITS: dict[int, tuple[SearchCode, str]] = {
    432: ("quota", "Tavily's limit of your plan is reached; look at your plan there."),
    433: ("quota", "Tavily's pay-as-you-go limit is reached; raise it in your account there."),
}


class Tavily:
    """Tavily at `base_url`, asked with `api_key` through `client`, which its owner closes.

    It filters by sites and dates itself. It has one page of 20, and longer questions than its 400
    characters are cut. A search is a `basic` one: one credit.

    Source: Tavily's documentation, "API reference: Search" and "Errors Code".
    """

    name = "tavily"

    def __init__(
        self,
        api_key: str,
        client: httpx2.AsyncClient,
        *,
        base_url: str = URL,
        timeout_seconds: float = 6.0,
    ) -> None:
        service = Service.with_key("Tavily", f"{base_url.rstrip('/')}/search", api_key)
        service = replace(service, refusals={**service.refusals, **_LIMITS})
        self._asking = Asking(service, client, timeout_seconds=timeout_seconds)
        self._headers = {"Authorization": f"Bearer {api_key}"}

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits, and at most 20, in Tavily's order.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`.
        """
        wanted: dict[str, object] = {
            "query": shortened(query.text, chars=_CHARS),
            "search_depth": "basic",
            "max_results": _MOST_RESULTS,
        }
        # Of a language it knows nothing: the pages are held to it when they are read.
        narrowed = {
            "include_domains": list(query.site),
            "exclude_domains": list(query.exclude_site),
            "start_date": query.after,
            "end_date": query.before,
        }
        wanted |= {name: value for name, value in narrowed.items() if value}
        reply = await self._asking.post(wanted, self._headers)
        found = rows(reply.get("results"), snippet="content", published="published_date")
        if found is None:
            raise self._asking.service.makes_no_sense("a JSON reply without `results`")
        return usable(found, query, limit)
