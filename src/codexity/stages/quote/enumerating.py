"""Enumerations: whether a text names several things one behind the other, and does nothing else."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

_BETWEEN: Final = re.compile(r"[,;]\s")
_THERE: Final = re.compile(r"(?:there (?:are|is)|we (?:have|take|accept|offer)|it is) ", re.IGNORECASE)
_LONGEST: Final = 400
_LEAST: Final = 2
_PART_WORDS: Final = 9
"""What is named has few words; with more of them the commas part clauses."""
_BRACKETS: Final = re.compile(r"\([^()]{0,120}\)")
_BEGINS_CLAUSE: Final = re.compile(
    r"\s*(?:which|who|but|so|if|because|since|although|though|while|when|unless|until|it|they|he"
    r"|she|we|you|i|there|this|that|then)\b",
    re.IGNORECASE,
)


def enumerates(text: str, *, labelled: bool = False) -> bool:
    """Whether it is a few things in a row: `kettles, scales, mended pots`; `smoking; dogs; fire`.

    It has two commas or semicolons at least, with few words between them, none of which begin a
    clause, and fewer than half have figures, as the measures of one thing do. `labelled` allows a label in front: `Present: Ann, Bo, Cy`.
    """
    said = _BRACKETS.sub("", text[:_LONGEST]).strip().rstrip(".!")
    if labelled:
        said = said.partition(": ")[2] or said
    said = _THERE.sub("", said, count=1) if _THERE.match(said) else said
    parts = _BETWEEN.split(said)
    figures = sum(any(map(str.isdigit, one)) for one in parts)
    return _LEAST < len(parts) > 2 * figures and all(
        len(one.split()) <= _PART_WORDS and ":" not in one and not _BEGINS_CLAUSE.match(one)
        for one in islice(parts, 20)
    )
