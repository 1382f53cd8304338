"""A tap between Codexity and a model server: passes every byte on, and keeps what went through."""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any, Self
from urllib.parse import urlsplit

from sockets import readable

_READ_BYTES = 65_536
_WAIT_SECONDS = 0.05
_SEND_SECONDS = 10.0
_BACKLOG = 1_024
"""Who does not fit into it tries again only after a second."""


@dataclass(slots=True)
class Passed:
    """One connection: the bytes that its client and its server sent, so far."""

    asked: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request's JSON body (empty when it has none), and the body of its reply, dechunked."""

    path: str
    request: dict[str, Any]
    reply: bytes

    @property
    def is_answer(self) -> bool:
        """Whether an answer was asked for, and not an object such as a rewriting is."""
        return bool(self.request.get("stream")) and "response_format" not in self.request

    def said(self) -> str:
        """What a streamed reply says: the contents of its pieces, one behind the other."""
        text = ""
        for line in self.reply.split(b"\n"):
            if line.startswith(b"data: {"):
                choices = json.loads(line[6:])["choices"]
                text += (choices[0]["delta"].get("content") or "") if choices else ""
        return text


class Tap:
    """Listens on a free loopback port and passes on to `target` until its block is left.

    A connection that one side closes is closed on the other at once. What the server sends goes on
    in pieces of at most `piece` bytes, each in a write of its own.
    """

    def __init__(self, target: str, *, piece: int = _READ_BYTES) -> None:
        parts = urlsplit(target)
        assert parts.hostname is not None
        assert parts.port is not None
        self._target = (parts.hostname, parts.port)
        self._piece = piece
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self.connections: list[Passed] = []

    @property
    def url(self) -> str:
        """Its address, to be used instead of the target's."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def answers(self) -> list[Exchange]:
        """What answers were asked for so far, each connection's in order."""
        exchanges = [one for passed in tuple(self.connections) for one in _exchanges(passed)]
        return [one for one in exchanges if one.is_answer]

    def forget(self) -> None:
        """Drops what was kept; connections that are open now are not kept any more."""
        self.connections = []

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in tuple(self._threads):
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            if readable(self._listener, seconds=_WAIT_SECONDS):
                client, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._target) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                one.settimeout(_SEND_SECONDS)
            passed = Passed()
            self.connections.append(passed)
            while not self._stopping.is_set():
                heard = readable(client, server, seconds=_WAIT_SECONDS)
                if client in heard and not self._pass(client, server, passed.asked):
                    return
                if server in heard and not self._pass_back(server, client, passed.answered):
                    return

    def _pass(self, source: socket.socket, sink: socket.socket, kept: bytearray) -> bool:
        data = source.recv(_READ_BYTES)
        kept += data
        sink.sendall(data)
        return bool(data)

    def _pass_back(self, source: socket.socket, sink: socket.socket, kept: bytearray) -> bool:
        data = source.recv(_READ_BYTES)
        kept += data
        for at in range(0, len(data), self._piece):
            sink.sendall(data[at : at + self._piece])
        return bool(data)


class _Received(io.BytesIO):
    """Bytes in the place of a socket: read one reply after the other from them."""

    def makefile(self, *_: object) -> Self:
        return self

    def close(self) -> None:
        """The end of one reply is not the end of the connection."""


def _exchanges(passed: Passed) -> Iterator[Exchange]:
    received = _Received(bytes(passed.answered))
    for path, method, body in _requests(bytes(passed.asked)):
        response = HTTPResponse(received, method=method)  # pyright: ignore[reportArgumentType]
        reply = b""
        with suppress(HTTPException, ConnectionError):
            response.begin()
            try:
                reply = response.read()
            except IncompleteRead as cut:
                reply = cut.partial
        yield Exchange(path=path, request=json.loads(body or b"{}"), reply=reply)


def _requests(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """The path, the method and the body of each request that was sent whole."""
    while b"\r\n\r\n" in data:
        head, _, data = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
        length = int(headers.get("content-length", "0"))
        method, path, _ = first.split(" ")
        yield path, method, data[:length]
        data = data[length:]
