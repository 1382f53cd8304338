"""What runs in the child processes that search DuckDuckGo: the engine of the `ddgs` library."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from ddgs.engines.duckduckgo import Duckduckgo
from ddgs.exceptions import DDGSException, TimeoutException
from lxml.etree import LxmlError
from primp import DNSTimeoutError

from codexity.adapters.search import duckduckgo_frames as frames
from codexity.adapters.search.duckduckgo_frames import Found
from codexity.adapters.workers.child import serve


class _Engine(Duckduckgo):
    # The library percent-decodes `href` (seen: C%23 becomes C#, another page); a field that it
    # does not know stays as it came.
    elements_xpath: ClassVar[Mapping[str, str]] = {
        **Duckduckgo.elements_xpath,
        "address": Duckduckgo.elements_xpath["href"],
    }


def main(seconds: float, idle_seconds: float) -> None:
    """Searches until its parent is gone."""

    def answer(request: bytes) -> bytes:
        return frames.reply(_search(frames.asked(request), seconds))

    serve(answer, seconds=seconds, idle_seconds=idle_seconds)


def _search(search: frames.Search, seconds: float) -> Found:
    """One search.

    The library's engine is asked rather than its `DDGS`, which reorders the results, adds a
    thread and hides the cause of a failure.
    """
    engine = _Engine(timeout=math.ceil(seconds))
    engine.search_url = search.url
    try:
        results = engine.search(search.text, region=search.region, timelimit=search.dates)
    except TimeoutException as slow:
        return Found(outcome="timeout", detail=str(slow))
    except DDGSException as failed:
        slow = isinstance(failed.__cause__, DNSTimeoutError)
        return Found(outcome="timeout" if slow else "unreachable", detail=str(failed))
    except LxmlError:
        return Found(outcome="refused", detail="an empty document")
    if not results:
        detail = "an error status" if results is None else "a page without results"
        return Found(outcome="refused", detail=detail)
    rows = ((one.title, _direct(getattr(one, "address", "")), one.body) for one in results)
    return Found(outcome="hits", rows=tuple(rows))


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
