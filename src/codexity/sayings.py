"""What a passage says: its sentences and records, each with the stems of what it stands under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from codexity.leaning import leans
from codexity.memo import Memo
from codexity.model import Passage
from codexity.text import blocks, sentences, stemmed_in, stems, told

_ENGLISH: Final = "en"
_WORDS_OF_LEAD: Final = 4
"""A paragraph that begins with a sentence of so few words is headed by it: `Fair. On 3 May`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence or a record of a passage, with the stems of it and of what it stands under.

    `under` is that, with the sentence before it.
    """

    text: str
    held: frozenset[str]
    alone: bool
    under: str = ""


_UNITS: Final = Memo[tuple[Unit, ...]](8_000_000)
"""Those of passages; each counts as much as its whole page."""


def units_of(passage: Passage, title: frozenset[str]) -> Sequence[Unit]:
    """The sentences and records of a passage in order; `title` are the stems of its page's title.

    A short first sentence of a paragraph names what follows it, as a heading does.
    """
    place = (passage.start, len(passage.text))
    return _UNITS.of(passage.page, lambda: tuple(_units(passage, title)), given=place)


def _units(passage: Passage, title: frozenset[str]) -> list[Unit]:
    page, text = passage.page, passage.text
    language = stemmed_in(page.text, page.language) or told(text) or _ENGLISH
    known = {own.start for own in passage.records if own.known}
    found: list[tuple[int, Unit]] = []
    for start, end in blocks(text):
        lead = before = ""
        for number, (first, last) in enumerate(sentences(text, start, end)):
            at = passage.start + first
            if at in known:
                continue
            above = " ".join((*page.headings_at(at)[-2:], lead))
            if not number and text.count(" ", first, last) < _WORDS_OF_LEAD:
                lead = text[first:last]
            under = f"{above} {before}"
            near = under if leans(text[first:last]) else above
            held = frozenset(stems(f"{text[first:last]} {near}", language)) | title
            found.append((at, Unit(text=text[first:last], held=held, alone=False, under=under)))
            before = text[first:last]
    for own in passage.records:
        held = frozenset(stems(f"{own.said} {own.under}", language)) | title
        found.append((own.start, Unit(text=own.said, held=held, alone=True)))
    return [unit for _, unit in sorted(found, key=lambda pair: pair[0])]
