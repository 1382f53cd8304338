"""Refusals that are written to a connection below ASGI, where there is no request to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

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

    def response(self) -> bytes:
        """The whole response."""
        told = {"code": self.code, "message": self.message, "retryable": self.retryable}
        body = json.dumps(told, separators=(",", ":")).encode()
        busy = self.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
        retry = f"retry-after: {RETRY_SECONDS}\r\n" if busy else ""
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            "content-type: application/json\r\n"
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
