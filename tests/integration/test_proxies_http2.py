"""Through real proxies over HTTP/2, as browsers speak to them: tokens at once, leaving told."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from asking import QUESTION
from lockstep import WriterServer, Writing, events_in, keeping_step, settings
from proxies import NAMES, proxied
from serving import Told, serving, until
from tap import Tap

pytestmark = [pytest.mark.system, pytest.mark.soak]

WORDS = ("One", *(f" word{number}" for number in range(1, 20)))
HEARTBEATS = 3


@pytest.fixture(scope="module")
def writer() -> Iterator[WriterServer]:
    with WriterServer() as one:
        yield one


@pytest.fixture(scope="module")
def tap(tmp_path_factory: pytest.TempPathFactory, writer: WriterServer) -> Iterator[Tap]:
    """In front of a server that has a heartbeat each second of silence before the first token."""
    folder = tmp_path_factory.mktemp("codexity")
    beats = {"STREAM__FIRST_HEARTBEAT_SECONDS": 1}
    with (
        serving(folder, **settings(folder, writer), **beats) as server,
        Tap(server.url) as one,
    ):
        yield one


@contextmanager
def curl(address: str, writing: Writing, headers: Path) -> Generator[Iterator[Told]]:
    """Asks over HTTP/2; leaving the block closes the connection."""
    query = urlencode({"q": writing.question, "resume": 0})
    command = ["curl", "-s", "-N", "--http2-prior-knowledge", "-D", str(headers)]
    accepting = ["-H", "Accept: text/event-stream", "-H", "Accept-Encoding: gzip"]
    with subprocess.Popen(
        [*command, *accepting, f"{address}/search?{query}"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        try:
            yield events_in(process.stdout)
        finally:
            process.terminate()


@pytest.mark.parametrize("name", NAMES)
def test_over_http2_a_token_is_heard_before_the_next_is_written(
    writer: WriterServer, tap: Tap, tmp_path: Path, name: str
) -> None:
    writing = writer.will_write(QUESTION, WORDS)
    file = tmp_path / "headers"
    with (
        proxied(name, tap.url, tmp_path / "proxy", http2=True) as address,
        curl(address, writing, file) as events,
    ):
        kept = keeping_step(events, writing, {})
    assert [one.seq for one in kept.events] == list(range(1, len(kept.events) + 1))
    assert kept.text == "".join(WORDS)
    assert kept.events[-1].data["status"] == "completed"
    first, *headers = file.read_text().lower().split("\n")
    assert first.startswith("http/2 200")
    encodings = {one.strip() for one in headers if one.startswith("content-encoding")}
    assert encodings <= {"content-encoding: identity"}


@pytest.mark.parametrize("name", NAMES)
def test_over_http2_leaving_a_silent_stream_stops_the_model(
    writer: WriterServer, tap: Tap, tmp_path: Path, name: str
) -> None:
    writing = writer.will_write(QUESTION, WORDS)
    tap.forget()

    def heartbeats() -> int:
        return sum(bytes(one.answered).count(b"event: heartbeat") for one in tap.connections)

    with proxied(name, tap.url, tmp_path / "proxy", http2=True) as address:
        with curl(address, writing, tmp_path / "headers") as events:
            assert any(one.name == "heartbeat" for one in events)
            before = heartbeats()
            assert not writing.left
        until(lambda: writing.left, "left", 60)
        assert heartbeats() - before <= HEARTBEATS
