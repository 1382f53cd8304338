"""A real `codexity serve` for the benchmarks: offline, without model, in a folder of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[1]
BESIDE = "BENCH_BESIDE"
"""The variable of the environment in which `make bench` names another checkout."""
CODEXITY = Path(sys.executable).with_name("codexity")
_START_SECONDS = 60.0
_ANSWER_SECONDS = 120.0
_END_SECONDS = 20.0
_POLL_SECONDS = 0.02
"""Asking more often takes from the server what it needs to start: 0.05 s at 0.005."""
_LOG_CHARS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that serves: its process, its port, and how long it took to a good `/health`."""

    pid: int
    port: int
    health_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One question's stream: seconds from the request to its first event, first token and end."""

    status: str
    first_event: float
    first_token: float | None
    done: float


def environment(folder: Path) -> dict[str, str]:
    """This process's environment, with no settings but those of an offline installation."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CODEXITY_")}
    return kept | {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "CODEXITY_DATA_DIR": str(folder / "data"),
        "CODEXITY_SEARCH__PROVIDERS": '["library"]',
        "CODEXITY_LLM__DISCOVER": "false",
    }


def installed(checkout: Path, command: str) -> Path:
    """A command of the environment that is installed in a checkout; of ours, the one that runs."""
    if checkout == CHECKOUT:
        return Path(sys.executable).with_name(command)
    return checkout / ".venv" / "bin" / command


@cache
def variables(checkout: Path) -> frozenset[str]:
    """The environment variables that the Codexity of a checkout knows; older ones know fewer."""
    command = [str(installed(checkout, "codexity")), "config", "--json"]
    told = subprocess.run(command, cwd=checkout, capture_output=True, check=True, timeout=60)
    return frozenset(row["environment"] for row in json.loads(told.stdout).values())


@contextmanager
def running(folder: Path, *, checkout: Path = CHECKOUT) -> Generator[Server, None, None]:
    """A server whose settings and data are in `folder`; ended when the block is left.

    It is that of `checkout`, in the environment that is installed there.
    """
    port = _free_port()
    command = [str(installed(checkout, "codexity")), "serve", "--port", str(port)]
    path = folder / "log"
    with path.open("ab") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment(folder), stdout=log, stderr=log
        )
        try:
            if not _healthy(process, port, begin + _START_SECONDS):
                said = path.read_text(errors="replace")[-_LOG_CHARS:]
                raise SystemExit(f"codexity serve did not come up; it said:\n{said}")
            yield Server(pid=process.pid, port=port, health_seconds=time.perf_counter() - begin)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ask(server: Server, question: str) -> Heard:
    """Asks over `/search` on a connection of its own, and reads the events to their end."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_ANSWER_SECONDS)
    begin = time.perf_counter()
    seen: dict[str, float] = {}
    status = ""
    try:
        connection.request("GET", f"/search?q={quote(question)}")
        for line in connection.getresponse():
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
                seen.setdefault("first", time.perf_counter() - begin)
                seen.setdefault(name, time.perf_counter() - begin)
            elif "done" in seen and line.startswith(b"data: "):
                status = line.partition(b'"status":"')[2].partition(b'"')[0].decode()
    finally:
        connection.close()
    return Heard(
        status=status,
        first_event=seen["first"],
        first_token=seen.get("token"),
        done=seen["done"],
    )


def print_load() -> None:
    """What else the machine does: the bars are those of an idle one."""
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def processor(pid: int) -> float:
    """Seconds of the processor that a process has had; Linux alone tells them."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> str:
    """What a process and all below it hold, in MB (10^6); told so where it cannot be seen.

    Resident memory counts what processes share once for each of them; PSS divides it among them.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return "left out, since only Linux tells it"
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
    tree = {pid}
    while below := {child for child, parent in parents.items() if parent in tree} - tree:
        tree |= below
    rss, pss = (sum(_kilobytes(one, name) for one in tree) for name in ("Rss", "Pss"))
    return (
        f"{rss * 1024 / 1e6:.0f} MB resident, {pss * 1024 / 1e6:.0f} MB with shared pages divided, "
        f"{len(tree)} process{'es' if len(tree) > 1 else ''}"
    )


def _kilobytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def _healthy(process: subprocess.Popen[bytes], port: int, deadline: float) -> bool:
    while process.poll() is None and time.perf_counter() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return True
        except OSError:
            time.sleep(_POLL_SECONDS)
        finally:
            connection.close()
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
