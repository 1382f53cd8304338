"""The words that the library's passages are found by, and how many have each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

_FREQUENT: Final = 1_000
_REMEMBERED: Final = 4_096
_MOST_TERMS: Final = 250_000
"""Which take some 30 MB."""
_LONGEST: Final = 32


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

    What was counted holds until passages are added: it need not be exact, where nothing but the
    order of terms depends on it.
    """

    def __init__(self) -> None:
        self._passages = 0
        self._often: dict[tuple[str, str], int] = {}
        self._beginning: dict[tuple[str, str], list[tuple[str, int]]] = {}

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
    ) -> Sequence[tuple[str, int]]:
        """The terms of an index that begin with a letter, each with its document frequency.

        Of a million passages those of one letter take 150 ms to count.
        """
        self._forget(connection)
        known = self._beginning.get((table, letter))
        if known is None:
            known = connection.execute(
                f"SELECT term, doc FROM {vocabulary(connection, table)}"  # noqa: S608 - our name
                " WHERE term >= ? AND term < ? AND length(term) <= ?",
                (letter, chr(ord(letter) + 1), _LONGEST),
            ).fetchall()
            every = sum(map(len, [*self._beginning.values()]))
            if every + len(known) > _MOST_TERMS:
                self._beginning = {}
            self._beginning[table, letter] = known
        return known

    def _forget(self, connection: sqlite3.Connection) -> None:
        passages = passages_at_most(connection)
        if passages != self._passages:
            self._passages, self._often, self._beginning = passages, {}, {}


def passages_at_most(connection: sqlite3.Connection) -> int:
    """At least as many as there are passages: to count them takes 20 ms for a million."""
    (last,) = connection.execute("SELECT max(id) FROM passages").fetchone()
    return last or 0


def _counted(connection: sqlite3.Connection, name: str, term: str) -> int:
    row = connection.execute(f"SELECT doc FROM {name} WHERE term = ?", (term,)).fetchone()  # noqa: S608 - our name
    return row[0] if row else 0
