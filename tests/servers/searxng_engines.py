"""The engines of the server that answers as SearXNG does, and the shapes of its replies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from servers.local import Reply

Row = tuple[str, str, str]
"""Title, address, snippet."""

Find = Callable[[str], Sequence[Row]]

_STATISTICS = frozenset({"min", "max", "avg", "sum", "prod", "range"})
_RANDOM = frozenset({"string", "int", "float", "sha256", "uuid", "color"})


@dataclass(slots=True, kw_only=True)
class Engine:
    """One of its engines: it finds, after so many `seconds`, or `fails` with these words.

    One that knows no dates is left out in silence where a time range is asked for. Of what an
    `infobox` engine finds an infobox is made, and results only where its display type says so.
    """

    name: str
    find: Find = lambda _text: ()
    shortcut: str = ""
    fails: str = ""
    seconds: float = 0.0
    knows_dates: bool = True
    infobox: bool = False
    published: str | None = None
    timeout: float | None = None
    disabled: bool = False
    categories: tuple[str, ...] = ("general",)
    display_type: Sequence[str] = ("infobox",)
    suspended_until: float = 0.0

    def configure(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            setattr(self, name, value)


def spelled(reply: dict[str, Any]) -> Reply:
    return Reply(pieces=(json.dumps(reply).encode(),))


def answered(words: str) -> dict[str, Any] | None:
    """What it answers without asking an engine: the first word is a keyword of its own."""
    keyword, *others = words.split() or [""]
    numbers = bool(others) and all(re.fullmatch(r"[\d.]+", one) for one in others)
    is_random = keyword == "random" and len(others) == 1 and others[0] in _RANDOM
    if not (is_random or (keyword in _STATISTICS and numbers)):
        return None
    answer = {"answer": "42", "url": None, "engine": f"answerer: {keyword}", "template": ""}
    return {"results": [], "answers": [answer], "infoboxes": [], "unresponsive_engines": []}


def described(engine: Engine) -> dict[str, object]:
    return {
        "name": engine.name,
        "categories": list(engine.categories),
        "shortcut": engine.shortcut,
        "enabled": not engine.disabled,
        "time_range_support": engine.knows_dates,
        "timeout": engine.timeout,
    }


def infobox(row: Row, engine: str) -> dict[str, object]:
    title, url, snippet = row
    links = [{"title": "Wikipedia", "url": url}, {"title": "Own", "url": f"{url}#own"}]
    return {
        "infobox": title,
        "id": url,
        "content": snippet,
        "urls": links,
        "attributes": [],
        "engine": engine,
        "engines": [engine],
        "template": "default.html",
    }


def result(row: Row, engine: Engine, place: int) -> dict[str, object]:
    title, url, snippet = row
    return {
        "url": url,
        "title": title,
        "content": snippet,
        "thumbnail": None,
        "publishedDate": engine.published,
        "engine": engine.name,
        "template": "default.html",
        "parsed_url": list(urlsplit(url)) if "[" not in url else [],
        "engines": [engine.name],
        "positions": [place],
        "score": 1 / place,
        "category": "general",
    }
