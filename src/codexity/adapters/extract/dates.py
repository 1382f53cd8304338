"""When an HTML page was published and changed, and where that was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from codexity.model import DateOrigin

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED: Final = (
    "article:published_time",
    "datepublished",
    "date.issued",
    "dc.date.issued",
    "dcterms.issued",
    "citation_publication_date",
    "publish-date",
    "pubdate",
    "parsely-pub-date",
)
_MODIFIED: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_SAID: Final = {
    "published": re.compile(r'"datePublished"\s*:\s*"([^"<>]{8,40})"'),
    "modified": re.compile(r'"dateModified"\s*:\s*"([^"<>]{8,40})"'),
}
_DAY = re.compile(r"((?:19|20)\d\d)[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_FIRST: Final = date(1990, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """ISO 8601 days, None where the page does not tell, and where each was read."""

    published: str | None = None
    published_from: DateOrigin | None = None
    modified: str | None = None
    modified_from: DateOrigin | None = None


def dates_of(tree: HtmlElement | None, source: str, url: str) -> Dates:
    """What a page says of its dates: in `<meta>`, in JSON-LD, then wherever htmldate finds one.

    A day in the future, or before there was a web, is none.
    """
    if tree is None:
        return Dates()
    metas = dict(_metas(tree))
    published, published_from = _told(metas, _PUBLISHED, source, "published")
    modified, modified_from = _told(metas, _MODIFIED, source, "modified")
    if published is None:
        published = _searched(tree, url)
        published_from = None if published is None else _origin(tree, url, published)
    return Dates(
        published=published,
        published_from=published_from,
        modified=modified,
        modified_from=modified_from,
    )


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The last of a name comes first, so that a dict of them holds the first."""
    for meta in reversed(list(tree.iter("meta"))):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name:
            yield name.strip().lower(), meta.get("content") or ""


def _told(
    metas: dict[str, str], names: tuple[str, ...], source: str, what: str
) -> tuple[str | None, DateOrigin | None]:
    for name in names:
        if day := _day(metas.get(name, "")):
            return day, "meta"
    said = _SAID[what].search(source)
    day = _day(said.group(1)) if said else None
    return day, "json-ld" if day else None


def _day(text: str) -> str | None:
    match = _DAY.search(text[:60])
    if match is None:
        return None
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
    latest = datetime.now(UTC).date() + timedelta(days=1)
    return found.isoformat() if _FIRST <= found <= latest else None


def _searched(tree: HtmlElement, url: str) -> str | None:
    # A tree, never text: text that looks like an address would be fetched from there.
    from htmldate import find_date

    try:
        return find_date(tree, extensive_search=False, original_date=True, url=url)
    except (AssertionError, AttributeError, TypeError, ValueError):
        # Met in a fuzz, where a page's outermost element was an `<svg>`: its text is read anyway.
        return None


def _origin(tree: HtmlElement, url: str, day: str) -> DateOrigin:
    if _day(url) == day:
        return "url"
    times = (time.get("datetime") or time.text or "" for time in tree.iter("time"))
    return "time" if any(_day(one) == day for one in times) else "text"
