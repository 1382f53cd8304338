"""The clients of the guide, run as they stand there."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest

from clients.model import PieceByPiece
from clients.programs import blocks, start, with_packages
from clients.relay import Relay
from clients.rig import Rig, rig
from serving import NONSENSE, until

WORDS = (
    "A",
    " kestrel",
    " hovers",
    " against",
    " the",
    " wind",
    " –",
    " 日本語",
    " [1]",
    ".",
    "\n",
)
QUESTION = "How does a kestrel hover in one place?"
PROGRAMS = ["ask.sh", "ask.py", "ask.js"]
SECONDS = 60
NOWHERE = "http://127.0.0.1:9"
"""The port for what is thrown away: nothing listens there."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    with rig(tmp_path_factory.mktemp("clients"), PieceByPiece(WORDS)) as opened:
        yield opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a program said, and how it ended."""

    code: int
    out: str
    complaint: str


class Program:
    """A client that runs: what it has printed so far, and what it says in the end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._out = b""

    def has_printed(self, text: str) -> bool:
        """Whether it prints this, and no more, within a minute."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + SECONDS
        while len(self._out) < len(text.encode()) and time.monotonic() < deadline:
            if select.select([self._process.stdout], [], [], 0.1)[0]:
                data = os.read(self._process.stdout.fileno(), 65_536)
                if not data:
                    break
                self._out += data
        return self._out.decode() == text

    def end(self) -> Ended:
        out, complaint = self._process.communicate(timeout=SECONDS)
        return Ended(
            code=self._process.returncode,
            out=(self._out + out).decode(),
            complaint=complaint.decode(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One client of the guide, written to a file as somebody would who copies it."""

    file: Path

    @contextmanager
    def asking(self, question: str, address: str) -> Generator[Program]:
        process = start(self.file, question, settings={"CODEXITY_URL": address})
        try:
            yield Program(process)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def ask(self, question: str, address: str) -> Ended:
        with self.asking(question, address) as program:
            return program.end()


@pytest.fixture(params=PROGRAMS)
def guide(request: pytest.FixtureRequest, tmp_path: Path) -> Guide:
    file = with_packages(tmp_path) / request.param
    file.write_text(blocks()[request.param], encoding="utf-8")
    return Guide(file=file)


def printed(made: Rig, run: str) -> str:
    """What a client prints for a run: its answer, and its numbered sources."""
    told = made.server.get(f"/runs/{run}").json()
    assert told["sources"], "there is nothing to number"
    lines = [
        f"[{s['index']}] {s['title']} <{urljoin(made.url, s['url'])}>" for s in told["sources"]
    ]
    return "\n".join([told["answer"], *lines, ""])


def only_run(made: Rig, before: list[str]) -> str:
    """The one run that has ended since then."""
    until(lambda: len(made.server.ended_runs()) > len(before), "ended", SECONDS)
    [run] = made.server.ended_runs()[len(before) :]
    return run


def test_the_guide_holds_every_client_once() -> None:
    assert sorted(blocks()) == sorted([*PROGRAMS, "ask.html"])


def test_a_client_prints_the_answer_as_it_comes_and_then_its_sources(
    guide: Guide, made: Rig
) -> None:
    before, said = made.server.ended_runs(), ""
    with made.model.holding() as let, guide.asking(QUESTION, made.url) as program:
        for word in WORDS[:8]:
            let(1)
            said += word
            assert program.has_printed(said)
        let(len(WORDS))
        ended = program.end()
    assert (ended.code, ended.complaint) == (0, "")
    assert ended.out.startswith("".join(WORDS).rstrip())
    assert ended.out == printed(made, only_run(made, before))


def test_an_error_of_the_run_is_told_and_not_tried_again(guide: Guide, made: Rig) -> None:
    before = made.server.ended_runs()
    with Relay(made.url) as relay:
        ended = guide.ask(NONSENSE, relay.url)
    assert ended.code == 1
    assert ended.complaint.strip() == "No search results found"
    assert ended.out.strip() == ""
    assert len(relay.asked) == 1
    assert only_run(made, before)


def test_a_refusal_is_told_and_not_tried_again(guide: Guide, made: Rig) -> None:
    with Relay(made.url) as relay:
        ended = guide.ask("w" * 501, relay.url)
    assert ended.code == 1
    assert "500" in ended.complaint
    assert len(relay.asked) == 1


def test_no_connection_is_another_thing_than_an_error(guide: Guide) -> None:
    ended = guide.ask(QUESTION, NOWHERE)
    assert ended.code == 2
    assert ended.complaint.strip() == f"No connection to {NOWHERE}."
    assert ended.out.strip() == ""
