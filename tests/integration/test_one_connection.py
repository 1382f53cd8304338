"""Pages of a server that serves one connection at a time, as small devices and scripts do."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from serving import run

WORDS = "A kestrel is a small falcon that hovers against the wind while it looks for mice. "
RULES = b"User-agent: *\nDisallow: /private\n"
ALLOWED: dict[str, Any] = {"FETCH__ALLOW_HOSTS": ["127.0.0.1"]}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = f"<title>Kestrels</title><article><p>{WORDS * 5}</p></article>".encode()
        kind, body = ("plain", RULES) if self.path == "/robots.txt" else ("html", page)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/here")
            body = b""
        else:
            self.send_response(200)
        self.send_header("Content-Type", f"text/{kind}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's
        pass


class _Counting(HTTPServer):
    accepted = 0

    def get_request(self) -> tuple[Any, Any]:
        one = super().get_request()
        self.accepted += 1
        return one


@contextmanager
def one_at_a_time(protocol: str) -> Generator[str]:
    """Its address; the next connection is accepted when the one before has ended."""
    with counting(protocol) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def counting(protocol: str) -> Generator[_Counting]:
    handler = type("Handler", (_Handler,), {"protocol_version": protocol, "timeout": 60})
    server = _Counting(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1.1"])
@pytest.mark.parametrize("path", ["/here", "/moved", "/?q=1"])
def test_a_page_is_read(home: Path, protocol: str, path: str) -> None:
    with one_at_a_time(protocol) as address:
        read = run(home, "read", "--json", address + path, **ALLOWED)
    told = json.loads(read.stdout)
    assert "hovers against the wind" in told.get("text", ""), told


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1.1"])
@pytest.mark.parametrize("count", [2, 4, 6])
def test_pages_asked_for_at_once_are_all_read(home: Path, protocol: str, count: int) -> None:
    with one_at_a_time(protocol) as address:
        pages = [f"{address}/page/{number}" for number in range(count)]
        read = run(home, "read", "--json", *pages, **ALLOWED)
    told = [json.loads(line) for line in read.stdout.splitlines()]
    assert len(told) == count
    assert all("hovers against the wind" in one.get("text", "") for one in told), told


def test_a_connection_is_used_again_where_nobody_waits(home: Path) -> None:
    with counting("HTTP/1.1") as server:
        address = f"http://127.0.0.1:{server.server_port}"
        read = run(home, "read", "--json", f"{address}/moved", **ALLOWED)
        accepted = server.accepted
    assert json.loads(read.stdout)["url"] == f"{address}/here"
    assert accepted == 1


def test_a_page_that_may_not_be_read_is_not(home: Path) -> None:
    with one_at_a_time("HTTP/1.0") as address:
        read = run(home, "read", "--json", f"{address}/private", **ALLOWED)
    assert json.loads(read.stdout)["skipped"]["code"] == "robots"
