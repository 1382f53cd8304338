"""What printed pages are made of: lines, the parts of lines, and the blocks that lines make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codexity.adapters.extract.blocks import Draft

STOP = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
"""What the last line of a paragraph mostly ends with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a line: a word of it, or what a wide gap sets apart (a cell, a column's line)."""

    text: str
    left: float
    right: float
    words: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it stands on its page, in points from the page's lower left.

    A word that is parted at the end of a line joins two of them: `left`, `height` and the baseline
    `first` are those of the first character, `right` and the baseline `last` those of the last.
    `turned` is by how many quarters of a circle, clockwise, it runs another way than from left to
    right; the page is turned back for it. `segments` are two or more, or none.
    """

    text: str
    left: float
    right: float
    first: float
    last: float
    height: float
    turned: int = 0
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, a heading, an item or a row; `height` is that of its first line."""

    draft: Draft
    height: float

    @property
    def text(self) -> str:
        """What it says."""
        return self.draft.text
