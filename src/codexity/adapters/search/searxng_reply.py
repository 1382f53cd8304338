"""What a SearXNG's reply says: its hits, and what became of its engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from codexity.adapters.search.hits import plain, rows, usable
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable, SearchCode
from codexity.links import canonical
from codexity.model import Hit, Query

UNTRANSLATED: Final = "what its engines said is in another language"
"""The detail of a failure of which nobody knows what it is."""

_MOST_NAMED: Final = 5
_MOST_PAGES: Final = 2
_MOST_LINKS: Final = 3
"""Of an infobox: the first may be of use, those behind it are of social media."""
_MEANS: Final[tuple[tuple[SearchCode, tuple[str, ...]], ...]] = (
    ("blocked", ("captcha", "denied", "too many", "402", "403", "429")),
    ("timeout", ("timeout", "timed out")),
    ("unreachable", ("connection error", "network error", "proxy error", "ssl error")),
    ("bad_reply", ("crash", "http error", "protocol error", "parsing error", "api error")),
)
_SUSPENDED: Final = "suspended"

Engines = list[tuple[str, str]]
"""Pairs of an engine that failed and what it said."""


def hits_of(reply: dict[str, Any], query: Query, limit: int) -> tuple[Hit, ...] | None:
    """At most `limit` hits: results, and the pages that answers and infoboxes come from.

    These pages have places even where results would take them all: of Wikipedia and Wikidata
    SearXNG makes infoboxes only, unless it is told otherwise. What else an infobox links to comes
    last. None where there is no list of results.
    """
    found = rows(reply.get("results"), snippet="content", published="publishedDate")
    if found is None:
        return None
    listed = usable(found, query, limit)
    known = {canonical(hit.url) for hit in listed}
    pages = usable(_pages(reply), query, _MOST_PAGES)
    new = [hit for hit in pages if canonical(hit.url) not in known]
    links = usable(_links(reply), query, _MOST_LINKS)
    return usable((*listed[: max(1, limit - len(new))], *new, *links), query, limit)


def unresponsive(reply: dict[str, Any]) -> Engines:
    """The engines that failed, as SearXNG reports them."""
    listed: object = reply.get("unresponsive_engines")
    pairs: Engines = []
    for one in cast("list[object]", listed) if isinstance(listed, list) else ():
        words = [plain(word) for word in cast("list[object]", one)] if isinstance(one, list) else []
        if words:
            pairs.append((words[0], words[1] if len(words) > 1 else ""))
    return pairs


def told(failed: Engines) -> str:
    """The engines and what they said; of many, the first."""
    said = ", ".join(f"{engine} ({why})" if why else engine for engine, why in failed[:_MOST_NAMED])
    more = len(failed) - _MOST_NAMED
    return f"{said}, and {more} more" if more > 0 else said


def all_failed(failed: Engines) -> ProviderError:
    """The failure of a search in which no engine found anything, and these failed."""
    message = f"SearXNG found nothing because its engines failed: {told(failed)}."
    meanings: set[SearchCode | None] = {_meaning(why) for _, why in failed}
    if "blocked" in meanings:
        return ProviderRefused(message, code="blocked")
    known = meanings - {None}
    code = next(iter(meanings)) if len(meanings) == 1 else None
    detail = "" if known else UNTRANSLATED
    return ProviderUnavailable(message, code=code or "unreachable", detail=detail)


def has_engines(config: dict[str, Any]) -> bool:
    """Whether the instance has an engine to ask, or does not say, by what its `/config` holds."""
    engines = list(_objects(config.get("engines")))
    if not isinstance(config.get("engines"), list):
        return True
    return any(one.get("enabled") is not False and _is_general(one) for one in engines)


def _meaning(why: str) -> SearchCode | None:
    """What an engine's failure is; what is behind "Suspended: " is why it was suspended."""
    words = why.lower()
    for code, marks in _MEANS:
        if any(mark in words for mark in marks):
            return code
    return "blocked" if words == _SUSPENDED else None


def _pages(reply: dict[str, Any]) -> Iterator[Hit]:
    """The pages that answers and infoboxes were made of."""
    for answer in _objects(reply.get("answers")):
        yield _hit(answer.get("url"), answer.get("answer"), "")
    for box in _objects(reply.get("infoboxes")):
        yield _hit(box.get("id"), box.get("infobox"), box.get("content"))


def _links(reply: dict[str, Any]) -> Iterator[Hit]:
    for box in _objects(reply.get("infoboxes")):
        for link in _objects(box.get("urls")):
            yield _hit(link.get("url"), link.get("title"), "")


def _objects(listed: object) -> Iterator[dict[str, object]]:
    for one in cast("list[object]", listed) if isinstance(listed, list) else ():
        if isinstance(one, dict):
            yield cast("dict[str, object]", one)


def _hit(url: object, title: object, snippet: object) -> Hit:
    return Hit(title=plain(title) or plain(url), url=plain(url), snippet=plain(snippet))


def _is_general(engine: dict[str, object]) -> bool:
    categories = engine.get("categories")
    return not isinstance(categories, list) or "general" in categories
