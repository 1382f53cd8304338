"""uvicorn's HTTP/1.1 that can cut a connection, always tells its end, and refuses in JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

CONNECTION: Final = "codexity.connection"
"""The ASGI extension whose `"protocol"` is the `Protocol` of a request's connection."""
_AHEAD: Final = 8
"""So many requests may wait on a connection before no more is read of it."""


class Protocol(HttpToolsProtocol):
    """One connection.

    uvicorn closes one by sending what is pending first, which a client that takes a byte a second
    makes last for days. And it tells the end of a connection to the last request alone: a stream in
    front of a pipelined request went on.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The connection is open."""
        super().connection_made(transport)
        # A write waits until the kernel has taken the one before: else a client that takes nothing
        # is held for 64 KiB more.
        transport.set_write_buffer_limits(high=0)
        self._earlier: list[RequestResponseCycle] = []
        self._listening: set[Callable[[], None]] | None = None

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"protocol": self}}

    def on_headers_complete(self) -> None:
        """The head of a request was read."""
        before = self.cycle
        super().on_headers_complete()
        if before and not before.response_complete:
            self._earlier = [one for one in self._earlier if not one.response_complete]
            self._earlier.append(before)
            # Whoever does not read does not hear of the end either.
            if len(self.pipeline) < _AHEAD:
                self.flow.resume_reading()

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP, in the shape that all refusals have; and closes.

        Where a response is under way it would be read as a piece of that: there it only ends.
        """
        if any(one.response_started and not one.response_complete for one in self._open()):
            self.cut()
            return
        told = {"code": "bad_request", "message": msg, "retryable": False}
        body = json.dumps(told, separators=(",", ":")).encode()
        head = (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head % len(body) + body)
        self.transport.close()

    def _open(self) -> list[RequestResponseCycle]:
        """The requests that may not have been answered."""
        return [*self._earlier, *([self.cycle] if self.cycle else [])]

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        for cycle in self._earlier:
            cycle.disconnected = not cycle.response_complete
            cycle.message_event.set()
        # Whatever one of them does, the others are told.
        with ExitStack() as told:
            for ended in self._listening or ():
                told.callback(ended)
            super().connection_lost(exc)

    @property
    def full(self) -> bool:
        """Whether what is written now would only be held: the client is slow, or about to go."""
        return self.flow.write_paused or self.transport.is_closing()

    def write_chunk(self, body: bytes) -> None:
        """Sends a piece of the body of the response that is under way, without waiting."""
        self.transport.write(b"%x\r\n%b\r\n" % (len(body), body))

    def cut(self) -> None:
        """Ends the connection at once, whatever is pending."""
        self.transport.abort()

    def listen(self, ended: Callable[[], None]) -> None:
        """Calls `ended` when the connection has ended: no task needs to wait in `receive` for it.

        Where it has ended already, at once.
        """
        if self.parser is None:
            ended()
        else:
            self._listening = {*(self._listening or ()), ended}

    def unlisten(self, ended: Callable[[], None]) -> None:
        """`ended` is not called any more."""
        self._listening = (self._listening or set()) - {ended}
