"""uvicorn's HTTP/1.1 that is strict, bounds what it reads, and can cut a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from itertools import chain
from typing import Any, Final

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from codexity.edges.http.connections import HEAD_TIMEOUT, Bounds, Connections
from codexity.edges.http.request_head import (
    HEAD_TOO_LARGE,
    MAX_FIELDS,
    MAX_HEAD_BYTES,
    TOO_MANY_FIELDS,
    head_problem,
    origin_form,
    unreadable,
)
from codexity.edges.http.wire_refusals import WireRefusal, malformed

CONNECTION: Final = "codexity.connection"
"""The ASGI extension whose `"protocol"` is the `Protocol` of a request's connection."""
_AHEAD: Final = 8
"""So many requests may wait on a connection before no more is read of it."""
_BETWEEN, _HEAD, _BODY = range(3)
"""Where the reading of a connection is."""
_FIELD_BYTES: Final = len(b": \r\n")
_LINE_BYTES: Final = len(b"GET  HTTP/1.1\r\n\r\n")
_DISCARDED_BYTES: Final = 1024 * 1024
"""So much is still read, and thrown away, of a client that was refused: else it may not see why."""


class _Refused(Exception):
    """The request is not to be read on."""


class Protocol(HttpToolsProtocol):
    """One connection.

    uvicorn closes one by sending what is pending first, which a client that takes a byte a second
    makes last for days. And it tells the end of a connection to the last request alone: a stream in
    front of a pipelined request went on. Neither it nor its parser bounds a head.

    Without `connections` nothing has a deadline but what uvicorn gives one.
    """

    parser: httptools.HttpRequestParser

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        connections: Connections | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._places = connections
        self._earlier: list[RequestResponseCycle] = []
        self._listening: set[Callable[[], None]] | None = None
        self._part = _BETWEEN
        self._unanswered_bytes = 0  # given to the parser since something last came of it
        self._late_fields = 0
        self._late_bytes = 0
        self._refusal: WireRefusal | None = None
        self._deaf = False
        self._discarded = 0
        self._gone = False
        self._since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The connection is open."""
        super().connection_made(transport)
        if self._gone:
            transport.abort()
        # A write waits until the kernel has taken the one before: else a client that takes nothing
        # is held for 64 KiB more.
        transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        """Something has come: it is read as long as it is a request, in its bounds."""
        if self._deaf:
            self._discarded += len(data)
            if self._discarded > _DISCARDED_BYTES:
                self.cut()
            return
        self._unset_keepalive_if_required()
        if self._part == _BETWEEN and not self._unanswered_bytes:
            self._since = self.loop.time()
        rest: bytes | memoryview = data
        while rest and not self._deaf:
            room = MAX_HEAD_BYTES - self._unanswered_bytes
            if len(rest) > room:
                rest, later = memoryview(rest)[:room], memoryview(rest)[room:]
            else:
                later = b""
            self._unanswered_bytes += len(rest)
            self._parse(rest)
            if self._unanswered_bytes >= MAX_HEAD_BYTES and not self._deaf:
                self.refuse(HEAD_TOO_LARGE)
            rest = later

    def _parse(self, data: bytes | memoryview) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # It is answered as if it had not asked for another protocol, but nothing behind it is
            # read: the two sides may not agree what that is.
            self._deaf = True
            self.cycle.keep_alive = False
        except httptools.HttpParserError as error:
            self.refuse(self._refusal or unreadable(error))

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"protocol": self}}
        self._part = _HEAD
        self._late_fields = self._late_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field was read; one behind the body counts too, and is left out."""
        if len(self.headers) + self._late_fields >= MAX_FIELDS:
            self._stop(TOO_MANY_FIELDS)
        if self._part != _HEAD:
            self._late_fields += 1
            self._late_bytes += len(name) + len(value) + _FIELD_BYTES
            if self._late_bytes > MAX_HEAD_BYTES:
                self._stop(HEAD_TOO_LARGE)
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """The head of a request was read."""
        if self._head_bytes() > MAX_HEAD_BYTES:
            self._stop(HEAD_TOO_LARGE)
        self._unanswered_bytes = 0
        version, method = self.parser.get_http_version(), self.parser.get_method().decode()
        problem = head_problem(version, method, self.url, self.headers)
        if problem is None and self.parser.should_upgrade() and self._has_body():
            problem = "A request to speak another protocol has no body here."
        if problem is not None:
            self._stop(malformed(problem))
        self.url = origin_form(self.url)
        before = self.cycle
        super().on_headers_complete()
        self._part = _BODY
        if self._places is not None:
            self._places.work(self)
        if before and not before.response_complete:
            self._earlier = [one for one in self._earlier if not one.response_complete]
            self._earlier.append(before)
            # Whoever does not read does not hear of the end either.
            if len(self.pipeline) < _AHEAD:
                self.flow.resume_reading()

    def _head_bytes(self) -> int:
        """The least that the head has taken: exact where nothing was sent in front of it."""
        fields = sum(map(len, chain.from_iterable(self.headers)))
        return len(self.url) + fields + len(self.headers) * _FIELD_BYTES + _LINE_BYTES

    def _has_body(self) -> bool:
        length = dict(self.headers).get(b"content-length", b"0")
        return bool(length.strip(b"0")) or any(n == b"transfer-encoding" for n, _ in self.headers)

    def _stop(self, refusal: WireRefusal) -> None:
        self._refusal = refusal
        raise _Refused

    def on_body(self, body: bytes) -> None:
        """A piece of a request's body was read."""
        self._unanswered_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request was read to its end."""
        self._unanswered_bytes = 0
        self._part = _BETWEEN
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """A request was answered."""
        if not self.pipeline:
            self._rest()
        super().on_response_complete()

    def resume_writing(self) -> None:
        """The kernel has taken what was written."""
        super().resume_writing()
        if self.cycle and self.cycle.response_complete and not self.pipeline:
            self._rest()

    def _rest(self) -> None:
        """Nothing is under way, and it may give way to others: unless somebody still reads."""
        if self._places is not None and not self.full:
            self._since = self.loop.time()
            self._places.wait(self)

    def look(self, now: float, bounds: Bounds) -> bool:
        """Ends a connection that has waited for too long without a request under way."""
        if self._refusal is not None:
            most = bounds.linger_seconds
        elif self._part != _BETWEEN or self._unanswered_bytes:
            most = bounds.head_seconds
        elif not self.cycle:
            most = bounds.first_byte_seconds
        else:  # uvicorn's own timer ends one that rests
            return False
        if now - self._since < most:
            return False
        if self._part == _HEAD and self._refusal is None:
            self.refuse(HEAD_TIMEOUT)
        else:
            self.cut()
        return True

    def refuse(self, refusal: WireRefusal) -> None:
        """Answers what is not a request, or too much of one; and closes.

        Where an earlier request is not answered yet, or an answer has begun, it would be read as
        that or as a piece of it: there it only ends. Source: RFC 9112 section 9.3.2.
        """
        self._refusal, self._deaf = refusal, True
        if self._places is not None:
            self._places.note(refusal.bound)
        if not self._is_next():
            self.cut()
            return
        self.transport.write(refusal.response(self.url or b"/", self.headers or ()))
        if self._part == _BODY or self._places is None:
            self.transport.close()
            return
        # A connection that is closed while something comes is reset, and its client may then not
        # see the answer. Source: RFC 9112 section 9.6.
        self._since = self.loop.time()
        self._places.linger(self)
        self.transport.write_eof()

    def _is_next(self) -> bool:
        """Whether what is written now is read as the answer to what is being read."""
        before, own = self._earlier, self.cycle
        if self._part == _BODY:
            return not own.response_started and all(one.response_complete for one in before)
        return all(one.response_complete for one in (*before, *([own] if own else [])))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._gone = True
        if self._places is not None:
            self._places.leave(self)
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
        """Ends the connection at once, whatever is pending, or as soon as it is open."""
        self._gone = True
        if self.transport:
            self.transport.abort()

    def listen(self, ended: Callable[[], None]) -> None:
        """Calls `ended` when the connection has ended: no task needs to wait in `receive` for it.

        Where it has ended already, at once.
        """
        if self._gone:
            ended()
        else:
            self._listening = {*(self._listening or ()), ended}

    def unlisten(self, ended: Callable[[], None]) -> None:
        """`ended` is not called any more."""
        self._listening = (self._listening or set()) - {ended}
