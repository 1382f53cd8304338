"""`codexity.asgi:app` under other servers: what is the same, and what the guide says is not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from serving import environment, installed, serving, until
from sockets import SMALLEST, descendants, events_of, running, send_queue, wired
from upstreams import MODEL, Upstreams

pytestmark = pytest.mark.soak

SERVERS = ["uvicorn", "granian", "hypercorn", "gunicorn"]
APP = "codexity.asgi:app"
ASK = "/search?q=how+does+a+kestrel+hover"
STREAM = "text/event-stream"
TOKEN = b"event: token"
START_SECONDS = 60
END_SECONDS = 30
ONE_WORKER = "This server is to have one worker"


def command(name: str, port: int, workers: int) -> list[str]:
    """How a server is started by its own command."""
    options = {
        "uvicorn": ["--port", str(port), "--workers", str(workers)],
        "granian": ["--interface", "asgi", "--port", str(port), "--workers", str(workers)],
        "hypercorn": ["-b", f"127.0.0.1:{port}", "-w", str(workers)],
        "gunicorn": [
            *("-k", "uvicorn_worker.UvicornWorker", "-b", f"127.0.0.1:{port}"),
            *("-w", str(workers), "--no-control-socket"),
        ],
    }
    return [str(Path(sys.executable).with_name(name)), *options[name], APP]


class Served:
    """A server's process, its address and what it says."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log_file: Path) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._log_file = log_file

    def answers(self) -> bool:
        """Whether it is there; fails where its process has ended."""
        assert self.process.poll() is None, self.log()
        return self.ready() is not None

    def ready(self) -> int | None:
        """The status of `/ready`; None where nobody listens."""
        try:
            return httpx2.get(f"{self.url}/ready", timeout=END_SECONDS, trust_env=False).status_code
        except httpx2.TransportError:
            return None

    def log(self) -> str:
        return self._log_file.read_text()


@contextmanager
def started(
    name: str, folder: Path, up: Upstreams, *, workers: int = 1, **settings: object
) -> Generator[Served]:
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    env = environment(folder, **{**up.settings, **settings})
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command(name, port, workers),
            cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield Served(process, port, folder / "log")
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def listening(
    name: str, folder: Path, up: Upstreams, *, workers: int = 1, **settings: object
) -> Generator[Served]:
    with started(name, folder, up, workers=workers, **settings) as served:
        until(served.answers, "answering", START_SECONDS)
        yield served


@pytest.mark.parametrize("name", SERVERS)
def test_a_stream_leaving_and_coming_back_are_the_same(tmp_path: Path, name: str) -> None:
    with Upstreams() as up, listening(name, tmp_path, up, STREAM__RESUME_SECONDS=60) as served:
        with wired(served.url) as wire:
            wire.request(ASK)
            seen = wire.read_until(TOKEN)
            head, _, _ = seen.lower().partition(b"\r\n\r\n")
            assert head.startswith(b"http/1.1 200 ")
            for line in (b"content-type: text/event-stream; charset=utf-8", b"x-accel-buffering"):
                assert line in head
            gone = up.reached(MODEL)
            assert not gone.left.wait(0.2)
        # It said that it cannot come back.
        assert gone.left.wait(END_SECONDS)
        with wired(served.url) as wire:
            wire.request(ASK, accept=STREAM)
            run = next(events_of(wire.read_until(TOKEN))).data["run"]
        with wired(served.url) as wire:
            wire.request(f"/search?last_event_id={run}-3", accept=STREAM)
            wire.read_until(TOKEN)
            assert next(events_of(wire.seen)).id == f"{run}-4"
            assert not up.reached(MODEL, 2).left.is_set()
            stopped = httpx2.delete(f"{served.url}/runs/{run}", timeout=END_SECONDS)
            assert stopped.json()["status"] == "cancelled"
            assert up.reached(MODEL, 2).left.wait(END_SECONDS)
            wire.read_until(b'"status":"cancelled"')
        assert len(up.at(MODEL)) == 2
        assert ONE_WORKER not in served.log()


