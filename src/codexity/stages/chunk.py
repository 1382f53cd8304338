"""From a page to its passages: slices small enough to rank, cut where the page itself pauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from codexity.model import Page, Passage
from codexity.text import blocks, is_label, sentences, stems, tokens

_TOKENS_PER_WORD = 1.5
_SPACE = re.compile(r"\s+")

Span = tuple[int, int]


def chunk(
    page: Page, *, words: int, checkpoint: Callable[[], None] | None = None
) -> tuple[Passage, ...]:
    """The page's passages of about `words` words, in order, each with its stems.

    Every passage is a verbatim slice. Cuts fall between blocks, inside a long block between its
    sentences or lines, and only inside a longer one between words; a heading goes with what
    follows it. Nothing but white space is left out. What goes on under a heading or a definition
    of the passage before has the stems of that as well.

    `checkpoint` is called before each passage; what it raises ends the work.
    """
    passages: list[Passage] = []
    label = ""
    for start, end in _slices(page.text, max(1, round(words * _TOKENS_PER_WORD))):
        if checkpoint is not None:
            checkpoint()
        text = page.text[start:end]
        labels = [text[first:last] for first, last in blocks(text) if is_label(text[first:last])]
        goes_on = not labels or not text.startswith(labels[0])
        known = (*stems(text), *(stems(label) if goes_on else ()))
        passages.append(Passage(page=page, start=start, text=text, stems=known))
        label = labels[-1] if labels else label
    return tuple(passages)


def _slices(text: str, budget: int) -> Iterator[Span]:
    """Units gathered until the next would be too much; labels at a slice's end open the next."""
    held: list[Span] = []
    size = 0
    for unit in _units(text, budget):
        cost = tokens(text[unit[0] : unit[1]])
        if held and size + cost > budget:
            kept = _without_labels(text, held)
            yield held[0][0], held[kept - 1][1]
            held = held[kept:]
            size = sum(tokens(text[start:end]) for start, end in held)
        held.append(unit)
        size += cost
    if held:
        yield held[0][0], held[-1][1]


def _without_labels(text: str, held: list[Span]) -> int:
    kept = len(held)
    while kept > 1 and is_label(text[held[kept - 1][0] : held[kept - 1][1]]):
        kept -= 1
    # A list without marks at its ends looks like labels all through: it is cut where it is full.
    return kept if 2 * kept > len(held) else len(held)


def _units(text: str, budget: int) -> Iterator[Span]:
    for start, end in blocks(text):
        if tokens(text[start:end]) <= budget:
            yield start, end
        elif "\n" in text[start:end]:
            yield from _lines(text, (start, end), budget)
        else:
            for sentence in sentences(text, start, end):
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
