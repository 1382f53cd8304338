"""How long a question takes over HTTP, warm, without network or model; prints figures.

    python bench/latency.py

The questions are the thirty about Python of `tests/questions`; the starter collection answers.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from server import Heard, ask, memory, print_load, running

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "questions" / "python.tsv"
ROUNDS = 3


def main() -> None:
    asked = questions()
    print_load()
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as server:
        for question in asked:  # builds the starter, and warms everything
            ask(server, question)
        heard = [ask(server, question) for _ in range(ROUNDS) for question in asked]
        after = memory(server.pid)
    tell(heard, len(asked))
    print(f"memory of the server after {len(heard) + len(asked)} questions: {after}")


def questions() -> list[str]:
    """The thirty questions, in the order of their file."""
    return [line.split("\t")[0] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def tell(heard: Sequence[Heard], count: int) -> None:
    ends = Counter(one.status for one in heard)
    print(
        f"{count} questions, {ROUNDS} times each, one after the other: "
        + ", ".join(f"{count} {status}" for status, count in ends.most_common())
    )
    tell_times("to the first event", [one.first_event for one in heard])
    tokens = [one.first_token for one in heard if one.first_token is not None]
    tell_times("to the first token", tokens, " (bars 300 and 800 ms)")
    tell_times("to done", [one.done for one in heard], " (bars 300 and 800 ms)")


def tell_times(name: str, seconds: Sequence[float], bars: str = "") -> None:
    rows = sorted(seconds)
    p95 = rows[math.ceil(0.95 * len(rows)) - 1]
    print(
        f"{name}: p50 {1e3 * statistics.median(rows):.0f} ms, p95 {1e3 * p95:.0f} ms{bars}, "
        f"most {1e3 * rows[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
