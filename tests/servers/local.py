"""An HTTP server on a free loopback port that also misbehaves, on request."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from sockets import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came; `left` is set when its client went before the reply's end."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    left: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server sends: the `pieces` one by one.

    `framing` is how the client learns of the end: a length, chunks, or the close of the connection;
    of a `raw` reply the pieces are all that is sent, its head included.
    `cut_at` closes the connection after so many bytes of the body, whatever was announced. `hold`
    sends nothing until the client leaves or the server stops; `hold_at_end` does so after the last
    piece.
    """

    status: int = 200
    pieces: Iterable[bytes] = ()
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    framing: Literal["length", "chunked", "close", "raw"] = "length"
    cut_at: int | None = None
    hold: bool = False
    hold_at_end: bool = False


class LocalServer:
    """Serves `answer`'s replies until its block is left; `asked` is every request so far."""

    def __init__(self, answer: Callable[[Asked], Reply] | None = None) -> None:
        self.answer: Callable[[Asked], Reply] = answer or self.usual
        self.asked: list[Asked] = []
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def usual(self, asked: Asked) -> Reply:
        """What is answered when nothing else was wished."""
        return Reply(status=404, pieces=(asked.path.encode(),), media_type="text/plain")

    def note(self, asked: Asked) -> None:
        """Keeps a request, and wakes who waits for it."""
        with self._news:
            self.asked.append(asked)
            self._news.notify_all()

    def came(self, count: int, seconds: float = 5) -> bool:
        """Waits until so many requests came; False when they did not within that time."""
        with self._news:
            return self._news.wait_for(lambda: len(self.asked) >= count, seconds)

    def wait(self, asked: Asked, connection: socket.socket, seconds: float) -> bool:
        """Waits so long, or until the client leaves or the server stops: then False."""
        deadline = threading.Event()
        timer = threading.Timer(seconds, deadline.set)
        timer.start()
        try:
            while not deadline.is_set():
                if self._stopping.is_set():
                    return False
                heard = readable(connection, seconds=min(seconds, 0.01))
                if heard and not _peek(connection):
                    asked.left.set()
                    return False
            return True
        finally:
            timer.cancel()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        for connection in tuple(self._server.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()


def _peek(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return b""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    # Of the library's five connections that wait, the sixth would try again only after a second.
    request_queue_size = 1_024
    owner: LocalServer

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.open: set[socket.socket] = set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._server().open.add(self.connection)

    def finish(self) -> None:
        self._server().open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
        """Nothing is logged."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _server(self) -> _Server:
        assert isinstance(self.server, _Server)
        return self.server

    def _serve(self) -> None:
        owner = self._server().owner
        parts = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        owner.note(asked)
        reply = owner.answer(asked)
        if reply.hold:
            self._hold(asked)
            return
        try:
            self._send(reply)
        except OSError:
            asked.left.set()
            self.close_connection = True
            return
        if reply.hold_at_end:
            self._hold(asked)

    def _hold(self, asked: Asked) -> None:
        self.close_connection = True
        self._server().owner.wait(asked, self.connection, 60)

    def _send(self, reply: Reply) -> None:
        pieces = reply.pieces
        if reply.framing == "raw":
            self.close_connection = True
            self._send_pieces(reply, pieces)
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.framing == "length":
            pieces = [b"".join(pieces)]
            self.send_header("Content-Length", str(len(pieces[0])))
        elif reply.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self._send_pieces(reply, pieces)

    def _send_pieces(self, reply: Reply, pieces: Iterable[bytes]) -> None:
        left = reply.cut_at
        for piece in pieces:
            sent = piece if left is None else piece[:left]
            if sent:
                head, tail = b"%x\r\n" % len(sent), b"\r\n"
                self.wfile.write(head + sent + tail if reply.framing == "chunked" else sent)
            left = None if left is None else left - len(sent)
            if left == 0:
                self.close_connection = True
                return
        if reply.framing == "chunked" and not reply.hold_at_end:
            self.wfile.write(b"0\r\n\r\n")
