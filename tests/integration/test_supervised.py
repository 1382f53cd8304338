"""A server whose background work breaks: it goes on, or says that it cannot, and ends."""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

import servers.faulty
from serving import Server, heard, installed, serving, until
from sockets import events_of, wired
from upstreams import Upstreams

ASK = "/search?q=how+does+a+kestrel+hover"
ALWAYS = 1_000_000
FAILING_SECONDS = 10
END_SECONDS = 5
ANSWERS_SECONDS = 180


class Faults:
    """What breaks in the store of the server from now on."""

    def __init__(self, folder: Path, pace: str) -> None:
        self._file = folder / "faults.json"
        self.met = folder / "met"
        self.program = (sys.executable, servers.faulty.__file__, str(self._file), pace)
        self.are()

    def are(self, **methods: tuple[str, int]) -> None:
        made = self._file.with_suffix(".new")
        made.write_text(json.dumps(methods))
        made.rename(self._file)


@contextmanager
def faulty(
    folder: Path, pace: str = "quick", **settings: object
) -> Generator[tuple[Server, Faults]]:
    home = installed(folder / "home")
    faults = Faults(home, pace)
    with (
        Upstreams() as up,
        serving(home, *faults.program, **{**up.settings, **settings}) as server,
    ):
        yield server, faults


def broke(server: Server) -> list[tuple[str, str]]:
    """Which loops ended, and what became of them."""
    lines = [line for line in server.log() if "loop" in line]
    return [(line["loop"], line["event"]) for line in lines]


def test_a_loop_that_breaks_is_begun_again_and_when_it_cannot_the_server_says_so_and_ends(
    tmp_path: Path,
) -> None:
    with faulty(tmp_path) as (server, faults), wired(server.url) as wire:
        wire.request(ASK)
        wire.read_until(b"event: token")
        faults.are(renew=("no thread", 3))
        until(lambda: len(broke(server)) == 3, "begun again three times")
        assert server.get("/health").json() == {"status": "ok"}
        assert server.get("/ready").status_code == 200
        assert server.process.poll() is None
        faults.are(renew=("no memory", ALWAYS))
        until(lambda: server.get("/health").status_code != 200, "failing", FAILING_SECONDS)
        for path in ("/health", "/ready"):
            told = server.get(path)
            assert told.status_code == 503
            assert told.json()["code"] == "failing"
            assert int(told.headers["retry-after"]) >= 1
            assert "the renewing of leases" in told.json()["message"]
            assert "Memory" not in told.text
        assert server.get(ASK).json()["code"] == "draining"
        wire.read_to_the_end()
        *_, done = events_of(wire.seen)
        assert (done.name, done.data["status"]) == ("done", "interrupted")
        assert server.process.wait(10 * END_SECONDS) == 1
    *lines, said = server.log_file.read_text().splitlines()
    assert said.startswith("codexity: ")
    assert "could not be begun again" in said
    [given_up] = [one for one in map(json.loads, lines) if one["event"].endswith("given up")]
    assert (given_up["error"], given_up["retry_seconds"]) == ("MemoryError", None)
    assert "kestrel" not in "".join(lines)


def test_answers_are_given_while_what_stores_them_is_broken(tmp_path: Path) -> None:
    with faulty(tmp_path, LLM__BASE_URL="http://127.0.0.1:9/v1") as (server, faults):
        # Without a thread nobody can ask the store; nobody has to.
        faults.are(write=("no thread", 4))
        told = server.ask("how does a kestrel hover")
        assert told.status == "completed"
        until(lambda: len(broke(server)) >= 1, "broken")
        faults.are()
        after = server.ask("how does a falcon hover")
        until(lambda: kept(server, after.run), "kept")
        assert server.get("/health").status_code == 200


def kept(server: Server, run: str) -> bool:
    threads = server.get("/threads").json()["threads"]
    told = [server.get(f"/threads/{one['thread']}").json() for one in threads]
    return run in {one["run"] for thread in told for one in thread["runs"]}


@pytest.mark.soak
@pytest.mark.parametrize("more", [0, 1, 4, 16, 64])
def test_a_server_that_had_no_memory_never_looks_well_and_answers_nothing(
    tmp_path: Path, more: int
) -> None:
    """Where a thread's stack finds no room Python says "can't start new thread".

    Once there is memory again it answers, or it has ended for whoever supervises it.
    """
    with (
        Upstreams(endless=False) as up,
        serving(installed(tmp_path / "home"), **up.settings) as server,
    ):
        up.ends.set()
        pid = server.process.pid
        assert server.ask("how does a kestrel hover").status == "completed"
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
        held = pages * resource.getpagesize() + more * 1_000_000
        _, most = resource.prlimit(pid, resource.RLIMIT_AS)
        resource.prlimit(pid, resource.RLIMIT_AS, (held, most))
        with ThreadPoolExecutor(40) as clients:
            for number in range(200):
                clients.submit(tries, server, f"how does kestrel {number} hover")
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (most, most))
        begin = time.monotonic()
        while server.process.poll() is None:
            if tries(server, "how does a kestrel hover") == "completed":
                server.stop(seconds=10 * END_SECONDS)
                break
            assert time.monotonic() - begin < ANSWERS_SECONDS, "it lives and answers nothing"
        assert server.process.poll() != 0
        print(f"ended with {server.process.poll()} after {time.monotonic() - begin:.1f} s")


def tries(server: Server, question: str) -> str:
    """How a question ended; nothing where there was no answer."""
    with suppress(Exception), httpx2.Client(timeout=5) as client:
        told = client.get(f"{server.url}/search", params={"q": question})
        return heard(told.text).status if told.status_code == 200 else ""
    return ""


# --- an end that hangs ------------------------------------------------------------


HANGS = {
    "a thread": {"write": ("hangs", ALWAYS)},
    "a loop": {"write": ("blocks the loop", ALWAYS)},
    "a lock": {"write": ("locks the loop", ALWAYS)},
}


@pytest.mark.parametrize(
    ("what", "pace"),
    [("a loop", "quick"), *(pytest.param(what, "real", marks=pytest.mark.soak) for what in HANGS)],
)
def test_a_server_that_is_told_to_end_does_so_whatever_hangs(
    tmp_path: Path, what: str, pace: str
) -> None:
    with faulty(tmp_path, pace) as (server, faults), wired(server.url) as wire:
        faults.are(**HANGS[what])
        wire.request(ASK)
        wire.read_until(b"rewriting_query")
        until(faults.met.exists, "stuck")
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10 * END_SECONDS) == 1
        if pace == "real":
            assert time.monotonic() - begin < 2 * END_SECONDS
        [line] = [line for line in server.log() if line["level"] == "critical"]
        assert "did not end in time" in line["event"]


@pytest.mark.soak
def test_a_server_whose_loop_hangs_ends_by_itself(tmp_path: Path) -> None:
    with faulty(tmp_path, "real") as (server, faults), wired(server.url) as wire:
        faults.are(write=HANGS["a loop"]["write"])
        wire.request(ASK)
        wire.read_until(b"rewriting_query")
        until(faults.met.exists, "stuck")
        assert server.process.wait(ANSWERS_SECONDS) == 1
        [line] = [line for line in server.log() if line["level"] == "critical"]
        assert "the event loop runs no more" in line["event"]
