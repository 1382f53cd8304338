"""Library addresses of other bytes than those that the library itself writes."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from serving import Server, installed, run, serving


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with one document of the library, and that document's address."""
    home = installed(tmp_path_factory.mktemp("shelf"))
    (home / "bröd.md").write_text("# Bröd\n\nKnåda degen i tio minuter.", encoding="utf-8")
    assert run(home, "library", "add", "bröd.md", SEARCH__STARTER=False).returncode == 0
    found = run(home, "library", "search", "degen", "--json", SEARCH__STARTER=False)
    [hit] = json.loads(found.stdout)
    return home, hit["url"]


def test_bytes_that_are_no_address_name_no_document_and_break_nothing(
    shelf: tuple[Path, str],
) -> None:
    home, url = shelf
    with serving(home, SEARCH__STARTER=False) as server:
        known = url.encode()
        raw = unquote(url).encode()
        assert known.isascii()
        assert not raw.isascii()
        broken = known.replace(b"%C3%B6", b"%FF")
        assert _status(server, known) == 200
        assert _status(server, known.replace(b"%C3%B6", b"%c3%b6")) == 200
        assert _status(server, broken) == 404
        assert _status(server, known.replace(b"/documents/", b"/%FF/")) == 404
        assert _status(server, known.replace(b"%C3%B6", b"%C3")) == 404
        # RFC 9112 section 3.2: a request target has ASCII characters alone.
        assert _status(server, raw) == 400
        assert _told(server, raw)["code"] == "bad_request"
        assert _status(server, raw.decode().encode("latin-1")) == 400
        assert _status(server, known) == 200
        assert not [line for line in server.log() if line["level"] == "error"]


@pytest.mark.parametrize("slug", ["%FF", "%ED%A0%80", "%00", "br\udcffd"])
def test_the_command_line_reads_no_document_at_them(shelf: tuple[Path, str], slug: str) -> None:
    home, url = shelf
    read = run(home, "read", "--json", f"/library/documents/{slug}", SEARCH__STARTER=False)
    assert read.returncode == 1, read.stderr
    assert json.loads(read.stdout)["skipped"]["code"] == "http_status"
    known = run(home, "read", "--json", url, SEARCH__STARTER=False)
    assert known.returncode == 0
    assert json.loads(known.stdout)["url"] == url


def _status(server: Server, path: bytes) -> int:
    return int(_answer(server, path).split(b" ")[1])


def _told(server: Server, path: bytes) -> Any:
    return json.loads(_answer(server, path).partition(b"\r\n\r\n")[2])


def _answer(server: Server, path: bytes) -> bytes:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as client:
        head = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        client.sendall(head % path)
        return client.makefile("rb").read()
