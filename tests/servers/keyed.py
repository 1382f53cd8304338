"""Servers that answer as Brave's, Tavily's and Mojeek's do, from what was recorded of theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from servers.local import Asked, LocalServer, Reply
from servers.searxng import Row

KEY = "tvly-7f3b9c2d-a-key-that-nobody-may-see"
_RECORDED = Path(__file__).parents[1] / "recorded"


class KeyedServer(LocalServer):
    """Answers who has `KEY` with `find`'s rows; `narrows` is whether it keeps to the sites asked.

    `find` is given the text that was asked, with whatever operators stand in it.
    """

    service: str

    def __init__(self, find: Callable[[str], Sequence[Row]], *, narrows: bool = True) -> None:
        super().__init__()
        self.find: Callable[[str], Sequence[Row]] = find
        self.narrows = narrows
        self.recorded: dict[str, Any] = json.loads((_RECORDED / f"{self.service}.json").read_text())

    def spoken(self, name: str, status: int = 200) -> Reply:
        """What was recorded under this name."""
        return Reply(status=status, pieces=(json.dumps(self.recorded[name]).encode(),))

    def told(self, asked: Asked) -> str:
        """What a request asks for, on one line: the text, and the sites that stand beside it."""
        raise NotImplementedError

    def within(self, rows: Sequence[Row], sites: Sequence[str]) -> list[Row]:
        """Those rows whose host is one of the sites, or below one."""
        if not self.narrows or not sites:
            return list(rows)
        return [row for row in rows if any(_host(row).endswith(site) for site in sites)]


def _host(row: Row) -> str:
    try:
        return urlsplit(row[1]).hostname or ""
    except ValueError:
        return ""


def _found(template: dict[str, Any], **values: str) -> dict[str, Any]:
    return {**template, **values}


class BraveServer(KeyedServer):
    """`GET /res/v1/web/search` with `X-Subscription-Token`; a page has `count` results."""

    service = "brave"

    def told(self, asked: Asked) -> str:
        return asked.query["q"][0]

    def usual(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) != ("GET", "/res/v1/web/search"):
            return super().usual(asked)
        if asked.headers.get("x-subscription-token") != KEY:
            return self.spoken("wrong_key", 422)
        text = asked.query.get("q", [""])[0]
        count, page = (int(asked.query.get(name, ["0"])[0]) for name in ("count", "offset"))
        good = 0 < len(text) <= 400 and len(text.split()) <= 50
        if not (good and count in range(1, 21) and page in range(10)):
            return self.spoken("wrong_parameter", 422)
        rows = self.find(text)
        part = rows[page * count :][:count]
        if not part:
            return self.spoken("empty")
        reply = deepcopy(self.recorded["found"])
        shape = reply["web"]["results"][0]
        reply["query"] |= {
            "original": text,
            "more_results_available": len(rows) > count * page + count,
        }
        reply["web"]["results"] = [
            _found(shape, title=escape(title), url=url, description=escape(snippet))
            for title, url, snippet in part
        ]
        return Reply(pieces=(json.dumps(reply).encode(),))


class TavilyServer(KeyedServer):
    """`POST /search` with a bearer's key; it narrows to `include_domains` itself."""

    service = "tavily"

    def told(self, asked: Asked) -> str:
        body = json.loads(asked.body)
        sites = (f"<{site}>" for site in body.get("include_domains", ()))
        others = (f"<-site:{site}>" for site in body.get("exclude_domains", ()))
        return " ".join([body["query"], *sites, *others])

    def usual(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) != ("POST", "/search"):
            return super().usual(asked)
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return self.spoken("wrong_key", 401)
        body = json.loads(asked.body)
        if len(body["query"]) > 400:
            return self.spoken("too_long", 400)
        if body.get("max_results", 5) not in range(21):
            return Reply(status=400, pieces=(b'{"detail": {"error": "Invalid max_results"}}',))
        rows = self.within(self.find(body["query"]), body.get("include_domains", ()))
        reply = deepcopy(self.recorded["found" if rows else "empty"])
        reply["query"] = body["query"]
        shape = self.recorded["found"]["results"][0]
        reply["results"] = [
            _found(shape, title=title, url=url, content=snippet)
            for title, url, snippet in rows[: body.get("max_results", 5)]
        ]
        return Reply(pieces=(json.dumps(reply).encode(),))


class MojeekServer(KeyedServer):
    """`GET /search` with the key in the address; it narrows to one `site` itself.

    Its refusals have the status 200.
    """

    service = "mojeek"

    def told(self, asked: Asked) -> str:
        return " ".join(
            [asked.query["q"][0], *(f"<{site}>" for site in asked.query.get("site", ()))]
        )

    def usual(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) != ("GET", "/search"):
            return super().usual(asked)
        if asked.query.get("api_key") != [KEY]:
            return self.spoken("wrong_key")
        if asked.query.get("fmt") != ["json"]:
            return Reply(
                media_type="text/xml", pieces=(b"<response><status>OK</status></response>",)
            )
        rows = self.within(self.find(asked.query["q"][0]), asked.query.get("site", ()))
        part = rows[: int(asked.query.get("t", ["10"])[0])]
        reply = deepcopy(self.recorded["found" if part else "empty"])
        shape = self.recorded["found"]["response"]["results"][0]
        reply["response"]["results"] = [
            _found(shape, title=escape(title), url=url, desc=escape(snippet))
            for title, url, snippet in part
        ]
        return Reply(pieces=(json.dumps(reply).encode(),))
