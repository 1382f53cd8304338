"""Names on a page, by which a question may ask for what stands there, and what that is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from codexity.analysis.sentences import sentences
from codexity.model import Block, Evidence, Page, Passage, Sentence
from codexity.outline import COLON

from .layout import cleaned
from .runs import cut

_MOST_SENTENCES: Final = 3
_NAME_CHARS: Final = 80
_LOOKED_INTO: Final = 3_000
_SHORT_PAGE: Final = 300
"""Of a page of no more blocks all are looked at, of longer ones those of the passages."""
_LINE_CHARS: Final = 120
_ENDS: Final = (".", "!", "?", "。")
_WORDS: Final = frozenset({"paragraph", "pair", "item"})
_LABEL_CHARS: Final = 72
_MOST_LABELS: Final = 20
_LABEL: Final = re.compile(r"(?:^|[.!?;] )([^\W_][^.:!?;|\n]{1,70})\Z")
"""What stands before a colon, from where a sentence begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A name on a page, from where to where it stands, and the block that has it."""

    source: Evidence
    passage: Passage
    start: int
    end: int
    at: int
    inline: bool

    @property
    def page(self) -> Page:
        """The page that it is on."""
        return self.source.page

    @property
    def heads(self) -> bool:
        """Whether it is a heading."""
        return self.page.blocks[self.at].kind == "heading"

    @property
    def name(self) -> str:
        """The words of it."""
        return self.page.text[self.start : self.end]


def places(source: Evidence) -> Iterator[Place]:
    """The names on a page: headings, lines that announce, and what stands before a colon."""
    text, blocks = source.page.text, source.page.blocks
    for passage, at in _looked_at(source):
        block = blocks[at]
        said = text[block.start : min(block.end, block.start + _LOOKED_INTO)].rstrip()
        announces = said.endswith(COLON) and len(said) <= _NAME_CHARS
        if block.kind == "heading" or (block.kind == "paragraph" and announces):
            spans, inline = [(block.start, block.end)], False
        elif block.kind in _WORDS:
            spans, inline = list(_labels(said, block.start)), True
        else:
            continue
        for start, end in spans:
            yield Place(source=source, passage=passage, start=start, end=end, at=at, inline=inline)


def _labels(said: str, offset: int) -> Iterator[tuple[int, int]]:
    """What stands before a colon, where a block begins or a sentence in it."""
    colon = said.find(": ")
    for _ in range(_MOST_LABELS):
        if colon < 0:
            return
        begin = max(0, colon - _LABEL_CHARS)
        found = _LABEL.search(said[begin:colon])
        if found and (found.start() or not begin):
            yield offset + begin + found.start(1), offset + colon
        colon = said.find(": ", colon + 1)


def _looked_at(source: Evidence) -> Iterator[tuple[Passage, int]]:
    """The blocks of the passages, and of a short page the others as well, with their passage."""
    blocks = source.page.blocks
    seen: set[int] = set()
    for one in source.passages:
        first = bisect_left(blocks, one.start, key=_start)
        last = bisect_left(blocks, one.start + len(one.text), key=_start)
        yield from ((one, at) for at in range(first, last) if at not in seen)
        seen.update(range(first, last))
    if len(blocks) <= _SHORT_PAGE:
        yield from ((source.passages[0], at) for at in range(len(blocks)) if at not in seen)


def _start(one: Block) -> int:
    return one.start


def section_of(blocks: Sequence[Block], at: int) -> Iterator[Block]:
    """The blocks from this one to the next heading."""
    for one in blocks[at:]:
        if one.kind == "heading":
            return
        yield one


def are_lines(text: str, section: Sequence[Block]) -> bool:
    """Whether a section is a list without marks: short lines, most of which are no sentences."""
    said = [text[one.start : one.end].rstrip() for one in section]
    sentences = sum(one[-1:] in _ENDS for one in said)
    return (
        len(section) > 1
        and all(one.kind in ("paragraph", "item", "pair") for one in section)
        and any(one.kind == "paragraph" for one in section)
        and all(len(one) <= _LINE_CHARS for one in said)
        and 2 * sentences < len(said)
        and not any(one.endswith(COLON) for one in said)
    )


def first_sentences(place: Place, section: Sequence[Block]) -> Iterator[Sentence]:
    """The first sentences of a section that begins with paragraphs."""
    count = 0
    for one in section:
        if one.kind != "paragraph" or count >= _MOST_SENTENCES:
            return
        for own in sentences_of(place, one.start, _MOST_SENTENCES - count, one.end):
            yield replace(own, before=" " if count else "")
            count += 1


def sentences_of(place: Place, start: int, most: int, end: int = 0) -> Iterator[Sentence]:
    """The first sentences from a place to the end of its block, or to another end."""
    text, page = place.page.text, place.page
    end = end or page.blocks[place.at].end
    for count, (first, last) in enumerate(sentences(text, start, end, page.language)):
        if count == most:
            return
        yield Sentence(
            text=cleaned(cut(" ".join(text[first:last].split()))),
            index=place.source.source.index,
            start=first,
            end=last,
            before=" " if count else "",
        )
