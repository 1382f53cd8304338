"""Error pages: refusals for browsers, which ask for a page; everybody else gets them as JSON.

Source: RFC 9110 section 12.5.1 (`Accept`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from codexity.edges.http.plain import whole_page
from codexity.edges.http.security_headers import SECURITY_HEADERS

Fields = Iterable[tuple[bytes, bytes]]

_TITLES: Final = {
    401: "A key is needed",
    403: "Not from here",
    422: "This cannot be asked",
    429: "Too much at once",
    431: "Too much was sent",
    500: "Something broke",
    503: "Not now",
}
_MOST_STEPS_UP: Final = 64
_MOST_WORDS: Final = 5_000
"""So many characters of a question come back: a page is not to be many times its request."""
_HTML: Final = "text/html"
_JSON: Final = "application/json"


def wants_page(fields: Fields) -> bool:
    """Whether the client names HTML, and JSON not before it; names of fields are lower case.

    `*/*` alone, which `fetch` and curl send, asks for no page.
    """
    ranks: dict[str, tuple[float, int]] = {}
    accept = ",".join(value.decode("latin-1") for name, value in fields if name == b"accept")
    for place, part in enumerate(accept.lower().split(",")):
        media_type, *parameters = (one.strip() for one in part.split(";"))
        ranks.setdefault(media_type, (_quality(parameters), -place))
    html, other = ranks.get(_HTML, (0.0, 0)), ranks.get(_JSON, (0.0, 0))
    return html[0] > 0 and (html > other or _JSON not in ranks)


def error_page(status: int, told: Mapping[str, Any], target: bytes, *, again: bool = True) -> str:
    """A refusal as a complete page, with the way back; `target` is what was asked for.

    What may be asked for `again` later has a link that does.
    """
    path, _, query = target.decode("latin-1").partition("?")
    up = "../" * min(path.count("/") - 1, _MOST_STEPS_UP)
    question = parse_qs(query).get("q", [""])[0][:_MOST_WORDS]
    title = _TITLES.get(status, HTTPStatus(status).phrase.capitalize())
    retry = '<a href="">Try again</a> · ' if told["retryable"] and again else ""
    body = (
        f'<article><h1>{title}</h1><p class="now">{status} · {escape(told["code"])}</p>'
        f'<div class="problem" role="alert"><p>{escape(told["message"])}</p></div>'
        f'<p>{retry}<a href="{up or "./"}">Back to the start page</a></p></article>'
    )
    return whole_page(title, body, question=question, up=up)


def with_error_pages(scope: Scope, send: Send) -> Send:
    """What sends in place of `send`: refusals become pages where the client asks for those."""
    if scope["type"] != "http":
        return send
    as_page = wants_page(scope["headers"])
    held: Message | None = None
    body = b""

    async def sending(message: Message) -> None:
        nonlocal held, body
        if message["type"] == "http.response.start" and _is_refusal(message):
            # To caches the two are one address. Source: RFC 9110 section 12.5.5.
            MutableHeaders(scope=message).add_vary_header("Accept")
            held = message if as_page else None
        if held is None:
            await send(message)
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")
            if not message.get("more_body", False):
                html = _page_of(scope, held["status"], body)
                _describe(held, html)
                await send(held)
                await send({"type": "http.response.body", "body": html})

    return sending


def _quality(parameters: Iterable[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1


def _is_refusal(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return start["status"] >= HTTPStatus.BAD_REQUEST and headers.get("content-type") == _JSON


def _page_of(scope: Scope, status: int, body: bytes) -> bytes:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    target = path + b"?" + scope["query_string"]
    again = scope["method"] in {"GET", "HEAD"}
    page = error_page(status, json.loads(body), target, again=again)
    return page.encode()


def _describe(start: Message, html: bytes) -> None:
    headers = MutableHeaders(scope=start)
    headers.update(SECURITY_HEADERS)
    headers["Content-Type"] = f"{_HTML}; charset=utf-8"
    headers["Content-Length"] = str(len(html))
