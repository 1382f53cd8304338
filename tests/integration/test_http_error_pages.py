"""Refusals for browsers: a page with what is wrong and the way back; JSON for everybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from serving import WITH, Server, installed, serving
from sockets import wired

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
KEYS = {"alice": "alice-s-own-long-key"}
WRONG = [
    ("GET", "/nothing", 404, "There is nothing at this address"),
    ("GET", "/page/nothing.css", 404, "There is nothing at this address"),
    ("GET", "/library/none/of/these", 404, ""),
    ("GET", f"/runs/{'0' * 32}", 404, "There is no such run"),
    ("PUT", "/health", 405, "not with PUT"),
    ("POST", "/answer?q=x", 405, "not with POST"),
    ("GET", "/answer", 422, "q is missing"),
    ("GET", f"/answer?q={'x' * 501}", 422, "501 characters"),
    ("GET", "/search?q=one&language=xx", 422, "language"),
    ("GET", "/threads?limit=0", 422, "limit"),
]


def message_of(page: str) -> str:
    found = re.search(r'role="alert"><p>(.*?)</p>', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize(("method", "path", "status", "says"), WRONG)
def test_a_browser_gets_a_page_and_a_program_json(
    server: Server, method: str, path: str, status: int, says: str
) -> None:
    page = server.client.request(method, server.url + path, headers=BROWSER)
    plain = server.client.request(method, server.url + path)
    assert page.status_code == plain.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert plain.headers["content-type"] == "application/json"
    assert says in message_of(page.text)
    assert says in plain.json()["message"]
    assert "Back to the start page" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    # A cache between them keeps one of the two, and has to know for whom.
    assert "Accept" in page.headers["vary"]
    assert "Accept" in plain.headers["vary"]
    assert page.headers.get("allow") == plain.headers.get("allow")


def test_what_is_no_refusal_comes_to_a_browser_as_it_is(server: Server) -> None:
    assert server.get("/health", BROWSER).json() == {"status": "ok"}
    assert server.get("/threads", BROWSER).headers["content-type"] == "application/json"
    asked = server.get(f"/search?q={WITH.replace(' ', '+')}", BROWSER)
    assert asked.headers["content-type"].startswith("text/event-stream")
    assert "event: done\n" in asked.text
    assert "Accept" not in server.get("/health", BROWSER).headers["vary"]


def test_a_head_is_refused_without_a_body(server: Server) -> None:
    response = server.client.head(f"{server.url}/nothing", headers=BROWSER)
    assert response.status_code == 404
    assert response.content == b""
    length = len(server.get("/nothing", BROWSER).content)
    assert response.headers["content-length"] == str(length)


@pytest.mark.parametrize(
    "head",
    [
        b"Cookie: " + b"a" * 65_536 + b"\r\n",
        b"".join(b"X-%d: 1\r\n" % number for number in range(101)),
    ],
    ids=["long", "many"],
)
@pytest.mark.parametrize("browser", [True, False])
def test_a_head_that_is_too_large_is_told_in_either_way(
    server: Server, head: bytes, *, browser: bool
) -> None:
    accept = BROWSER["Accept"] if browser else "*/*"
    with wired(server.url) as wire:
        start = b"GET /a/b HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\n" % accept.encode()
        wire.socket.sendall(start + head + b"\r\n")
        seen = wire.read_to_the_end().decode()
    assert seen.startswith("HTTP/1.1 431 ")
    assert "vary: accept\r\n" in seen
    if browser:
        assert "content-type: text/html; charset=utf-8\r\n" in seen
        assert "Content-Security-Policy: " in seen
        assert "at most" in message_of(seen)
        assert 'href="../page/style.css"' in seen
    else:
        assert '{"code":"head_too_large"' in seen


def test_what_is_no_request_at_all_is_told_in_json(server: Server) -> None:
    with wired(server.url) as wire:
        wire.socket.sendall(b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
        assert '{"code":"bad_request"' in wire.read_to_the_end().decode()


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Server]:
    keys = {"SERVER__API_KEYS": KEYS, "SEARCH__STARTER": False}
    with serving(installed(tmp_path), **keys) as server:
        yield server


def test_a_key_is_asked_for_by_a_page_too(keyed: Server) -> None:
    page = keyed.get("/", BROWSER)
    assert page.status_code == 401
    assert page.headers["www-authenticate"].startswith("Basic ")
    assert "API key" in message_of(page.text)
    assert keyed.get("/").json()["code"] == "unauthorized"
    for path in re.findall(r'<link rel="[a-z]+" href="([^"]+)"', page.text):
        assert keyed.get(f"/{path}").status_code == 200, path
    assert keyed.get("/favicon.ico").status_code == 200
    for path in ("/page/main.js", "/page/", "/page/../runs", "/page/style.css/..", "/openapi.json"):
        assert keyed.get(path).status_code == 401, path


def test_what_breaks_is_told_by_a_page_too(tmp_path: Path) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server:
        run = f"/runs/{'0' * 32}"
        assert server.get(run, BROWSER).status_code == 404
        for kept in (tmp_path / "data").glob("runs.sqlite3*"):
            kept.write_bytes(b"no database " * 1_000)
        page, plain = server.get(run, BROWSER), server.get(run)
        assert page.status_code == plain.status_code >= 500
        assert message_of(page.text)
        assert "script-src 'self'" in page.headers["content-security-policy"]


# --- the icon -----------------------------------------------------------------------


def icons(page: str) -> list[str]:
    return re.findall(r'<link rel="icon" href="([^"]+)"', page)


def test_every_page_names_an_icon_that_is_there(server: Server) -> None:
    pages = {
        "/": server.get("/"),
        "/library/starter/topic-with": server.get("/library/starter/topic-with"),
        "/no/such/page": server.get("/no/such/page", BROWSER),
    }
    for path, page in pages.items():
        [icon] = icons(page.text)
        address = httpx2.URL(server.url + path).join(icon)
        assert server.client.get(address).headers["content-type"] == "image/svg+xml"
    icon = server.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/x-icon"
    assert icon.content.startswith(b"\0\0\1\0")
