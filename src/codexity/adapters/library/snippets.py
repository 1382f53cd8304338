"""The part of a passage in which the words that were looked for stand closest."""

from __future__ import annotations

from dataclasses import dataclass

from codexity.analysis import stems
from codexity.analysis.tokenizer import TOKEN

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
    places = _places(passage[:_LOOKED_AT], wanted, language)
    first = _densest(places)
    begin = 0 if first + SNIPPET_CHARS // 2 < SNIPPET_CHARS else _word_before(passage, first)
    if len(passage) - begin < SNIPPET_CHARS:
        begin = min(begin, _word_before(passage, max(0, len(passage) - SNIPPET_CHARS)))
    end = min(len(passage), begin + SNIPPET_CHARS)
    if end < len(passage):
        space = passage.rfind(" ", begin + SNIPPET_CHARS // 2, end)
        end = space if space > first else end
    text = " ".join(passage[begin:end].split())
    before = "… " if begin and text else ""
    behind = " …" if end < len(passage.rstrip()) and text else ""
    return Snippet(text=f"{before}{text}{behind}", start=first)


def _places(passage: str, wanted: frozenset[str], language: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for match in TOKEN.finditer(passage):
        held = wanted.intersection(stems(match.group(), language or "en"))
        found.extend((match.start(), one) for one in held)
    return found


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


def _word_before(passage: str, at: int) -> int:
    begin = max(0, at - _BEFORE)
    if not begin:
        return 0
    space = passage.find(" ", begin, at)
    return begin if space < 0 else space + 1
