"""A server of Codexity with instruments in it, and a web of which every page is made to hurt."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx2

from hurting.kinds import FINE_PAGE, KINDS
from servers.local import Asked, LocalServer, Reply
from servers.searxng import SearxngServer
from serving import Heard, environment, heard, until
from sockets import descendants

_HERE = Path(__file__).parents[1]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_LOOK_SECONDS = 0.01
_ANSWER_SECONDS = 120


@dataclass(slots=True)
class Memory:
    """The most memory, in bytes, that a process took, and that it and those below it took together.

    What several of them share counts once: proc(5), "Pss".
    """

    pid: int
    own: int = 0
    together: int = 0
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        assert self._thread is not None
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(_LOOK_SECONDS):
            self.own = max(self.own, _held(self.pid, "status", "VmHWM"))
            family = {self.pid, *descendants(self.pid)}
            together = sum(_held(pid, "smaps_rollup", "Pss") for pid in family)
            self.together = max(self.together, together)


def _held(pid: int, file: str, what: str) -> int:
    """A figure of a process in bytes; 0 where it has ended."""
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{what}:\s+(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


@dataclass(slots=True)
class Measured:
    """The memory, in bytes, and the probe's two figures, in seconds."""

    memory: Memory
    longest: float = 0.0
    busiest: float = 0.0

    def __str__(self) -> str:
        return (
            f"server {self.memory.own / 1e6:.0f} MB, with its workers"
            f" {self.memory.together / 1e6:.0f} MB; loop held for {1e3 * self.busiest:.0f} ms of"
            f" its processor, {1e3 * self.longest:.0f} ms of the clock"
        )


@dataclass(slots=True, kw_only=True)
class Rig:
    """Codexity, asked about the pages of some kinds; `pages` has their addresses."""

    pid: int
    url: str
    log_file: Path
    search: SearxngServer
    pages: Mapping[str, str]
    asked: int = 0

    def ask(self, kinds: Iterable[str], more: Iterable[str] = ()) -> Heard:
        """A question to which the pages of these kinds are found, and more, and no others."""
        rows = [(url, url, "") for url in (*(self.pages[kind] for kind in kinds), *more)]
        self.search.find = lambda _: rows
        self.asked += 1
        question = "Where does a kestrel hover" + "?" * self.asked
        told = httpx2.get(
            f"{self.url}/search", params={"q": question}, timeout=_ANSWER_SECONDS, trust_env=False
        )
        assert told.status_code == 200
        return heard(told.text)

    @contextmanager
    def measured(self) -> Generator[Measured]:
        """What was seen while the block lasted."""
        self.stood()
        with Memory(self.pid) as memory:
            seen = Measured(memory)
            yield seen
        seen.longest, seen.busiest = self.stood()

    def stood(self) -> tuple[float, float]:
        """The two figures of the probe since this was last asked for."""
        told = httpx2.get(f"{self.url}/probe", timeout=_ANSWER_SECONDS, trust_env=False)
        longest, busiest = told.text.split()
        return float(longest), float(busiest)


def _web(stack: ExitStack) -> dict[str, str]:
    """A server for each kind, so that none has to wait for another's."""

    def answering(kind: str) -> Callable[[Asked], Reply]:
        answer = KINDS[kind].answer
        return lambda asked: Reply(status=404) if asked.path == "/robots.txt" else answer(asked)

    for kind in KINDS.values():
        kind.answer(Asked(method="GET", path="/", query={}, headers={}, body=b""))
    return {kind: stack.enter_context(LocalServer(answering(kind))).url + "/" for kind in KINDS}


@contextmanager
def rigged(folder: Path) -> Generator[Rig]:
    """A server that runs, and has read a page."""
    with ExitStack() as stack:
        pages = _web(stack)
        search = stack.enter_context(SearxngServer(lambda _: ()))
        given = environment(
            folder,
            SEARCH__PROVIDERS=["searxng"],
            SEARCH__STARTER=False,
            SEARCH__CACHE_SECONDS=0,
            SEARXNG__URL=search.url,
            FETCH__ALLOW_HOSTS=["127.0.0.1"],
            BROWSER__ENABLED="off",
            LIMITS__MAX_HITS_PER_QUERY=100,
        )
        log_file = folder / "log"
        process = stack.enter_context(_served(folder, given, log_file))
        until(lambda: _ADDRESS.search(log_file.read_text()), "listening", 60)
        found = _ADDRESS.search(log_file.read_text())
        assert found is not None
        rig = Rig(pid=process.pid, url=found[0], log_file=log_file, search=search, pages=pages)
        assert rig.ask([FINE_PAGE]).sources
        yield rig


@contextmanager
def _served(
    folder: Path, given: Mapping[str, str], log_file: Path
) -> Generator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "hurting.probed"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**given, "PYTHONPATH": str(_HERE)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
