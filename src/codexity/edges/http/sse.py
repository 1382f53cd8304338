"""A run as a response: Server-Sent Events over the run's log.

Source of the format: the WHATWG HTML standard, section "Server-sent events". Its limits are those
that real clients were measured to have: LF, one `data` line, an id on every event, ASCII ids.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import anyio
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from codexity.edges.http.protocol import CUT
from codexity.edges.http.streams import Connection, Streams
from codexity.engine import Engine, Follower
from codexity.errors import LeftBehind, StoreFailed
from codexity.events import Done, Event, Failed, Token, encode
from codexity.ports import Entry

RETRY: Final = b"retry: 2000\n"
"""How long a client waits before it comes back, in milliseconds."""
_MAX_WRITE_BYTES: Final = 64 * 1024
_GONE: Final = "This answer is no longer kept here. Ask the question again."


class RunStream:
    """An ASGI response that follows a run from `after`; a client that leaves detaches from it.

    `grace_seconds` is how long the run is to go on for a client that left and can come back.
    """

    def __init__(  # noqa: PLR0913 - each is one number or name of the response
        self,
        engine: Engine,
        streams: Streams,
        run: str,
        *,
        principal: str,
        client: str,
        after: int,
        grace_seconds: float,
    ) -> None:
        self._engine = engine
        self._streams = streams
        self._run = run
        self._principal = principal
        self._client = client
        self._after = after
        self._grace_seconds = grace_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it.

        Raises:
            UnknownRun, StoreFailed, Busy: before anything was sent.
        """
        if scope["method"] == "HEAD":
            # No body tells that it has begun or ended: it would last as long as the run.
            await self._engine.snapshot(self._run, principal=self._principal)
            await Short(b"", identity=self._streams.settings.content_encoding_identity)(
                scope, receive, send
            )
            return
        with self._streams.place(self._client), anyio.CancelScope() as left:
            async with self._engine.follow(
                self._run,
                principal=self._principal,
                after=self._after,
                grace_seconds=self._grace_seconds,
            ) as follower:
                if follower.finished:
                    await Response(status_code=204)(scope, receive, send)
                    return
                settings = self._streams.settings
                connection = Connection(follower, left, settings.first_heartbeat_seconds)
                connection.cut = scope.get("extensions", {}).get(CUT, {}).get("cut")
                # A server whose client is gone may say so by an error.
                with self._streams.watched(connection, receive), suppress(OSError):
                    await self._relay(connection, send)

    async def _relay(self, connection: Connection, send: Send) -> None:
        settings = self._streams.settings
        connection.sending_since = time.monotonic()
        await send(start(identity=settings.content_encoding_identity))
        run = self._run.encode()
        head = RETRY
        while (entries := await self._read(connection)) != ():
            if entries is None:
                pieces: Iterable[bytes] = (_heartbeat(connection.follower),)
            else:
                pieces = (_frame(run, entry) for entry in entries)
                if type(entries[-1].event) is Token:
                    connection.silence = settings.heartbeat_seconds
            for body in joined(head, pieces):
                connection.sending_since = time.monotonic()
                await send({"type": "http.response.body", "body": body, "more_body": True})
            head = b""
        connection.sending_since = time.monotonic()
        await send({"type": "http.response.body", "body": b""})

    async def _read(self, connection: Connection) -> tuple[Entry, ...] | None:
        """What is pending; None when a heartbeat is due."""
        connection.spoke_at = time.monotonic()
        connection.sending_since = 0.0
        try:
            return connection.follower.take() if await connection.follower.ready() else None
        except (LeftBehind, StoreFailed):
            # The stream ends without `done`: the client comes back with its last id.
            return ()


def start(*, identity: bool) -> Message:
    """The head of a stream; `identity` tells proxies not to compress it."""
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache, no-store, no-transform"),
        (b"x-accel-buffering", b"no"),
    ]
    if identity:
        headers.append((b"content-encoding", b"identity"))
    return {"type": "http.response.start", "status": 200, "headers": headers}


class Short:
    """An ASGI response that is a whole stream at once: what a reader is told who cannot go on."""

    def __init__(self, body: bytes, *, identity: bool) -> None:
        self._body = body
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        del scope, receive
        await send(start(identity=self._identity))
        await send({"type": "http.response.body", "body": self._body})


def gone(run: str) -> bytes:
    """What is told of a run that is not known, or no longer kept."""
    told: tuple[Event, ...] = (
        Failed(code="run_gone", message=_GONE, retryable=True),
        Done(status="interrupted", run=run, seconds={}),
    )
    entries = (Entry(seq=0, event=event, data=encode(event)) for event in told)
    return RETRY + b"".join(_frame(run.encode(), entry) for entry in entries)


def joined(head: bytes, pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Pending events in writes of at most 64 KiB, or of one event where that is larger.

    The first write holds the first event alone: proxies pass a small one on at once.
    """
    body = head
    first = bool(head)
    for piece in pieces:
        if body and not first and len(body) + len(piece) > _MAX_WRITE_BYTES:
            yield body
            body = b""
        body += piece
        if first:
            yield body
            body, first = b"", False
    if body:
        yield body


def _frame(run: bytes, entry: Entry) -> bytes:
    return b"id: %s-%d\nevent: %s\ndata: %s\n\n" % (
        run,
        entry.seq,
        entry.event.name.encode(),
        entry.data,
    )


def _heartbeat(follower: Follower) -> bytes:
    name = f"{follower.run}-{follower.cursor}".encode()
    return b"id: %s\nevent: heartbeat\ndata: {}\n\n" % name
