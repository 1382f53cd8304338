"""Vectors beside the passages: written, counted, and searched for those nearest to a question's."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from codexity.adapters.library.documents import address
from codexity.model import STARTER
from codexity.ports import Place, Vector

MOST_COMPARED: Final = 50_000
"""Of a library with more passages that have vectors, only those are compared that words find."""
_AT_ONCE: Final = 4_096
_HALF: Final = "<f2"
"""How a number is kept: what its 11 bits leave out moves a nearness by less than 0.001."""
_MAY_HAVE: Final = "JOIN documents d ON d.id = p.document JOIN collections c ON c.id = d.collection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many passages of the user's have a vector of this embedder, and of another, of all."""

    made: int
    others: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A passage without a vector: its number, the title of its document, and its text."""

    passage: int
    title: str
    text: str


def counts(connection: sqlite3.Connection, embedder: str) -> Counts:
    """The counts for this embedder."""
    (every,) = connection.execute(
        f"SELECT count(*) FROM passages p {_MAY_HAVE} WHERE c.name != ?",  # noqa: S608 - ours
        (STARTER,),
    ).fetchone()
    found = dict(
        connection.execute(
            "SELECT e.name = ?, count(*) FROM vectors v JOIN embedders e ON e.id = v.embedder"
            " GROUP BY 1",
            (embedder,),
        ).fetchall()
    )
    return Counts(made=found.get(1, 0), others=found.get(0, 0), all=every)


def drop_others(connection: sqlite3.Connection, embedder: str) -> int:
    """Removes the vectors of other embedders; says how many there were."""
    removed = connection.execute(
        "DELETE FROM vectors WHERE embedder IN (SELECT id FROM embedders WHERE name != ?)",
        (embedder,),
    ).rowcount
    connection.execute("DELETE FROM embedders WHERE name != ?", (embedder,))
    return removed


def waiting(connection: sqlite3.Connection, after: int, most: int) -> tuple[Waiting, ...]:
    """The next passages of the user's without a vector, behind the one of this number."""
    rows = connection.execute(
        "SELECT p.id, d.title, substr(d.text, p.start + 1, p.length)"  # noqa: S608 - ours
        f" FROM passages p {_MAY_HAVE} LEFT JOIN vectors v ON v.passage = p.id"
        " WHERE v.passage IS NULL AND p.id > ? AND c.name != ? ORDER BY p.id LIMIT ?",
        (after, STARTER, most),
    )
    return tuple(Waiting(passage=row[0], title=row[1], text=row[2]) for row in rows)


def put(
    connection: sqlite3.Connection, embedder: str, made: Iterable[tuple[Waiting, Vector]]
) -> None:
    """Writes vectors; one whose passage is gone or another by now is left out."""
    connection.execute("INSERT OR IGNORE INTO embedders (name) VALUES (?)", (embedder,))
    np: Any = import_module("numpy")
    rows = [
        (np.frombuffer(vector, np.float32).astype(_HALF).tobytes(), embedder, one.passage, one.text)
        for one, vector in made
    ]
    connection.executemany(
        "INSERT OR REPLACE INTO vectors (vector, embedder, passage)"
        " SELECT ?, (SELECT id FROM embedders WHERE name = ?), p.id FROM passages p"
        " JOIN documents d ON d.id = p.document"
        " WHERE p.id = ? AND substr(d.text, p.start + 1, p.length) = ?",
        rows,
    )


def of_pages(
    connection: sqlite3.Connection, embedder: str, pages: Sequence[tuple[str, str]]
) -> dict[Place, Vector]:
    """The vectors of the passages of documents (collection and slug), by their places."""
    np: Any = import_module("numpy")
    found: dict[Place, Vector] = {}
    for name, slug in pages:
        url = address(name, slug)
        rows = connection.execute(
            f"SELECT p.start, v.vector FROM passages p {_MAY_HAVE}"  # noqa: S608 - ours
            " JOIN vectors v ON v.passage = p.id JOIN embedders e ON e.id = v.embedder"
            " WHERE c.name = ? AND d.slug = ? AND e.name = ?",
            (name, slug, embedder),
        )
        for start, blob in rows:
            wide = np.frombuffer(blob, _HALF).astype(np.float32)
            found[url, start] = array("f", wide.tobytes())
    return found


def nearness(
    connection: sqlite3.Connection,
    embedder: str,
    vector: Vector,
    passages: Iterable[int],
) -> dict[int, float]:
    """How near these passages are to a vector, those of them that have one."""
    rows = connection.execute(
        "SELECT v.passage, v.vector FROM json_each(?) j JOIN vectors v ON v.passage = j.value"
        " JOIN embedders e ON e.id = v.embedder WHERE e.name = ?",
        (json.dumps([*passages]), embedder),
    )
    return {one: near for some in _compared(rows, vector) for one, near in some.items()}


def nearest(
    connection: sqlite3.Connection,
    embedder: str,
    vector: Vector,
    collections: Sequence[str],
    most: int,
) -> Mapping[int, float]:
    """The passages of these collections, or of all, that are nearest to a vector; not too many.

    None where there are more than `MOST_COMPARED`: reading them would take too long.
    """
    (many,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    if many > MOST_COMPARED:
        return {}
    among = ",".join("?" * len(collections))
    within = f" AND c.name IN ({among})" if collections else ""
    joined = f" JOIN passages p ON p.id = v.passage {_MAY_HAVE}" if collections else ""
    rows = connection.execute(
        f"SELECT v.passage, v.vector FROM vectors v{joined}"  # noqa: S608 - ours
        f" WHERE v.embedder = (SELECT id FROM embedders WHERE name = ?){within}",
        (embedder, *collections),
    )
    best = sorted(
        (found for some in _compared(rows, vector, most) for found in some.items()),
        key=lambda found: (-found[1], found[0]),
    )
    return dict(best[:most])


def _compared(
    rows: sqlite3.Cursor, vector: Vector, most: int = _AT_ONCE
) -> Iterator[dict[int, float]]:
    """How near the vectors are to the one, the nearest `most` of some of the rows at a time."""
    np: Any = import_module("numpy")
    wanted = np.frombuffer(vector, np.float32)
    while some := rows.fetchmany(_AT_ONCE):
        # One of another length is of a model that changed under its name.
        held = [(row, blob) for row, blob in some if len(blob) == 2 * len(vector)]
        if not held:
            continue
        every = np.frombuffer(b"".join(blob for _, blob in held), _HALF).astype(np.float32)
        near = every.reshape(len(held), len(vector)) @ wanted
        order = np.argsort(-near, kind="stable")[:most]
        yield {held[at][0]: float(near[at]) for at in order}
