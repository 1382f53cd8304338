"""Clients that speak HTTP in odd ways: no 500, no stack in the log, and every stream ends."""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from serving import Server, heard, installed, serving, until
from sockets import Wire, body_of, events_of, wired
from upstreams import MODEL, Upstreams

ASK = "/search?q=how+does+a+kestrel+hover"
TOKEN = b"event: token"
END = b"\r\n0\r\n\r\n"
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """A server with a place for one stream: whatever keeps it is seen by the next.

    `ended` is a run of it that was stopped.
    """

    server: Server
    up: Upstreams
    ended: str

    @property
    def url(self) -> str:
        return self.server.url

    @contextmanager
    def nothing_stays(self) -> Generator[Wire]:
        """A connection; once it was closed no work is left, the place is free, no fault logged."""
        before = len(self.server.log())
        with wired(self.url) as wire:
            yield wire
        until(lambda: not self.up.held(), "left", 30)
        until(self.free, "free", 30)
        lines = self.server.log()[before:]
        assert [line["event"] for line in lines if line["level"] != "info"] == []

    def free(self) -> bool:
        """Whether there is a place."""
        status = self.server.get(f"/runs/{self.ended}/events").status_code
        assert status in {200, 503}
        return status == 200

    def streaming(self, wire: Wire) -> Callable[[], bool]:
        """Asks and waits until the answer is on its way; gives whether the model was left."""
        before = len(self.up.at(MODEL))
        wire.request(ASK)
        wire.read_until(TOKEN)
        return self.up.reached(MODEL, before + 1).left.is_set

    def stop(self, wire: Wire) -> None:
        """Stops the run that is read here."""
        self.stop_run(next(events_of(wire.seen)).data["run"])

    def stop_run(self, run: str) -> None:
        assert self.server.client.delete(f"{self.url}/runs/{run}").status_code == 200


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Narrow]:
    with Upstreams() as up:
        settings = {**up.settings, "STREAM__MAX_STREAMS": 1, "STREAM__HEARTBEAT_SECONDS": 1}
        with serving(installed(tmp_path_factory.mktemp("narrow")), **settings) as server:
            asked = server.client.post(f"{server.url}/runs", json={"question": "a kestrel"})
            made = Narrow(server=server, up=up, ended=asked.json()["run"])
            made.stop_run(made.ended)
            yield made


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose answers end at once."""
    with (
        Upstreams(endless=False) as up,
        serving(installed(tmp_path_factory.mktemp("brief")), **up.settings) as server,
    ):
        up.ends.set()
        yield server


def test_the_one_place_is_taken_while_a_stream_is_open(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        left = narrow.streaming(wire)
        assert narrow.server.get(ASK).status_code == 503
        assert not left()


def test_http_1_0_is_streamed_and_closed(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        wire.request(ASK, version="1.0")
        seen = wire.read_until(TOKEN)
        assert seen.startswith(b"HTTP/1.1 200 ")
        assert b"\r\nconnection: close\r\n" in seen
        assert narrow.server.get(ASK).status_code == 503
        narrow.stop(wire)
        *_, last = events_of(wire.read_to_the_end())
        assert last.data["status"] == "cancelled"


def test_who_closes_only_his_half_has_left(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        left = narrow.streaming(wire)
        assert not left()
        wire.socket.shutdown(socket.SHUT_WR)
        until(left, "left")
        wire.read_to_the_end()


def test_half_a_request_is_no_stream(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        wire.socket.sendall(f"GET {ASK} HTTP/1.1\r\nHost: {wire.host}\r\n".encode())
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.read_to_the_end() == b""


@pytest.mark.parametrize("how", ["closes", "resets"])
def test_a_request_behind_a_stream_does_not_hide_that_its_client_left(
    narrow: Narrow, how: str
) -> None:
    with narrow.nothing_stays() as wire:
        left = narrow.streaming(wire)
        for _ in range(20):
            wire.request("/health")
        assert not left()
        if how == "resets":
            wire.reset()
        else:
            wire.socket.close()
        until(left, "left")


def test_a_request_behind_a_stream_is_answered_after_it(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        narrow.streaming(wire)
        for _ in range(20):
            wire.request("/health")
        narrow.stop(wire)
        until(lambda: answers(wire) == 20, "answered")
        assert b'"status":"cancelled"' in wire.seen


@pytest.mark.parametrize(
    "bad",
    [b"\0\1 no HTTP\r\n\r\n", b"POST /runs HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno size"],
    ids=["head", "body"],
)
def test_what_is_no_http_is_answered_alone_and_never_within_a_stream(
    narrow: Narrow, bad: bytes
) -> None:
    with wired(narrow.url) as wire:
        wire.socket.sendall(bad)
        assert wire.read_to_the_end().startswith(b"HTTP/1.1 400 ")
        assert b'{"code":"bad_request",' in wire.seen

    with wired(narrow.url) as wire:
        left = narrow.streaming(wire)
        assert not left()
        wire.socket.sendall(bad)
        wire.read_to_the_end()
        assert wire.seen.count(b"HTTP/1.1 ") == 1
        assert b"bad_request" not in wire.seen
        assert not wire.seen.endswith(END)
        until(left, "left", 30)
    until(narrow.free, "free", 30)


def answers(wire: Wire) -> int:
    wire.seen += wire.socket.recv(65_536)
    return wire.seen.count(b'{"status":"ok"}')


def test_head_starts_no_run(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        asked = len(narrow.up.asked)
        wire.request(ASK, method="HEAD")
        assert wire.read_until(HEAD_END).startswith(b"HTTP/1.1 403 ")
        wire.request("/health")
        wire.read_until(b'{"status":"ok"}')
        assert len(narrow.up.asked) == asked


@pytest.mark.parametrize(
    "path",
    [
        *("/health", "/ready", "/", "/robots.txt", "/favicon.ico", "/threads", "/openapi.json"),
        *("/page/style.css", "/library/starter/topic-with"),
    ],
)
def test_monitors_may_ask_for_the_head_alone(server: Server, path: str) -> None:
    told, whole = server.client.head(server.url + path), server.get(path)
    assert told.status_code == whole.status_code == 200
    assert told.headers["content-length"] == whole.headers["content-length"]
    assert whole.content
    assert not told.content


def test_head_neither_follows_a_run_nor_ends_it(narrow: Narrow) -> None:
    before = len(narrow.up.at(MODEL))
    asked = narrow.server.client.post(f"{narrow.url}/runs", json={"question": "a kestrel"})
    run = asked.json()["run"]
    narrow.up.reached(MODEL, before + 1)
    for path, status in (
        (f"/runs/{run}/events", b"200"),
        (f"/runs/{'0' * 32}/events", b"404"),
        (f"/search?last_event_id={run}-1", b"200"),
    ):
        with wired(narrow.url) as wire:
            wire.request(path, method="HEAD")
            seen = wire.read_until(HEAD_END)
            assert seen.startswith(b"HTTP/1.1 %s " % status), seen
            wire.request("/health")
            wire.read_until(b'{"status":"ok"}')
    assert narrow.server.get(f"/runs/{run}").json()["status"] == "running"
    with narrow.nothing_stays():
        narrow.stop_run(run)


@pytest.mark.parametrize(
    "body", [b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"]
)
def test_a_body_that_ends_too_early_is_no_fault_of_the_server(narrow: Narrow, body: bytes) -> None:
    with narrow.nothing_stays() as wire:
        head = f"POST /runs HTTP/1.1\r\nHost: {wire.host}\r\nContent-Type: application/json\r\n"
        wire.socket.sendall(head.encode() + body)
        wire.socket.shutdown(socket.SHUT_WR)
        wire.read_to_the_end()


def test_a_body_that_nobody_asked_for_changes_nothing(narrow: Narrow) -> None:
    with narrow.nothing_stays() as wire:
        head = f"GET {ASK} HTTP/1.1\r\nHost: {wire.host}\r\nContent-Length: 300000\r\n\r\n"
        wire.socket.sendall(head.encode())
        wire.read_until(TOKEN)
        wire.socket.sendall(b"x" * 300_000)
        narrow.stop(wire)
        wire.read_until(b'"status":"cancelled"')


@pytest.mark.parametrize("at_once", [False, True])
def test_a_connection_serves_one_answer_after_the_other(brief: Server, at_once: bool) -> None:
    with wired(brief.url) as wire:
        runs = set[str]()
        for _ in range(3 if at_once else 0):
            wire.request(ASK)
        for _ in range(3):
            if not at_once:
                wire.request(ASK)
            wire.read_until(END)
            first, _, wire.seen = wire.seen.partition(END)
            told = heard(body_of(first + END).decode())
            assert told.status == "completed"
            runs.add(told.run)
        assert len(runs) == 3
        assert not wire.seen
