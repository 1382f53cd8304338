"""How much of the hand-made main text of WCXB's pages is found: mean word F1, ours and another's.

    python bench/extraction.py [FOLDER]

FOLDER holds `wcxb/metadata.json`, `wcxb/dev-sample/html/*.html.gz` and
`wcxb/dev-sample/ground-truth/*.json`. What is tuned is tuned on one half of the pages, and the
other half says what it is worth; the name of a page tells its half. Time is the processor's, which
what else the machine does hardly changes.

Extractors are compared by their text. On the web ours also refuses walls, errors and shells of
scripts; in a library it does not, and the text of a page that is refused on the web is what it is
in a library. What the figures are where such a page counts as without text is printed beside.
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
from dataclasses import dataclass, replace
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
SLOWEST = 1.0
WEB = "https://example.org/"
LIBRARY = "/library/wcxb/page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One page: its type, whether it is of the half that was tuned on, and what each made of it."""

    name: str
    kind: str
    tuned: bool
    scores: dict[str, float]
    seconds: dict[str, float]
    refused: str
    """The code with which it is refused on the web."""
    blank: float
    """What no text at all is worth: 1 where the hand-made text is empty, and else 0."""

    @property
    def ratio(self) -> float:
        """Our time in theirs."""
        return self.seconds[OURS] / self.seconds[OTHER]

    @property
    def gain(self) -> float:
        """How much more of it we found."""
        return self.scores[OURS] - self.scores[OTHER]

    def on_the_web(self) -> Measured:
        """What it is where a refused page has no text."""
        return replace(self, scores=self.scores | {OURS: self.blank}) if self.refused else self


def f1(found: str, true: str) -> float:
    """The harmonic mean of precision and recall over multisets of lower-case words."""
    ours, theirs = (Counter(WORD.findall(text.lower())) for text in (found, true))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else float(ours == theirs)


def codexity(body: bytes, url: str = WEB) -> str:
    fetched = Fetched(url=url, media_type="text/html", charset=None, body=body)
    return read_document(fetched).text


def in_a_library(body: bytes) -> str:
    try:
        return codexity(body, LIBRARY)
    except Unreadable:
        return ""


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
        start = time.process_time()
        try:
            found = read(body)
        except Unreadable as error:
            found, refused = "", error.code
        seconds[method] = time.process_time() - start
        if not found and method == OURS:
            found = in_a_library(body)
        scores[method] = f1(found, true)
    return Measured(
        name=name,
        kind=kind,
        tuned=in_tuned_half(name),
        scores=scores,
        seconds=seconds,
        refused=refused,
        blank=f1("", true),
    )


def interval(
    pages: Sequence[Measured], figure: Callable[[Sequence[Measured]], float]
) -> tuple[float, float]:
    """The middle 95 % of a figure of samples drawn from these pages, always the same ones."""
    draw = random.Random(1)
    figures = sorted(figure(draw.choices(pages, k=len(pages))) for _ in range(DRAWS))
    return figures[int(0.025 * DRAWS)], figures[int(0.975 * DRAWS)]


def gain(pages: Sequence[Measured]) -> float:
    return statistics.mean(page.gain for page in pages)


def ratio(pages: Sequence[Measured]) -> float:
    ours, other = (sum(page.seconds[one] for page in pages) for one in METHODS)
    return ours / other


def line(name: str, pages: Sequence[Measured]) -> str:
    ours, other = (statistics.mean(page.scores[one] for page in pages) for one in METHODS)
    low, high = interval(pages, gain)
    return (
        f"{name:16} {len(pages):3} pages  {ours:.4f}  {other:.4f}  "
        f"{gain(pages):+.4f} ({low:+.3f} to {high:+.3f})"
    )


def lines(name: str, pages: Sequence[Measured]) -> None:
    """The figures of some pages and of each type, and those with what is refused as blank."""
    print(line(name, pages))
    for kind in sorted({page.kind for page in pages}):
        own = [page for page in pages if page.kind == kind]
        print(line(f"  {kind}", own))
        if any(page.refused for page in own):
            print(line("    refused blank", [page.on_the_web() for page in own]))


def worst(pages: Sequence[Measured]) -> float:
    kinds = {page.kind for page in pages}
    return min(gain([page for page in pages if page.kind == kind]) for kind in kinds)


def times(pages: Sequence[Measured]) -> None:
    for method in METHODS:
        spent = sorted(page.seconds[method] for page in pages)
        print(
            f"{method:22} ms a page: mean {1e3 * statistics.mean(spent):.0f}, "
            f"median {1e3 * statistics.median(spent):.0f}, "
            f"p95 {1e3 * spent[int(0.95 * len(spent))]:.0f}"
        )
    low, high = interval(pages, ratio)
    middle = statistics.median(page.ratio for page in pages)
    print(
        f"time of {OTHER}, all pages: {ratio(pages):.2f} ({low:.2f} to {high:.2f}), "
        f"page by page {middle:.2f} at the median (bar: {SLOWEST:g})"
    )


def report(pages: Sequence[Measured]) -> None:
    held = [page for page in pages if not page.tuned]
    web = [page.on_the_web() for page in held]
    print(f"{'':16} {'':9}  {OURS}, {OTHER}, gain (95 % of bootstrap samples)")
    lines("held-back half", held)
    print(line("tuned half", [page for page in pages if page.tuned]))
    lines("all", pages)
    for page in pages:
        if page.refused:
            print(f"refused on the web as {page.refused}: {page.name}, of the type {page.kind}")
    times(pages)
    print(f"gain on the held-back half: {gain(held):+.4f} (bar: {GAIN:+g}); ", end="")
    print(f"with what is refused blank: {gain(web):+.4f}")
    print(f"worst type there: {worst(held):+.4f} (bar: {WORST:+g}); ", end="")
    print(f"with what is refused blank: {worst(web):+.4f}")


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
