"""From the lines of printed pages to paragraphs: where a line stands says what it is part of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

from codexity.adapters.extract import blocks

_SAME_LINE = 0.4
_APART = 1.25
"""Between paragraphs there is so much more than between lines; TeX's parskip was seen at 1.23."""
_OTHER_SIZE = 1.25
_INDENT = 0.8
_SHORT = 4.0
"""All in heights of a line, but `_APART`, which is in usual distances of lines."""
_BULLET = re.compile(r"(?:[•▪‣◦●■–—*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_MARK = re.compile(r"[•▪‣◦●■*]\s+")
_STOP = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_PARTED = re.compile(r"(\w+)(?:\ufffe|\x02|\xad)\s*(\w+)")
_OPEN = re.compile(r"\w-$")
_STRAY = re.compile("[\ufffe\uffff\x02]")
_HYPHENATED = re.compile(r"\w+-\w+")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_OFTEN = 3
_LONGEST_HEAD = 120
_FEW_LINES = 3
"""A page of so few has no running head: it may say nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it stands on its page, in points from the page's lower left.

    A word that is parted at the end of a line joins two of them: `left`, `height` and the baseline
    `first` are those of the first character, `right` and the baseline `last` those of the last.
    """

    text: str
    left: float
    right: float
    first: float
    last: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading or an item; `height` is that of its first line."""

    text: str
    height: float


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without what stands first or last on three or more of them, but for its number.

    Where it stands for the first time it is kept: that may be the title.
    """
    seen = Counter(_head(line) for lines in pages for line in _outermost(lines))
    often = {head for head, count in seen.items() if count >= _OFTEN and len(head) <= _LONGEST_HEAD}
    told = {head for head in often if not _LETTER.search(head)}
    kept: list[list[Line]] = []
    for lines in pages:
        gone = {id(line) for line in _outermost(lines) if _head(line) in told}
        kept.append([line for line in lines if id(line) not in gone])
        told |= often.intersection(_head(line) for line in _outermost(lines))
    return kept


def repaired(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages with every word whole that was parted at the end of a line.

    PDFium writes U+FFFE where it takes a hyphen for one of these. Whether the word has a hyphen of
    its own is asked of the rest of the document.
    """
    text = "\n".join(line.text for line in chain.from_iterable(pages))
    if not _STRAY.search(text) and "\xad" not in text:
        return [list(lines) for lines in pages]
    whole = frozenset(one.lower() for one in _WORD.findall(text))
    hyphenated = frozenset(one.lower() for one in _HYPHENATED.findall(text))

    def mended(match: re.Match[str]) -> str:
        joined, parted = "".join(match.groups()), "-".join(match.groups())
        own = parted.lower() in hyphenated and joined.lower() not in whole
        return parted if own or not match[2][0].islower() else joined

    return [
        [replace(line, text=_STRAY.sub("-", _PARTED.sub(mended, line.text))) for line in lines]
        for lines in pages
    ]


def paragraphs(lines: Sequence[Line]) -> list[Block]:
    """The blocks of one page."""
    gaps = [one.last - other.first for one, other in pairwise(lines)]
    steps = [
        gap
        for gap, line in zip(gaps, lines, strict=False)
        if 0.5 * line.height < gap < 3 * line.height
    ]
    usual = median(steps) if steps else 0.0
    return [block for run in _runs(lines, usual) if (block := _block(run)).text]


def _runs(lines: Sequence[Line], usual: float) -> Iterator[list[Line]]:
    held: list[Line] = []
    for line in lines:
        if held and _parted(held, line, usual):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _parted(held: Sequence[Line], line: Line, usual: float) -> bool:
    """Whether a line begins a new block behind those that are held."""
    before = held[-1]
    height = max(before.height, line.height)
    step = before.last - line.first
    stopped = _STOP.search(before.text) is not None
    if abs(step) < _SAME_LINE * height:
        return False
    if _BULLET.match(line.text):
        return True
    if step < 0:
        return stopped or not line.text[:1].islower()
    if height > _OTHER_SIZE * min(before.height, line.height):
        return True
    if step > _APART * (usual or 1.2 * height):
        return True
    room = max(one.right for one in (*held, line)) - before.right
    return stopped and (line.left > before.left + _INDENT * height or room > _SHORT * height)


def _block(run: Sequence[Line]) -> Block:
    pieces: list[str] = []
    for line in run:
        parted = pieces and _OPEN.search(pieces[-1]) and line.text[:1].isalnum()
        pieces.append(line.text if parted or not pieces else f" {line.text}")
    text = blocks.prose("".join(pieces))
    mark = _MARK.match(text)
    return Block(text=text[mark.end() :] if mark else text, height=run[0].height)


def _outermost(lines: Sequence[Line]) -> tuple[Line, ...]:
    if len(lines) <= _FEW_LINES:
        return ()
    return max(lines, key=lambda one: one.first), min(lines, key=lambda one: one.last)


def _head(line: Line) -> str:
    return _DIGITS.sub("#", line.text)
