"""Spelling correction: the word of the documents that is nearest to one that none of them has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, product
from typing import Final

from codexity.adapters.library.beside import told_beside
from codexity.adapters.library.plans import languages_of
from codexity.adapters.library.slips import (
    distance_of,
    is_near,
    is_slip,
    one_wrong,
    other_beginnings,
)
from codexity.adapters.library.spelled import as_spelled, spelled
from codexity.adapters.library.vocabulary import Frequencies, Spelled, letters_of
from codexity.analysis.asking_words import WEAK
from codexity.analysis.parts import COMPOUNDING, parted
from codexity.analysis.stemming import stem_in
from codexity.synonyms import is_known_in_english, synonyms
from codexity.synonyms.nouns import is_person, is_thing
from codexity.text import STOP_WORDS, stem, told, words

_TABLES: Final = ("own_stems", "starter_stems")
_SHORTEST: Final = 4
_LONG_ENOUGH: Final = 6
"""Shorter words are one letter from too many others."""
_LONGEST: Final = 24
_MOST: Final = 4
"""Of a question no more words are looked up."""
_MOST_WRONG: Final = 2
_LOOKED_AT: Final = 20
_ENDING: Final = 6
"""The longest ending that a stem is told without, `-ication`, but for one letter."""


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
    return found | dict(told_beside(connection, text, found))


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
        as_spelled(connection, "own_stems", stem(one)) for one in (front, front.rstrip("sn"))
    )


def _unknown(connection: sqlite3.Connection, text: str) -> Iterator[str]:
    as_typed = {one.lower(): one for _, one in spelled(text)}
    for word in dict.fromkeys(words(text)):
        plain = word.replace("_", "")
        fits = _SHORTEST <= len(word) <= _LONGEST and plain.isalpha() and stem(plain).isascii()
        fits = fits and plain[0].isascii()
        if fits and _is_strange(word) and not _is_known(connection, stem(word)):
            yield as_typed.get(word, word)


def _is_strange(word: str) -> bool:
    """Whether it is no word of English, as far as can be told."""
    known = word in STOP_WORDS or is_known_in_english(stem(word))
    return not (known or is_thing(word) or is_person(word))


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
    letters = {letters_of(own), letters_of(typed)}
    near: list[tuple[int, int, str, str]] = []
    for table in _TABLES:
        known = often.beginning(connection, table, typed[0])
        lengths = range(len(own) - _MOST_WRONG, len(typed) + _MOST_WRONG + 1)
        near += [
            (distance, -count, term, table)
            for its, term, count in chain.from_iterable(known.get(one, ()) for one in lengths)
            # One that is wrong takes a letter away and brings one; most terms end here.
            if min((one ^ its).bit_count() for one in letters) <= 2 * _MOST_WRONG
            and (distance := _distance(own, typed, term)) <= _MOST_WRONG
        ]
        near += _stems_begun(known, typed, len(own) - _MOST_WRONG, table)
        near += [
            (1, -1, other, table)
            for other in map(stem, other_beginnings(typed))
            if other[:1] != typed[0]
        ]
    found = _best_of(connection, typed, sorted(near)[:_LOOKED_AT])
    return found or _of_english(connection, typed)


def _of_english(connection: sqlite3.Connection, typed: str) -> str | None:
    """The one word of English that was meant, where documents say it in another (`vactaion`)."""
    if len(typed) < _LONG_ENOUGH:
        return None
    found = {
        stem(word): word
        for word in one_wrong(typed)
        if word in STOP_WORDS or word in WEAK or is_known_in_english(stem(word))
    }
    if len(found) != 1:
        return None
    ((its, word),) = found.items()
    asks = word in STOP_WORDS or word in WEAK
    said = asks or any(_is_known(connection, one) for one in synonyms(its))
    return word if said else None


def _stems_begun(
    known: Mapping[int, Sequence[Spelled]], typed: str, below: int, table: str
) -> Iterator[tuple[int, int, str, str]]:
    """The far shorter stems with which a slip may begin: `insur`, of `insurance`, of `insuracne`.

    Of a slip the ending is often no ending, and its stem the whole of it.
    """
    own = letters_of(typed)
    for length in range(max(_SHORTEST, len(typed) - _ENDING), below):
        for its, term, count in known.get(length, ()):
            if not its & ~own and distance_of(typed[:length], term, 1) <= 1:
                yield _MOST_WRONG, -count, term, table


def _best_of(
    connection: sqlite3.Connection, typed: str, near: Sequence[tuple[int, int, str, str]]
) -> str | None:
    """The first of the terms that may be meant; of those as near the word before a form of it."""
    form: tuple[int, str] | None = None
    for distance, _, term, table in near:
        if form and distance > form[0]:
            break
        slips = [
            word for word in as_spelled(connection, table, term) if is_slip(typed, word.lower())
        ]
        if not slips:
            continue
        # Documents come in any order: `shirt` and `shirts` have one stem.
        found = min(slips, key=lambda word: (distance_of(typed, word.lower(), 2), word))
        if is_near(typed, found.lower()):
            return found
        form = form or (distance, found)
    return form[1] if form else None


def _distance(own: str, typed: str, term: str) -> int:
    """The distance from a term: of the stem, which a slip may hide (`adres`), or of the word."""
    distance = distance_of(own, term, _MOST_WRONG)
    if distance <= 1 or own == typed:
        return distance
    return min(distance, distance_of(typed, term, _MOST_WRONG))
