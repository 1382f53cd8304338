"""A server that speaks SearXNG's JSON API over results of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from servers.local import Asked, LocalServer, Reply

Row = tuple[str, str, str]
"""Title, address, snippet."""


class SearxngServer(LocalServer):
    """Answers `/search?q=...&format=json` with `find(q)`; `failed` are its unresponsive engines.

    Like most engines' results, these know nothing of `site:`: that is part of the text.
    """

    def __init__(
        self,
        find: Callable[[str], Sequence[Row]],
        *,
        failed: Sequence[tuple[str, str]] = (),
        formats: Sequence[str] = ("html", "json"),
    ) -> None:
        super().__init__()
        self.find: Callable[[str], Sequence[Row]] = find
        self.failed = failed
        self.formats = formats

    def usual(self, asked: Asked) -> Reply:
        text = asked.query.get("q", [""])[0]
        wanted = asked.query.get("format", ["html"])[0]
        if asked.path != "/search":
            return super().usual(asked)
        if wanted not in self.formats:
            return Reply(status=403, media_type="text/html", pieces=(b"<h1>Forbidden</h1>",))
        if wanted == "html":
            return Reply(media_type="text/html", pieces=(b"<!doctype html><h1>SearXNG</h1>",))
        reply = {
            "query": text,
            "number_of_results": 0,
            "results": [_result(*row, place) for place, row in enumerate(self.find(text), 1)],
            "answers": [],
            "corrections": [],
            "infoboxes": [],
            "suggestions": [],
            "unresponsive_engines": [list(pair) for pair in self.failed],
        }
        return Reply(pieces=(json.dumps(reply).encode(),))


def _result(title: str, url: str, snippet: str, place: int) -> dict[str, object]:
    return {
        "url": url,
        "title": title,
        "content": snippet,
        "thumbnail": None,
        "publishedDate": None,
        "engine": "wikipedia",
        "template": "default.html",
        "parsed_url": list(urlsplit(url)) if "[" not in url else [],
        "engines": ["wikipedia"],
        "positions": [place],
        "score": 1 / place,
        "category": "general",
    }
