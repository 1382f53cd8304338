"""Spelling correction: the word of the documents that is nearest to one that none of them has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from codexity.adapters.library.vocabulary import Frequencies
from codexity.text import STOP_WORDS, stem, words

_TABLES: Final = ("own_stems", "starter_stems")
_SHORTEST: Final = 4
_LONGEST: Final = 24
_SHORT: Final = 5
"""Of a word so short only a letter that is missing, or two in each other's place, are mended."""
_LONG: Final = 8
"""From so many letters on two may be wrong."""
_MOST: Final = 4
"""Of a question no more words are looked up."""
_MOST_WRONG: Final = 2
_LOOKED_AT: Final = 20


def meant(connection: sqlite3.Connection, text: str, often: Frequencies) -> dict[str, str]:
    """For words of a question that no document knows the nearest that one does, as it spells it.

    Words begin with the letter that is typed. Of those that are as near the most frequent.
    """
    found: dict[str, str] = {}
    for typed in list(_unknown(connection, text))[:_MOST]:
        if (word := _nearest(connection, typed.lower(), often)) is not None:
            found[typed] = word
    return found


def _unknown(connection: sqlite3.Connection, text: str) -> Iterator[str]:
    spelled = {one.lower(): one for one in _spelled(text)}
    for word in dict.fromkeys(words(text)):
        plain = word.replace("_", "")
        fits = _SHORTEST <= len(word) <= _LONGEST and plain.isascii() and plain.isalpha()
        if fits and word not in STOP_WORDS and not _is_known(connection, stem(word)):
            yield spelled.get(word, word)


def _spelled(text: str) -> Iterator[str]:
    lower = text.lower()
    if len(lower) == len(text):
        at = 0
        for word in words(text):
            at = lower.find(word, at)
            yield text[at : at + len(word)]
            at += len(word)


def _is_known(connection: sqlite3.Connection, one: str) -> bool:
    return any(
        connection.execute(
            f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1",  # noqa: S608 - our names
            (f'"{one}"',),
        ).fetchone()
        for table in _TABLES
    )


def _nearest(connection: sqlite3.Connection, typed: str, often: Frequencies) -> str | None:
    own = stem(typed)
    letters = frozenset(own)
    near: list[tuple[int, int, str, str]] = []
    for table in _TABLES:
        near += [
            (distance, -count, term, table)
            for term, count in often.beginning(connection, table, typed[0])
            if abs(len(term) - len(own)) <= _MOST_WRONG
            # One that is wrong takes a letter away and brings one; most terms end here.
            and len(letters.symmetric_difference(term)) <= 2 * _MOST_WRONG
            and (distance := distance_of(own, term, _MOST_WRONG)) <= _MOST_WRONG
        ]
    for _, _, term, table in sorted(near)[:_LOOKED_AT]:
        word = _as_spelled(connection, table, term)
        if word is not None and _is_slip(typed, word.lower()):
            return word
    return None


def _is_slip(typed: str, word: str) -> bool:
    """Whether a word may have been meant: one letter is wrong, of a long one two."""
    distance = distance_of(typed, word, 2)
    if len(typed) <= _SHORT:
        swapped = len(typed) == len(word) and sorted(typed) == sorted(word)
        return distance == 1 and (len(word) > len(typed) or swapped)
    return distance <= (2 if len(typed) >= _LONG else 1)


def _as_spelled(connection: sqlite3.Connection, table: str, term: str) -> str | None:
    """A word of the documents that has this stem: in small letters, where one writes it so."""
    rows = connection.execute(
        f"SELECT substr(d.text, p.start + 1, p.length) FROM {table} s"  # noqa: S608 - our names
        " JOIN passages p ON p.id = s.rowid JOIN documents d ON d.id = p.document"
        f" WHERE {table} MATCH ? LIMIT ?",
        (f'text : "{term}"', _LOOKED_AT),
    )
    capital = None
    for (text,) in rows:
        for word in _spelled(text):
            if stem(word.lower()) == term:
                if word.islower():
                    return word
                capital = capital or word
    return capital


def distance_of(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped; `most` + 1 where more are.

    Source: the optimal string alignment distance, a Damerau-Levenshtein distance.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, row, before = before, [i], row
        for j, its in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
