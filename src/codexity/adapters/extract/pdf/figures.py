"""Raised figures of PDFs: smaller digits above the baseline are powers, or the numbers of notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.figures import spelt_high
from codexity.adapters.extract.pdf.printed import Line

if TYPE_CHECKING:
    from codexity.adapters.extract.pdf.lines import Characters

_FIGURES = re.compile(r"\d+|(?:(?<=\d )|(?<=\d  )|(?<=\d\r\n))(?:st|nd|rd|th)\b")
_BROKEN = re.compile(r"\S\r\n(?=\d|[-−–+]\d|(?:st|nd|rd|th)\b).")
_SIGNS: Final = "-−–+"
_RAISED: Final = 0.12
_FAR: Final = 0.9
_SMALLER: Final = 0.9
_TOUCHING: Final = 0.15
"""All in heights of the character that stands before."""
_LOWEST: Final = 1e-3
_NEAR: Final = 4
"""So few characters before it stands: a break and a sign may be between."""


def with_raised_on_line(characters: Characters, text: str) -> str:
    """A page's text with two spaces where PDFium ends a line only since raised figures follow."""
    pieces: list[str] = []
    done = 0
    for match in _BROKEN.finditer(text):
        figures = _FIGURES.search(text, match.end() - 1)
        turned = characters.turned(match.start())
        if figures and _raised_from(characters, text, turned, figures) is not None:
            pieces += text[done : match.start() + 1], "  "
            done = match.end() - 1
    return "".join((*pieces, text[done:])) if pieces else text


def spelt_raised(characters: Characters, line: Line, at: int) -> str:
    """The text of a line, which begins at `at` in PDFium's, with its raised figures spelt out.

    PDFium may part them from what they stand at by a space that nobody typed.
    """
    pieces: list[str] = []
    done = 0
    for match in _FIGURES.finditer(line.text):
        start = _raised_from(characters, line.text, line.turned, match, at)
        if start is None:
            continue
        figures, before = line.text[start : match.end()], line.text[:start].rstrip()
        behind = line.text[match.end() :]
        spelt = None if figures.isalpha() else spelt_high(figures, before, behind)
        pieces += line.text[done:start].rstrip(), figures if spelt is None else spelt
        done = match.end()
    return "".join((*pieces, line.text[done:])) if pieces else line.text


def _raised_from(
    characters: Characters, text: str, turned: int, match: re.Match[str], at: int = 0
) -> int | None:
    """Where the raised figures begin that a run of figures ends with; None where it has none."""
    begin, last = match.start(), match.end() - 1
    base = _base(text, begin)
    if base == last:
        return None
    _, bottom, right, top = characters.box(at + base, turned)
    foot, height = characters.baseline(at + base, turned), max(top - bottom, _LOWEST)

    def raised(place: int) -> bool:
        _, low, _, high = characters.box(at + place, turned)
        rise = characters.baseline(at + place, turned) - foot
        return _RAISED < rise / height < _FAR and high - low < _SMALLER * height

    if not raised(last):
        return None
    start = last
    while start > base + 1 and not text[start - 1].isspace() and raised(start - 1):
        start -= 1
    # Figures that begin a run must touch what is before them; others do.
    apart = characters.box(at + start, turned)[0] - right if start == begin else 0.0
    return start if abs(apart) < _TOUCHING * height else None


def _base(text: str, begin: int) -> int:
    """The place of a character that figures may be raised above: before them, or their first."""
    base = begin - 1
    while base >= 0 and (text[base].isspace() or text[base] in _SIGNS):
        base -= 1
    return base if base >= 0 and begin - base <= _NEAR else begin
