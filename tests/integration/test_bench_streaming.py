"""The figures of streams rest on a reader that counts: it counts rightly, however it is cut."""

from __future__ import annotations

import contextlib
import importlib
import random
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
RUN = "0123456789abcdef" * 2
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_SECONDS = 60


@pytest.fixture
def load_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sys, "path", [str(BENCH), *sys.path])
    return importlib.import_module("streams_load").Load


def stream(tokens: int) -> bytes:
    """A stream in chunks, as uvicorn frames it, whose tokens were due at this moment."""
    events = [f'id: {RUN}-1\nevent: status\ndata: {{"step":"searching"}}\n\n']
    for seq in range(2, tokens + 2):
        due = time.monotonic_ns()
        events.append(f'id: {RUN}-{seq}\nevent: token\ndata: {{"text":" {due}"}}\n\n')
    chunks = (b"%x\r\n%b\r\n" % (len(one), one.encode()) for one in events)
    return HEAD + b"".join(chunks) + b"0\r\n\r\n"


def serve(listener: socket.socket, said: bytes, most: int) -> None:
    """Sends what is said to one client, in pieces of random sizes, and closes."""
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Who has read enough of a refusal closes before its end.
    with connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.recv(65_536)
        at = 0
        while at < len(said):
            size = random.randint(1, most)
            connection.sendall(said[at : at + size])
            at += size


@pytest.mark.parametrize("most", [1, 7, 90, 4_000])
def test_every_token_is_counted_once_wherever_a_read_ends(load_of: Any, most: int) -> None:
    tokens = 50
    with socket.create_server(("127.0.0.1", 0)) as listener:
        arguments = (listener, stream(tokens), most)
        server = threading.Thread(target=serve, args=arguments)
        server.start()
        load = load_of(listener.getsockname()[1])
        load.ask("/search?q=kestrel", 1)
        load.read_until(lambda: not load.open, timed=True)
        server.join(_SECONDS)
    assert not server.is_alive()
    assert load.total == tokens
    assert list(load.tokens.values()) == [tokens]
    assert list(load.runs.values()) == [RUN]
    assert len(load.delays) == tokens
    assert all(0 <= delay < _SECONDS for delay in load.delays)


def test_what_is_no_stream_is_told(load_of: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        said = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n"
        server = threading.Thread(target=serve, args=(listener, said, len(said)))
        server.start()
        load = load_of(listener.getsockname()[1])
        load.ask("/search?q=kestrel", 1)
        with pytest.raises(SystemExit, match=r"HTTP/1\.1 429"):
            load.read_until(lambda: not load.open)
        load.close()
        server.join(_SECONDS)
    assert not server.is_alive()
