"""What every search engine's results go through: the site filter, duplicates and the limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Final, cast
from urllib.parse import urlsplit

from codexity.links import canonical, within
from codexity.model import Hit, Query
from codexity.text import well_formed

_MARKS = re.compile(r"</?(?:b|em|strong)>")
_BANGS = re.compile(r"(?<!\S)[!\\]+(?!=)")
_DAY_CHARS: Final = 40
_FIRST_DAY: Final = date(1990, 1, 1)
_MOST_EXCLUDED: Final = 8
"""Engines cut long queries: what is beyond this is left out of their hits only."""


def operators(query: Query) -> str:
    """The query's text with its sites as `site:` and `-site:`, which most engines understand."""
    sites = " OR ".join(f"site:{domain}" for domain in query.site)
    if len(query.site) > 1:
        sites = f"({sites})"
    excluded = " ".join(f"-site:{domain}" for domain in query.exclude_site[:_MOST_EXCLUDED])
    return " ".join(filter(None, (query.text, sites, excluded)))


def bounded(query: Query, *, chars: int, words: int | None = None) -> str:
    """As `operators`, but within what an engine takes: its most characters, and its most words.

    With sites, the text has half of the room; the last of the sites left out, and then of those
    asked for, are not named where the rest does not hold them.
    """
    most = words or chars
    excluded = query.exclude_site[:_MOST_EXCLUDED]
    half = 2 if query.site or excluded else 1
    text = shortened(query.text, chars=chars // half, words=most // half)
    fewer = [(len(query.site), count) for count in range(len(excluded), 0, -1)]
    fewer += [(count, 0) for count in range(len(query.site), 0, -1)]
    for sites, out in fewer:
        named = replace(query, text=text, site=query.site[:sites], exclude_site=excluded[:out])
        spelled = operators(named)
        if len(spelled) <= chars and len(spelled.split()) <= most:
            return spelled
    return text


def shortened(text: str, *, chars: int, words: int | None = None) -> str:
    """The text's beginning within these bounds, cut between words where it has any."""
    if len(text) <= chars and (words is None or len(text.split()) <= words):
        return text
    kept = text.split()[:words]
    while len(kept) > 1 and len(" ".join(kept)) > chars:
        kept.pop()
    return " ".join(kept)[:chars]


def without_bangs(text: str) -> str:
    r"""The text without the `!` and the backslashes that words begin with.

    To some engines they are commands (`!w` asks another site, `\w` goes to its first result), and
    to none of them a part of the word.
    """
    return " ".join(_BANGS.sub("", text).split()) or text


def day(value: object) -> str | None:
    """The day of a date in ISO 8601 or RFC 5322, `YYYY-MM-DD`; None for what cannot be one.

    Engines give the year 1, or a day to come, to pages of which they do not know it.
    """
    said = plain(value)
    if not 0 < len(said) <= _DAY_CHARS:
        return None
    try:
        known = date.fromisoformat(said[:10])
    except ValueError:
        try:
            known = parsedate_to_datetime(said).date()
        except (ValueError, IndexError, OverflowError):
            return None
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return known.isoformat() if _FIRST_DAY <= known <= tomorrow else None


def plain(value: object) -> str:
    """A text on one line; empty for what is no text. Half a character becomes a question mark."""
    return " ".join(well_formed(value).split()) if isinstance(value, str) else ""


def unmarked(value: object) -> str:
    """As `plain`, of a piece of HTML in which the words asked for may be marked."""
    return plain(unescape(_MARKS.sub("", value))) if isinstance(value, str) else ""


def rows(
    listed: object, *, snippet: str, published: str = "", text: Callable[[object], str] = plain
) -> list[Hit] | None:
    """The hits of a list of objects with `url`, `title` and a snippet; None when it is no list.

    `text` reads the title and the snippet; `published` is where the day of publication stands.
    """
    if not isinstance(listed, list):
        return None
    objects = (
        cast("dict[str, object]", one)
        for one in cast("list[object]", listed)
        if isinstance(one, dict)
    )
    return [
        Hit(
            title=text(one.get("title")) or plain(one.get("url")),
            url=plain(one.get("url")),
            snippet=text(one.get(snippet)),
            published=day(one.get(published)),
        )
        for one in objects
    ]


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
