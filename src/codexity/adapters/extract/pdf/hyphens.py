"""Words that are parted at the end of a line, and whether the hyphen is their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

PARTING_HYPHEN = re.compile(r"[\ufffe\x02\xad]\s*")
"""What PDFium writes for a hyphen at the end of a line, and the start of the next."""
_PARTED = re.compile(rf"\w+{PARTING_HYPHEN.pattern}\w+|\w+-(?:$|\n)", re.MULTILINE)
_HYPHENATED = re.compile(r"\w+-\w+")
_WORD = re.compile(r"\w+")
_SHORTEST: Final = 4
"""Shorter words are syllables of others as well."""
_FIRST_PARTS: Final = frozenset(
    """all best better cross double eighty ever fast fifty five forty four full half hand hard high
    home ill in-depth large late left light long low lower mid middle multi near new next nine
    ninety non old one open part post pre quasi quick real right second self semi seven seventy
    short single six sixty slow small so ten third thirty three time top twenty two ultra upper
    user water well wide world year""".split()
)
"""What compounds begin with that are spelt with a hyphen."""


class Hyphens:
    """What a document itself says of its compounds: the words that stand whole in its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        text = _PARTED.sub(" ", "\n".join(lines)).lower()
        self._words = frozenset(_WORD.findall(text))
        self._compounds = frozenset(_HYPHENATED.findall(text))

    def joined(self, first: str, second: str) -> str:
        """The word whose parts stand at the end of a line and at the start of the next.

        The hyphen stays where the document has the compound elsewhere, where both parts are words
        of it, or where the first is one that compounds begin with, unless it has the word whole.
        """
        whole, compound = f"{first}{second}", f"{first}-{second}"
        return compound if self._is_compound(first, second) else whole

    def _is_compound(self, first: str, second: str) -> bool:
        if not second[0].islower() or not first[-1].isalpha():
            return True
        head, tail = first.lower(), second.lower()
        if head + tail in self._words:
            return False
        if f"{head}-{tail}" in self._compounds or head in _FIRST_PARTS:
            return True
        known = {head, tail} <= self._words
        return known and min(len(head), len(tail)) >= _SHORTEST
