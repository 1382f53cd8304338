"""DuckDuckGo through the `ddgs` library, which runs in a process that a cancellation ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn
from urllib.parse import parse_qs, urlsplit

import anyio
import anyio.to_process

from codexity.adapters.search.hits import operators, usable
from codexity.errors import ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query

SEARCH_URL = "https://html.duckduckgo.com/html/"
"""Where DuckDuckGo answers programs without JavaScript."""

_START_SECONDS = 4.0
_WORLD = "wt-wt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What the process brings back: rows of title, address and snippet, or why there are none."""

    outcome: Literal["hits", "refused", "timeout", "unreachable"]
    rows: tuple[tuple[str, str, str], ...] = ()
    detail: str = ""


class DuckDuckGo:
    """DuckDuckGo, without a key.

    It answers a block, a used-up quota and a search without results all alike: they are
    `blocked_or_empty`. At most `at_once` searches run at a time, each in its own process.
    """

    name = "duckduckgo"

    def __init__(
        self,
        *,
        search_url: str | None = None,
        timeout_seconds: float = 5.0,
        at_once: int = 2,
    ) -> None:
        self._search_url = search_url or SEARCH_URL
        self._timeout = timeout_seconds
        # Of its own: a search that hangs must not hold the processes that read pages.
        self._limiter = anyio.CapacityLimiter(at_once)

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits of DuckDuckGo's first page, in its order.

        Raises:
            ProviderRefused: `blocked_or_empty`.
            ProviderUnavailable: `unreachable`, `timeout`, or `bad_reply` when the process died.
        """
        reply = await self._ask(operators(query))
        if reply.outcome != "hits":
            _raise(reply)
        found = (Hit(title=title, url=url, snippet=snippet) for title, url, snippet in reply.rows)
        hits = usable(found, query, limit)
        if not hits and not query.site:
            _raise(_Reply(outcome="refused", detail="no usable address among the results"))
        return hits

    async def _ask(self, text: str) -> _Reply:
        try:
            with anyio.fail_after(self._timeout + _START_SECONDS):
                return await anyio.to_process.run_sync(
                    _search,
                    self._search_url,
                    text,
                    self._timeout,
                    cancellable=True,
                    limiter=self._limiter,
                )
        except TimeoutError:
            return _Reply(outcome="timeout", detail="the process was ended")
        except anyio.BrokenWorkerProcess as broken:
            raise ProviderUnavailable(
                "The search at DuckDuckGo ended unexpectedly; try again.",
                code="bad_reply",
                detail=repr(broken),
            ) from broken


def _raise(reply: _Reply) -> NoReturn:
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


def _search(search_url: str, text: str, timeout: float) -> _Reply:
    """One search, in the process of its own: nothing but `_Reply` can be sent back from there.

    The library's engine is asked rather than its `DDGS`, which reorders the results, adds a
    thread and hides the cause of a failure.
    """
    from ddgs.engines.duckduckgo import Duckduckgo  # noqa: PLC0415
    from ddgs.exceptions import DDGSException, TimeoutException  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    class Engine(Duckduckgo):
        # The library percent-decodes `href` (seen: C%23 becomes C#, another page); a field that
        # it does not know stays as it came.
        elements_xpath: ClassVar[Mapping[str, str]] = {
            **Duckduckgo.elements_xpath,
            "address": Duckduckgo.elements_xpath["href"],
        }

    engine = Engine(timeout=math.ceil(timeout))
    engine.search_url = search_url
    try:
        results = engine.search(text, region=_WORLD)
    except TimeoutException as slow:
        return _Reply(outcome="timeout", detail=str(slow))
    except DDGSException as failed:
        return _Reply(outcome=_outcome(failed), detail=str(failed))
    except LxmlError:
        return _Reply(outcome="refused", detail="an empty document")
    if not results:
        detail = "an error status" if results is None else "a page without results"
        return _Reply(outcome="refused", detail=detail)
    rows = ((one.title, _direct(getattr(one, "address", "")), one.body) for one in results)
    return _Reply(outcome="hits", rows=tuple(rows))


def _outcome(failed: Exception) -> Literal["timeout", "unreachable"]:
    import primp  # noqa: PLC0415

    return "timeout" if isinstance(failed.__cause__, primp.DNSTimeoutError) else "unreachable"


def _direct(address: str) -> str:
    """The page that an address of DuckDuckGo's own redirection leads to; others stay."""
    try:
        parts = urlsplit(address, scheme="https")
    except ValueError:
        return ""
    if (parts.hostname or "").removesuffix(".").endswith("duckduckgo.com"):
        if parts.path == "/y.js":
            return ""
        return parse_qs(parts.query).get("uddg", [parts.geturl()])[0]
    return address
