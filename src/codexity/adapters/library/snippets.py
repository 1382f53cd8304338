"""The part of a passage in which the words that were looked for stand closest."""

from __future__ import annotations

from dataclasses import dataclass

from codexity.analysis import placed

SNIPPET_CHARS = 400
_BEFORE = 80
"""So much of what stands before the words is shown as well."""
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Part of a passage on one line, and where in the passage what was found begins."""

    text: str
    start: int


def around(passage: str, wanted: frozenset[str], *, language: str = "") -> Snippet:
    """The 400 characters of a passage that hold most of the stems wanted, cut between words.

    What is left out before or behind is marked (…). Without any of the stems, its beginning.
    """
    first = _densest(placed(passage[:_LOOKED_AT], wanted, language))
    begin = 0 if first < SNIPPET_CHARS // 2 else _next_word(passage, first - _BEFORE, first)
    if (last := len(passage.rstrip()) - SNIPPET_CHARS) < begin:
        begin = _next_word(passage, last, begin) if last > 0 else 0
    end = min(len(passage), begin + SNIPPET_CHARS)
    if end < len(passage):
        space = passage.rfind(" ", begin + SNIPPET_CHARS // 2, end)
        end = space if space > first else end
    text = " ".join(passage[begin:end].split())
    before = "… " if begin and text else ""
    behind = " …" if end < len(passage.rstrip()) and text else ""
    return Snippet(text=f"{before}{text}{behind}", start=first)


def _densest(places: list[tuple[int, str]]) -> int:
    """Where the window begins that holds most different stems; the first of the best."""
    best, most, last = 0, 0, 0
    inside: dict[str, int] = {}
    for start, one in places:
        inside[one] = inside.get(one, 0) + 1
        while places[last][0] < start - SNIPPET_CHARS + 2 * _BEFORE:
            gone = places[last][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            last += 1
        if len(inside) > most:
            best, most = places[last][0], len(inside)
    return best


def _next_word(passage: str, at: int, most: int) -> int:
    """Where the next word begins, at `most` at the latest; here, in a run without spaces."""
    space = passage.find(" ", at, most)
    return at if space < 0 else space + 1
