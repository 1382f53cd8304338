"""A client's bare socket, and what Linux tells of the sockets and memory of a process."""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from serving import Told

SMALLEST = 1
"""A receive buffer of so many bytes becomes the smallest that the system allows."""
_SECONDS = 60.0
_PIECE = 65_536
_NO_LINGER = struct.pack("ii", 1, 0)


class Wire:
    """One connection, on which requests are written and answers read byte by byte."""

    def __init__(
        self, address: str, *, receive_buffer: int | None = None, source: str | None = None
    ) -> None:
        parts = urlsplit(address)
        assert parts.hostname is not None
        self.host = parts.netloc
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source is not None:
            self.socket.bind((source, 0))
        self.socket.settimeout(_SECONDS)
        self.socket.connect((parts.hostname, parts.port))
        self.seen = b""

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def request(
        self, path: str, *, method: str = "GET", version: str = "1.1", accept: str = "*/*"
    ) -> None:
        """Writes a request without a body."""
        head = f"{method} {path} HTTP/{version}\r\nHost: {self.host}\r\nAccept: {accept}\r\n\r\n"
        self.socket.sendall(head.encode())

    def read_until(self, mark: bytes, seconds: float = _SECONDS) -> bytes:
        """Everything seen, once `mark` is in it; fails where the connection ends before."""
        deadline = time.monotonic() + seconds
        while mark not in self.seen:
            piece = self._receive(deadline)
            assert piece, f"closed without {mark!r}: {self.seen[-300:]!r}"
            self.seen += piece
        return self.seen

    def read_what_is_there(self) -> None:
        """Waits for nothing: so a test may read on while it waits for something else."""
        self.socket.setblocking(False)
        with suppress(BlockingIOError):
            while piece := self.socket.recv(_PIECE):
                self.seen += piece

    def read_to_the_end(self, seconds: float = _SECONDS) -> bytes:
        """Everything seen, once the connection was closed, by a reset too."""
        deadline = time.monotonic() + seconds
        while piece := self._receive(deadline):
            self.seen += piece
        return self.seen

    def reset(self) -> None:
        """Leaves without a word: the other side gets a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.socket.close()

    def _receive(self, deadline: float) -> bytes:
        self.socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            return self.socket.recv(_PIECE)
        except ConnectionResetError:
            return b""


def readable(*sockets: socket.socket, seconds: float) -> set[socket.socket]:
    """Those of the sockets on which something has come within that time.

    By `poll`: `select` takes no descriptor above 1,023, and some tests have more.
    """
    poll = select.poll()
    for one in sockets:
        poll.register(one, select.POLLIN)
    found = {descriptor for descriptor, _ in poll.poll(1e3 * seconds)}
    return {one for one in sockets if one.fileno() in found}


@contextmanager
def wired(address: str, *, receive_buffer: int | None = None) -> Generator[Wire]:
    """A connection that is closed when the block is left."""
    wire = Wire(address, receive_buffer=receive_buffer)
    try:
        yield wire
    finally:
        wire.socket.close()


def body_of(seen: bytes) -> bytes:
    """The body of a chunked answer, of as much of it as is there whole."""
    _, _, rest = seen.partition(b"\r\n\r\n")
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size or b"0", 16)
        if not length or len(rest) < length + 2:
            break
        body += rest[:length]
        rest = rest[length + 2 :]
    return body


def events_of(seen: bytes) -> Iterator[Told]:
    """The events of a chunked answer that are there whole."""
    *blocks, _ = body_of(seen).removeprefix(b"retry: 2000\n").split(b"\n\n")
    for block in blocks:
        fields = dict(line.split(": ", 1) for line in block.decode().split("\n"))
        yield Told(id=fields["id"], name=fields["event"], data=json.loads(fields["data"]))


def send_queue(server_port: int, client_port: int) -> int | None:
    """How many bytes the system holds for this client; None where there is no such socket."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, queues, *_ = line.split()
        if (_port(local), _port(remote)) == (server_port, client_port):
            return int(queues.partition(":")[0], 16)
    return None


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def descriptors(pid: int) -> dict[str, int]:
    """How many descriptors of each kind a process has open."""
    kinds: dict[str, int] = {}
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            kind = str(link.readlink()).partition(":[")[0]
        except FileNotFoundError:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def resident(pid: int) -> int:
    """The bytes of memory that a process holds and shares with no other."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no Rss")


def descendants(pid: int) -> set[int]:
    """The processes below this one that still run."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def running(pids: set[int]) -> set[int]:
    """Those of these processes that still run."""
    alive = set[int]()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            alive.add(pid)
    return alive


def seconds_until(holds: Callable[[], object], most: float) -> float:
    """How long it took until something held.

    Raises:
        TimeoutError: it did not within `most` seconds.
    """
    begin = time.monotonic()
    while not holds():
        if time.monotonic() - begin > most:
            raise TimeoutError
        time.sleep(0.002)
    return time.monotonic() - begin
