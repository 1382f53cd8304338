"""Mojeek's index of the web, through its Search API."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import cast

import anyio
import httpx2

from codexity.adapters.search.asking import Asking, Service
from codexity.adapters.search.hits import plain, rows, unmarked, usable
from codexity.errors import ProviderError
from codexity.model import Hit, Query

URL = "https://api.mojeek.com"
"""Where Mojeek answers programs."""

_FEWEST_RESULTS = 20
_MOST_SITES = 4
_MOST_SAID = 120


class Mojeek:
    """Mojeek at `base_url`, asked with `api_key` through `client`, which its owner closes.

    It filters by one site itself: up to four are asked for one by one, at the same time, and with
    more of them it is asked without. It filters by dates, prefers a language, and cannot leave out
    a site.

    Source: Mojeek Search API, "Request Parameters" and "JSON Response Format".
    """

    name = "mojeek"

    def __init__(
        self,
        api_key: str,
        client: httpx2.AsyncClient,
        *,
        base_url: str = URL,
        timeout_seconds: float = 6.0,
    ) -> None:
        service = Service.with_key("Mojeek", f"{base_url.rstrip('/')}/search", api_key)
        self._asking = Asking(service, client, timeout_seconds=timeout_seconds)
        self._key = api_key

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits, in Mojeek's order; of several sites, by turns.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`.
        """
        params = {
            "api_key": self._key,
            "q": query.text,
            "fmt": "json",
            "t": str(max(limit, _FEWEST_RESULTS)),
        }
        if query.after:
            params["since"] = query.after.replace("-", "")
        if query.before:
            params["before"] = query.before.replace("-", "")
        if query.language:
            params |= {"lb": query.language.upper(), "lbb": "100"}
        if not query.site or len(query.site) > _MOST_SITES:
            return usable(await self._hits(params), query, limit)
        found: dict[str, Sequence[Hit]] = {}
        failed: list[ProviderError] = []

        async def one(site: str) -> None:
            try:
                found[site] = await self._hits({**params, "site": site})
            except ProviderError as error:
                failed.append(error)

        async with anyio.create_task_group() as tasks:
            for site in query.site:
                tasks.start_soon(partial(one, site))
        by_turns = chain(*zip_longest(*(found.get(site, ()) for site in query.site)))
        hits = usable((hit for hit in by_turns if hit is not None), query, limit)
        if failed and not hits:
            raise failed[0]
        return hits

    async def _hits(self, params: dict[str, str]) -> Sequence[Hit]:
        service = self._asking.service
        response: object = (await self._asking.get(params)).get("response")
        if not isinstance(response, dict):
            raise service.makes_no_sense("a JSON reply without `response`")
        reply = cast("dict[str, object]", response)
        status = plain(reply.get("status"))
        if status != "OK":
            self._refuse(status)
        found = rows(reply.get("results"), snippet="desc", text=unmarked)
        if found is None:
            raise service.makes_no_sense("a JSON reply without `response.results`")
        return found

    def _refuse(self, status: str) -> None:
        """Raises what a refusal means: its HTTP status is 200, and its reason a sentence."""
        said = status.removeprefix("ERROR:").strip()[:_MOST_SAID].rstrip(".")
        words = said.lower()
        service = self._asking.service
        if "limit" in words or "quota" in words:
            raise service.refused("quota", f"Mojeek refused: {said}. Look at your plan there.")
        if any(word in words for word in ("key", "denied", "authori", "access")):
            message = f"Mojeek refused: {said}. Check CODEXITY_MOJEEK__API_KEY."
            raise service.refused("unauthorized", message)
        raise service.makes_no_sense(f"status {said!r}")
