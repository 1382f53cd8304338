"""A server told to end: every stream has its `done`, nothing is left, and a drain is a drain."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from asking import library
from llamacpp import llamacpp
from serving import Server, installed, serving, until
from sockets import Wire, descendants, events_of, running, wired
from tiny_gguf import Tiny, make
from upstreams import MODEL, Upstreams

STREAMS = 100
ASK = "/search?q=how+does+a+kestrel+hover"
SIGNALS = [signal.SIGTERM, signal.SIGINT]
EXIT_SECONDS = 10
"""Ten times what is promised for a hundred streams."""
TOLD = b"event: done"


def codes(how: signal.Signals) -> set[int]:
    """How a process ends that was told to by this signal."""
    return {0, -how, 128 + how}


def last(wire: Wire) -> tuple[str, object]:
    """The last event of a stream that was read to its end, and its status."""
    assert wire.seen.endswith(b"\r\n0\r\n\r\n"), "the answer was not ended, but cut off"
    *_, told = events_of(wire.seen)
    return told.name, told.data.get("status")


@contextmanager
def upstream(
    folder: Path, *holding: str, endless: bool = True, **settings: object
) -> Generator[tuple[Server, Upstreams]]:
    with (
        Upstreams(*holding, endless=endless) as up,
        serving(installed(folder), **{**up.settings, **settings}) as server,
    ):
        yield server, up


def quiet(server: Server) -> bool:
    """Whether the log holds neither a warning nor a stack."""
    return all(line["level"] == "info" and "exception" not in line for line in server.log())


@pytest.mark.soak
@pytest.mark.parametrize("how", SIGNALS)
def test_a_hundred_streams_are_told_and_the_process_ends(
    tmp_path: Path, how: signal.Signals
) -> None:
    settings = {
        name.removeprefix("CODEXITY_"): value for name, value in library(tmp_path).items()
    } | {"RUNS__AT_ONCE": STREAMS, "STREAM__MAX_STREAMS_PER_CLIENT": STREAMS}
    with (
        Upstreams() as up,
        serving(installed(tmp_path / "home"), **{**settings, **up.model_settings}) as server,
        ExitStack() as stack,
    ):
        wires = [stack.enter_context(wired(server.url)) for _ in range(STREAMS)]
        for wire in wires:
            wire.request(ASK)
        for wire in wires:
            wire.read_until(b"event: token")
        assert up.held() == STREAMS
        children = descendants(server.process.pid)
        begin = time.monotonic()
        server.process.send_signal(how)
        for wire in wires:
            wire.read_to_the_end()
        code = server.process.wait(EXIT_SECONDS)
        spent = time.monotonic() - begin
        assert {last(wire) for wire in wires} == {("done", "interrupted")}
        assert code in codes(how)
        assert spent < EXIT_SECONDS
        until(lambda: not up.held(), "left by all")
        assert not running(children)
        ended = Counter(one["status"] for one in server.log() if one["event"] == "run ended")
        assert ended == {"interrupted": STREAMS}
        assert quiet(server)


def test_generation_and_fetching_are_left_and_no_process_stays(tmp_path: Path) -> None:
    model = make(tmp_path / "tiny.gguf", Tiny(end_bias=-30))
    with (
        llamacpp(model, slots=1, context=100_000) as llama,
        upstream(
            tmp_path / "home",
            "/page-2",
            LLM__BASE_URL=llama.base_url,
            LLM__MODEL="tiny",
            SEARCH__CACHE_SECONDS=0,
            LIMITS__ANSWER_TOKENS=100_000,
            LIMITS__MAX_ANSWER_CHARS=1_000_000,
        ) as (server, up),
        wired(server.url) as writing,
        wired(server.url) as reading,
    ):
        writing.request(ASK)
        writing.read_until(b"event: token")
        up.pages = 2
        reading.request(ASK)
        fetching = up.reached("/page-2")
        reading.read_until(b"event: page")
        children = descendants(server.process.pid)
        assert children, "nothing could have been left over"
        assert llama.busy() == 1
        assert not fetching.left.is_set()
        begin = time.monotonic()
        code = server.stop(seconds=EXIT_SECONDS)
        assert time.monotonic() - begin < 3 * 3
        for wire in (writing, reading):
            wire.read_to_the_end()
            assert last(wire) == ("done", "interrupted")
        assert code in codes(signal.SIGTERM)
        until(lambda: not llama.busy(), "a slot free again")
        assert fetching.left.wait(10)
        assert not running(children)
        assert quiet(server)


# --- a drain ----------------------------------------------------------------------


@contextmanager
def draining(
    folder: Path, how: signal.Signals = signal.SIGTERM
) -> Generator[tuple[Server, Upstreams, Wire, str]]:
    """A server that was told to end while it writes an answer: the stream, and its run."""
    with (
        upstream(folder, endless=False, STREAM__DRAIN_SECONDS=600) as (server, up),
        wired(server.url) as wire,
    ):
        wire.request(ASK)
        wire.read_until(b"event: token")
        run = next(events_of(wire.seen)).data["run"]
        assert server.get("/ready").status_code == 200
        server.process.send_signal(how)
        until(lambda: server.get("/ready").status_code == 503, "draining")
        yield server, up, wire, run


@pytest.mark.parametrize("how", SIGNALS)
def test_open_streams_go_on_while_nothing_new_is_begun(tmp_path: Path, how: signal.Signals) -> None:
    with draining(tmp_path, how) as (server, up, wire, run):
        asked = len(up.asked)
        assert server.get("/health").status_code == 200
        assert server.get("/ready").json()["code"] == "draining"
        for refused in (
            server.get(ASK),
            server.client.post(f"{server.url}/runs", json={"question": "a kestrel"}),
        ):
            assert refused.status_code == 503
            assert refused.json()["code"] == "draining"
            assert refused.json()["retryable"] is True
            assert int(refused.headers["retry-after"]) >= 1
        for path in (f"/runs/{run}/events", ASK):
            back = server.get(path, {"Last-Event-ID": f"{run}-1", "Accept": "text/event-stream"})
            assert back.status_code == 200
            assert back.headers["content-type"].startswith("text/event-stream")
            assert back.text == "retry: 2000\n\n"
        assert len(up.asked) == asked
        assert server.process.poll() is None
        assert up.held() == 1
        # The model has its say to the end: so has the stream.
        answer = server.get(f"/runs/{run}").json()
        assert answer["status"] == "running"
        up.ends.set()
        wire.read_to_the_end()
        assert last(wire) == ("done", "completed")
        assert server.process.wait(EXIT_SECONDS) in codes(how)
        assert quiet(server)


@pytest.mark.parametrize("how", SIGNALS)
def test_a_second_signal_ends_a_drain_at_once(tmp_path: Path, how: signal.Signals) -> None:
    with draining(tmp_path, how) as (server, up, wire, _):
        assert up.held() == 1
        begin = time.monotonic()
        code = server.stop(how, EXIT_SECONDS)
        assert time.monotonic() - begin < EXIT_SECONDS
        wire.read_to_the_end()
        assert last(wire) == ("done", "interrupted")
        assert code in codes(how)
        until(lambda: not up.held(), "left")
        assert quiet(server)


def test_a_drain_ends_when_its_time_is_over(tmp_path: Path) -> None:
    with (
        upstream(tmp_path, STREAM__DRAIN_SECONDS=1) as (server, _),
        wired(server.url) as wire,
    ):
        wire.request(ASK)
        wire.read_until(b"event: token")
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        wire.read_until(TOLD)
        assert 1 <= time.monotonic() - begin < EXIT_SECONDS
        wire.read_to_the_end()
        assert last(wire) == ("done", "interrupted")
        assert server.process.wait(EXIT_SECONDS) in codes(signal.SIGTERM)


def test_a_drain_without_streams_is_no_wait(tmp_path: Path) -> None:
    with upstream(tmp_path, STREAM__DRAIN_SECONDS=600) as (server, _):
        # An idle connection is no stream.
        assert server.get("/health").status_code == 200
        assert server.stop(seconds=EXIT_SECONDS) in codes(signal.SIGTERM)


def test_a_reader_that_takes_nothing_does_not_hold_the_end_up(tmp_path: Path) -> None:
    with (
        Upstreams(count=4_000, text="\0" * 100) as up,
        serving(
            installed(tmp_path),
            **{**up.settings, "LIMITS__MAX_ANSWER_CHARS": 1_000_000, "STREAM__SEND_SECONDS": 600},
        ) as server,
        wired(server.url, receive_buffer=1) as stalled,
        wired(server.url) as other,
    ):
        stalled.request(ASK)
        up.reached(MODEL)
        other.request("/search?q=a+kestrel")
        other.read_until(b"event: token")
        server.process.send_signal(signal.SIGTERM)
        other.read_until(TOLD)
        # Nobody can tell it anything: its connection is cut.
        assert server.process.wait(3 * EXIT_SECONDS) in codes(signal.SIGTERM)
        assert quiet(server)


# --- a terminal that is closed ----------------------------------------------------


def test_a_terminal_that_is_closed_ends_a_server_as_being_told_to_does(tmp_path: Path) -> None:
    with upstream(tmp_path) as (server, up), wired(server.url) as wire:
        wire.request(ASK)
        wire.read_until(b"event: token")
        server.process.send_signal(signal.SIGHUP)
        wire.read_to_the_end()
        assert last(wire) == ("done", "interrupted")
        assert server.process.wait(EXIT_SECONDS) in codes(signal.SIGTERM)
        until(lambda: not up.held(), "left")
        assert quiet(server)


def test_who_was_told_to_outlive_the_terminal_does(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does, and it is inherited
    try:
        with upstream(tmp_path) as (server, _), wired(server.url) as wire:
            wire.request(ASK)
            wire.read_until(b"event: token")
            server.process.send_signal(signal.SIGHUP)
            assert server.get("/ready").status_code == 200
            assert server.stop(seconds=EXIT_SECONDS) in codes(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGHUP, before)
