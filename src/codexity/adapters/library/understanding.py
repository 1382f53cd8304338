"""What a question asks the library for: its words as they were meant, and what is looked up."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from codexity.adapters.library import spelling
from codexity.adapters.library.plans import Plan, planned
from codexity.adapters.library.vocabulary import Frequencies
from codexity.spelling import mends


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A question beside the words that were meant by others of it, as far as they may be mended.

    `meant` has these and those that are only suggested, see `spelling.meant`.
    """

    text: str
    plan: Plan
    meant: Mapping[str, str]


def understood(connection: sqlite3.Connection, text: str, often: Frequencies) -> Understood:
    """What a question asks for."""
    meant = spelling.meant(connection, text, often)
    text = " ".join((text, *mends(meant).values()))
    return Understood(text=text, plan=planned(connection, text, often), meant=meant)
