"""Questions to a large library: searched in it, and answered over HTTP; prints figures."""

from __future__ import annotations

import json
import math
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio

from codexity.adapters.library.database import session
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.kept_sessions import KeptSessions
from codexity.adapters.library.queries import looked_for
from codexity.adapters.library.vocabulary import Frequencies
from server import ask, memory, processor, running
from streaming import print_bar

QUESTIONS = 600
LIMIT = 10
RARE = 0.01
_CLASSES = ((0.001, "under 0.1 %"), (RARE, "0.1 to 1 %"), (0.03, "1 to 3 %"), (1, "3 % and more"))
_FREQUENT = 60
"""So many questions are made of frequent words alone: SQuAD has too few."""


def print_asked(home: Path, data: Path, passages: int) -> None:
    """By the share of the passages that have the second rarest of a question's words."""
    path = home / "data" / "library.sqlite3"
    asked = questions(data)
    shares = dict(zip(asked, _shares(path, asked, passages), strict=True))
    frequent = [one for one in asked if shares[one] >= RARE]
    asked = list(dict.fromkeys([*asked[:QUESTIONS], *frequent[:_FREQUENT]]))
    taken, cpu = zip(*anyio.run(_searched, path, asked), strict=True)
    _print_by_share("searching it", asked, taken, shares)
    _print_times("processor", cpu)
    with running(home) as server:
        for question in asked:
            ask(server, question)
        before = processor(server.pid)
        done = [1e3 * ask(server, question).done for question in asked]
        of_each = 1e3 * (processor(server.pid) - before) / len(asked)
        _print_by_share("answering over HTTP, to `done`", asked, done, shares)
        print(f"  of the processor, a question: {of_each:.0f} ms")
        print(f"memory of the server then: {memory(server.pid)} (bar: under 400 MB)")


def _print_by_share(
    what: str, asked: Sequence[str], taken: Sequence[float], shares: Mapping[str, float]
) -> None:
    rows: defaultdict[str, list[float]] = defaultdict(list)
    for question, milliseconds in zip(asked, taken, strict=True):
        rows[next(name for most, name in _CLASSES if shares[question] <= most)].append(milliseconds)
    print(f"{what}, in ms, by the share of passages that have the second rarest word:")
    for _, name in _CLASSES:
        _print_times(name, rows[name])
    rare = [ms for one, ms in zip(asked, taken, strict=True) if shares[one] < RARE]
    others = [ms for one, ms in zip(asked, taken, strict=True) if shares[one] >= RARE]
    print_bar("p99 where the two rarest words are in under 1 %", late(rare), most=60)
    print_bar("p99 of the others", late(others), most=250)


def questions(data: Path) -> list[str]:
    """SQuAD's answerable questions, shuffled."""
    articles: list[dict[str, Any]] = json.loads(
        (data / "squad2" / "dev-v2.0.json").read_text(encoding="utf-8")
    )["data"]
    found = {
        asked["question"].strip()
        for article in articles
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
        if asked["answers"]
    }
    return random.Random(3).sample(sorted(found), len(found))


async def _searched(path: Path, asked: Sequence[str]) -> list[tuple[float, float]]:
    """Milliseconds of each search and of the processor, the second time that it is made."""
    kept = KeptSessions(path)
    index = LibraryIndex(path, kept=kept)
    taken: list[tuple[float, float]] = []
    for question in asked:
        await index.search(question, limit=LIMIT)
        begin, cpu = time.perf_counter(), time.process_time()
        await index.search(question, limit=LIMIT)
        taken.append((1e3 * (time.perf_counter() - begin), 1e3 * (time.process_time() - cpu)))
    await kept.aclose()
    return taken


def _shares(path: Path, asked: Sequence[str], passages: int) -> list[float]:
    often = Frequencies()
    with session(path) as connection:
        every = [often.of(connection, "own_stems", looked_for(one, ()).stems) for one in asked]
    known = [sorted(count for count in one.values() if count) or [0] for one in every]
    return [found[min(1, len(found) - 1)] / passages for found in known]


def late(figures: Sequence[float]) -> float:
    """The 99th percentile."""
    return sorted(figures)[math.ceil(0.99 * len(figures)) - 1]


def _print_times(what: str, figures: Sequence[float]) -> None:
    if figures:
        print(
            f"  {what:14} {len(figures):4} questions: p50 {statistics.median(figures):6.1f}"
            f"  p99 {late(figures):6.1f}  most {max(figures):6.1f}"
        )
