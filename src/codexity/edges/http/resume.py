"""Coming back to a run: what a `Last-Event-ID` means, and what it never does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ID: Final = re.compile(r"([0-9a-f]{32})-([0-9]+)")
_MOST_DIGITS: Final = 18
_BEYOND: Final = 10**_MOST_DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last event of a run that a client has read; 0 stands for a run that was gone."""

    run: str
    seq: int


def cursor(text: str) -> Cursor | None:
    """The cursor of an event id `<run>-<seq>`; None for anything else."""
    found = _ID.fullmatch(text) if text.isascii() else None
    if found is None:
        return None
    digits = found[2].lstrip("0") or "0"
    # No run has so many events: its reader is beyond the end of whatever was kept.
    seq = int(digits) if len(digits) <= _MOST_DIGITS else _BEYOND
    return Cursor(run=found[1], seq=seq)
