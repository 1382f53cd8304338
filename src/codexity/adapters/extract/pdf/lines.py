"""The lines of a PDF's page that can be seen on it, with where they and their parts stand."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.pdf.figures import spelt_raised, with_raised_on_line
from codexity.adapters.extract.pdf.hyphens import PARTING_HYPHEN
from codexity.adapters.extract.pdf.letters import with_letters_joined
from codexity.adapters.extract.pdf.printed import Line, Segment
from codexity.adapters.extract.pdf.visibility import seen_text

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_WORD = re.compile(r"\S+")
_GAP: Final = 1.0
"""In heights of a line: no two words of a sentence stand so far apart."""
_LOOSE: Final = 1.2
"""How much wider than others a line is, for its letters, that may have such a gap."""
_SAMPLE: Final = 4
_QUARTER: Final = math.pi / 2
_ASKEW: Final = 0.05

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def lines_of(page: PdfPage) -> list[Line]:
    """The lines of a page that can be seen on it, in the order of the document.

    Where they stand is told as if they ran from left to right. Lines that are parted by wide gaps
    know their segments. PDFium reads the raised figures of `10` and `4` as 104: they are written as
    powers or notes.
    """
    with closing(page.get_textpage()) as text_page:
        characters = Characters(text_page)
        text = seen_text(page, text_page, text_page.get_text_range())
        text, characters.places = with_letters_joined(characters, text)
        text = with_raised_on_line(characters, text)
        found = list(_measured(characters, text, page.get_bbox()))
        return _segmented(characters, found)


class Characters:
    """Where the characters of a page stand, by their place in PDFium's text of it.

    `places` are those of the characters of a text that is shorter than PDFium's.
    """

    def __init__(self, text_page: PdfTextPage) -> None:
        from pypdfium2 import raw

        self.places: list[int] | None = None
        self._raw = raw
        self._text_page = text_page
        # Made once: a page has thousands of characters.
        self._box, self._x, self._y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        self._box_at, self._x_at = ctypes.byref(self._box), ctypes.byref(self._x)
        self._y_at = ctypes.byref(self._y)

    def turned(self, at: int) -> int:
        """By how many quarters, clockwise, the text runs another way than from left to right."""
        angle = self._raw.FPDFText_GetCharAngle(self._text_page, self._index(at))
        quarters = round(angle / _QUARTER)
        return quarters % 4 if abs(angle - quarters * _QUARTER) < _ASKEW else 0

    def box(self, at: int, turned: int = 0) -> Box:
        """The box of a character; it is as high as its line."""
        self._raw.FPDFText_GetLooseCharBox(self._text_page, self._index(at), self._box_at)
        found = self._box
        box = (found.left, found.bottom, found.right, found.top)
        return straightened(box, turned) if turned else box

    def baseline(self, at: int, turned: int = 0) -> float:
        """The height that a character stands at."""
        self._raw.FPDFText_GetCharOrigin(self._text_page, self._index(at), self._x_at, self._y_at)
        return _straight(self._x.value, self._y.value, turned)[1] if turned else self._y.value

    def _index(self, at: int) -> int:
        at = at if self.places is None else self.places[at]
        return self._raw.FPDFText_GetCharIndexFromTextIndex(self._text_page, at)


def straightened(box: Box, turned: int) -> Box:
    """A box of the page, where text that is turned by so many quarters runs from left to right."""
    left, bottom = _straight(box[0], box[1], turned)
    right, top = _straight(box[2], box[3], turned)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _straight(x: float, y: float, turned: int) -> tuple[float, float]:
    return ((x, y), (-y, x), (-x, -y), (y, -x))[turned]


class _Measured:
    """A line, and the place of its text in PDFium's."""

    __slots__ = ("at", "line")

    def __init__(self, line: Line, at: int) -> None:
        self.line, self.at = line, at


