"""One server that is measured, from outside: started, given its orders, ended."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from server import CHECKOUT, environment, installed, variables
from streams_load import Load

SEARCH = "/search?q=kestrel"
_WAVE = 50
_SETTLED_SECONDS = 0.01
_LOOK_SECONDS = 0.5
_OPEN_SECONDS = 30.0
_START_SECONDS = 60.0
_END_SECONDS = 20.0
_POLL_SECONDS = 0.02
_LOG_CHARS = 2_000

# What the benchmark asks for at once is more than any client is allowed without being told.
_SETTINGS = {
    "STREAM__MAX_STREAMS": "10000",
    "STREAM__MAX_STREAMS_PER_CLIENT": "10000",
    "RUNS__AT_ONCE": "10000",
    "LIMITS__FIRST_TOKEN_SECONDS": "3600",
    "LIMITS__WRITE_SECONDS": "3600",
    "LIMITS__RUN_SECONDS": "7200",
}


_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Streams that wait to speak, CPU-seconds of the process so far, resident bytes if asked.

    `left` is how many replies of the model have ended, `left_at` when the last one did.
    """

    waiting: int
    left: int
    left_at: float
    cpu: float
    rss: int


class Served:
    """A server process of a kind; `port` is where it listens."""

    def __init__(self, kind: str, process: subprocess.Popen[str], port: int) -> None:
        self.kind = kind
        self.port = port
        self.process = process

    def order(self, does: str, **what: object) -> State:
        """Tells the process what to do, and returns how it then is."""
        if self.process.stdin is not None:
            print(json.dumps({"do": does, **what}), file=self.process.stdin, flush=True)
        said = self._line()
        return State(
            waiting=int(said["waiting"]),
            left=int(said["left"]),
            left_at=said["left_at"],
            cpu=said["cpu"],
            rss=int(said["rss"]),
        )

    def open(
        self, load: Load, count: int, path: str = SEARCH, *, gate: Served | None = None
    ) -> None:
        """Opens streams, some at a time, until all of them wait for their first token.

        They wait where the script is: at a `gate` of its own, or here.
        """
        gate = gate or self
        before = gate.order("look").waiting
        for begin in range(0, count, _WAVE):
            load.ask(path, min(_WAVE, count - begin))
            wanted = before + min(begin + _WAVE, count)
            deadline = time.monotonic() + _OPEN_SECONDS
            load.read_until(lambda wanted=wanted, end=deadline: gate.waits(wanted, end))

    def waits(self, wanted: int, deadline: float) -> bool:
        """Whether so many streams wait for their first token."""
        waiting = self.order("look").waiting
        if waiting < wanted and time.monotonic() > deadline:
            raise SystemExit(f"only {waiting} of {wanted} streams came to their first token")
        return waiting >= wanted

    def settled(self) -> State:
        """How it is once it no longer works: what was said is stored, what was left is ended."""
        state = self.order("look")
        while True:
            time.sleep(_LOOK_SECONDS)
            now = self.order("look")
            if now.cpu - state.cpu < _SETTLED_SECONDS:
                return now
            state = now

    def _line(self) -> Mapping[str, float]:
        for line in self.process.stdout or ():
            if line.startswith("{"):  # and not what it tells people
                return json.loads(line)
        raise SystemExit("a server that is measured ended by itself")

    def await_open(self) -> None:
        """Returns when it takes connections."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                time.sleep(_POLL_SECONDS)
            else:
                return
        raise SystemExit("a server that is to be measured did not come up")


@contextmanager
def serving(
    kind: str, folder: Path, settings: Mapping[str, str] = _NONE, *, checkout: Path = CHECKOUT
) -> Generator[Served, None, None]:
    """A server of this kind, whose data and log are in `folder`; ended when the block is left.

    It is that of `checkout`, in the environment that is installed there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = {f"CODEXITY_{name}": value for name, value in ({**_SETTINGS, **settings}).items()}
    known = variables(checkout)
    port = _free_port()
    run = f"import streams_serve; streams_serve.main({kind!r}, {port})"
    command = [str(installed(checkout, "python")), "-c", run]
    path = folder / "log"
    with path.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=checkout / "bench",
            env=environment(folder) | {name: given[name] for name in given if name in known},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            served = Served(kind, process, port)
            served.await_open()
            yield served
        except SystemExit as failure:
            said = path.read_text(errors="replace")[-_LOG_CHARS:]
            raise SystemExit(f"{kind}: {failure}\n{said}") from failure
        finally:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
