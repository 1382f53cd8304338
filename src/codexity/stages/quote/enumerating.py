"""Enumerations: sentences that name several things one behind the other, and do nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Final

from codexity.model import Sentence
from codexity.question_kind import AskedFor

from .denial import denies
from .places import Place, section_of, sentences_of

_BETWEEN: Final = re.compile(r"[,;]\s(?:and |or )?|\s(?:and|or)\s")
_COMMA: Final = re.compile(r"[,;]\s")
_THERE: Final = re.compile(
    r"(?:there (?:are|is)|we (?:have|take|accept|offer)|it is) ", re.IGNORECASE
)
_LONGEST: Final = 400
_LEAST: Final = 2
_LOOKED_AT: Final = 3
"""Of a section no more blocks are looked at, and of each no more sentences."""
_SAYING: Final = frozenset({"paragraph", "item"})
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

    It has three parts at least, of few words, with a comma or a semicolon among them; none begins a
    clause, and fewer than half have figures, as the measures of one thing do. `labelled` allows a
    label in front: `Present: Ann, Bo, Cy`.
    """
    said = _BRACKETS.sub("", text[:_LONGEST]).strip().rstrip(".!")
    if labelled:
        said = said.partition(": ")[2] or said
    said = _THERE.sub("", said, count=1) if _THERE.match(said) else said
    parts = _BETWEEN.split(said)
    figures = sum(any(map(str.isdigit, one)) for one in parts)
    return (
        _COMMA.search(said) is not None
        and _LEAST < len(parts) > 2 * figures
        and all(
            len(one.split()) <= _PART_WORDS and ":" not in one and not _BEGINS_CLAUSE.match(one)
            for one in islice(parts, 20)
        )
    )


class Several:
    """What finds the sentence of a section that names the things or the persons asked for."""

    def __init__(self, kind: AskedFor | None, *, asked: bool) -> None:
        self._kind = kind
        self._asked = asked

    def said(self, place: Place) -> tuple[Sentence, ...]:
        """The sentence below a heading that does so; empty if none does, or none is asked for."""
        if not (place.heads and self._asked):
            return ()
        section = section_of(place.page.blocks, place.at + 1)
        for block in islice((one for one in section if one.kind in _SAYING), _LOOKED_AT):
            for one in sentences_of(place, block.start, _LOOKED_AT, block.end):
                if self._is_one(one.text):
                    return (replace(one, before=""),)
        return ()

    def _is_one(self, text: str) -> bool:
        if self._kind is None:
            return enumerates(text) and not denies(text)
        names = list(islice(self._kind.finds.finditer(text), _LEAST))
        return enumerates(text, labelled=True) and len(names) == _LEAST
