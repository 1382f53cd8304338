"""A run as a resource: looked at, stopped, left, kept over a restart, ended with the server."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx2
import pytest

from servers.local import LocalServer, Reply
from servers.searxng import SearxngServer
from serving import (
    NONSENSE,
    PROGRAM,
    WITH,
    Server,
    Told,
    environment,
    heard,
    installed,
    run,
    serving,
    started,
    until,
)
from sockets import wired

STREAM = {"Accept": "text/event-stream"}
AT_ONCE = "/search?q=anything&resume=0"
"""Asks as a client that does not come back."""


@contextmanager
def searching(folder: Path, search: LocalServer, **settings: object) -> Generator[Server]:
    """A server that asks this search engine only."""
    with serving(
        installed(folder),
        SEARCH__PROVIDERS=["searxng"],
        SEARXNG__URL=search.url,
        SEARCH__STARTER=False,
        **settings,
    ) as server:
        yield server


@pytest.fixture
def hanging() -> Iterator[LocalServer]:
    with LocalServer(lambda _: Reply(hold=True)) as search:
        yield search


@pytest.fixture
def slow(tmp_path: Path, hanging: LocalServer) -> Iterator[Server]:
    with searching(tmp_path, hanging) as server:
        yield server


class Reader:
    """A client that reads a run in a thread, until its end or until it leaves."""

    def __init__(self, server: Server, path: str = "/search?q=anything") -> None:
        self._client = httpx2.Client(timeout=30)
        self._response = self._client.send(
            self._client.build_request("GET", server.url + path, headers=STREAM), stream=True
        )
        self._lines = self._response.iter_lines()
        first = [next(self._lines) for _ in range(4)]
        assert first[0] == "retry: 2000"
        self.run = first[1].removeprefix("id: ").rpartition("-")[0]

    def rest(self) -> tuple[Told, ...]:
        assert next(self._lines) == ""
        return heard("\n".join(self._lines) + "\n").events

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        self._response.close()
        self._client.close()


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost.evil.example"},
]
OWN = [
    {},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("own", OWN)
def test_a_page_of_another_site_neither_stops_nor_finishes_a_run(
    slow: Server, hanging: LocalServer, own: dict[str, str]
) -> None:
    with Reader(slow) as reader:
        assert hanging.came(1)
        address = f"{slow.url}/runs/{reader.run}"
        for headers in FOREIGN:
            for way in ("stop", "finish"):
                refused = slow.client.post(f"{address}/{way}", headers=headers)
                assert (refused.status_code, refused.json()["code"]) == (403, "not_from_here")
        assert slow.client.get(address).json()["status"] == "running"
        stopped = slow.client.post(f"{address}/stop", headers=own)
        assert (stopped.status_code, stopped.json()["reason"]) == (200, "stopped")


def test_an_explicit_stop_has_ended_the_work_when_it_answers(
    slow: Server, hanging: LocalServer
) -> None:
    with Reader(slow) as reader:
        assert hanging.came(1)
        running = slow.get(f"/runs/{reader.run}").json()
        assert running["status"] == "running"
        assert (running["question"], running["answer"]) == ("anything", "")
        start = time.monotonic()
        stopped = slow.client.delete(f"{slow.url}/runs/{reader.run}")
        assert time.monotonic() - start < 10
        assert hanging.asked[0].left.wait(10)
        assert stopped.status_code == 200
        assert stopped.json()["status"] == "cancelled"
        last = reader.rest()[-1]
    assert (last.name, last.data["status"]) == ("done", "cancelled")
    assert last.data["reason"] == stopped.json()["reason"] == "stopped"
    again = slow.client.delete(f"{slow.url}/runs/{reader.run}")
    assert (again.status_code, again.json()) == (200, stopped.json())
    assert slow.get(f"/runs/{reader.run}").json() == stopped.json()
    assert slow.client.delete(f"{slow.url}/runs/{'0' * 32}").status_code == 404


def test_who_leaves_ends_the_search(slow: Server, hanging: LocalServer) -> None:
    with Reader(slow, AT_ONCE) as reader:
        assert hanging.came(1)
        assert not hanging.asked[0].left.wait(0.3)
    assert hanging.asked[0].left.wait(2)
    until(lambda: slow.ended_runs() == [reader.run], "logged")
    assert slow.get(f"/runs/{reader.run}").json()["status"] == "cancelled"


def test_who_leaves_the_plain_page_ends_the_search(slow: Server, hanging: LocalServer) -> None:
    with httpx2.Client(timeout=0.3) as client, pytest.raises(httpx2.ReadTimeout):
        client.get(f"{slow.url}/answer?q=anything")
    assert hanging.came(1)
    assert hanging.asked[0].left.wait(2)
    until(lambda: len(slow.ended_runs()) == 1, "logged")


def test_who_leaves_ends_the_reading(tmp_path: Path, hanging: LocalServer) -> None:
    rows = [("Slow", f"{hanging.url}/page", "")]
    allowed = [hanging.url.removeprefix("http://")]
    with (
        SearxngServer(lambda _: rows) as search,
        searching(tmp_path, search, FETCH__ALLOW_HOSTS=allowed) as server,
    ):
        with Reader(server, AT_ONCE):
            assert hanging.came(1)
            assert not hanging.asked[0].left.is_set()
        assert hanging.asked[0].left.wait(2)


def test_a_snapshot_is_the_same_after_the_end_and_after_a_restart(home: Path) -> None:
    with serving(home) as server:
        told = server.ask(WITH)
        nothing = server.ask(NONSENSE)
        kept = server.get(f"/runs/{told.run}").json()
        failed = server.get(f"/runs/{nothing.run}").json()
        assert server.stop() in {0, -signal.SIGTERM}
    assert kept["answer"] == told.text
    assert kept["sources"] == told.sources
    assert kept["status"] == "completed"
    assert kept["seconds"]["total"] >= kept["seconds"]["first_source"] > 0
    assert failed["error"] == nothing.named("error")[0]
    with serving(home) as server:
        for before in (kept, failed):
            assert server.get(f"/runs/{before['run']}").json() == before
            again = server.client.delete(f"{server.url}/runs/{before['run']}")
            assert (again.status_code, again.json()) == (200, before)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_open_streams_with_interrupted(
    slow: Server, hanging: LocalServer, how: signal.Signals
) -> None:
    with Reader(slow) as reader:
        assert hanging.came(1)
        slow.process.send_signal(how)
        last = reader.rest()[-1]
    assert (last.name, last.data["status"]) == ("done", "interrupted")
    code = slow.process.wait(10)
    assert code in {0, -how, 128 + how}
    assert hanging.asked[0].left.wait(10)
    assert "Traceback" not in slow.log_file.read_text()


def test_a_server_for_other_machines_needs_keys_or_to_be_open(tmp_path: Path) -> None:
    refused = run(installed(tmp_path), "serve", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 2
    assert refused.stdout == ""
    [line] = refused.stderr.splitlines()
    assert "server.host" in line
    assert "CODEXITY_SERVER__API_KEYS" in line
    assert "CODEXITY_SERVER__OPEN" in line
    for setting in ({"SERVER__OPEN": True}, {"SERVER__API_KEYS": {"a": "a-key-of-16-chars"}}):
        env = environment(tmp_path, SEARCH__STARTER=False, **setting)
        command = [PROGRAM, "serve", "--host", "0.0.0.0", "--port", "0"]
        with started(command, tmp_path, env) as process:
            assert process.stdout is not None
            assert "http://127.0.0.1:" in process.stdout.readline()


def test_a_port_that_is_taken_is_told_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run(installed(tmp_path), "serve", "--port", port, SEARCH__STARTER=False)
    assert refused.returncode == 2
    [line] = refused.stderr.splitlines()
    place = f"127.0.0.1:{port} cannot be listened on (Address already in use)"
    assert f"{place}. Is another server there? CODEXITY_SERVER__PORT=0 takes a free port" in line


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_told_in_a_line(tmp_path: Path, host: str) -> None:
    settings = {"SEARCH__STARTER": False, "SERVER__OPEN": True, "SERVER__HOST": host}
    refused = run(installed(tmp_path), "serve", "--port", "0", **dict[str, Any](settings))
    assert refused.returncode == 2
    [line] = refused.stderr.splitlines()
    assert f"{host}:0 cannot be listened on" in line
    assert "Set them to an address of this machine" in line


def test_many_who_ask_at_once_are_all_answered(server: Server) -> None:
    ended: list[str] = []

    def ask() -> None:
        response = httpx2.get(f"{server.url}/search", params={"q": WITH}, timeout=30)
        ended.append(json.loads(response.text.rpartition("data: ")[2])["status"])

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == ["completed"] * 12


def test_a_body_that_does_not_come_is_not_waited_for(server: Server) -> None:
    head = (
        "POST /runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Connection: close\r\nContent-Length: 16\r\n\r\n"
    )
    for body, status in ((b'{"question":"x"}', b"201"), (b'{"question":', b"422")):
        with wired(server.url) as wire:
            wire.socket.sendall(head.encode() + body)
            answer = wire.read_to_the_end(30)
            assert answer.split(b" ")[1] == status, answer
