"""From the lines of printed pages to paragraphs: where a line stands says what it is part of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.pdf.hyphens import PARTING_HYPHEN, Hyphens
from codexity.adapters.extract.pdf.printed import STOP, Line, Paragraph
from codexity.adapters.extract.pdf.tables import rows

_SAME_LINE = 0.4
_APART = 1.25
"""Between paragraphs there is so much more than between lines; TeX's parskip was seen at 1.23."""
_USUAL = 1.2
_OTHER_SIZE = 1.25
_INDENT = 0.8
_SHORT = 4.0
"""All in heights of a line, but `_APART`, which is in usual distances of lines (`_USUAL`)."""
_BULLET = re.compile(r"(?:[•▪‣◦●■–—*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_MARK = re.compile(r"[•▪‣◦●■*]\s+")
_PARTED = re.compile(rf"(\w+){PARTING_HYPHEN.pattern}(\w+)")
_OPEN = re.compile(r"(\w+)-$")
_FIRST_WORD = re.compile(r"\w+")
_STRAY = re.compile("[\ufffe\uffff\x02]")
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_OFTEN = 3
_LONGEST_HEAD = 120
_FEW_LINES = 3
"""A page of so few has no running head: it may say nothing else."""


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


def repaired(pages: Sequence[Sequence[Line]], hyphens: Hyphens) -> list[list[Line]]:
    """The pages with every word whole that was parted at the end of a line.

    PDFium writes U+FFFE where it takes a hyphen for one of these.
    """

    def mended(match: re.Match[str]) -> str:
        return hyphens.joined(*match.groups())

    return [
        [
            replace(line, text=_STRAY.sub("-", _PARTED.sub(mended, line.text)), segments=())
            if PARTING_HYPHEN.search(line.text) or _STRAY.search(line.text)
            else line
            for line in lines
        ]
        for lines in pages
    ]


def paragraphs(lines: Sequence[Line], hyphens: Hyphens) -> list[Paragraph]:
    """The blocks of one page; lines that have segments are rows of tables."""
    gaps = [
        (one.last - other.first) / max(one.height, other.height)
        for one, other in pairwise(lines)
        if one.height and other.height
    ]
    usual = median([gap for gap in gaps if 0.5 < gap < 3] or [_USUAL])
    done: list[Paragraph] = []
    for run in _runs(lines, usual):
        done += rows(run) if run[0].segments else [_block(run, hyphens)]
    return [one for one in done if one.text]


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
    if line.segments or before.segments:
        return len(before.segments) != len(line.segments)
    return before.turned != line.turned or _is_apart(held, line, usual)


def _is_apart(held: Sequence[Line], line: Line, usual: float) -> bool:
    before = held[-1]
    height = max(before.height, line.height)
    step = before.last - line.first
    stopped = STOP.search(before.text) is not None
    if abs(step) < _SAME_LINE * height:
        return False
    if _BULLET.match(line.text):
        return True
    if step < 0:
        return stopped or not line.text[:1].islower()
    if height > _OTHER_SIZE * min(before.height, line.height):
        return True
    if step > _APART * usual * height:
        return True
    room = max(one.right for one in (*held, line)) - before.right
    return stopped and (line.left > before.left + _INDENT * height or room > _SHORT * height)


def _block(run: Sequence[Line], hyphens: Hyphens) -> Paragraph:
    text = _joined((line.text for line in run), hyphens)
    mark = _MARK.match(text)
    bullet = _BULLET.match(text)
    draft = Draft(
        text=text[mark.end() :] if mark else text,
        kind="item" if bullet else "paragraph",
        level=1 if bullet else 0,
    )
    return Paragraph(draft=blocks.told(draft), height=run[0].height)


def _joined(lines: Iterable[str], hyphens: Hyphens) -> str:
    pieces: list[str] = []
    for line in lines:
        parted = _OPEN.search(pieces[-1]) if pieces and pieces[-1].endswith("-") else None
        word = _FIRST_WORD.match(line)
        if parted is None or word is None:
            pieces.append(line)
        else:
            whole = hyphens.joined(parted[1], word[0])
            pieces[-1] = pieces[-1][: parted.start()] + whole + line[word.end() :]
    return blocks.prose(" ".join(pieces))


def _outermost(lines: Sequence[Line]) -> tuple[Line, ...]:
    if len(lines) <= _FEW_LINES:
        return ()
    return max(lines, key=lambda one: one.first), min(lines, key=lambda one: one.last)


def _head(line: Line) -> str:
    return _DIGITS.sub("#", line.text)
