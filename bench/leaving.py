"""How soon nothing is left of a run that was left or stopped, and of a server told to end.

    python bench/leaving.py

A search engine, a page and a model hang, each in turn, while the client leaves or stops the run;
then a real llama.cpp writes without end. The bars are those of an idle machine.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

from server import print_load

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> None:
    print_load()
    sys.path.insert(0, str(TESTS))
    measure = importlib.import_module("stopping").measure
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name))


if __name__ == "__main__":
    main()
