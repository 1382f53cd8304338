"""What the gate refuses of a request that another ASGI server has let through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from codexity.edges.http.gate import Gate, Rules

OPEN = Rules(
    host="127.0.0.1",
    open=True,
    allowed_hosts=frozenset(),
    cors_origins=frozenset(),
    api_keys={},
)
HOST = (b"host", b"127.0.0.1")
ORIGIN = (b"origin", b"http://localhost")


async def told(*headers: tuple[bytes, bytes]) -> tuple[int, str]:
    """The status and the code of what a request with these fields is answered."""
    seen: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        seen.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/health",
        "headers": list(headers),
        "server": ("127.0.0.1", 80),
    }
    await Gate(app, OPEN)(scope, receive, send)
    return seen[0]["status"], json.loads(seen[1]["body"]).get("code", "")


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ((HOST, HOST), (HOST,)),
        (((b"host", b"elsewhere.example"), HOST), (HOST,)),
        ((HOST, ORIGIN, ORIGIN), (HOST, ORIGIN)),
        ((HOST, (b"authorization", b"a"), (b"authorization", b"b")), (HOST,)),
        (((b"host", b"me@127.0.0.1"),), ((b"host", b"127.0.0.1:80"),)),
        (((b"host", b"127.0.0.1/health"),), ((b"host", b"[::1]:80"),)),
        (((b"host", b""),), ((b"host", b"localhost."),)),
    ],
)
async def test_fields_that_can_be_read_in_two_ways(
    bad: tuple[tuple[bytes, bytes], ...], good: tuple[tuple[bytes, bytes], ...]
) -> None:
    assert await told(*bad) == (400, "bad_request")
    assert await told(*good) == (200, "")
