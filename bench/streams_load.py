"""A cheap reader of many streams: raw sockets behind epoll, on one thread, counting tokens."""

from __future__ import annotations

import gc
import re
import select
import socket
import time
from collections.abc import Callable

_GOOD = b"HTTP/1.1 200"
_TOKEN = b"\nevent: token\n"
_ENDS = (b"\n\n\r\n", b"\n\n")
_STAMP = re.compile(rb'\ndata: \{"text":" ?(\d{10,})"\}\n')
_RUN = re.compile(rb"\nid: ([0-9a-f]{32})-")
_BUFFER_BYTES = 1 << 18
_SECONDS = 180.0
_WAVE = 50


class Load:
    """Streams of one server.

    `tokens` counts what came, `runs` says whose it was, both by stream; `delays` are seconds
    between when a token was due, in `dues`, and when it was read; `last` is when the last one was.
    """

    def __init__(self, port: int) -> None:
        self.tokens: dict[int, int] = {}
        self.runs: dict[int, str] = {}
        self.total = 0
        self.last = 0.0
        self.dues: list[float] = []
        self.delays: list[float] = []
        self.refused = ""
        self._port = port
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self._fresh: set[int] = set()
        self._carry: dict[int, bytes] = {}
        self._buffer = bytearray(_BUFFER_BYTES)
        self._timed = False

    @property
    def open(self) -> int:
        """How many streams the server has not ended."""
        return len(self._open)

    def ask(self, path: str, count: int, header: str = "") -> None:
        """Opens further streams; each connection ends with its stream."""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Accept: text/event-stream\r\n{header}Connection: close\r\n\r\n"
        ).encode()
        for _ in range(count):
            one = socket.create_connection(("127.0.0.1", self._port))
            one.sendall(request)
            one.setblocking(False)  # noqa: FBT003 -- the name of the argument is of the C kind
            self._open[one.fileno()] = one
            self._fresh.add(one.fileno())
            self.tokens[one.fileno()] = 0
            self._poll.register(one.fileno(), select.EPOLLIN)

    def follow(self, path: str, count: int) -> None:
        """Opens further streams that begin to speak at once, and hears the first of each."""
        for begin in range(0, count, _WAVE):
            self.ask(path, min(_WAVE, count - begin))
            self.read_until(lambda: len(self.runs) == len(self.tokens))

    def read_until(self, enough: Callable[[], bool], *, timed: bool = False) -> None:
        """Reads what comes until it is enough; `timed` tokens say when they were due."""
        self._timed = timed
        deadline = time.monotonic() + _SECONDS
        gc.disable()
        try:
            while not enough():
                for number, _ in self._poll.poll(0.05):
                    self._read(number)
                if time.monotonic() > deadline or self.refused:
                    raise SystemExit(f"streams stood still at {self.total} tokens; {self.refused}")
        finally:
            gc.enable()

    def close(self) -> None:
        """Leaves every stream that is still open."""
        for one in self._open.values():
            one.close()
        self._open.clear()
        self._poll.close()

    def _read(self, number: int) -> None:
        try:
            size = self._open[number].recv_into(self._buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if not size:
            # Closing takes it out of the poll, too.
            self._open.pop(number).close()
            return
        now = time.monotonic()
        data = self._buffer
        carried = self._carry.pop(number, b"")
        if carried:
            data = bytearray(carried) + data[:size]
            size = len(data)
        if number in self._fresh and size >= len(_GOOD):
            self._fresh.remove(number)
            if not data.startswith(_GOOD):
                self.refused = bytes(data[: min(size, 600)]).decode(errors="replace")
        if number not in self.runs and (found := _RUN.search(data, 0, size)):
            self.runs[number] = found[1].decode()
        self._count(number, data, size, now)

    def _count(self, number: int, data: bytearray, size: int, now: float) -> None:
        whole = size
        if not data.endswith(_ENDS, 0, size):
            # A read may end inside an event: what is behind its last whole one is read again.
            end = data.rfind(b"\n\n", 0, size)
            whole = end + 2 if end >= 0 else 0
            self._carry[number] = bytes(data[whole:size])
        count = data.count(_TOKEN, 0, whole)
        if not count:
            return
        if self._timed:
            dues = [int(due) / 1e9 for due in _STAMP.findall(data, 0, whole)]
            self.dues += dues
            self.delays += [now - due for due in dues]
        self.tokens[number] += count
        self.total += count
        self.last = now
