"""Lines of PDFs that PDFium breaks between letters, made whole.

Where the lines of a page are short it takes the page for one that is written from top to bottom,
and each letter that was drawn by itself for a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from codexity.adapters.extract.pdf.lines import Characters

_BREAK = re.compile(r"(?<=\S)\r\n(?=\S)")
_SAME_LINE: Final = 0.05
_TOUCHING: Final = 0.12
_WORDS: Final = 0.5
"""All in heights of a character."""


def with_letters_joined(characters: Characters, text: str) -> tuple[str, list[int] | None]:
    """A page's text without the breaks inside words, and where in PDFium's each character stands.

    None instead of the places where nothing is broken: then they are the same.
    """
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in _BREAK.finditer(text):
        start, end = match.span()
        gap = _gap(characters, start - 1, end)
        if gap is None or gap >= _WORDS:
            continue
        parting = "" if gap < _TOUCHING else " "
        pieces += text[done:start], parting
        places += range(done, start + len(parting))
        done = end
    if not done:
        return text, None
    return "".join((*pieces, text[done:])), [*places, *range(done, len(text))]


def _gap(characters: Characters, before: int, behind: int) -> float | None:
    """How far two characters of one line stand apart; None where they are of two."""
    turned = characters.turned(before)
    if characters.turned(behind) != turned:
        return None
    left, bottom, right, top = characters.box(before, turned)
    height = top - bottom
    rise = characters.baseline(behind, turned) - characters.baseline(before, turned)
    begin = characters.box(behind, turned)[0]
    if not height or abs(rise) > _SAME_LINE * height or begin < left:
        return None
    return (begin - right) / height
