"""Spelling correction: the word of the documents that is nearest to one that none of them has."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, product
from typing import Final

from codexity.adapters.library.plans import languages_of
from codexity.adapters.library.vocabulary import Frequencies, letters_of
from codexity.analysis.parts import COMPOUNDING, parted
from codexity.analysis.stemming import stem_in
from codexity.synonyms import is_known_in_english
from codexity.text import STOP_WORDS, stem, told, words

_TABLES: Final = ("own_stems", "starter_stems")
_SHORTEST: Final = 4
_LONGEST: Final = 24
_SHORT: Final = 5
"""Of a word so short only a letter that is missing, or two in each other's place, are mended."""
_LONG: Final = 10
"""From so many letters on two may be wrong."""
_ROWS: Final = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("qwertzuiop", "asdfghjkl", "yxcvbnm"))
_SHIFTED: Final = (0.0, 0.25, 0.75)
"""How far a keyboard's rows stand to the right of the first, in keys."""
_ALIKE: Final = ("aeiouy", "cksqxz", "sz", "fvpwu", "dt", "bp", "gkj", "mn", "lr", "vw", "ij", "ch")
"""Letters that stand for sounds that are taken for one another."""
_ARTICLES: Final = frozenset(
    """a an our your my his her their each every no any this these der die das den dem des ein eine
    einen einem einer eines kein keine keinen jede jeder jedes im am alle""".split()
)
"""Names of people stand behind none of them."""
_ORDINARY: Final = re.compile(
    "(?:ship|ing|tion|sion|ment|ness|ance|ence|able|ible|ities|ity|hood|ers|ies|ung|ungen|keit|heit"
    "|schaft|schaften)$"
)
_MOST: Final = 4
"""Of a question no more words are looked up."""
_MOST_WRONG: Final = 2
_LOOKED_AT: Final = 20


def _neighbours() -> dict[str, str]:
    """The letters that are beside one on a keyboard, or sound like it."""
    found: dict[str, set[str]] = {}
    for rows in _ROWS:
        place = {
            one: (row, at + _SHIFTED[row])
            for row, line in enumerate(rows)
            for at, one in enumerate(line)
        }
        for one, (row, at) in place.items():
            near = (
                other
                for other, (its, there) in place.items()
                if abs(row - its) <= 1 and abs(at - there) <= 1
            )
            found.setdefault(one, set()).update(near)
    for group in _ALIKE:
        for one in group:
            found[one].update(group)
    return {one: "".join(sorted(near)) for one, near in found.items()}


_TAKEN_FOR: Final = _neighbours()


def meant(connection: sqlite3.Connection, text: str, often: Frequencies) -> dict[str, str]:
    """For words of a question that no document knows the nearest that one does, as it spells it.

    Words begin with the letter that is typed. Of those that are as near the most frequent. For a
    compound that no document knows come its two parts, where some do: `trockner preis`.
    """
    found: dict[str, str] = dict(_apart(connection, text))
    for typed in list(_unknown(connection, text))[:_MOST]:
        look = partial(_nearest, connection, typed.lower(), often)
        if typed not in found and (word := often.nearest(connection, typed.lower(), look)):
            found[typed] = word
    return found


def _apart(connection: sqlite3.Connection, text: str) -> Iterator[tuple[str, str]]:
    spoken = sorted(COMPOUNDING.intersection(languages_of(connection)))
    for word, language in product(words(text)[:_LOOKED_AT] if spoken else (), spoken):
        if told(text) in {None, language} and not _is_known(connection, stem_in(word, language)):
            ways = [
                (front, tail)
                for front, tail in parted(word)
                if min(len(front), len(tail)) >= _SHORTEST
                and _is_written(connection, front)
                and _is_known(connection, stem_in(tail, language))
            ]
            if ways:
                yield word, " ".join(max(ways, key=lambda pair: len(pair[1])))


def _is_written(connection: sqlite3.Connection, front: str) -> bool:
    """Whether a document has the word itself, and not only another of its stem."""
    return any(
        _as_spelled(connection, "own_stems", stem(one)) for one in (front, front.rstrip("sn"))
    )


def _unknown(connection: sqlite3.Connection, text: str) -> Iterator[str]:
    spelled = {one.lower(): one for one in _spelled(text)}
    for word in dict.fromkeys(words(text)):
        plain = word.replace("_", "")
        fits = _SHORTEST <= len(word) <= _LONGEST and plain.isalpha() and stem(plain).isascii()
        fits = fits and plain[0].isascii()
        strange = word not in STOP_WORDS and not is_known_in_english(stem(word))
        if fits and strange and not _is_known(connection, stem(word)):
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
    letters = letters_of(own)
    near: list[tuple[int, int, str, str]] = []
    for table in _TABLES:
        known = often.beginning(connection, table, typed[0])
        lengths = range(len(own) - _MOST_WRONG, len(own) + _MOST_WRONG + 1)
        near += [
            (distance, -count, term, table)
            for its, term, count in chain.from_iterable(known.get(one, ()) for one in lengths)
            # One that is wrong takes a letter away and brings one; most terms end here.
            if (letters ^ its).bit_count() <= 2 * _MOST_WRONG
            and (distance := distance_of(own, term, _MOST_WRONG)) <= _MOST_WRONG
        ]
    for _, _, term, table in sorted(near)[:_LOOKED_AT]:
        slips = [
            word for word in _as_spelled(connection, table, term) if _is_slip(typed, word.lower())
        ]
        if slips:
            # Documents come in any order: `shirt` and `shirts` have one stem.
            return min(slips, key=lambda word: (distance_of(typed, word.lower(), 2), word))
    return None


def _is_slip(typed: str, word: str) -> bool:
    """Whether a word may have been meant: one letter is wrong, of a long one two."""
    distance = distance_of(typed, word, 2)
    if len(typed) <= _SHORT:
        swapped = len(typed) == len(word) and sorted(typed) == sorted(word)
        return distance == 1 and (len(word) > len(typed) or swapped)
    return distance <= (2 if len(typed) >= _LONG else 1)


def _as_spelled(connection: sqlite3.Connection, table: str, term: str) -> Sequence[str]:
    """The words of the documents that have this stem: in small letters, where it is no name.

    It is none where one writes it small, or where an article stands before it, as before the nouns
    of German, or where it only begins a sentence and ends as ordinary words do.
    """
    rows = connection.execute(
        f"SELECT substr(d.text, p.start + 1, p.length) FROM {table} s"  # noqa: S608 - our names
        " JOIN passages p ON p.id = s.rowid JOIN documents d ON d.id = p.document"
        f" WHERE {table} MATCH ? LIMIT ?",
        (f'text : "{term}"', _LOOKED_AT),
    )
    ordinary: dict[str, None] = {}
    names: dict[str, None] = {}
    for (text,) in rows:
        before = ""
        for word in _spelled(text):
            if stem(word.lower()) == term:
                if word.islower() or (word.istitle() and _is_ordinary(before, word)):
                    ordinary[word.lower()] = None
                else:
                    names[word] = None
            before = word
    return tuple(ordinary or names)


def _is_ordinary(before: str, word: str) -> bool:
    return before.lower() in _ARTICLES or _ORDINARY.search(word) is not None


def _cost(letter: str, other: str) -> int:
    """One for letters that are typed or heard for one another, else as a missing and a new one."""
    if letter == other:
        return 0
    return 1 if other in _TAKEN_FOR.get(letter, "") else 2


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
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + _cost(letter, its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
