"""A wire that breaks: passes bytes on between clients and a server, and drops them when told."""

from __future__ import annotations

import re
import select
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

_READ_BYTES = 65_536
_WAIT_SECONDS = 0.02
_STREAM = re.compile(rb"[A-Z]+ /(?:search|runs)\b")
NOWHERE = rb"(?!)"
"""No place: a connection that breaks only when it is cut."""


@dataclass(frozen=True, slots=True)
class _Fate:
    """What becomes of the connections that are open together."""

    cut: threading.Event = field(default_factory=threading.Event)
    freeze: threading.Event = field(default_factory=threading.Event)


class Relay:
    """Listens on a free loopback port for clients of `target` until its block is left.

    `breaks` are patterns, one for each connection in the order in which they come: where the bytes
    from the server first match, the last byte of the match is the last that the client gets.

    A client may lose what had come and was not read when the break came: Chromium and undici were
    seen to. So a first connection is better cut once the client has shown that it read something.
    """

    def __init__(self, target: str, *, breaks: Sequence[bytes] = ()) -> None:
        self._target = _end_of(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._acceptor = threading.Thread(target=self._accept)
        self._fate = _Fate()
        self._passing: list[_Passing] = []
        self._moving = threading.Lock()
        self._open: list[tuple[threading.Thread, _Fate]] = []
        self._breaks = [re.compile(one) for one in breaks]
        self.asked: list[str] = []
        """The head of each request that came, in their order."""
        self.broken = 0
        """How many streams were dropped; a page's idle connection beside them is none."""

    @property
    def url(self) -> str:
        """Its address, to be used instead of the target's."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def came_back(self) -> list[str]:
        """The ids with which clients came back, in their order."""
        heads = re.compile(r"^last-event-id: (\S*)", re.IGNORECASE | re.MULTILINE)
        return [id_ for head in self.asked for id_ in heads.findall(head)]

    def passed_on(self, words: bytes) -> int:
        """How often the server has said this on connections that were not told to break."""
        return sum(one.received.count(words) for one in tuple(self._passing))

    def lead_to(self, target: str) -> None:
        """Takes the clients that come from now on to another server."""
        self._target = _end_of(target)

    def cut(self) -> None:
        """Drops every connection that is open now, before this returns."""
        fate, self._fate = self._fate, _Fate()
        fate.cut.set()
        for thread, its in tuple(self._open):
            if its is fate:
                thread.join()

    def freeze(self) -> None:
        """Leaves every connection open that is open now, and takes nothing more from the server."""
        with self._moving:
            fate, self._fate = self._fate, _Fate()
            fate.freeze.set()

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._acceptor.join()
        for one in self._open:
            one[0].join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            if select.select([self._listener], [], [], _WAIT_SECONDS)[0]:
                client, _ = self._listener.accept()
                fate = self._fate
                thread = threading.Thread(target=self._serve, args=(client, fate))
                thread.start()
                self._open.append((thread, fate))

    def _serve(self, client: socket.socket, fate: _Fate) -> None:
        with client, suppress(OSError), socket.create_connection(self._target) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                one.settimeout(30)
            passing = _Passing(client, server)
            self._passing.append(passing)
            open_still = True
            while open_still and not self._stopping.is_set() and not fate.cut.is_set():
                heard = [client] if fate.freeze.is_set() else [client, server]
                readable, _, _ = select.select(heard, [], [], _WAIT_SECONDS)
                if client in readable:
                    open_still = self._ask(passing)
                if server in readable and open_still:
                    with self._moving:
                        if not fate.freeze.is_set():
                            open_still = passing.back()
            self.broken += passing.streams and not passing.ended and not self._stopping.is_set()

    def _ask(self, passing: _Passing) -> bool:
        data = passing.client.recv(_READ_BYTES)
        if not data:
            passing.ended = True
            return False
        self.asked.append(data.decode("latin-1"))
        passing.streams = _STREAM.match(data) is not None
        passing.received = b""
        passing.breaks = self._breaks.pop(0) if self._breaks and passing.streams else None
        passing.server.sendall(data)
        return True


@dataclass(slots=True)
class _Passing:
    """One connection: what of it came from the server, and where it is to break."""

    client: socket.socket
    server: socket.socket
    breaks: re.Pattern[bytes] | None = None
    received: bytes = b""
    streams: bool = False
    ended: bool = False

    def back(self) -> bool:
        """Passes on what the server says; whether the connection is open still."""
        data = self.server.recv(_READ_BYTES)
        if not data:
            self.ended = True
            return False
        before = len(self.received)
        self.received += data
        found = self.breaks.search(self.received) if self.breaks is not None else None
        self.client.sendall(self.received[before : found.end() if found else None])
        return found is None


def _end_of(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port
