"""Refusals that are written to a connection below ASGI, where there is no request to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from codexity.edges.http.error_pages import Fields, error_page, wants_page
from codexity.edges.http.security_headers import SECURITY_HEADERS

RETRY_SECONDS: Final = 5
"""When to ask again, where nothing is known of how long it will take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRefusal:
    """An answer in the shape that all refusals have, after which the connection is closed.

    `bound` is what the operator is told was met; empty where the request itself is wrong.
    """

    status: HTTPStatus
    code: str
    message: str
    retryable: bool = False
    bound: str = ""

    def response(self, target: bytes = b"/", fields: Fields = ()) -> bytes:
        """The whole response to what was read of a request, a page where it asks for one."""
        told = {"code": self.code, "message": self.message, "retryable": self.retryable}
        media_type, more = "application/json", ""
        body = json.dumps(told, separators=(",", ":")).encode()
        if wants_page(fields):
            body = error_page(self.status, told, target, again=False).encode()
            media_type = "text/html; charset=utf-8"
            more = "".join(f"{name}: {value}\r\n" for name, value in SECURITY_HEADERS.items())
        busy = self.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
        retry = f"retry-after: {RETRY_SECONDS}\r\n" if busy else ""
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            f"content-type: {media_type}\r\nvary: accept\r\n{more}"
            f"content-length: {len(body)}\r\n{retry}connection: close\r\n\r\n"
        )
        return head.encode() + body


def malformed(message: str) -> WireRefusal:
    """400: what came is no request that may be answered."""
    return WireRefusal(status=HTTPStatus.BAD_REQUEST, code="bad_request", message=message)


BROKEN: Final = WireRefusal(
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    code="internal",
    message="Something broke inside Codexity; its log says what.",
)
"""500: what nobody foresaw, where no application is there to say so."""
