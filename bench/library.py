"""How fast a library grows, and is asked when it is large; prints figures.

    python bench/library.py [FOLDER] [--beside CHECKOUT] [--files N] [--passages N]

FOLDER holds the public sets that the documents are made of (`library_draw`). With another checkout,
whose environment is installed, adding is measured in both in turn; `make bench BESIDE=CHECKOUT`
names one. The large library is kept in `.cache/bench`: to write it takes minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from library_asked import print_asked
from library_draw import Topic, topics, write_files
from library_million import build
from server import BESIDE, CHECKOUT, environment, installed, print_load
from streaming import print_bar

FILES = 20_000
FEW_FILES = 2_000
RUNS = 3
PASSAGES = 1_000_000
_ADD_SECONDS = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """One `library add`: seconds of the clock and of the processor, and bytes at most and on disk.

    `held` is the most that one of its processes held.
    """

    seconds: float
    cpu: float
    held: int
    size: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    arguments.add_argument("--beside", type=Path, default=os.environ.get(BESIDE) or None)
    arguments.add_argument("--files", type=int, default=FILES)
    arguments.add_argument("--passages", type=int, default=PASSAGES)
    given = arguments.parse_args()
    if given.folder is None:
        print("left out: the documents are made of public texts, and no folder of them was given")
        return
    print_load()
    drawn = topics(given.folder)
    with tempfile.TemporaryDirectory() as name:
        print_adding(drawn, Path(name), given.files, given.beside)
    home = CHECKOUT / ".cache" / "bench" / f"passages-{given.passages}"
    begin = time.perf_counter()
    build(home / "data" / "library.sqlite3", drawn, given.passages)
    print(f"\n{given.passages:,} passages, written in {time.perf_counter() - begin:.0f} s")
    print_asked(home, given.folder, given.passages)


def print_adding(drawn: Sequence[Topic], folder: Path, files: int, beside: Path | None) -> None:
    """Adds a few files here and there in turn, and many here."""
    few, many = folder / "few", folder / "many"
    size = write_files(drawn, few, FEW_FILES)
    print(f"\n`library add` of {FEW_FILES:,} Markdown files, {size / 1e6:.1f} MB, start included:")
    others = [beside.resolve()] if beside else []
    found: dict[Path, list[Added]] = {one: [] for one in (CHECKOUT, *others)}
    for run in range(RUNS):
        for checkout, runs in found.items():
            runs.append(add(checkout, few, folder / f"{run} {len(runs)} {checkout.name}"))
    rates = {one: [FEW_FILES / run.seconds for run in runs] for one, runs in found.items()}
    for checkout, runs in found.items():
        _print_added("here" if checkout == CHECKOUT else "there", FEW_FILES, runs)
    for other in others:
        ratio = statistics.median(rates[CHECKOUT]) / statistics.median(rates[other])
        print_bar("times as many documents a second as there", ratio, least=2)
    size = write_files(drawn, many, files)
    print(f"{files:,} Markdown files, {size / 1e6:.1f} MB:")
    _print_added("here", files, [add(CHECKOUT, many, folder / "library")])


def add(checkout: Path, files: Path, home: Path) -> Added:
    """Runs `codexity library add` of a checkout, into a library that is new."""
    home.mkdir()
    command = [str(installed(checkout, "codexity")), "library", "add", str(files)]
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=home, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    # What a process has waited for is counted with it.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status:
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
        raise SystemExit(f"library add ended with {status}; it said:\n{said[-2_000:]}")
    size = sum(one.stat().st_size for one in (home / "data").glob("library.sqlite3*"))
    shutil.rmtree(home)
    return Added(
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        held=used.ru_maxrss * 1024,
        size=size,
    )


def _print_added(where: str, files: int, runs: Sequence[Added]) -> None:
    seconds, cpu = (
        statistics.median(found) for found in zip(*((o.seconds, o.cpu) for o in runs), strict=True)
    )
    last = runs[-1]
    print(
        f"  {where:5} {files / seconds:7,.0f} documents a second ({seconds:.1f} s, of the processor"
        f" {cpu:.1f} s), the largest process {last.held / 1e6:.0f} MB,"
        f" index {last.size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
