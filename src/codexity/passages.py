"""One splitter of passages, for the web and the library: slices of a page, cut where it pauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codexity.model import Block, Page
from codexity.text import blocks, is_label, sentences, tokens

_TOKENS_PER_WORD = 1.5
_SPACE = re.compile(r"\s+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Where a passage starts and ends in its page's text, and what it stands under.

    `label` is the heading or definition of a passage before that goes on in this one, empty where
    it begins with its own; `headings` are those above its beginning, the highest first.
    """

    start: int
    end: int
    label: str
    headings: tuple[str, ...]


def slices(page: Page, *, words: int) -> Iterator[Slice]:
    """The passages of a page, of about `words` words, in order.

    Cuts fall between blocks, inside a long block between its sentences or lines, and only inside a
    longer one between words; a heading goes with what follows it. Nothing but white space is left
    out.
    """
    label = ""
    labels = _Labels(page)
    for start, end in _slices(page, labels, max(1, round(words * _TOKENS_PER_WORD))):
        text = page.text[start:end]
        own = [(first, text[first:last]) for first, last in blocks(text)]
        begins = bool(own) and own[0][0] == 0 and labels.is_label(start, own[0][1])
        yield Slice(
            start=start,
            end=end,
            label="" if begins else label,
            headings=labels.headings(start),
        )
        last = (block for first, block in reversed(own) if labels.is_label(start + first, block))
        label = next(last, label)


class _Labels:
    """What of a page names what follows it."""

    def __init__(self, page: Page) -> None:
        self._kinds: Mapping[int, Block] = {one.start: one for one in page.blocks}
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


def _slices(page: Page, labels: _Labels, budget: int) -> Iterator[Span]:
    """Units gathered until the next would be too much; labels at a slice's end open the next."""
    text = page.text
    held: list[Span] = []
    size = 0
    for unit in _units(text, budget, page.language):
        cost = tokens(text[unit[0] : unit[1]])
        if held and size + cost > budget:
            kept = _without_labels(text, labels, held)
            yield held[0][0], held[kept - 1][1]
            held = held[kept:]
            size = sum(tokens(text[start:end]) for start, end in held)
        held.append(unit)
        size += cost
    if held:
        yield held[0][0], held[-1][1]


def _without_labels(text: str, labels: _Labels, held: list[Span]) -> int:
    kept = len(held)
    while kept > 1 and labels.is_label(held[kept - 1][0], text[slice(*held[kept - 1])]):
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
