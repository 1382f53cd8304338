"""`codexity serve` in a process of its own, and questions asked over HTTP."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

_STARTED = re.compile(rb"http://127\.0\.0\.1:\d+")
_START_SECONDS = 60
_ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A run as its client heard it: the sources by number, the answer, how it ended."""

    sources: Mapping[int, str]
    answer: str
    skipped: tuple[Mapping[str, Any], ...]
    status: str
    seconds: float


@contextmanager
def serving(folder: Path, settings: Mapping[str, str]) -> Generator[str]:
    """Serves with these settings and no others, files in `folder`; gives the server's address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CODEXITY_")}
    program = str(Path(sys.executable).with_name("codexity"))
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [program, "serve", "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env={**kept, "CODEXITY_DATA_DIR": str(folder / "data"), **settings},
        ) as process,
    ):
        try:
            yield _address(process, folder / "log")
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            finally:
                process.kill()


def ask(address: str, question: str) -> Heard:
    """Asks `/search` and listens to the end."""
    events: list[tuple[str, dict[str, Any]]] = []
    name = ""
    with (
        httpx2.Client(timeout=_ANSWER_SECONDS, trust_env=False) as client,
        client.stream("GET", f"{address}/search", params={"q": question}) as response,
    ):
        response.raise_for_status()
        for line in response.iter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                events.append((name, json.loads(line[6:])))
    return _heard(events)


def _heard(events: list[tuple[str, dict[str, Any]]]) -> Heard:
    sources = [one for name, data in events if name == "sources" for one in data["sources"]]
    name, done = events[-1]
    assert name == "done"
    return Heard(
        sources={one["index"]: one["url"] for one in sources},
        answer="".join(data["text"] for name, data in events if name == "token"),
        skipped=tuple(data for name, data in events if name == "skipped"),
        status=done["status"],
        seconds=done["seconds"]["total"],
    )


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    assert process.stdout is not None
    said = b""
    deadline = time.monotonic() + _START_SECONDS
    while not (found := _STARTED.search(said)):
        ready, _, _ = select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))
        piece = os.read(process.stdout.fileno(), 4_096) if ready else b""
        if not piece:
            raise RuntimeError(f"codexity serve did not start: {log.read_text()}")
        said += piece
    return found[0].decode()
