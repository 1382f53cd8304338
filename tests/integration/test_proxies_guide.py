"""The guide to proxies: it shows what is tested, and what it says of requests holds."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from proxies import KINDS, NAMES, SHOWN, proxied
from servers.local import Asked, LocalServer, Reply

NAME = "search.example.org"
CLIENT = "127.0.0.2"
FORGED = "203.0.113.9"
NOT_RUN = {"traefik.yaml"}
"""Shown, and marked as not run: Debian has no package of it."""


@pytest.fixture(scope="module")
def guide() -> str:
    return SHOWN.with_suffix(".md").read_text(encoding="utf-8")


def test_each_configuration_is_shown_as_the_tests_run_it(guide: str) -> None:
    shown = re.findall(r"`docs/proxies/([\w.-]+)`[^`]*\n\n```\w*\n(.*?)```", guide, re.DOTALL)
    files = {path.name: path.read_text(encoding="utf-8") for path in SHOWN.iterdir()}
    assert dict(shown) == files
    assert len(shown) == len(files)
    assert files.keys() - NOT_RUN == {kind.file for kind in KINDS.values()}


def test_what_was_not_run_is_marked(guide: str) -> None:
    sections = guide.split("\n## ")
    marked = {part.partition("\n")[0] for part in sections if "Not run by our tests" in part}
    assert {name.partition(",")[0] for name in marked} == {"Traefik", "Cloudflare"}
    for file in NOT_RUN:
        [section] = [part for part in sections if f"`docs/proxies/{file}`" in part]
        assert section.partition("\n")[0] in marked


@pytest.fixture(scope="module")
def upstream() -> Iterator[LocalServer]:
    with LocalServer(lambda asked: Reply(pieces=(asked.path.encode(),))) as server:
        yield server


def asked_through(address: str, upstream: LocalServer, method: str, path: str) -> Asked:
    """What the server is asked when a client asks the proxy."""
    connection = http.client.HTTPConnection(
        urlsplit(address).netloc, timeout=30, source_address=(CLIENT, 0)
    )
    headers = {
        "Host": NAME,
        "Authorization": "Bearer a-long-random-key",
        "Last-Event-ID": "0f0f-12",
        "X-Forwarded-For": FORGED,
        "Content-Type": "application/json",
    }
    body = '{"question": "?"}' if method == "POST" else None
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        assert response.status == 200, response.read()
    finally:
        connection.close()
    return upstream.asked[-1]


@pytest.mark.system
@pytest.mark.parametrize("name", NAMES)
def test_a_request_comes_through_with_what_codexity_looks_at(
    upstream: LocalServer, tmp_path: Path, name: str
) -> None:
    with proxied(name, upstream.url, tmp_path / "proxy") as address:
        for method, path in (
            ("GET", "/search?q=a%2Fb+c%20%C3%A9%26&last_event_id="),
            ("GET", "/runs/0f0f/events"),
            ("POST", "/runs"),
        ):
            asked = asked_through(address, upstream, method, path)
            assert (asked.method, asked.path) == (method, path.partition("?")[0])
            assert asked.query == (
                {"q": ["a/b c é&"], "last_event_id": [""]} if "?" in path else {}
            )
            assert asked.body == (b'{"question": "?"}' if method == "POST" else b"")
            assert asked.headers["authorization"] == "Bearer a-long-random-key"
            assert asked.headers["last-event-id"] == "0f0f-12"
            least = name == "nginx-least"
            assert asked.headers["host"] == (urlsplit(upstream.url).netloc if least else NAME)
            # The last address is the proxy's own word; those before it are the client's.
            forwarded = asked.headers["x-forwarded-for"].split(", ")
            assert forwarded[-1] == (FORGED if least else CLIENT)
