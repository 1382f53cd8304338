"""DuckDuckGo through the `ddgs` library, which runs in processes that a cancellation ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NoReturn

from codexity.adapters.search import duckduckgo_frames as frames
from codexity.adapters.search.hits import operators, usable, without_bangs
from codexity.adapters.workers.pool import (
    WorkerFailed,
    WorkerNotStarted,
    WorkerPool,
    WorkersBusy,
)
from codexity.errors import ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query

SEARCH_URL = "https://html.duckduckgo.com/html/"
"""Where DuckDuckGo answers programs without JavaScript."""

_WORLD = "wt-wt"
_REGIONS = {
    pair[:2]: pair[3:]
    for pair in """bg:bg-bg ca:ct-ca cs:cz-cs da:dk-da de:de-de el:gr-el es:es-es et:ee-et
    fi:fi-fi fr:fr-fr he:il-he hr:hr-hr hu:hu-hu id:id-id it:it-it ja:jp-jp ko:kr-kr
    lt:lt-lt lv:lv-lv nb:no-no nl:nl-nl no:no-no pl:pl-pl pt:br-pt ro:ro-ro ru:ru-ru
    sk:sk-sk sl:sl-sl sv:se-sv th:th-th tr:tr-tr uk:ua-uk vi:vn-vi zh:cn-zh""".split()
}
"""Where most who write a language are; for English, the world. Source: DuckDuckGo's settings."""
_FIRST_DAY = "1990-01-01"
_WORKER = "codexity.adapters.search.duckduckgo_worker"


class DuckDuckGo:
    """DuckDuckGo, without a key; `aclose` ends its idle processes.

    It answers a block, a used-up quota and a search without results all alike: they are
    `blocked_or_empty`. At most `at_once` searches run at a time, each in its own process, and each
    has `timeout_seconds` from the moment that it has its turn, for which it waits `wait_seconds`. A
    process that was idle for `idle_seconds` ends.
    """

    name = "duckduckgo"

    def __init__(
        self,
        *,
        search_url: str | None = None,
        timeout_seconds: float = 5.0,
        at_once: int = 4,
        wait_seconds: float = 3.0,
        idle_seconds: float = 60.0,
    ) -> None:
        self._search_url = search_url or SEARCH_URL
        self._wait_seconds = wait_seconds
        # Of its own: a search that hangs must not hold the processes that read pages.
        self._pool = WorkerPool(
            _WORKER, most=at_once, seconds=timeout_seconds, idle_seconds=idle_seconds
        )

    async def aclose(self) -> None:
        """Ends the idle processes."""
        await self._pool.aclose()

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits of DuckDuckGo's first page, in its order.

        Raises:
            ProviderRefused: `blocked_or_empty`.
            ProviderUnavailable: `unreachable`, also when no process could be started; `timeout`,
                also when no turn came in `wait_seconds`; `bad_reply` when the process died.
        """
        reply = await self._ask(_search(query, self._search_url))
        if reply.outcome != "hits":
            _raise(reply)
        found = (Hit(title=title, url=url, snippet=snippet) for title, url, snippet in reply.rows)
        hits = usable(found, query, limit)
        if not hits and not (query.site or query.exclude_site):
            _raise(frames.Found(outcome="refused", detail="no usable address among the results"))
        return hits

    async def _ask(self, search: frames.Search) -> frames.Found:
        request = frames.request(search)
        try:
            return frames.found(await self._pool.ask(request, wait_seconds=self._wait_seconds))
        except TimeoutError:
            return frames.Found(outcome="timeout", detail="the process was ended")
        except (WorkerFailed, ValueError) as error:
            raise _unavailable(error) from error


def _search(query: Query, url: str) -> frames.Search:
    """The search in DuckDuckGo's words: a region stands for a language, and dates are a range.

    Source: issue 86 of ddgs, "Date range in searches".
    """
    dates = None
    if query.after or query.before:
        today = datetime.now(UTC).date()
        last = date.fromisoformat(query.before) - timedelta(days=1) if query.before else today
        first = query.after or min(_FIRST_DAY, last.isoformat())
        dates = f"{first}..{max(first, last.isoformat())}"
    region = _REGIONS.get(query.language or "", _WORLD)
    text = operators(replace(query, text=without_bangs(query.text)))
    return frames.Search(url=url, text=text, region=region, dates=dates)


def _unavailable(error: Exception) -> ProviderUnavailable:
    match error:
        case WorkersBusy():
            return ProviderUnavailable(
                "Too many searches at DuckDuckGo are under way here; ask again in a moment.",
                code="timeout",
                detail=str(error),
            )
        case WorkerNotStarted():
            return ProviderUnavailable(
                "DuckDuckGo cannot be reached: no process for the search could be started here.",
                code="unreachable",
                detail=str(error),
            )
        case _:
            return ProviderUnavailable(
                "The search at DuckDuckGo ended unexpectedly; try again.",
                code="bad_reply",
                detail=str(error),
            )


def _raise(reply: frames.Found) -> NoReturn:
    match reply.outcome:
        case "timeout":
            raise ProviderUnavailable(
                "DuckDuckGo did not answer in time; try again.",
                code="timeout",
                detail=reply.detail,
            )
        case "unreachable":
            raise ProviderUnavailable(
                "DuckDuckGo cannot be reached; is this machine online?",
                code="unreachable",
                detail=reply.detail,
            )
        case _:
            raise ProviderRefused(
                "DuckDuckGo blocked the search or found nothing (it does not say which); wait some "
                "minutes, ask in other words, or add another search provider.",
                code="blocked_or_empty",
                detail=reply.detail,
            )