@pytest.mark.parametrize("name", SERVERS)
def test_fields_that_can_be_read_in_two_ways_are_refused(tmp_path: Path, name: str) -> None:
    host, origin = b"Host: 127.0.0.1\r\n", b"Origin: http://localhost\r\n"
    with Upstreams() as up, listening(name, tmp_path, up) as served:
        for fields, status in (
            (host, b"200"),
            (host + host, b"400"),
            (b"Host: me@127.0.0.1\r\n", b"400"),
            (host + origin, b"200"),
            (host + origin + origin, b"400"),
        ):
            with wired(served.url) as wire:
                wire.socket.sendall(
                    b"GET /health HTTP/1.1\r\n" + fields + b"Connection: close\r\n\r\n"
                )
                assert wire.read_to_the_end(END_SECONDS).split()[1] == status, fields


@pytest.mark.parametrize("name", SERVERS)
def test_two_workers_refuse_to_start_in_plain_words(tmp_path: Path, name: str) -> None:
    with Upstreams() as up, started(name, tmp_path, up, workers=2) as served:
        served.process.wait(START_SECONDS)
        assert ONE_WORKER in served.log()
        assert served.ready() is None


def test_servers_side_by_side_share_a_folder(tmp_path: Path) -> None:
    with Upstreams() as up:
        settings = {**up.settings, "DATA_DIR": str(tmp_path / "shared")}
        with (
            serving(installed(tmp_path / "one"), **settings) as one,
            serving(installed(tmp_path / "two"), **settings) as two,
            listening("uvicorn", tmp_path / "three", up, DATA_DIR=settings["DATA_DIR"]) as three,
            listening("uvicorn", tmp_path / "four", up, DATA_DIR=settings["DATA_DIR"]) as four,
        ):
            for server in (one, two, three, four):
                with wired(server.url) as wire:
                    wire.request(ASK)
                    wire.read_until(TOKEN)


# --- what the guide says that each lacks ------------------------------------------


@pytest.mark.parametrize(
    ("name", "workers", "drains", "told"),
    [
        ("uvicorn", 1, 503, True),
        ("gunicorn", 1, 503, True),
        ("granian", 1, None, True),
        ("hypercorn", 0, None, True),
        ("hypercorn", 1, None, False),
    ],
)
def test_what_a_drain_is(
    tmp_path: Path, name: str, workers: int, drains: int | None, told: bool
) -> None:
    with (
        Upstreams(endless=False) as up,
        listening(name, tmp_path, up, workers=workers, STREAM__DRAIN_SECONDS=600) as served,
        wired(served.url) as wire,
    ):
        wire.request(ASK)
        wire.read_until(TOKEN)
        assert served.ready() == 200
        children = descendants(served.process.pid)
        served.process.send_signal(signal.SIGTERM)
        until(lambda: served.ready() == drains, "draining")
        if told:
            up.ends.set()
        seen = wire.read_to_the_end(END_SECONDS)
        assert (b'"status":"completed"' in seen) is told
        assert (b"event: done" in seen) is told
        served.process.wait(END_SECONDS)
        until(lambda: not running(children), "ended, its workers too")


@pytest.mark.parametrize("name", ["uvicorn", "granian", "hypercorn"])
def test_the_send_deadline_frees_the_run_but_not_the_connection(tmp_path: Path, name: str) -> None:
    with (
        Upstreams(count=5_000, text="\0" * 100) as up,
        listening(
            name,
            tmp_path,
            up,
            STREAM__SEND_SECONDS=1,
            STREAM__RESUME_SECONDS=0,
            LIMITS__MAX_ANSWER_CHARS=1_000_000,
            LIMITS__MAX_UNREAD_EVENTS=1_000_000,
        ) as served,
        wired(served.url, receive_buffer=SMALLEST) as wire,
    ):
        wire.request(ASK)
        assert up.reached(MODEL).left.wait(END_SECONDS)
        port = urlsplit(served.url).port
        assert port is not None
        held = send_queue(port, wire.port)
        assert held is not None
        # `codexity serve` bounds what the system holds, and cuts the connection off.
        assert held > 256 * 1024
