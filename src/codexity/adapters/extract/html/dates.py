"""When an HTML page was published and changed, and where that was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.days import day_in
from codexity.adapters.extract.html.date_places import Places
from codexity.adapters.extract.html.linked_data import Named, What, days_told
from codexity.adapters.extract.html.markup import parsed
from codexity.model import DateOrigin

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAMES: Final[Mapping[What, tuple[str, ...]]] = {
    "published": (
        "article:published_time",
        "datepublished",
        "date.issued",
        "dc.date.issued",
        "dcterms.issued",
        "citation_publication_date",
        "publish-date",
        "pubdate",
        "parsely-pub-date",
    ),
    "modified": (
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "dcterms.modified",
        "last-modified",
    ),
}


_OF_PAGE: Final = re.compile(r"date|time|publi|issued|creat|posted")
_OF_OTHERS: Final = re.compile(
    r"modif|updat|copyright|expir|valid|event|start|end|release|revis|image"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """ISO 8601 days, None where the page does not tell, and where each was read."""

    published: str | None = None
    published_from: DateOrigin | None = None
    modified: str | None = None
    modified_from: DateOrigin | None = None


def dates_of(tree: HtmlElement, data: Sequence[str], url: str) -> Dates:
    """What a page says of its own dates: in `<meta>`, in its linked data, its address, its text.

    The dates of what stands on it (a comment, a review, another article, a film, an event) are not
    its own. A day in the future, or before there was a web, is none.
    """
    every = list(_metas(tree))
    metas = dict(every)
    named = Named(urls=(url, *_own_urls(tree, metas)), titles=tuple(_titles(tree, metas)))
    told = days_told(data, named)
    places = Places(tree)
    published, published_from = _day(metas, told, places, "published")
    if published is None:
        published, published_from = _addressed(every, url)
    if published is None:
        published, published_from = _placed(places, "published")
    modified, modified_from = _day(metas, told, places, "modified")
    if modified is None:
        modified, modified_from = _placed(places, "modified")
    return Dates(
        published=published,
        published_from=published_from,
        modified=modified,
        modified_from=modified_from,
    )


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The last of a name comes first, so that a dict of them holds the first."""
    for meta in reversed(list(tree.iter("meta"))):
        name = meta.get("property") or meta.get("name") or meta.get("http-equiv")
        if name:
            yield name.strip().lower(), meta.get("content") or ""


def _own_urls(tree: HtmlElement, metas: Mapping[str, str]) -> Iterator[str]:
    links = (link for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    yield from (link.get("href") or "" for link in links)
    if metas.get("og:url"):
        yield metas["og:url"]


def _titles(tree: HtmlElement, metas: Mapping[str, str]) -> Iterator[str]:
    for element in tree.iter("title", "h1"):
        yield "".join(element.itertext())
    yield metas.get("og:title", "")


def _day(
    metas: Mapping[str, str], told: Mapping[What, str], places: Places, what: What
) -> tuple[str | None, DateOrigin | None]:
    for name in _NAMES[what]:
        if day := day_in(metas.get(name, "")):
            return day, "meta"
    if day := told.get(what):
        return day, "json-ld"
    stated = places.stated(what)
    return stated, "meta" if stated else None


def _addressed(every: Sequence[tuple[str, str]], url: str) -> tuple[str | None, DateOrigin | None]:
    """What htmldate finds in the address, and in the names of `<meta>` that it knows."""
    # A tree, never text: text that looks like an address would be fetched from there.
    from htmldate import find_date

    # Of the whole page it takes whatever day stands in it: of a comment, of a picture's address.
    metas = "".join(
        f'<meta name="{escape(name)}" content="{escape(content)}">'
        for name, content in every
        if _OF_PAGE.search(name) and not _OF_OTHERS.search(name)
    )
    page = parsed(f"<html><head><title></title>{metas}</head><body></body></html>")
    if page is None:
        return None, None
    try:
        found = find_date(page, extensive_search=False, original_date=True, url=url)
    except (AssertionError, AttributeError, TypeError, ValueError):
        # Met in a fuzz; what its text says is looked at anyway.
        return None, None
    if found is None or day_in(found) is None:
        return None, None
    return found, "url" if day_in(url) == found else "meta"


def _placed(places: Places, what: What) -> tuple[str | None, DateOrigin | None]:
    place = places.told(what)
    if place is None:
        return None, None
    return place.day, "time" if place.is_time else "text"
