"""A run as a response: Server-Sent Events over the run's log.

Source of the format: the WHATWG HTML standard, section "Server-sent events". Its limits are those
that real clients were measured to have: LF, one `data` line, an id on every event, ASCII ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import anyio
from starlette.types import Message, Receive, Scope, Send

from codexity.engine import Engine, Follower
from codexity.events import Token
from codexity.ports import Entry

_RETRY_MILLISECONDS: Final = 2_000
_MAX_WRITE_BYTES: Final = 64 * 1024
_SEND_SECONDS: Final = 30.0
"""How long a reader may take nothing before it is dropped."""


class RunStream:
    """An ASGI response that follows a run; a client that leaves detaches from it at once."""

    def __init__(  # noqa: PLR0913 - each is one number or name of the response
        self,
        engine: Engine,
        run: str,
        *,
        principal: str,
        heartbeat_seconds: float,
        first_token_heartbeat_seconds: float,
        identity: bool,
    ) -> None:
        self._engine = engine
        self._run = run
        self._principal = principal
        self._heartbeat_seconds = heartbeat_seconds
        self._first_heartbeat_seconds = first_token_heartbeat_seconds
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        del scope
        async with (
            self._engine.follow(self._run, principal=self._principal) as follower,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(until_left, receive, tasks.cancel_scope)
            with suppress(
                TimeoutError
            ):  # a reader that takes nothing is dropped like one that left
                await self._relay(follower, send)
            tasks.cancel_scope.cancel()

    def _start(self) -> Message:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-cache, no-store, no-transform"),
            (b"x-accel-buffering", b"no"),
        ]
        if self._identity:
            headers.append((b"content-encoding", b"identity"))
        return {"type": "http.response.start", "status": 200, "headers": headers}

    async def _relay(self, follower: Follower, send: Send) -> None:
        await _send(send, self._start())
        head = b"retry: %d\n" % _RETRY_MILLISECONDS
        silence = self._first_heartbeat_seconds
        while True:
            entries: tuple[Entry, ...] | None = None
            with anyio.move_on_after(silence):
                entries = await follower.read()
            if entries == ():
                await _send(send, {"type": "http.response.body", "body": b""})
                return
            if entries is None:
                pieces: Iterable[bytes] = (_heartbeat(follower),)
            else:
                pieces = (_frame(follower.run, entry) for entry in entries)
                if any(isinstance(entry.event, Token) for entry in entries):
                    silence = self._heartbeat_seconds
            for body in _joined(head, pieces):
                more = {"type": "http.response.body", "body": body, "more_body": True}
                await _send(send, more)
            head = b""


async def _send(send: Send, message: Message) -> None:
    with anyio.fail_after(_SEND_SECONDS):
        await send(message)


async def until_left(receive: Receive, scope: anyio.CancelScope) -> None:
    """Cancels `scope` when the client of a request leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _frame(run: str, entry: Entry) -> bytes:
    return b"id: %s-%d\nevent: %s\ndata: %s\n\n" % (
        run.encode(),
        entry.seq,
        entry.event.name.encode(),
        entry.data,
    )


def _heartbeat(follower: Follower) -> bytes:
    name = f"{follower.run}-{follower.cursor}".encode()
    return b"id: %s\nevent: heartbeat\ndata: {}\n\n" % name


def _joined(head: bytes, pieces: Iterable[bytes]) -> Iterable[bytes]:
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
