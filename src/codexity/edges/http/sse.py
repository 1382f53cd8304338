"""A run as a response: Server-Sent Events over the run's log.

Source of the format: the WHATWG HTML standard, section "Server-sent events". Its limits are those
that real clients were measured to have: LF, one `data` line, an id on every event, ASCII ids.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from codexity.edges.http.protocol import CONNECTION, Protocol
from codexity.edges.http.streams import Connection, Streams
from codexity.engine import Engine, Follower
from codexity.errors import LeftBehind, StoreFailed
from codexity.events import Done, Event, Failed, Token, encode, tells
from codexity.ports import Entries

RETRY: Final = b"retry: 2000\n"
"""How long a client waits before it comes back, in milliseconds."""
_MAX_WRITE_BYTES: Final = 64 * 1024
_ID_BYTES: Final = len("id: -\n") + 10
"""About what an event's id takes besides the run's."""
_NUMBERS: Final = [b"%d\n" % number for number in range(4_096)]
"""Few runs say more."""
_GONE: Final = "This answer is no longer kept here. Ask the question again."


HANDED: Final = "codexity.handed"
"""Where in the scope a stream is handed to whoever called the framework."""


class RunStream:
    """An ASGI response that follows a run from `after`; a client that leaves detaches from it.

    `grace_seconds` is how long the run is to go on for a client that left and can come back.

    Called as a response it sends the head alone, and hands itself to whoever called the framework,
    to be relayed and closed: nothing of that is passed through, or kept, while the stream lasts.
    """

    __slots__ = (
        "_after", "_client", "_connection", "_engine", "_follower", "_grace_seconds",
        "_principal", "_run", "_streams",
    )  # fmt: skip

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
        self._follower: Follower | None = None
        self._connection: Connection | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begins the answer to one request, as ASGI has it.

        Raises:
            UnknownRun, StoreFailed, Busy: before anything was sent.
        """
        identity = self._streams.settings.content_encoding_identity
        if scope["method"] == "HEAD":
            # No body tells that it has begun or ended: it would last as long as the run.
            await self._engine.snapshot(self._run, principal=self._principal)
            await Short(b"", identity=identity)(scope, receive, send)
            return
        self._streams.enter(self._client)
        scope[HANDED].append(self)
        self._follower = await self._engine.attach(
            self._run, principal=self._principal, after=self._after
        )
        if self._follower.finished:
            await Response(status_code=204)(scope, receive, send)
            return
        await send(start(identity=identity))
        seconds = self._streams.settings.first_heartbeat_seconds
        self._connection = Connection(self._follower, seconds)

    async def relay(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends what the run says, until it has ended or the client has left."""
        connection = self._connection
        if connection is None:
            return
        self._streams.watch(connection)
        protocol: Protocol | None = scope.get("extensions", {}).get(CONNECTION, {}).get("protocol")
        try:
            if protocol is None:
                # A server whose client is gone may say so by an error.
                with self._streams.listening(connection, receive), suppress(OSError):
                    await self._relay(connection, send, None)
            else:
                connection.cut = protocol.cut
                protocol.listen(connection.leave)
                try:
                    await self._relay(connection, send, protocol)
                finally:
                    protocol.unlisten(connection.leave)
        finally:
            self._streams.unwatch(connection)

    async def close(self) -> None:
        """Detaches from the run."""
        self._streams.leave(self._client)
        if self._follower is not None:
            await self._engine.detach(self._follower, grace_seconds=self._grace_seconds)

    async def _relay(self, connection: Connection, send: Send, protocol: Protocol | None) -> None:
        follower, run = connection.follower, self._run.encode()
        head = RETRY
        try:
            while not connection.gone:
                connection.spoke_at = time.monotonic()
                connection.sending_since = 0.0
                if await follower.ready():
                    entries = follower.take()
                    if not entries:
                        break
                    bodies = writes(head, run, entries)
                    if tells(entries.blocks[-1], Token):
                        connection.silence = self._streams.settings.heartbeat_seconds
                elif connection.gone:
                    break
                else:
                    bodies = (head + _heartbeat(follower),)
                for body in bodies:
                    connection.sending_since = time.monotonic()
                    await send({"type": "http.response.body", "body": body, "more_body": True})
                if head and protocol is not None:
                    connection.flush = partial(self._flush, connection, protocol)
                head = b""
        except (LeftBehind, StoreFailed):
            # The stream ends without `done`: the client comes back with its last id.
            pass
        connection.sending_since = time.monotonic()
        await send({"type": "http.response.body", "body": b""})

    def _flush(self, connection: Connection, protocol: Protocol) -> bool:
        """Writes what is pending where nothing has to be waited for; whether it did.

        Waking the task for it takes as long again as the write.
        """
        if connection.gone or protocol.full:
            return False
        entries = connection.follower.hand(_MAX_WRITE_BYTES // 2)
        if entries is None:
            return False
        protocol.write_chunk(framed(self._run.encode(), entries))
        connection.spoke_at = time.monotonic()
        spoken = self._streams.settings.heartbeat_seconds
        if connection.silence != spoken and tells(entries.blocks[-1], Token):
            connection.silence = spoken
        return True


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
    blocks = (framed(run.encode(), Entries(0, (encode(event),))) for event in told)
    return RETRY + b"".join(blocks)


def framed(run: bytes, entries: Entries) -> bytes:
    """Entries as they stand in a stream: each block behind its id."""
    # Pieces that are there already, laid out by slices and joined: a third of the time of
    # formatting them.
    pieces: list[bytes] = [b"id: %b-" % run] * (3 * len(entries))
    pieces[1::3] = _numbers(entries.first, len(entries))
    pieces[2::3] = entries.blocks
    return b"".join(pieces)


def _numbers(first: int, count: int) -> list[bytes]:
    """The ends of the lines of ids."""
    found = _NUMBERS[first : first + count]
    if len(found) < count:
        found = [b"%d\n" % number for number in range(first, first + count)]
    return found


def writes(head: bytes, run: bytes, entries: Entries) -> Iterator[bytes]:
    """Entries in writes of at most 64 KiB, or of one event where that is larger.

    With a head, it and the first event go alone: proxies pass a small write on at once.
    """
    if not head and entries.size(len(run) + _ID_BYTES) <= _MAX_WRITE_BYTES:
        yield framed(run, entries)
        return
    begin = size = 0
    most = 1 if head else len(entries)
    for at, block in enumerate(entries.blocks):
        size += len(block) + len(run) + _ID_BYTES
        if at - begin == most or (at > begin and size > _MAX_WRITE_BYTES):
            yield head + framed(run, entries.part(begin, at))
            begin, size, head, most = at, len(block) + len(run) + _ID_BYTES, b"", len(entries)
    yield head + framed(run, entries.part(begin, len(entries)))


def _heartbeat(follower: Follower) -> bytes:
    name = f"{follower.run}-{follower.cursor}".encode()
    return b"id: %s\nevent: heartbeat\ndata: {}\n\n" % name
