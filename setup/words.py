"""How the set-up speaks: headlines, one line of progress, and a failure that says what to do."""

from __future__ import annotations

import shutil
import sys
from typing import NoReturn


def headline(text: str) -> None:
    """One line that says what begins now."""
    print(f"==> {text}", flush=True)


def fail(text: str) -> NoReturn:
    """Ends the set-up with status 1 and a text that says what to do."""
    print(f"\nCodexity could not be set up.\n{text}", file=sys.stderr, flush=True)
    raise SystemExit(1)


class Progress:
    """One line that is written over and over on a terminal, and now and then a line elsewhere."""

    def __init__(self, every: int = 20) -> None:
        self._every = every
        self._told = 0
        self._live = sys.stdout.isatty()

    def tell(self, text: str) -> None:
        """Shows `text` in place of what was shown before."""
        self._told += 1
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            print("\r" + f"    {text}"[:width].ljust(width), end="", flush=True)
        elif self._told % self._every == 0:
            print(f"    {text}", flush=True)

    def end(self) -> None:
        """Clears the line, so that the next text begins at its start."""
        if self._live:
            print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", flush=True)
