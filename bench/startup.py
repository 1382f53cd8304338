"""What a start costs: `--help`, `serve` to a good `/health`, the idle server; prints figures.

    python bench/startup.py [--install]

`--install` also makes a fresh `.venv` in a copy of the checkout, which takes minutes and needs the
package index, and tells its size.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server import CODEXITY, ask, environment, memory, print_load, running

HOME = Path(__file__).resolve().parents[1]
PAIRS = 15
STARTS = 5
SETTLE_SECONDS = 5.0
"""Until the reader of pages that is warmed ahead of need is up."""
QUESTION = "how does the with statement work"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", help="the public data sets; not needed here")
    arguments.add_argument("--install", action="store_true", help="the size of the base install")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print_load()
        print_help(folder)
        print_server(folder)
        if given.install:
            print_install(folder / "checkout")
        else:
            print("base install: left out, since it takes minutes (--install)")


def print_help(folder: Path) -> None:
    """Bare interpreter and `--help` take turns, so that both meet the same machine."""
    commands = ([sys.executable, "-c", "pass"], [str(CODEXITY), "--help"])
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(PAIRS + 1):
        for times, command in zip(spent, commands, strict=True):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=environment(folder))
            times.append(time.perf_counter() - begin)
    # The first pair is left out: it wrote the byte code.
    bare, helped = (times[1:] for times in spent)
    ratio = statistics.median(one / other for one, other in zip(helped, bare, strict=True))
    print(
        f"codexity --help: {ratio:.1f} bare interpreter starts (bar 8); medians "
        f"{1e3 * statistics.median(helped):.0f} ms and {1e3 * statistics.median(bare):.0f} ms, "
        f"{PAIRS} pairs"
    )


def print_server(folder: Path) -> None:
    """The first start builds the starter collection; those that are measured find it there."""
    with running(folder) as server:
        begin = time.perf_counter()
        ask(server, QUESTION)
        first = server.health_seconds + time.perf_counter() - begin
    print(f"first start to the first answer, the starter built between: {first:.1f} s")
    starts: list[float] = []
    for _ in range(STARTS):
        with running(folder) as server:
            starts.append(server.health_seconds)
    with running(folder) as server:
        time.sleep(SETTLE_SECONDS)
        idle = memory(server.pid)
    print(
        f"codexity serve to a good /health: median {statistics.median(starts):.2f} s, "
        f"most {max(starts):.2f} s (bar 1 s), {STARTS} starts"
    )
    print(f"memory of the idle server: {idle} (bar 150 MB resident)")


def print_install(checkout: Path) -> None:
    """What `make setup` puts into `.venv`, in blocks of the file system."""
    left = shutil.ignore_patterns(
        ".venv", ".git", ".cache", "__pycache__", "*_cache", ".hypothesis"
    )
    shutil.copytree(HOME, checkout, ignore=left)
    subprocess.run(["make", "-C", str(checkout), "setup"], check=True, stdout=subprocess.DEVNULL)
    said = subprocess.run(
        ["du", "-sk", str(checkout / ".venv")], check=True, capture_output=True, text=True
    )
    megabytes = int(said.stdout.split()[0]) * 1024 / 1e6
    print(f"base install: {megabytes:.0f} MB (bar 200 MB)")


if __name__ == "__main__":
    main()
