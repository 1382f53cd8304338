"""Through real proxies with the guide's configuration: every token at once, and every event."""

from __future__ import annotations

import http.client
import re
import statistics
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from asking import QUESTION
from lockstep import Kept, WriterServer, in_lockstep, listening, settings
from proxies import NAMES, as_it_stands, proxied, without_compression
from serving import Told, serving, until

pytestmark = [pytest.mark.system, pytest.mark.soak]

WORDS = ("One", *(f" word{number}" for number in range(1, 30)))
ADDED_SECONDS = 0.05
"""What a proxy may add to a token on a busy machine; `bench/proxies.py` measures."""
EDITS = (as_it_stands, without_compression)
WAYS = [
    pytest.param(name, edit, id=f"{name}-{edit.__name__}")
    for name in NAMES
    for edit in EDITS
    if edit is as_it_stands or name != "nginx-least"
]


@dataclass(frozen=True, slots=True)
class Installed:
    """A model, a server that asks it, what the server's clients hear without a proxy."""

    writer: WriterServer
    address: str
    direct: Kept


@contextmanager
def installed(folder: Path, **more: object) -> Generator[Installed]:
    with WriterServer() as writer:
        said = settings(folder, writer)
        with serving(folder, **said, **more) as server:
            direct = in_lockstep(server.url, writer.will_write(QUESTION, WORDS))
            yield Installed(writer, server.url, direct)


@pytest.fixture(scope="module")
def codexity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    with installed(tmp_path_factory.mktemp("codexity")) as one:
        yield one


@pytest.fixture(scope="module")
def unmarked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A server that does not tell proxies to leave its streams as they are."""
    folder = tmp_path_factory.mktemp("unmarked")
    with installed(folder, STREAM__CONTENT_ENCODING_IDENTITY=False) as one:
        yield one


def complete(kept: Kept) -> None:
    """Every event once, in order, with every word of the answer, and as it was written."""
    assert [one.seq for one in kept.events] == list(range(1, len(kept.events) + 1))
    assert len({one.id.rpartition("-")[0] for one in kept.events}) == 1
    assert kept.text == "".join(WORDS)
    assert kept.events[-1].name == "done"
    assert kept.events[-1].data["status"] == "completed"
    assert kept.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert kept.headers.get("content-encoding", "identity") == "identity"


def added(kept: Kept, direct: Kept) -> float:
    """The seconds that the proxy adds to a token, at the median."""
    return statistics.median(kept.delays) - statistics.median(direct.delays)


def page_encoding(address: str) -> str | None:
    """How the page comes to a client that takes gzip."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        assert response.status == 200, response.read()
        return response.headers.get("Content-Encoding")
    finally:
        connection.close()


def test_without_a_proxy_every_event_comes_and_nothing_is_compressed(codexity: Installed) -> None:
    complete(codexity.direct)
    assert page_encoding(codexity.address) is None


@pytest.mark.parametrize(("name", "edit"), WAYS)
def test_a_token_is_heard_before_the_next_is_written(
    codexity: Installed, tmp_path: Path, name: str, edit: Callable[[str], str]
) -> None:
    with proxied(name, codexity.address, tmp_path / "proxy", edit=edit) as address:
        kept = in_lockstep(address, codexity.writer.will_write(QUESTION, WORDS))
        encoding = page_encoding(address)
    complete(kept)
    assert added(kept, codexity.direct) < ADDED_SECONDS
    # Debian's nginx compresses pages whatever its sites say.
    assert encoding == ("gzip" if edit is as_it_stands or name == "nginx" else None)


@pytest.mark.parametrize("name", NAMES)
def test_the_configuration_alone_keeps_streams_out_of_compression(
    unmarked: Installed, tmp_path: Path, name: str
) -> None:
    with proxied(name, unmarked.address, tmp_path / "proxy") as address:
        kept = in_lockstep(address, unmarked.writer.will_write(QUESTION, WORDS))
        assert page_encoding(address) == "gzip"
    complete(kept)
    assert added(kept, unmarked.direct) < ADDED_SECONDS


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_stopped_through_the_proxy(codexity: Installed, tmp_path: Path, name: str) -> None:
    writing = codexity.writer.will_write(QUESTION, WORDS)
    with (
        proxied(name, codexity.address, tmp_path / "proxy") as address,
        listening(address, writing.question) as listener,
    ):
        told: list[Told] = []
        for one in listener:
            told.append(one)
            if one.data.get("step") == "generating":
                run = one.id.rpartition("-")[0]
                stopped = httpx2.delete(f"{address}/runs/{run}", timeout=60, trust_env=False)
                assert stopped.status_code == 200, stopped.text
        assert told[-1].name == "done"
        assert told[-1].data["status"] == "cancelled"
        until(lambda: writing.left, "left", 60)


def holding(site: str) -> str:
    """Compresses streams too, and does not look at what the server says of buffering."""
    for theirs, ours in (
        ("proxy_buffering off;", "proxy_ignore_headers X-Accel-Buffering;"),
        ("gzip_types ", "gzip_types text/event-stream "),
    ):
        assert theirs in site
        site = site.replace(theirs, ours)
    return site


def test_a_proxy_that_holds_back_would_be_noticed(unmarked: Installed, tmp_path: Path) -> None:
    writing = unmarked.writer.will_write(QUESTION, WORDS)
    with (
        proxied("nginx", unmarked.address, tmp_path / "proxy", edit=holding) as address,
        pytest.raises(TimeoutError),
    ):
        in_lockstep(address, writing, seconds=3)


EVERYTHING = {
    "nginx": [("gzip_types .*", "gzip_types *;")],
    "caddy": [(r" {\n\t\tmatch {[^}]*}\n\t}", "")],
    "haproxy": [("compression type .*", "")],
    "varnish": [(r"return \(pipe\)", "return (pass)"), (r"if \(beresp.*", "if (true) {")],
}
"""How each is told to compress whatever comes."""


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_stream_is_left_alone_where_everything_else_is_compressed(
    codexity: Installed, tmp_path: Path, name: str
) -> None:
    def careless(site: str) -> str:
        for theirs, ours in EVERYTHING[name]:
            site, count = re.subn(theirs, ours, site)
            assert count == 1
        return site

    with proxied(name, codexity.address, tmp_path / "proxy", edit=careless) as address:
        kept = in_lockstep(address, codexity.writer.will_write(QUESTION, WORDS))
        assert page_encoding(address) == "gzip"
    complete(kept)


def delaying(site: str) -> str:
    theirs = "    option http-no-delay\n"
    assert theirs in site
    return site.replace(theirs, "")


def test_a_proxy_that_waits_for_more_would_be_noticed(codexity: Installed, tmp_path: Path) -> None:
    writing = codexity.writer.will_write(QUESTION, WORDS[:9])
    with proxied("haproxy", codexity.address, tmp_path / "proxy", edit=delaying) as address:
        kept = in_lockstep(address, writing)
    assert kept.text == "".join(WORDS[:9])
    assert added(kept, codexity.direct) > ADDED_SECONDS
