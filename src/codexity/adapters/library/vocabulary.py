"""The words that the library's passages are found by, and how many have each."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Final

_FREQUENT: Final = 1_000
_REMEMBERED: Final = 4_096
_MOST_TERMS: Final = 250_000
"""Which take some 30 MB."""
_LONGEST: Final = 32

Spelled = tuple[int, str, int]
"""A term: its letters, see `letters_of`; how it is written; how many passages have it."""


def vocabulary(connection: sqlite3.Connection, table: str) -> str:
    """The table of the terms of an index, which belongs to the session: `term`, `doc`, `cnt`.

    Source: https://sqlite.org/fts5.html, section 9, "The fts5vocab Virtual Table Module".
    """
    name = f"temp.{table}_words"
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab('main', '{table}', 'row')"
    )
    return name


class Frequencies:
    """How many passages have a term, remembered where counting takes long: 50,000 take 1 ms.

    What was counted holds until a collection changes.
    """

    def __init__(self) -> None:
        self._state: tuple[object, ...] = ()
        self._often: dict[tuple[str, str], int] = {}
        self._beginning: dict[tuple[str, str], dict[int, list[Spelled]]] = {}
        self._known = 0
        self._nearest: dict[str, str | None] = {}
        self._looking = Lock()

    def of(
        self, connection: sqlite3.Connection, table: str, terms: Iterable[str]
    ) -> dict[str, int]:
        """The document frequency of each of the terms in an index."""
        self._forget(connection)
        if len(self._often) > _REMEMBERED:
            self._often = {}
        often = self._often
        name = vocabulary(connection, table)
        found: dict[str, int] = {}
        for term in terms:
            known = often.get((table, term))
            if known is None:
                known = _counted(connection, name, term)
                if known >= _FREQUENT:
                    often[table, term] = known
            found[term] = known
        return found

    def beginning(
        self, connection: sqlite3.Connection, table: str, letter: str
    ) -> Mapping[int, Sequence[Spelled]]:
        """The terms of an index that begin with a letter, by how many letters they have.

        Of a million passages those of one letter take 150 ms to count.
        """
        self._forget(connection)
        # What is read belongs to the state that was there before: another thread may renew it.
        beginning = self._beginning
        known = beginning.get((table, letter))
        if known is None:
            rows = connection.execute(
                f"SELECT term, doc FROM {vocabulary(connection, table)}"  # noqa: S608 - our name
                " WHERE term >= ? AND term < ? AND length(term) <= ?",
                (letter, chr(ord(letter) + 1), _LONGEST),
            ).fetchall()
            known = defaultdict[int, list[Spelled]](list)
            for term, count in rows:
                known[len(term)].append((letters_of(term), term, count))
            if self._known + len(rows) > _MOST_TERMS:
                self._beginning, self._known = beginning, 0
                beginning.clear()
            beginning[table, letter] = known
            self._known += len(rows)
        return known

    def nearest(
        self, connection: sqlite3.Connection, typed: str, look: Callable[[], str | None]
    ) -> str | None:
        """What `look` finds for a word, looked for once by all who ask for it at the same time."""
        with self._looking:
            self._forget(connection)
            if typed not in self._nearest:
                found = look()
                if len(self._nearest) >= _REMEMBERED:
                    self._nearest = {}
                self._nearest[typed] = found
            return self._nearest[typed]

    def _forget(self, connection: sqlite3.Connection) -> None:
        # Another document may have taken the place of the last one, as many passages long.
        state = connection.execute(
            "SELECT (SELECT max(id) FROM passages), count(*), total(updated) FROM collections"
        ).fetchone()
        if state != self._state:
            self._state, self._known = state, 0
            self._often, self._beginning, self._nearest = {}, {}, {}


def letters_of(word: str) -> int:
    """A bit for each letter that a word has, `a` to `z`; what is none shares one with others."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 31)
    return found


def passages_at_most(connection: sqlite3.Connection) -> int:
    """At least as many as there are passages: to count them takes 20 ms for a million."""
    (last,) = connection.execute("SELECT max(id) FROM passages").fetchone()
    return last or 0


def _counted(connection: sqlite3.Connection, name: str, term: str) -> int:
    row = connection.execute(f"SELECT doc FROM {name} WHERE term = ?", (term,)).fetchone()  # noqa: S608 - our name
    return row[0] if row else 0
