"""What every search engine's results go through: the site filter, duplicates and the limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from codexity.links import canonical, within
from codexity.model import Hit, Query

_MOST_EXCLUDED: Final = 8
"""Engines cut long queries: what is beyond this is left out of their hits only."""


def operators(query: Query) -> str:
    """The query's text with its sites as `site:` and `-site:`, which most engines understand."""
    sites = " OR ".join(f"site:{domain}" for domain in query.site)
    if len(query.site) > 1:
        sites = f"({sites})"
    excluded = " ".join(f"-site:{domain}" for domain in query.exclude_site[:_MOST_EXCLUDED])
    return " ".join(filter(None, (query.text, sites, excluded)))


def usable(found: Iterable[Hit], query: Query, limit: int) -> tuple[Hit, ...]:
    """The first `limit` web addresses that the query's sites leave, each page once, in their order.

    The sites are applied here too: an engine may ignore the operators.
    """
    kept: dict[str, Hit] = {}
    for hit in found:
        if len(kept) >= limit:
            break
        if _is_web(hit.url) and _asked_for(hit.url, query):
            kept.setdefault(canonical(hit.url), hit)
    return tuple(kept.values())


def _asked_for(url: str, query: Query) -> bool:
    excluded = bool(query.exclude_site) and within(url, query.exclude_site)
    return within(url, query.site) and not excluded


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
