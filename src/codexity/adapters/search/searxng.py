"""A SearXNG instance through its JSON API."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import anyio
import httpx2

from codexity.adapters.search import searxng_reply
from codexity.adapters.search.asking import Asking, Service
from codexity.adapters.search.searxng_query import parameters, quoted_first, time_range
from codexity.errors import ProviderError, ProviderUnavailable, SearchCode
from codexity.model import Hit, Query
from codexity.ports import Found

_CONFIG_SECONDS: Final = 60.0
NO_ENGINES: Final = "none of its engines of the category general is on"
_NO_JSON: Final = (
    "SearXNG refused (HTTP 403); JSON must be enabled in its settings.yml "
    "(search.formats: [html, json])."
)
LIMITER: Final = (
    "SearXNG's limiter refuses programs (HTTP 429), and waiting does not help; its limiter.toml has"
    " to let this machine pass (botdetection.ip_lists.pass_ip)."
)
_LIMITER_SAYS: Final = (b"Too Many Requests", b"IP is on BLOCKLIST")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What a search came to.

    `answered` is whether SearXNG had an answer of its own, `empty` whether it listed nothing.
    """

    hits: tuple[Hit, ...]
    failed: searxng_reply.Engines
    answered: bool
    empty: bool


class Searxng:
    """A SearXNG instance at `base_url`, asked through `client`, which its owner closes.

    That it has engines holds for `config_seconds`: its settings may change.

    Source: SearXNG's documentation, "Search API".
    """

    name = "searxng"

    def __init__(
        self,
        base_url: str,
        client: httpx2.AsyncClient,
        *,
        timeout_seconds: float = 6.0,
        config_seconds: float = _CONFIG_SECONDS,
    ) -> None:
        base = base_url.rstrip("/")
        service = _service(f"{base}/search")
        self._asking = Asking(service, client, timeout_seconds=timeout_seconds)
        config = replace(service, url=f"{base}/config")
        self._config = Asking(config, client, timeout_seconds=timeout_seconds)
        self._timeout = timeout_seconds
        self._config_seconds = config_seconds
        self._has_engines_until = -math.inf

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits of the first page, in SearXNG's order; all within the deadline.

        Where a search brings nothing that leaves out engines (by a range of time), or asks none of
        them (since SearXNG answers it itself), it is asked once more, otherwise.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`; where no engine of the
                instance brought anything and some failed, what the failures say; `no_results` where
                it has no engines to ask.
        """
        ends = anyio.current_time() + self._timeout
        reply = await self._ask(query, limit, ends)
        if not reply.hits:
            reply = await self._otherwise(query, limit, ends, reply)
        if not reply.hits and reply.failed:
            raise searxng_reply.all_failed(reply.failed)
        if reply.empty:
            await self._check_engines(ends)
        note = ""
        if reply.failed:
            told = searxng_reply.told(reply.failed)
            note = f"{len(reply.failed)} of its engines failed: {told}"
        return Found(reply.hits, note=note)

    async def _ask(self, query: Query, limit: int, ends: float, *, dated: bool = True) -> _Reply:
        left = ends - anyio.current_time()
        asked = parameters(query, seconds=left, dated=dated)
        reply = await self._asking.get(asked, seconds=left)
        hits = searxng_reply.hits_of(reply, query, limit)
        if hits is None:
            raise self._asking.service.makes_no_sense("a JSON reply without `results`")
        return _Reply(
            hits=hits,
            failed=searxng_reply.unresponsive(reply),
            answered=bool(reply.get("answers")),
            empty=not (hits or reply["results"]),
        )

    async def _otherwise(self, query: Query, limit: int, ends: float, first: _Reply) -> _Reply:
        """The reply to the same search without what kept engines from it, or else the first one."""
        if not (first.answered or time_range(query)):
            return first
        if first.answered:
            query = replace(query, text=quoted_first(query.text))
        try:
            second = await self._ask(query, limit, ends, dated=False)
        except ProviderError:
            return first
        return replace(second, failed=second.failed or first.failed)

    async def _check_engines(self, ends: float) -> None:
        """Lets pass an instance that has engines to ask, or does not say.

        Raises:
            ProviderUnavailable: `no_results`; it says that it has none.
        """
        if anyio.current_time() < self._has_engines_until:
            return
        try:
            config = await self._config.get({}, seconds=ends - anyio.current_time())
        except ProviderError:
            return
        if not searxng_reply.has_engines(config):
            message = f"SearXNG found nothing: {NO_ENGINES}."
            raise ProviderUnavailable(message, code="no_results", detail=NO_ENGINES)
        self._has_engines_until = anyio.current_time() + self._config_seconds


def _service(url: str) -> Service:
    return Service(
        title="SearXNG",
        url=url,
        unreachable="check that it runs and that its URL in the settings "
        "(CODEXITY_SEARXNG__URL) is right.",
        nonsense="check that its URL in the settings (CODEXITY_SEARXNG__URL) is that of a "
        "SearXNG instance.",
        moved="set the address that it leads to, which `codexity doctor` names "
        "(CODEXITY_SEARXNG__URL).",
        refusals={
            401: ("unauthorized", "SearXNG asks for a password (HTTP 401)."),
            403: ("blocked", _NO_JSON),
        },
        too_often=", or turn its limiter off for this machine",
        means=_means,
    )


def _means(status: int, body: bytes) -> tuple[SearchCode, str] | None:
    """Its limiter refuses whoever takes no HTML; a proxy before it says 429 in other words."""
    if status == 429 and body.strip().startswith(_LIMITER_SAYS):
        return "quota", LIMITER
    return None
