"""Where the server leads a client on: never to another scheme or host than he came with."""

from __future__ import annotations

from collections.abc import Generator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urljoin, urlsplit

import pytest

from codexity.edges.http.gate import on_this_server
from serving import Server, installed, serving

ALICE = "alice-s-own-long-key"
OUTSIDE = "https://search.example.org"
FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "Authorization": f"Bearer {ALICE}",
}
LED = {
    "/search/?q=a%20b": "/search?q=a%20b",
    "/threads/": "/threads",
    "/runs/0/": "/runs/0",
    "/runs/0/events/": "/runs/0/events",
    "/openapi.json/": "/openapi.json",
    "/page": "/page/",
}


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    folder = installed(tmp_path_factory.mktemp("keyed"))
    with serving(folder, SEARCH__STARTER=False, SERVER__API_KEYS={"alice": ALICE}) as server:
        yield server


def asked(server: Server, target: str) -> HTTPResponse:
    """The answer to a request whose target is sent as it is."""
    connection = HTTPConnection(server.url.partition("//")[2], timeout=30)
    connection.putrequest("GET", target, skip_host=True)
    for name, value in FORGED.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@pytest.mark.parametrize(("target", "led"), LED.items())
def test_whoever_is_led_on_stays_where_he_came_in(keyed: Server, target: str, led: str) -> None:
    response = asked(keyed, target)
    assert response.status == 307
    assert response.headers["Location"] == led
    # As a browser has it that came over a proxy which ends TLS.
    assert urljoin(OUTSIDE + target, led) == OUTSIDE + led


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/", "//evil.example/..", "//evil.example/page", "/page//evil.example/..",
        "//evil.example/search/", "/%2Fevil.example/", "/\\evil.example/", "/page/..//evil.example",
        "/library//evil.example/", "///evil.example/%2e%2e", "/.//evil.example/",
    ],
)  # fmt: skip
def test_no_path_leads_to_another_host(keyed: Server, target: str) -> None:
    response = asked(keyed, target)
    location = response.headers["Location"]
    if location is None:
        assert response.status in {400, 404}
    else:
        assert urlsplit(urljoin(OUTSIDE, location)).netloc == urlsplit(OUTSIDE).netloc


@pytest.mark.parametrize(
    ("location", "led"),
    [
        ("http://evil.example/search?q=1", "/search?q=1"),
        ("/runs/1", "/runs/1"),
        ("//evil.example/x", "/x"),
        ("http://h//evil.example/x", "/evil.example/x"),
        ("http://h/\\evil.example", "/evil.example"),
        ("http://h", "/"),
    ],
)
def test_of_an_address_its_path_is_left(location: str, led: str) -> None:
    assert on_this_server(location) == led
