"""How well questions in Chinese, Japanese and Thai find and answer, beside BM25 over pairs.

    python bench/unspaced.py [--show]

60 Chinese questions over 200 short documents, and 24 that none of them answers; 18 Japanese ones
over 20 and ten Thai ones over twelve (`tests/finding`).
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import anyio

HOME = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOME), str(HOME / "bench")]

from tests.finding.sets import (  # noqa: E402 - the set stands with the tests
    LANGUAGES,
    Case,
    Short,
    indexed,
    load,
    unanswerable,
)

from codexity.adapters.library.index import LibraryIndex  # noqa: E402
from codexity.text import relevance  # noqa: E402
from worlds import answered, installation  # noqa: E402

FIRST = 10


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", nargs="?", help="what `make bench` gives every benchmark; not read")
    parser.add_argument("--show", action="store_true", help="prints what was not found or answered")
    given = parser.parse_args(arguments)
    anyio.run(partial(report, show=given.show))


async def report(*, show: bool) -> None:
    for language in LANGUAGES:
        print(f"{language}:")
        await report_of(language, show=show)


async def report_of(language: str, *, show: bool) -> None:
    documents, cases = load(language)
    ranked = {
        "the library": await by_library(documents, cases),
        "BM25 over pairs of characters": by_pairs(documents, cases),
    }
    for name, orders in ranked.items():
        places = [
            order.index(case.key) if case.key in order else None
            for case, order in zip(cases, orders, strict=True)
        ]
        gains = [0.0 if at is None else 1 / math.log2(at + 2) for at in places]
        found = sum(at is not None for at in places)
        print(
            f"{name:32} nDCG@10 {sum(gains) / len(cases):.3f}"
            f"  recall@10 {found / len(cases):.3f}  first {places.count(0) / len(cases):.3f}"
        )
        for case, at in zip(cases, places, strict=True):
            if show and at != 0:
                print(f"    {case.question} {case.key}: {at}")
    await answers(documents, cases, unanswerable(language), show=show)


async def by_library(documents: Sequence[Short], cases: Sequence[Case]) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        index = LibraryIndex(Path(folder) / "library.db")
        await indexed(index, documents)
        hits = [await index.search(case.question, limit=FIRST) for case in cases]
    return [[hit.url.rpartition("/")[2] for hit in some] for some in hits]


def by_pairs(documents: Sequence[Short], cases: Sequence[Case]) -> list[list[str]]:
    """The baseline: pairs of neighbouring letters and digits, nothing left out, k1 1.2, b 0.75."""
    bags = [pairs(f"{one.title} {one.text}") for one in documents]
    orders: list[list[str]] = []
    for case in cases:
        # Each by itself: `relevance` adds a bonus for neighbours among those asked together.
        wanted = [relevance((one,), bags) for one in pairs(case.question)]
        scores = [math.fsum(column) for column in zip(*wanted, strict=True)]
        order = sorted(range(len(documents)), key=lambda at, s=scores: -s[at])[:FIRST]
        orders.append([documents[at].key for at in order if scores[at] > 0])
    return orders


def pairs(text: str) -> list[str]:
    bare = "".join(one if one.isalnum() else " " for one in text)
    return [a + b for a, b in pairwise(bare) if " " not in {a, b}]


async def answers(
    documents: Sequence[Short], cases: Sequence[Case], nowhere: Sequence[str], *, show: bool
) -> None:
    """Whether what is asked for stands in the answer without a model."""
    right = refused = false = 0
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        for one in documents:
            (notes / f"{one.key}.txt").write_text(f"{one.title}\n\n{one.text}\n", encoding="utf-8")
        async with installation(Path(folder), starter=False) as here:
            await here.files.add([notes])
            for case in cases:
                text = (await answered(here, case.question)).text
                right += case.answer in text
                refused += not text
                if show and case.answer not in text:
                    print(f"    {case.question} {case.answer}: {text!r}")
            for question in nowhere:
                text = (await answered(here, question)).text
                false += bool(text)
                if show and text:
                    print(f"    {question} (nowhere): {text!r}")
    print(f"answers without a model: {right} of {len(cases)} right, {refused} refused")
    if nowhere:
        print(f"of {len(nowhere)} that nothing answers {false} answered")


if __name__ == "__main__":
    main(sys.argv[1:])
