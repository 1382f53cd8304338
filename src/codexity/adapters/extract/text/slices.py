"""Large Markdown documents in slices, so that the tokens of all of one are never held at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LEAST: Final = 400_000
"""Characters of a slice: a parser takes some forty bytes of memory for each."""
_TAG = re.compile(r"<(?!https?:|mailto:)[a-zA-Z!/?]")
_CUT = re.compile(r"\n(?=#{1,6} |[-*+] \S)|\n\n(?=\S)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*%%[ \t]*$", re.MULTILINE)


def slices(source: str) -> Iterator[str]:
    """The parts of a document, cut before a heading, an item or a paragraph that begins a line.

    No fence and no comment of notes runs across two. A document with HTML stays whole, since an
    element of it may hide what stands far below.
    """
    if len(source) <= 2 * _LEAST or _TAG.search(source):
        yield source
        return
    start = looked = fences = comments = 0
    while cut := _CUT.search(source, max(start + _LEAST, looked)):
        end = cut.end()
        fences += len(_FENCE.findall(source, looked, end))
        comments += len(_COMMENT.findall(source, looked, end))
        looked = end
        if fences % 2 == 0 and comments % 2 == 0:
            yield source[start:end]
            start, fences, comments = end, 0, 0
    yield source[start:]
