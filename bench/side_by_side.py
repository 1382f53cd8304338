"""What streams and questions take here and in another checkout, in turn; prints figures.

    python bench/side_by_side.py ../CHECKOUT

The other checkout has its environment installed (`make setup`). Each figure is the median of the
runs of either, which take turns, so that both meet the same machine; each run is a server of its
own. The spread is that of the runs of one checkout among themselves: what is less tells nothing.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from latency import questions
from server import BESIDE, CHECKOUT, ask, print_load, running
from streaming import BURST, MANY, OURS, PACED, TURNS, WARM
from streams_costs import idle_followers, spend
from streams_serve import pin
from streams_served import serving

RUNS = 5
ROUNDS = 3
"""Of those that are over in half a second: the first of a server takes up to twice as long."""
FOLLOWERS = 1_000

Figures = Mapping[str, float]
Measure = Callable[[Path, Path], Figures]


def main(arguments: Sequence[str]) -> None:
    named = os.environ.get(BESIDE) or (arguments[0] if arguments else CHECKOUT)
    other = Path(named).resolve()
    if other == CHECKOUT or not (other / "bench" / "streams_serve.py").is_file():
        print(
            "left out: it wants another checkout as its argument, or `make bench BESIDE=CHECKOUT`"
        )
        return
    print_load()
    with tempfile.TemporaryDirectory() as name:
        print_compared("questions, no model", other, Path(name), asked)
        pin(1)
        print_compared("streams", other, Path(name), streamed)


def print_compared(what: str, other: Path, folder: Path, measure: Measure) -> None:
    """Measures here and there in turn, and prints a row for each figure."""
    here: list[Figures] = []
    there: list[Figures] = []
    for run in range(RUNS):
        for checkout, found in ((CHECKOUT, here), (other, there)):
            own = folder / f"{what} {run} {len(here)} {len(there)}"
            own.mkdir()
            found.append(measure(own, checkout))
    print(f"\n{what}: {RUNS} runs of each            here      there  here/there   spread")
    for figure in here[0]:
        ours, theirs = ([one[figure] for one in found] for found in (here, there))
        mine, of = statistics.median(ours), statistics.median(theirs)
        spread = max(_spread(ours), _spread(theirs))
        print(f"  {figure:34} {mine:10,.1f} {of:10,.1f} {mine / of:11.3f} {spread:7.1%}")


def asked(folder: Path, checkout: Path) -> Figures:
    """Milliseconds of the questions of `latency.py`, each asked once to warm and once to count."""
    with running(folder, checkout=checkout) as server:
        heard = [ask(server, question) for _ in range(2) for question in questions()]
    rows = heard[len(heard) // 2 :]
    return {
        "ms to the first event, median": 1e3 * statistics.median(one.first_event for one in rows),
        "ms to done, median": 1e3 * statistics.median(one.done for one in rows),
        "ms to done, p95": 1e3 * statistics.quantiles([one.done for one in rows], n=20)[-1],
    }


def streamed(folder: Path, checkout: Path) -> Figures:
    """Rounds of `streaming.py` that are Codexity's own."""
    with serving(OURS, folder / "rounds", checkout=checkout) as server:
        spend(server, WARM)
        turns = [spend(server, TURNS) for _ in range(ROUNDS)]
        bursts = [spend(server, BURST) for _ in range(ROUNDS)]
        paced = spend(server, PACED)
        many = spend(server, MANY)
    with serving(OURS, folder / "followers", checkout=checkout) as server:
        held = idle_followers(server, FOLLOWERS)
    return {
        "one turn a token, 1,000 events/s": statistics.median(one.events for one in turns) / 1e3,
        "one turn a token, CPU-s a million": statistics.median(one.cpu for one in turns),
        "burst, 1,000 events/s": statistics.median(one.events for one in bursts) / 1e3,
        "burst, CPU-s a million": statistics.median(one.cpu for one in bursts),
        "500 of 10 a second, p99 in ms": paced.delay(0.99),
        "2,000 of 10 a second, CPU-s": many.cpu,
        "2,000 of 10 a second, p99 in ms": many.delay(0.99),
        "KiB of a further follower": held,
    }


def _spread(figures: Sequence[float]) -> float:
    """By how much the runs of one build differ: the middle half, as a part of the median."""
    low, _, high = statistics.quantiles(figures, n=4)
    return (high - low) / statistics.median(figures)


if __name__ == "__main__":
    main(sys.argv[1:])
