"""A server that answers as DuckDuckGo's page for browsers without JavaScript does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import parse_qs

from servers.local import Asked, LocalServer, Reply
from servers.searxng import Row

NO_RESULTS = '<div class="no-results">No results.</div>'
ANOMALY = (
    '<form id="challenge-form" action="//duckduckgo.com/anomaly.js" method="POST">'
    '<div class="anomaly-modal__title">Unfortunately, bots use DuckDuckGo too.</div></form>'
)


class DuckDuckGoServer(LocalServer):
    """Answers a form with `q` by a page of what `find(q)` returns; its address is `url`."""

    def __init__(self, find: Callable[[str], Sequence[Row]]) -> None:
        super().__init__()
        self.find: Callable[[str], Sequence[Row]] = find

    def usual(self, asked: Asked) -> Reply:
        text = parse_qs(asked.body.decode()).get("q", [""])[0]
        rows = self.find(text)
        return page("".join(_result(*row) for row in rows) or NO_RESULTS)


def page(inner: str, *, status: int = 200) -> Reply:
    """A page of DuckDuckGo around `inner`."""
    html = (
        "<!DOCTYPE html><html><head><title>at DuckDuckGo</title></head><body>"
        f'<div class="serp__results"><div id="links" class="results">{inner}</div></div>'
        "</body></html>"
    )
    media_type = "text/html; charset=UTF-8"
    return Reply(status=status, media_type=media_type, pieces=(html.encode(),))


def _result(title: str, url: str, snippet: str) -> str:
    to = escape(url)
    return (
        '<div class="result results_links results_links_deep web-result">'
        '<div class="links_main links_deep result__body">'
        f'<h2 class="result__title"><a rel="nofollow" class="result__a" href="{to}">'
        f"{escape(title)}</a></h2>"
        f'<div class="result__extras"><a class="result__url" href="{to}">{to}</a></div>'
        f'<a class="result__snippet" href="{to}">{escape(snippet)}</a>'
        "</div></div>"
    )
