"""What every search engine's results go through: the site filter, duplicates and the limit."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from codexity.links import canonical, within
from codexity.model import Hit, Query


def operators(query: Query) -> str:
    """The query's text with its sites as `site:` operators, which most engines understand."""
    sites = " OR ".join(f"site:{domain}" for domain in query.site)
    if len(query.site) > 1:
        sites = f"({sites})"
    return f"{query.text} {sites}".strip()


def usable(found: Iterable[Hit], query: Query, limit: int) -> tuple[Hit, ...]:
    """The first `limit` web addresses within the query's sites, each page once, in their order.

    The sites are applied here too: an engine may ignore the operator.
    """
    kept: dict[str, Hit] = {}
    for hit in found:
        if len(kept) >= limit:
            break
        if _is_web(hit.url) and within(hit.url, query.site):
            kept.setdefault(canonical(hit.url), hit)
    return tuple(kept.values())


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
