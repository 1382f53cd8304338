"""How much of the hand-made main text of WCXB's pages is found: mean word F1, ours and others'.

    python bench/extraction.py [FOLDER]

FOLDER holds `wcxb/dev-sample/html/*.html.gz` and `wcxb/dev-sample/ground-truth/*.json`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched

WORD = re.compile(r"\w+")


def f1(found: str, true: str) -> float:
    """The harmonic mean of precision and recall over multisets of lower-case words."""
    ours, theirs = (Counter(WORD.findall(text.lower())) for text in (found, true))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else float(ours == theirs)


def codexity(body: bytes) -> str:
    fetched = Fetched(url="https://example.org/", media_type="text/html", charset=None, body=body)
    try:
        return read_document(fetched).text
    except Unreadable:
        return ""


def by_default(body: bytes) -> str:
    return trafilatura.extract(body) or ""


METHODS: dict[str, Callable[[bytes], str]] = {
    "codexity": codexity,
    "trafilatura's default": by_default,
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    given = arguments.parse_args()
    if given.folder is None:
        print("left out: WCXB, since no folder of public data sets was given")
        return
    folder = given.folder / "wcxb" / "dev-sample"
    scores: dict[str, list[float]] = {name: [] for name in METHODS}
    seconds: dict[str, list[float]] = {name: [] for name in METHODS}
    for path in sorted((folder / "ground-truth").glob("*.json")):
        true = json.loads(path.read_text())["ground_truth"]["main_content"]
        body = gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes())
        for name, method in METHODS.items():
            start = time.perf_counter()
            found = method(body)
            seconds[name].append(time.perf_counter() - start)
            scores[name].append(f1(found, true))
    for name in METHODS:
        spent = sorted(seconds[name])
        print(
            f"{name:22} F1 {statistics.mean(scores[name]):.4f}  "
            f"ms a page: mean {1e3 * statistics.mean(spent):.0f}, "
            f"median {1e3 * statistics.median(spent):.0f}, "
            f"p95 {1e3 * spent[int(0.95 * len(spent))]:.0f}  ({len(spent)} pages)"
        )


if __name__ == "__main__":
    main()
