"""What a page's linked data (JSON-LD) says of the page itself, and not of what stands on it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from urllib.parse import urlsplit

from codexity.adapters.extract.days import day_in
from codexity.adapters.extract.hidden_text.embedded import words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TYPE: Final = "application/ld+json"
_LONGEST: Final = 500_000
_MOST_NODES: Final = 500
_DEEPEST: Final = 6
_ARTICLE: Final = re.compile(r"(?:article|posting|report|recipe|howto|question)\Z")
_PAGE: Final = re.compile(r"(?:webpage|page|website)\Z")
_OPENERS: Final = ("@graph", "mainEntity", "mainEntityOfPage")
_SAID: Final = {
    "published": re.compile(r'"datePublished"\s*:\s*"([^"<>]{8,40})"'),
    "modified": re.compile(r'"dateModified"\s*:\s*"([^"<>]{8,40})"'),
}
_NESTED: Final = re.compile(r'"@type"\s*:\s*"(?:\w*Review|Comment|ItemList|Product|Event)"')
What = Literal["published", "modified"]
_KEYS: Final[Mapping[What, tuple[str, ...]]] = {
    "published": ("datePublished", "dateCreated"),
    "modified": ("dateModified",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How a page is called: its own addresses, and the words of its titles."""

    urls: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    is_article: bool
    days: Mapping[What, str]
    urls: tuple[str, ...]
    headline: str


def linked_data(tree: HtmlElement) -> tuple[str, ...]:
    """The scripts of a page that hold it, as they came."""
    scripts = ((one.get("type") or "", one.text or "") for one in tree.iter("script"))
    return tuple(
        text
        for kind, text in scripts
        if kind.partition(";")[0].strip().lower() == _TYPE and len(text) <= _LONGEST
    )


def is_of_page(kind: str) -> bool:
    """Whether a type of schema.org is that of an article or a page, whose dates are the page's.

    The dates of a film, an event, a product, a review or a comment are not.
    """
    name = kind.rpartition("/")[2].strip().lower()
    return bool(_ARTICLE.search(name) or _PAGE.search(name))


def days_told(scripts: Sequence[str], page: Named) -> Mapping[What, str]:
    """The days of the page: of the article that it is, else of the page as such.

    What is called by the page's address or title counts before what is not called by any, and what
    is called by others does not count. Where several articles are left that differ, it is a list.
    """
    parsed = [_parsed(script) for script in scripts]
    nodes = [node for said in parsed if said is not None for node in _nodes(said)][:_MOST_NODES]
    for is_article in (True, False):
        own = [node for node in nodes if node.is_article == is_article]
        called = [node for node in own if _is_called(node, page)]
        left = called or [node for node in own if not _is_of_another(node, page)]
        if left and len({node.days.get("published") for node in left}) == 1:
            return left[0].days
    broken = [script for script, said in zip(scripts, parsed, strict=True) if said is None]
    return {} if nodes else _searched(broken)


def _parsed(script: str) -> Any:
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(said: Any, depth: int = 0) -> Iterator[_Node]:
    if depth > _DEEPEST:
        return
    if isinstance(said, list):
        for part in cast("list[Any]", said)[:_MOST_NODES]:
            yield from _nodes(part, depth + 1)
    elif isinstance(said, dict):
        held = cast("dict[str, Any]", said)
        kinds = [one for one in _texts(held.get("@type")) if is_of_page(one)]
        days = dict(_days(held))
        if kinds and days:
            is_article = any(_ARTICLE.search(one.lower()) for one in kinds)
            yield _node(held, days, is_article=is_article)
        for key in _OPENERS:
            yield from _nodes(held.get(key), depth + 1)


def _days(held: dict[str, Any]) -> Iterator[tuple[What, str]]:
    for what, keys in _KEYS.items():
        found = next((day for key in keys if (day := _day(held.get(key)))), None)
        if found:
            yield what, found


def _node(held: dict[str, Any], days: Mapping[What, str], *, is_article: bool) -> _Node:
    main: Any = held.get("mainEntityOfPage")
    of_main: Any = cast("dict[str, Any]", main).get("@id") if isinstance(main, dict) else main
    urls = (*_texts(held.get("url")), *_texts(held.get("@id")), *_texts(of_main))
    headline = next(_texts(held.get("headline")), "") or next(_texts(held.get("name")), "")
    return _Node(
        is_article=is_article,
        days=days,
        urls=tuple(one for one in urls if one.startswith(("http://", "https://"))),
        headline=headline,
    )


def _texts(said: Any) -> Iterator[str]:
    for one in cast("list[Any]", said) if isinstance(said, list) else (said,):
        if isinstance(one, str):
            yield one


def _day(said: Any) -> str | None:
    inner: Any = cast("dict[str, Any]", said).get("@value") if isinstance(said, dict) else said
    return next((found for text in _texts(inner) if (found := day_in(text))), None)


def _is_called(node: _Node, page: Named) -> bool:
    """Whether it has the page's address, or a title of the page."""
    own = {_place(url) for url in page.urls}
    return any(_place(url) in own for url in node.urls) or _has_title(node.headline, page)


def _is_of_another(node: _Node, page: Named) -> bool:
    """Whether it has another address and title, or an address of another page of the same site."""
    if not node.urls or _is_called(node, page):
        return False
    hosts = {_place(url)[0] for url in page.urls}
    return bool(node.headline) or any(_place(url)[0] in hosts for url in node.urls)


def _has_title(headline: str, page: Named) -> bool:
    words = words_of(headline)
    if not words:
        return False
    if any(headline.strip() in title for title in page.titles):
        return True
    shown = (words_of(title) for title in page.titles)
    return any(2 * len(words & one) > max(len(words), 1) for one in shown)


def _place(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")


def _searched(broken: Sequence[str]) -> Mapping[What, str]:
    """The days in what is no JSON, where all are one and nothing else on the page has any."""
    text = "\n".join(broken)
    if _NESTED.search(text):
        return {}
    found = {what: {day_in(one) for one in said.findall(text)} for what, said in _SAID.items()}
    told: dict[What, str] = {}
    for what in _KEYS:
        days = found[what]
        day = next(iter(days)) if len(days) == 1 else None
        if day:
            told[what] = day
    return told
