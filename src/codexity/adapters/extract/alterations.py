"""Where a page's text, as we write it, is not what the page itself holds word for word."""

from __future__ import annotations

import re
from typing import Final

_OPEN: Final = "\ufdd0"
_CLOSE: Final = "\ufdd1"
"""Noncharacters: no text has them, XML takes them, and extractors leave them where they are."""
_MARKS = re.compile(f"([{_OPEN}{_CLOSE}])")
_NONE = {ord(_OPEN): None, ord(_CLOSE): None}

Span = tuple[int, int]


def altered(text: str) -> str:
    """A text that stands for something else of the page, marked; empty for what is left out."""
    return f"{_OPEN}{text}{_CLOSE}"


def unmarked(text: str) -> str:
    """The text without marks."""
    return text.translate(_NONE) if _OPEN in text or _CLOSE in text else text


def told_apart(text: str) -> tuple[str, tuple[Span, ...]]:
    """A text of single spaces without marks, and the spans of it that were marked.

    What a page wrote itself that looks like a mark does no harm: more of it counts as altered.
    """
    if _OPEN not in text and _CLOSE not in text:
        return text, ()
    pieces: list[str] = []
    spans: list[Span] = []
    at, opened, last = 0, -1, " "
    for piece in _MARKS.split(text):
        if piece == _OPEN:
            opened = at if opened < 0 else opened
        elif piece == _CLOSE:
            if opened >= 0:
                spans.append((opened, at))
            opened = -1
        elif piece:
            kept = piece.removeprefix(" ") if last == " " else piece
            if kept != piece and spans and spans[-1] == (at, at) and at:
                spans[-1] = (at - 1, at)
            pieces.append(kept)
            at += len(kept)
            last = kept[-1:] or last
    if opened >= 0:
        spans.append((opened, at))
    clean = "".join(pieces)
    end = len(clean.rstrip(" "))
    return clean[:end], tuple((min(first, end), min(stop, end)) for first, stop in spans)
