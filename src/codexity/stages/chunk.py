"""From a page to its passages: slices small enough to rank, cut where the page itself pauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from codexity.model import Block, Page, Passage
from codexity.record import Record
from codexity.records import records
from codexity.text import blocks, is_label, sentences, stemmed_in, stems, tokens, told

_TOKENS_PER_WORD = 1.5
_ENGLISH = "en"
_SPACE = re.compile(r"\s+")

Span = tuple[int, int]


def chunk(
    page: Page, *, words: int, checkpoint: Callable[[], None] | None = None
) -> tuple[Passage, ...]:
    """The page's passages of about `words` words, in order, each with its stems and records.

    Every passage is a verbatim slice. Cuts fall between blocks, inside a long block between its
    sentences or lines, and only inside a longer one between words; a heading goes with what
    follows it. Nothing but white space is left out. What goes on under a heading or a definition
    of the passage before has the stems of that as well, and so have rows those of their heads.

    `checkpoint` is called before each passage; what it raises ends the work.
    """
    passages: list[Passage] = []
    label = ""
    said = _Said(page)
    language = stemmed_in(page.text, page.language)
    for start, end in _slices(page, said, max(1, round(words * _TOKENS_PER_WORD))):
        if checkpoint is not None:
            checkpoint()
        text = page.text[start:end]
        labels = [
            (first, text[first:last])
            for first, last in blocks(text)
            if said.is_label(start + first, text[first:last])
        ]
        goes_on = not labels or labels[0][0] > 0
        own = said.records(start, end)
        # Labels and headings are too short to tell their language.
        spoken = language or told(text) or _ENGLISH
        known = (*stems(text, spoken), *(stems(label, spoken) if label and goes_on else ()))
        over = " ".join((*said.headings(start), *said.heads(own)))
        if above := stems(over, spoken) if over else ():
            held = frozenset(known)
            known = (*known, *(one for one in dict.fromkeys(above) if one not in held))
        passages.append(Passage(page=page, start=start, text=text, stems=known, records=own))
        label = labels[-1][1] if labels else label
    return tuple(passages)


class _Said:
    """What a page says of its own blocks."""

    def __init__(self, page: Page) -> None:
        self._kinds: Mapping[int, Block] = {one.start: one for one in page.blocks}
        self._records = records(page)
        self._starts = [one.start for one in self._records]
        self._headings: list[Block] = [one for one in page.blocks if one.kind == "heading"]
        self._text = page.text
        self._at = 0
        self._path: list[Block] = []

    def is_label(self, start: int, block: str) -> bool:
        """Whether the block at this place names what follows it."""
        told = self._kinds.get(start)
        if told is None or told.kind == "paragraph":
            return is_label(block)
        return told.kind == "heading"

    def headings(self, start: int) -> tuple[str, ...]:
        """The headings that this place stands below, or is; the places are asked for in order."""
        while self._at < len(self._headings) and self._headings[self._at].start <= start:
            new = self._headings[self._at]
            self._path = [*(one for one in self._path if one.level < new.level), new]
            self._at += 1
        return tuple(self._text[one.start : one.end] for one in self._path)

    def heads(self, own: Sequence[Record]) -> tuple[str, ...]:
        """The heads of the columns of these, each once."""
        rows = [self._kinds[one.start] for one in own if one.kind == "row" and one.known]
        return tuple(dict.fromkeys(head for row in rows for head in row.header))

    def records(self, start: int, end: int) -> tuple[Record, ...]:
        """Those that begin between two places."""
        return tuple(
            self._records[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        )


def _slices(page: Page, said: _Said, budget: int) -> Iterator[Span]:
    """Units gathered until the next would be too much; labels at a slice's end open the next."""
    text = page.text
    held: list[Span] = []
    size = 0
    for unit in _units(text, budget, page.language):
        cost = tokens(text[unit[0] : unit[1]])
        if held and size + cost > budget:
            kept = _without_labels(text, said, held)
            yield held[0][0], held[kept - 1][1]
            held = held[kept:]
            size = sum(tokens(text[start:end]) for start, end in held)
        held.append(unit)
        size += cost
    if held:
        yield held[0][0], held[-1][1]


def _without_labels(text: str, said: _Said, held: list[Span]) -> int:
    kept = len(held)
    while kept > 1 and said.is_label(held[kept - 1][0], text[slice(*held[kept - 1])]):
        kept -= 1
    # A list without marks at its ends looks like labels all through: it is cut where it is full.
    return kept if 2 * kept > len(held) else len(held)


def _units(text: str, budget: int, language: str | None) -> Iterator[Span]:
    for start, end in blocks(text):
        if tokens(text[start:end]) <= budget:
            yield start, end
        elif "\n" in text[start:end]:
            yield from _lines(text, (start, end), budget)
        else:
            for sentence in sentences(text, start, end, language):
                yield from _pieces(text, sentence, budget)


def _lines(text: str, block: Span, budget: int) -> Iterator[Span]:
    start, end = block
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            yield from _pieces(text, (start, stop), budget)
        start = stop + 1


def _pieces(text: str, unit: Span, budget: int) -> Iterator[Span]:
    """The unit itself, or, where it is too long, runs of its words; of a word too long, slices."""
    start, end = unit
    while end - start > budget and tokens(text[start : min(end, start + 4 * budget + 4)]) > budget:
        stop = start + (4 * budget if text[start : start + budget].isascii() else budget)
        space = text.rfind(" ", start, stop)
        stop = space if space > start else stop
        yield start, stop
        gap = _SPACE.match(text, stop, end)
        start = gap.end() if gap else stop
    if start < end:
        yield start, end
