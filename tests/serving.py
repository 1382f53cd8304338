"""The real `codexity`: its commands and its server, each with its own data and settings."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

PROGRAM = str(Path(sys.executable).with_name("codexity"))
NONSENSE = "zxqv blorptang mumblefrotz"
WITH = "how does the with statement work"
PREFLIGHT = {"Access-Control-Request-Method": "GET"}
STEPS = (
    "rewriting_query",
    "queries_ready",
    "searching",
    "scraping",
    "scraping_done",
    "processing",
    "generating",
)
_ADDRESS = re.compile(r"http://\S+:\d+")
_START_SECONDS = 60


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """An environment in which only these settings hold; `SEARCH__STARTER=False` is spelled so.

    Without others: the library only, no model, everything kept in `folder`.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CODEXITY_")}
    said = {"SEARCH__PROVIDERS": ["library"], "LLM__DISCOVER": False, "LOG__FORMAT": "json"}
    given = {"DATA_DIR": str(folder / "data"), **said, **settings}
    return {
        **kept,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "share"),
        **{
            f"CODEXITY_{name}": value if isinstance(value, str) else json.dumps(value)
            for name, value in given.items()
        },
    }


def installed(folder: Path, starter: Path | None = None) -> Path:
    """A new folder with a data folder in it, that holds a built starter collection."""
    folder.mkdir(parents=True, exist_ok=True)
    if starter is not None:
        shutil.copytree(starter, folder / "data")
    return folder


def run(
    folder: Path, *arguments: str, given: str = "", seconds: float = 60, **settings: object
) -> subprocess.CompletedProcess[str]:
    """A command of `codexity` in `folder`, ended."""
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def at_a_terminal(folder: Path, *arguments: str, **settings: object) -> tuple[int, str]:
    """The exit code, and what a person sees."""
    return typing("", folder, *arguments, **settings)


def typing(text: str, folder: Path, *arguments: str, **settings: object) -> tuple[int, str]:
    """The exit code, and what a person sees who types this."""
    ours, theirs = pty.openpty()
    env = environment(folder, **settings) | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    process = subprocess.Popen(
        [PROGRAM, *arguments], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, text.encode())
    seen = b""
    deadline = time.monotonic() + 60
    with suppress(OSError):  # a terminal without a program is an error, not an end
        while time.monotonic() < deadline and select.select([ours], [], [], 60)[0]:
            seen += os.read(ours, 65_536)
    os.close(ours)
    return process.wait(10), seen.decode()


@contextmanager
def started(
    command: list[str], folder: Path, env: Mapping[str, str]
) -> Generator[subprocess.Popen[str]]:
    """A process in a group of its own, of which nothing is left when the block is left."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _client() -> httpx2.Client:
    # A machine that stood still for the five seconds after which the server closes a connection
    # that rests would have a request meet that.
    return httpx2.Client(timeout=30, limits=httpx2.Limits(keepalive_expiry=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as it came over the wire."""

    id: str
    name: str
    data: Any

    @property
    def seq(self) -> int:
        return int(self.id.rpartition("-")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All events of one run."""

    events: tuple[Told, ...]

    def named(self, name: str) -> list[Any]:
        return [event.data for event in self.events if event.name == name]

    @property
    def run(self) -> str:
        return self.events[0].id.rpartition("-")[0]

    @property
    def text(self) -> str:
        return "".join(token["text"] for token in self.named("token"))

    @property
    def status(self) -> str:
        [done] = self.named("done")
        return done["status"]

    @property
    def sources(self) -> list[Any]:
        return [source for said in self.named("sources") for source in said["sources"]]

    def steps(self) -> tuple[str, ...]:
        """Each step once, in the order in which they were first reached."""
        return tuple(dict.fromkeys(status["step"] for status in self.named("status")))


def heard(body: str) -> Heard:
    """What a whole stream says."""
    blocks = body.removeprefix("retry: 2000\n").removesuffix("\n\n").split("\n\n")
    return Heard(events=tuple(_told(block) for block in blocks))


def _told(block: str) -> Told:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    return Told(id=fields["id"], name=fields["event"], data=json.loads(fields["data"]))


@dataclass(slots=True)
class Server:
    """A server that runs: `url`, its process, and what it logs."""

    process: subprocess.Popen[bytes]
    url: str
    log_file: Path
    client: httpx2.Client = field(default_factory=_client)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        return self.client.get(self.url + path, headers=headers)

    def ask(self, question: str, **parameters: str | int) -> Heard:
        """Asks, and reads to the end."""
        asked = self.client.get(f"{self.url}/search", params={"q": question, **parameters})
        assert asked.status_code == 200, asked.text
        return heard(asked.text)

    def log(self) -> list[dict[str, Any]]:
        """The lines of the log so far that are whole."""
        *lines, _ = self.log_file.read_text().split("\n")
        return [json.loads(line) for line in lines]

    def ended_runs(self) -> list[str]:
        """The ids of the runs that ended, in their order."""
        return [line["run"] for line in self.log() if line["event"] == "run ended"]

    def stop(self, how: int = signal.SIGTERM, seconds: float = 10) -> int:
        """Tells it to end, and returns its exit code."""
        self.process.send_signal(how)
        return self.process.wait(seconds)


@contextmanager
def serving(folder: Path, *program: str, **settings: object) -> Generator[Server]:
    """`codexity serve` on a free port; `program` stands for `codexity` where it is given."""
    log_file = folder / "log"
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            [*(program or (PROGRAM,)), "serve", "--port", "0"],
            cwd=folder,
            env=environment(folder, **settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert process.stdout is not None
    try:
        told = select.select([process.stdout], [], [], _START_SECONDS)[0]
        said = _ADDRESS.search(process.stdout.readline().decode() if told else "")
        assert said is not None, f"it did not start:\n{log_file.read_text()}"
        server = Server(process, said[0], log_file)
        until(lambda: server.get("/health").status_code == 200, "healthy")
        try:
            yield server
        finally:
            server.client.close()
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        process.stdout.close()


def problem(response: httpx2.Response, status: int, code: str) -> str:
    """The message of a refusal, which has the shape that all of them have."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    told = response.json()
    assert told.keys() - {"detail"} == {"code", "message", "retryable"}
    assert told["code"] == code
    assert told["retryable"] is False
    assert told["message"]
    return told["message"]


def until(holds: Callable[[], object], what: str, seconds: float = 10) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not {what} after {seconds} s"
        time.sleep(0.01)
