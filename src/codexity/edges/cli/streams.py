"""The standard streams, which whoever starts the program may have closed."""

from __future__ import annotations

import os
import sys


def open_streams() -> None:
    """Puts what goes nowhere in place of the streams that were closed before the start."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115 - until the end
