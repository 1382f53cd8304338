"""How many connections there may be, which gives way, and what a refused one is told."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from serving import Server, installed, serving, until
from sockets import Wire, descriptors

CONNECTIONS = 8
OF_ONE_CLIENT = 5
HEALTH = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
UNDER_WAY = (
    b"POST /runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{"
)
OK = b'{"status":"ok"}'
SECONDS = 30


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with few places for connections, and fewer for each client."""
    bounds = {
        "CONNECTIONS__MAX": CONNECTIONS,
        "CONNECTIONS__MAX_PER_CLIENT": OF_ONE_CLIENT,
        "SERVER__TRUSTED_PROXIES": ["127.0.0.9"],
    }
    with serving(installed(tmp_path_factory.mktemp("narrow")), **bounds) as server:
        server.client.close()  # its connection would take a place
        yield server


class Clients(ExitStack):
    """Connections from several addresses of this machine."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def open(self, address: str = "127.0.0.1", say: bytes = b"") -> Wire:
        wire = Wire(self._server.url, source=address)
        self.callback(wire.socket.close)
        wire.socket.sendall(say)
        return wire

    def begin(self, address: str = "127.0.0.1") -> None:
        """A request that is under way: for the five seconds in which its body does not come."""
        self.open(address, UNDER_WAY).read_until(b" 100 Continue", SECONDS)

    def asks(self, address: str = "127.0.0.1") -> bytes:
        """The beginning of what a client that asks is told."""
        wire = self.open(address, HEALTH)
        try:
            return wire.read_until(b"}", SECONDS)
        finally:
            wire.socket.close()


def bounds_met(server: Server) -> list[str]:
    return [line["bound"] for line in server.log() if line["event"] == "bound met"]


def test_silent_connections_keep_nobody_out(narrow: Server) -> None:
    with Clients(narrow) as clients:
        silent = [clients.open() for _ in range(4 * CONNECTIONS)]
        assert OK in clients.asks()
        # Those that waited longest have given way.
        assert silent[0].read_to_the_end(SECONDS) == b""
        silent[-1].socket.sendall(HEALTH)
        silent[-1].read_until(OK)


def test_one_client_has_its_share_of_connections_and_others_have_theirs(narrow: Server) -> None:
    with Clients(narrow) as clients:
        for _ in range(OF_ONE_CLIENT):
            clients.begin()
        told = clients.asks()
        assert told.startswith(b"HTTP/1.1 429 ")
        assert b"\r\nretry-after: " in told
        assert b'{"code":"busy",' in told
        assert b'"retryable":true}' in told
        assert OK in clients.asks("127.0.0.2")
    until(lambda: "connections.max_per_client" in bounds_met(narrow), "told")


def test_a_proxy_may_have_all_connections_and_then_the_next_is_told_503(narrow: Server) -> None:
    with Clients(narrow) as clients:
        for _ in range(CONNECTIONS):
            clients.begin("127.0.0.9")
        told = clients.asks("127.0.0.2")
        assert told.startswith(b"HTTP/1.1 503 ")
        assert clients.asks("127.0.0.9") == told
        assert b"\r\nretry-after: " in told
        assert b'{"code":"busy",' in told
    with Clients(narrow) as clients:
        until(lambda: OK in clients.asks(), "served")
        for _ in range(20):
            assert OK in clients.asks()
    until(lambda: "connections.max" in bounds_met(narrow), "told")
    # However often it was met.
    assert bounds_met(narrow).count("connections.max") == 1


def test_without_descriptors_a_client_is_still_told_and_later_served(
    tmp_path: Path,
) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server, Clients(server) as clients:
        process = server.process.pid
        before = resource.prlimit(process, resource.RLIMIT_NOFILE)
        last = 0

        def is_refused() -> bool:
            # No connection more, not even to say so: but for what is kept for that. Below the last
            # descriptor there may be free ones: each time a silent client takes one of them.
            nonlocal last
            clients.open()
            last = max(int(one.name) for one in Path(f"/proc/{process}/fd").iterdir())
            resource.prlimit(process, resource.RLIMIT_NOFILE, (last + 1, before[1]))
            return clients.asks().startswith(b"HTTP/1.1 503 ")

        until(is_refused, "refused")
        resource.prlimit(process, resource.RLIMIT_NOFILE, before)
        assert OK in clients.asks()
        until(lambda: "open files (ulimit -n)" in bounds_met(server), "told")
        assert descriptors(process)["socket"] < last
