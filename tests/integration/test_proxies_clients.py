"""Behind a proxy that is trusted each client counts for itself, whatever it says it is."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from asking import QUESTION
from lockstep import WriterServer, listening, settings
from proxies import NAMES, proxied
from serving import serving, until

pytestmark = pytest.mark.system

FIRST, SECOND = "127.0.0.2", "127.0.0.3"
FORGED = "203.0.113.9"
TELLING = [name for name in NAMES if name != "nginx-least"]
"""Those that tell of their client; Debian's nginx hands on what the client says."""


@dataclass(frozen=True, slots=True)
class Installed:
    writer: WriterServer
    address: str


@pytest.fixture(scope="module")
def codexity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A server with one stream for each client, which believes the proxies of this machine."""
    folder = tmp_path_factory.mktemp("codexity")
    rules = {"SERVER__TRUSTED_PROXIES": ["127.0.0.1"], "STREAM__MAX_STREAMS_PER_CLIENT": 1}
    with (
        WriterServer() as writer,
        serving(folder, **settings(folder, writer), **rules) as server,
    ):
        yield Installed(writer, server.url)


def status(address: str, origin: str, **headers: str) -> int:
    """How a question from this address is answered; the answer is not waited for."""
    connection = http.client.HTTPConnection(
        urlsplit(address).netloc, timeout=60, source_address=(origin, 0)
    )
    try:
        query = urlencode({"q": QUESTION, "resume": 0})
        connection.request("GET", f"/search?{query}", headers=headers)
        with connection.getresponse() as response:
            return response.status
    finally:
        connection.close()


@pytest.mark.parametrize("name", TELLING)
def test_one_client_takes_no_other_clients_place(
    codexity: Installed, tmp_path: Path, name: str
) -> None:
    writing = codexity.writer.will_write(QUESTION, ["One"])
    forged = {"X-Forwarded-For": FORGED}
    with proxied(name, codexity.address, tmp_path / "proxy") as address:
        with listening(address, writing.question, origin=FIRST):
            assert status(address, FIRST) == 429
            assert status(address, FIRST, **forged) == 429
            assert status(address, SECOND, **forged) == 200
        # Once the first has gone its place is free.
        until(lambda: status(address, FIRST) == 200, "free", 60)


@pytest.fixture(scope="module")
def believing_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("believing-nobody")
    with (
        WriterServer() as writer,
        serving(folder, **settings(folder, writer), STREAM__MAX_STREAMS_PER_CLIENT=1) as server,
    ):
        yield Installed(writer, server.url)


def test_a_proxy_that_nobody_named_is_not_believed(
    believing_nobody: Installed, tmp_path: Path
) -> None:
    writing = believing_nobody.writer.will_write(QUESTION, ["One"])
    forged = {"X-Forwarded-For": FORGED}
    with (
        proxied("nginx-least", believing_nobody.address, tmp_path / "proxy") as address,
        listening(address, writing.question, origin=FIRST),
    ):
        assert status(address, FIRST) == 429
        assert status(address, FIRST, **forged) == 429