def _measured(characters: Characters, text: str, page: Box) -> Iterator[_Measured]:
    at = 0
    for told in text.split("\r\n"):
        shown = told.strip()
        begin = at + told.find(shown)
        at += len(told) + 2
        if not shown:
            continue
        turned = characters.turned(begin)
        end = begin + len(shown) - 1
        left, bottom, right, top = characters.box(begin, turned)
        _, last_bottom, last_right, last_top = characters.box(end, turned)
        baseline = characters.baseline(begin, turned)
        line = Line(
            text=shown,
            left=left,
            right=max(right, last_right),
            first=baseline,
            last=min(baseline, characters.baseline(end, turned)),
            height=max(top - bottom, last_top - last_bottom),
            turned=turned,
        )
        if _is_on(line, straightened(page, turned)):
            yield _Measured(line, begin)


def _is_on(line: Line, page: Box) -> bool:
    left, bottom, right, top = page
    return line.left < right and line.right > left and bottom < line.last <= line.first < top


def _segmented(characters: Characters, found: Sequence[_Measured]) -> list[Line]:
    """The lines with their segments: those that are loose, and all where long ones have gaps."""
    spread = {id(one): (one.line.right - one.line.left) / len(one.line.text) for one in found}
    usual = median(spread.values()) if spread else 0.0
    sample = sorted(found, key=lambda one: -len(one.line.text))[:_SAMPLE]
    gappy = any(len(_segments(characters, one)) > 1 for one in sample)
    done: list[Line] = []
    for one in found:
        if gappy:
            done += (_with_segments(characters, part) for part in _unparted(characters, one))
        elif spread[id(one)] > _LOOSE * usual:
            done.append(_with_segments(characters, one))
        else:
            done.append(_without_segments(characters, one))
    return done


def _without_segments(characters: Characters, one: _Measured) -> Line:
    text = spelt_raised(characters, one.line, one.at)
    return one.line if text == one.line.text else replace(one.line, text=text)


def _with_segments(characters: Characters, one: _Measured) -> Line:
    segments = _segments(characters, one)
    text = " ".join(segment.text for segment in segments)
    return replace(one.line, text=text, segments=segments if len(segments) > 1 else ())


def _segments(characters: Characters, one: _Measured) -> tuple[Segment, ...]:
    line = one.line
    spans = [match.span() for match in _WORD.finditer(line.text)]
    words = [
        Segment(
            text=line.text[start:end],
            left=characters.box(one.at + start, line.turned)[0],
            right=characters.box(one.at + end - 1, line.turned)[2],
        )
        for start, end in spans
    ]
    begins = [0]
    begins += [
        at
        for at, (before, after) in enumerate(pairwise(words), start=1)
        if after.left - before.right > _GAP * line.height
    ]
    return tuple(
        Segment(
            text=_spelt(characters, one, spans[first][0], spans[last - 1][1]),
            left=words[first].left,
            right=words[last - 1].right,
            words=tuple(words[first:last]),
        )
        for first, last in pairwise([*begins, len(words)])
    )


def _spelt(characters: Characters, one: _Measured, start: int, end: int) -> str:
    part = replace(one.line, text=one.line.text[start:end])
    return spelt_raised(characters, part, one.at + start)


def _unparted(characters: Characters, one: _Measured) -> Iterator[_Measured]:
    """The lines that PDFium joins where a word is parted: in columns they do not go on so."""
    begin, line = 0, one.line
    for match in (*PARTING_HYPHEN.finditer(line.text), None):
        end = len(line.text) if match is None else match.start()
        shown = line.text[begin:end].strip()
        if shown:
            at = one.at + line.text.index(shown, begin)
            baseline = characters.baseline(at, line.turned)
            yield _Measured(
                replace(
                    line,
                    text=shown if match is None else f"{shown}-",
                    left=characters.box(at, line.turned)[0],
                    right=characters.box(at + len(shown) - 1, line.turned)[2],
                    first=baseline,
                    last=baseline,
                ),
                at,
            )
        begin = line.text.index(match[0], begin) + len(match[0]) if match else end
