"""How long until a question has its sources, on a web that is slow and broken; prints figures.

    python bench/reading.py [FOLDER] [--questions N] [--seed N]

FOLDER holds SQuAD (`squad2`). Each question has three queries and 24 hits, two of which answer;
rewriting takes a second. Pages and searches take what was drawn for them (log-normal, median
300 ms, sigma 1); 5 % of the pages never answer, 5 % fail, 10 % redirect. The pipeline as it is,
with the real fetcher and extractor, against three others on the same draw. Ten minutes.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

import anyio

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.library.index import LibraryIndex
from reading_draw import Case, cases
from reading_ways import Found, Way, World, all_at_once, oracle, ours, sequential
from reading_web import served
from server import print_load
from streaming import print_bar

QUESTIONS = 60
SEED = 4
AT_ONCE = 3
"""So many questions go on at once, of each way: most of the time they wait."""
WAYS: tuple[tuple[str, Way], ...] = (
    ("codexity", ours),
    ("sequential, five at a time, 15 s", sequential),
    ("all at once, 3 s", all_at_once),
    ("oracle", oracle),
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    arguments.add_argument("--questions", type=int, default=QUESTIONS)
    arguments.add_argument("--seed", type=int, default=SEED)
    given = arguments.parse_args()
    if given.folder is None:
        print("left out: the questions are SQuAD's, and no folder of public data sets was given")
        return
    print_load()
    drawn = cases(given.folder, given.questions, given.seed)
    found = anyio.run(measure, drawn)
    for name, mine in found.items():
        print(
            f"  {name:34} median {half(mine):5.2f} s, p95 {late(mine):5.2f} s, "
            f"an answering page among the sources {share(mine):.3f}"
        )
    print_bars(*found.values())


async def measure(drawn: Sequence[Case]) -> dict[str, list[Found]]:
    """What each way found for each question, in their order."""
    found: dict[str, list[Found]] = {}
    with tempfile.TemporaryDirectory() as name:
        library = LibraryIndex(Path(name) / "library.sqlite3")
        async with ProcessExtractor() as extractor, served(drawn) as port:
            world = World(port=port, extractor=extractor, library=library)
            await extractor.warm()
            await ours(drawn[0], world)
            for way, go in WAYS:
                found[way] = await _each(drawn, world, go)
    return found


async def _each(drawn: Sequence[Case], world: World, go: Way) -> list[Found]:
    found: dict[int, Found] = {}
    turns = anyio.CapacityLimiter(AT_ONCE)

    async def one(at: int) -> None:
        async with turns:
            found[at] = await go(drawn[at], world)

    async with anyio.create_task_group() as tasks:
        for at in range(len(drawn)):
            tasks.start_soon(one, at)
    return [found[at] for at in range(len(drawn))]


def print_bars(
    mine: list[Found], plain: list[Found], together: list[Found], best: list[Found]
) -> None:
    for what, figure in (("median", half), ("p95", late)):
        print_bar(f"times faster than sequential, {what}", figure(plain) / figure(mine), least=4)
        print_bar(f"of the time of all at once, {what}", figure(mine) / figure(together), most=1)
        print_bar(f"of the oracle's time, {what}", figure(mine) / figure(best), most=1.5)
    print_bar("share below sequential's", share(plain) - share(mine), most=0.03)
    print_bar("share below that of all at once", share(together) - share(mine), most=0)


def half(found: Sequence[Found]) -> float:
    return statistics.median(one.seconds for one in found)


def late(found: Sequence[Found]) -> float:
    rows = sorted(one.seconds for one in found)
    return rows[math.ceil(0.95 * len(rows)) - 1]


def share(found: Sequence[Found]) -> float:
    return sum(one.answering for one in found) / len(found)


if __name__ == "__main__":
    main()
