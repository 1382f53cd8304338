"""How much of the hand-made main text of WCXB's pages is found: mean word F1, ours and another's.

    python bench/extraction.py [FOLDER]

FOLDER holds `wcxb/metadata.json`, `wcxb/dev-sample/html/*.html.gz` and
`wcxb/dev-sample/ground-truth/*.json`. What is tuned is tuned on one half of the pages, and the
other half says what it is worth; the name of a page tells its half.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched

WORD = re.compile(r"\w+")
DRAWS = 2_000
OURS = "codexity"
OTHER = "trafilatura's default"
GAIN = 0.005
WORST = -0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One page: its type, whether it is of the half that was tuned on, and what each made of it."""

    kind: str
    tuned: bool
    scores: dict[str, float]
    seconds: dict[str, float]
    refused: str

    @property
    def gain(self) -> float:
        """How much more of it we found."""
        return self.scores[OURS] - self.scores[OTHER]


def f1(found: str, true: str) -> float:
    """The harmonic mean of precision and recall over multisets of lower-case words."""
    ours, theirs = (Counter(WORD.findall(text.lower())) for text in (found, true))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else float(ours == theirs)


def codexity(body: bytes) -> str:
    fetched = Fetched(url="https://example.org/", media_type="text/html", charset=None, body=body)
    return read_document(fetched).text


def by_default(body: bytes) -> str:
    return trafilatura.extract(body) or ""


METHODS: dict[str, Callable[[bytes], str]] = {OURS: codexity, OTHER: by_default}


def in_tuned_half(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def measured(name: str, kind: str, body: bytes, true: str) -> Measured:
    scores: dict[str, float] = {}
    seconds: dict[str, float] = {}
    refused = ""
    # Whoever comes second finds the page in the caches: they take turns.
    for method, read in sorted(METHODS.items(), reverse=bool(sum(name.encode()) % 2)):
        start = time.perf_counter()
        try:
            found = read(body)
        except Unreadable as error:
            found, refused = "", error.code
        seconds[method] = time.perf_counter() - start
        scores[method] = f1(found, true)
    return Measured(
        kind=kind, tuned=in_tuned_half(name), scores=scores, seconds=seconds, refused=refused
    )


def interval(gains: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of the means of samples drawn from these, always the same ones."""
    draw = random.Random(1)
    means = sorted(statistics.mean(draw.choices(gains, k=len(gains))) for _ in range(DRAWS))
    return means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS)]


def line(name: str, pages: Sequence[Measured]) -> str:
    gains = [page.gain for page in pages]
    ours, other = (statistics.mean(page.scores[one] for page in pages) for one in METHODS)
    low, high = interval(gains)
    return (
        f"{name:16} {len(pages):3} pages  {ours:.4f}  {other:.4f}  "
        f"{statistics.mean(gains):+.4f} ({low:+.3f} to {high:+.3f})"
    )


def report(pages: Sequence[Measured]) -> None:
    held = [page for page in pages if not page.tuned]
    print(f"{'':16} {'':9}  {OURS}, {OTHER}, gain (95 % of bootstrap samples)")
    print(line("held-back half", held))
    kinds = sorted({page.kind for page in held})
    for kind in kinds:
        print(line(f"  {kind}", [page for page in held if page.kind == kind]))
    print(line("tuned half", [page for page in pages if page.tuned]))
    print(line("all", pages))
    for kind in kinds:
        print(line(f"  {kind}", [page for page in pages if page.kind == kind]))
    for page in pages:
        if page.refused:
            print(f"refused as {page.refused}: a page of the type {page.kind}, counted as 0")
    for method in METHODS:
        spent = sorted(page.seconds[method] for page in pages)
        print(
            f"{method:22} ms a page: mean {1e3 * statistics.mean(spent):.0f}, "
            f"median {1e3 * statistics.median(spent):.0f}, "
            f"p95 {1e3 * spent[int(0.95 * len(spent))]:.0f}"
        )
    gain = statistics.mean(page.gain for page in held)
    worst = min(statistics.mean(page.gain for page in held if page.kind == kind) for kind in kinds)
    shares = [statistics.mean(page.seconds[method] for page in pages) for method in METHODS]
    print(f"gain on the held-back half: {gain:+.4f} (bar: {GAIN:+g})")
    print(f"worst type there: {worst:+.4f} (bar: {WORST:+g})")
    print(f"time of {OTHER}: {shares[0] / shares[1]:.2f} (bar: 1)")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    given = arguments.parse_args()
    if given.folder is None:
        print("left out: WCXB, since no folder of public data sets was given")
        return
    about = json.loads((given.folder / "wcxb" / "metadata.json").read_text())["files"]
    folder = given.folder / "wcxb" / "dev-sample"
    pages: list[Measured] = []
    for path in sorted((folder / "ground-truth").glob("*.json")):
        true = json.loads(path.read_text())["ground_truth"]["main_content"]
        body = gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes())
        if not pages:
            for read in METHODS.values():  # the first page pays for what both load once
                read(body)
        pages.append(measured(path.stem, about[path.stem]["page_type"], body, true))
    report(pages)


if __name__ == "__main__":
    main()
