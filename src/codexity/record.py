"""A row, a list item, a pair or a line of code: what a page says without a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row, a list item, a pair or a line of code; `kind` is that of its block.

    `text` stands in the page at `start`; `said` is it on one line for a reader who does not see the
    page: the cells of a row behind their heads, a line of code between backticks. `lead` is what it
    is led by then, and `under` all that it stands under: title, headings, what announces it, heads.
    `name` is what it is about: a row's first cell, what stands before a colon; empty for others.
    `entry` is the item of a list that it stands below, empty where there is none.
    Those that stand together have the same `group`; `known` says that the page told what its blocks
    are.
    """

    kind: str
    start: int
    text: str
    said: str
    lead: str
    under: str
    name: str
    entry: str
    group: int
    known: bool
