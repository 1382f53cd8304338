"""Twenty questions to a real small web: what is found, given to a writer, said, cited, how fast.

    python bench/small_web.py

Python's documentation behind nginx, found through an index of all its pages; the questions, with
the page and the words of each answer, were fixed beforehand (`tests/smallweb/questions.tsv`).
"""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> None:
    sys.path.insert(0, str(TESTS))
    web_of = importlib.import_module("smallweb.web").small_web
    measure = importlib.import_module("smallweb.measured").measure
    with tempfile.TemporaryDirectory() as name, web_of(Path(name)) as web:
        print(f"{web.pages} pages, indexed in {web.index_seconds:.1f} s\n")
        outcomes = measure(web, Path(name))
    print("found  given  said  cited  seconds")
    for one in outcomes:
        marks = (one.found, one.given, one.said, one.cited)
        row = "  ".join(f"{'yes' if mark else '-':5}" for mark in marks)
        print(f"{row} {one.heard.seconds:6.2f}  {one.case.question}")
    seconds = [one.heard.seconds for one in outcomes]
    among = [one for one in outcomes if one.among]
    print(
        f"\nexpected words given to the writer: {sum(one.given for one in outcomes)}"
        f" of {len(outcomes)} (the page was among the hits of {sum(o.found for o in outcomes)})\n"
        "expected words in a sentence that cites the right page, without a model:"
        f" {sum(one.said for one in outcomes)} of {len(outcomes)}\n"
        f"page cited where it is a source: {sum(one.cited for one in among)} of {len(among)}\n"
        f"seconds, without a model: median {statistics.median(seconds):.2f}, "
        f"most {max(seconds):.2f}"
    )


if __name__ == "__main__":
    main()
