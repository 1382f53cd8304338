"""Slips that only the words beside them tell: `trail membership`, `pass word`, `openinghours`."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from codexity.adapters.library.slips import distance_of, real_words
from codexity.adapters.library.spelled import as_spelled
from codexity.text import STOP_WORDS, stem, words

_TABLE: Final = "own_stems"
_SHORTEST: Final = 3
_LONGEST: Final = 24
_HALF: Final = 3
_LOOKED_AT: Final = 20
_PASSAGES: Final = (
    "SELECT substr(d.text, p.start + 1, p.length) FROM own_stems s"
    " JOIN passages p ON p.id = s.rowid JOIN documents d ON d.id = p.document"
    " WHERE own_stems MATCH ? LIMIT ?"
)
_MOST: Final = 12
"""Of a longer question no more words are looked at."""


def told_beside(
    connection: sqlite3.Connection, text: str, meant: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Words that no document of somebody has, though English does, with what stands in their place.

    It is one of two letters that were swapped, or of one that was doubled, missing or wrong, and
    stands in a document beside the word that is beside it in the question; so do the two halves of
    one that is written as two words in documents, or the whole of two. `meant` has what was
    mended before.
    """
    spoken = [one for one in words(text) if one not in STOP_WORDS][:_MOST]
    known = {one: _is_held(connection, stem(one)) for one in dict.fromkeys(spoken)}
    for first, second in pairwise(spoken):
        whole = first + second
        apart = min(len(first), len(second)) >= _HALF and not (known[first] and known[second])
        apart = apart and f"{first} {second}" in text.lower()
        if apart and whole.isalpha() and whole in as_spelled(connection, _TABLE, stem(whole)):
            known[first] = known[second] = True
            yield f"{first} {second}", whole
    for at, typed in enumerate(spoken):
        fits = _SHORTEST <= len(typed) <= _LONGEST and typed.isascii() and typed.isalpha()
        if not fits or known[typed] or typed in meant or typed not in text:
            continue
        beside = [
            meant.get(one, one)
            for one in (*spoken[max(0, at - 1) : at], "", *spoken[at + 1 : at + 2])
        ]
        found = (
            next(_in_place(connection, typed, beside), None)
            or _halves(connection, typed)
            or next(_told_by(connection, typed, beside), None)
        )
        if found:
            yield typed, found


def _in_place(connection: sqlite3.Connection, typed: str, beside: Sequence[str]) -> Iterator[str]:
    """The words that may be meant and stand in documents beside one of those beside it."""
    gap = beside.index("")
    for word in dict.fromkeys(real_words(typed)):
        own = stem(word)
        phrases = (
            *(f"{stem(one)} {own}" for one in beside[:gap]),
            *(f"{own} {stem(one)}" for one in beside[gap + 1 :]),
        )
        beside_it = own != stem(typed) and any(_is_held(connection, one) for one in phrases)
        if beside_it and word in as_spelled(connection, _TABLE, own):
            yield word


def _told_by(connection: sqlite3.Connection, typed: str, beside: Sequence[str]) -> Iterator[str]:
    """The words of documents a letter away that stand there beside one of those beside it."""
    gap = beside.index("")
    for at, one in enumerate(beside):
        if at != gap and len(own := stem(one)) >= _HALF:
            near = rf"{re.escape(own)}\w{{0,4}}"
            pattern = rf"\b{near} (\w+)" if at < gap else rf"\b(\w+) {near}\b"
            rows = connection.execute(_PASSAGES, (f'"{own}"', _LOOKED_AT))
            words = (word for (text,) in rows for word in re.findall(pattern, text.lower()))
            yield from (word for word in dict.fromkeys(words) if _is_one_off(typed, word))


def _is_one_off(typed: str, word: str) -> bool:
    """Whether a letter is missing of it, or of a longer one swapped or wrong."""
    if len(word) <= len(typed) and len(typed) <= _HALF:
        return False
    return word not in STOP_WORDS and word.isalpha() and distance_of(typed, word, 1) == 1


def _halves(connection: sqlite3.Connection, typed: str) -> str:
    """The two words that it was written of, which follow one another in documents; else nothing."""
    for at in range(_HALF, len(typed) - _HALF + 1):
        first, second = typed[:at], typed[at:]
        telling = STOP_WORDS.isdisjoint((first, second))
        if telling and _is_held(connection, f"{stem(first)} {stem(second)}"):
            return f"{first} {second}"
    return ""


def _is_held(connection: sqlite3.Connection, phrase: str) -> bool:
    query = f"SELECT 1 FROM {_TABLE} WHERE {_TABLE} MATCH ? LIMIT 1"  # noqa: S608 - our name
    return connection.execute(query, (f'"{phrase}"',)).fetchone() is not None
