"""With `provider=library` nothing leaves the machine: counted where the system's calls are made."""

from __future__ import annotations

import ipaddress
import json
import re
import select
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from asking import HOVERS, QUESTION, shelved
from servers.keyed import KEY
from serving import PROGRAM, environment, heard, started

pytestmark = pytest.mark.system

SENDING = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\((.*)")
INTERNET = re.compile(r'sin6?_port=htons\((\d+)\).*?inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"')
LOOK_UP = 53
LOOK_UPS_HERE = "/run/systemd/resolve/"
ADDRESS = re.compile(r"http://\S+:\d+")
START_SECONDS = 90
OUTSIDE: dict[str, Any] = {
    "SEARCH__PROVIDERS": ["searxng", "brave", "library"],
    "SEARXNG__URL": "http://198.51.100.7:8080",  # a network for documents: nobody is there
    "BRAVE__URL": "http://brave.invalid:8080",  # a name that nobody may have
    "BRAVE__API_KEY": KEY,
    "LIMITS__SEARCH_SECONDS": 2,
}
"""Two providers that are elsewhere, beside the library."""


@dataclass(slots=True, kw_only=True)
class Traced:
    """A command whose system calls are told of in `file`."""

    process: subprocess.Popen[str]
    file: Path

    def left(self) -> list[str]:
        """What was connected or sent to that is not this machine, and each look-up of a name."""
        found: list[str] = []
        for call in SENDING.findall(self.file.read_text(errors="replace")):
            if LOOK_UPS_HERE in call:
                found.append("a look-up")
            for port, address in INTERNET.findall(call):
                if int(port) == LOOK_UP:
                    found.append("a look-up")
                elif not _is_here(address):
                    found.append(address)
        return found


def _is_here(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


@contextmanager
def traced(folder: Path, *arguments: str) -> Generator[Traced]:
    """`codexity` with a library and two providers that are elsewhere."""
    shelved(folder / "data", HOVERS)
    file = folder / "calls"
    strace = ("strace", "-f", "-qq", "-e", "trace=network", "-o", str(file))
    command = [*strace, PROGRAM, *arguments]
    with started(command, folder, environment(folder, **OUTSIDE)) as process:
        yield Traced(process=process, file=file)


def test_of_a_server(tmp_path: Path) -> None:
    with traced(tmp_path, "serve", "--port", "0") as server:
        assert server.process.stdout is not None
        told = select.select([server.process.stdout], [], [], START_SECONDS)[0]
        said = ADDRESS.search(server.process.stdout.readline() if told else "")
        assert said is not None

        def ask(**more: str) -> set[str]:
            asked = httpx2.get(
                f"{said[0]}/search", params={"q": QUESTION, **more}, timeout=60, trust_env=False
            )
            answer = heard(asked.text)
            assert answer.status == "completed"
            assert "flying into the wind" in answer.text
            return {one["what"] for one in answer.named("skipped")}

        assert ask(provider="library") == set()
        assert server.left() == []
        assert ask() - {"starter"} == {"searxng", "brave"}  # which may still be being built
        assert {"198.51.100.7", "a look-up"} <= set(server.left())


@pytest.mark.parametrize("within", [True, False])
def test_of_a_command(tmp_path: Path, within: bool) -> None:
    only = ("--provider", "library") if within else ()
    with traced(tmp_path, "ask", "--json", *only, QUESTION) as asked:
        said, _ = asked.process.communicate(timeout=START_SECONDS)
        assert asked.process.returncode == 0
        assert "flying into the wind" in json.loads(said)["answer"]
        left = set(asked.left())
    assert left == set() if within else {"198.51.100.7", "a look-up"} <= left
