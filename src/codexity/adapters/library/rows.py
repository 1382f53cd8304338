"""What is written to the library's tables and read back by name, one session each."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codexity.adapters.library.documents import Document, Slice, address, site
from codexity.adapters.sqlite.schema import writing
from codexity.block_json import from_json, to_json
from codexity.errors import UnknownDocument
from codexity.model import STARTER, Page

_NAMED: Final = "collection = ? AND slug = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One of the user's collections; `updated` is a Unix time, `roots` the paths added to it."""

    name: str
    documents: int
    characters: int
    updated: float
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Which state of a file is in the index: bytes, nanoseconds, and SHA-256 of its content."""

    size: int
    changed: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a document something stands: the headings above it, and the page it is on."""

    headings: tuple[str, ...] = ()
    page: int | None = None


def place(connection: sqlite3.Connection, collection: str, slug: str, at: int) -> Place:
    """The place of an offset of the document's text; nowhere when there is no such document."""
    try:
        found = page(connection, collection, slug)
    except UnknownDocument:
        return Place()
    return Place(headings=found.headings_at(at), page=found.number_at(at))


def page(connection: sqlite3.Connection, collection: str, slug: str) -> Page:
    """The document's page.

    Raises:
        UnknownDocument: there is none.
    """
    row = connection.execute(
        "SELECT d.title, d.text, d.published, d.page_starts, d.blocks, d.published_from, d.path"
        " FROM documents d JOIN collections c ON c.id = d.collection"
        " WHERE c.name = ? AND d.slug = ?",
        (collection, slug),
    ).fetchone()
    if row is None:
        raise UnknownDocument("There is no such document in the library.")
    return Page(
        url=address(collection, slug),
        title=row[0],
        text=row[1],
        site=site(collection),
        published=row[2],
        published_from=row[5],
        via="library",
        page_starts=tuple(json.loads(row[3])),
        blocks=from_json(json.loads(row[4]), length=len(row[1])),
        file=Path(row[6]).name,
    )


def put(connection: sqlite3.Connection, collection: str, documents: Iterable[Document]) -> None:
    """Writes documents over those of the same slug, in the caller's transaction."""
    table = _stems_of(collection)
    number = _number(connection, collection)
    for one in documents:
        named = (number, one.slug)
        # A statement that removes rows has FTS5 write out what it holds of this transaction, also
        # where it finds none: it took more than half of the time of adding.
        if connection.execute(f"SELECT 1 FROM documents WHERE {_NAMED}", named).fetchone():  # noqa: S608 - ours
            _drop(connection, table, _NAMED, named)
        document = connection.execute(
            "INSERT INTO documents (collection, slug, title, text, published, path, size, changed,"
            " digest, page_starts, blocks, language, published_from)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _values(number, one),
        ).lastrowid
        put_slices(connection, table, document, one.title_stems, one.slices)
    _touch(connection, number)


def put_slices(
    connection: sqlite3.Connection,
    table: str,
    document: int | None,
    title_stems: str,
    slices: Iterable[Slice],
) -> None:
    """Writes the passages of a document and the stems that they are found by."""
    (last,) = connection.execute("SELECT max(id) FROM passages").fetchone()
    numbered = list(enumerate(slices, start=(last or 0) + 1))
    connection.executemany(
        "INSERT INTO passages (id, document, start, length) VALUES (?, ?, ?, ?)",
        [(number, document, one.start, one.length) for number, one in numbered],
    )
    connection.executemany(
        f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)",  # noqa: S608 - ours
        [(number, title_stems, one.stems) for number, one in numbered],
    )


def remove(connection: sqlite3.Connection, collection: str) -> int | None:
    """Removes a collection with its paths; the number of its documents, None when unknown."""
    row = connection.execute("SELECT id FROM collections WHERE name = ?", (collection,)).fetchone()
    if row is None:
        return None
    removed = _drop(connection, _stems_of(collection), "collection = ?", row)
    connection.execute("DELETE FROM collections WHERE id = ?", row)
    return removed


def remove_paths(connection: sqlite3.Connection, collection: str, paths: Iterable[str]) -> None:
    """Removes the documents that came from these files."""
    table, number = _stems_of(collection), _number(connection, collection)
    for path in paths:
        _drop(connection, table, "collection = ? AND path = ?", (number, path))
    _touch(connection, number)


def remember(connection: sqlite3.Connection, collection: str, roots: Iterable[str]) -> None:
    """Notes the paths that were added to a collection, which comes to be if it is new."""
    number = _number(connection, collection)
    connection.executemany(
        "INSERT OR IGNORE INTO roots (collection, path) VALUES (?, ?)",
        [(number, root) for root in roots],
    )
    _touch(connection, number)


def refresh(connection: sqlite3.Connection, collection: str, changed: Mapping[str, int]) -> None:
    """Notes the new times of files whose content is the old, by path."""
    connection.executemany(
        "UPDATE documents SET changed = ? WHERE path = ?"
        " AND collection = (SELECT id FROM collections WHERE name = ?)",
        [(told, path, collection) for path, told in changed.items()],
    )


def states(connection: sqlite3.Connection, collection: str) -> dict[str, State]:
    """The files of a collection, by path, as they were when they were read."""
    rows = connection.execute(
        "SELECT d.path, d.size, d.changed, d.digest FROM documents d"
        " JOIN collections c ON c.id = d.collection WHERE c.name = ? AND d.path != ''",
        (collection,),
    )
    return {row[0]: State(size=row[1], changed=row[2], digest=row[3]) for row in rows}


def collections(connection: sqlite3.Connection) -> tuple[Collection, ...]:
    """The user's own collections by name; the starter collection is not one of them."""
    rows = connection.execute(
        "SELECT c.id, c.name, count(d.id), coalesce(sum(length(d.text)), 0), c.updated"
        " FROM collections c LEFT JOIN documents d ON d.collection = c.id"
        " WHERE c.name != ? GROUP BY c.id ORDER BY c.name",
        (STARTER,),
    ).fetchall()
    return tuple(
        Collection(
            name=row[1],
            documents=row[2],
            characters=row[3],
            updated=row[4],
            roots=_roots(connection, row[0]),
        )
        for row in rows
    )


def roots(connection: sqlite3.Connection, collection: str) -> tuple[str, ...]:
    """The paths that were added to a collection."""
    rows = connection.execute(
        "SELECT r.path FROM roots r JOIN collections c ON c.id = r.collection"
        " WHERE c.name = ? ORDER BY r.path",
        (collection,),
    )
    return tuple(row[0] for row in rows)


def names(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The names of the user's own collections, in order."""
    rows = connection.execute(
        "SELECT name FROM collections WHERE name != ? ORDER BY name", (STARTER,)
    )
    return tuple(row[0] for row in rows)


def stamp(connection: sqlite3.Connection, collection: str) -> str:
    """What a built collection was built from; empty when there is none."""
    row = connection.execute(
        "SELECT stamp FROM collections WHERE name = ?", (collection,)
    ).fetchone()
    return "" if row is None else str(row[0])


def replace(connection: sqlite3.Connection, mark: str, made: Iterable[Document]) -> None:
    """Puts a newly built starter collection in the place of the old, all at once."""
    with writing(connection):
        remove(connection, STARTER)
        put(connection, STARTER, made)
        connection.execute("UPDATE collections SET stamp = ? WHERE name = ?", (mark, STARTER))


def _roots(connection: sqlite3.Connection, number: int) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT path FROM roots WHERE collection = ? ORDER BY path", (number,)
    )
    return tuple(row[0] for row in rows)


def _stems_of(collection: str) -> str:
    """Two tables, so that the vocabularies do not mix."""
    return "starter_stems" if collection == STARTER else "own_stems"


def _number(connection: sqlite3.Connection, collection: str) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO collections (name, updated) VALUES (?, ?)",
        (collection, time.time()),
    )
    row = connection.execute("SELECT id FROM collections WHERE name = ?", (collection,)).fetchone()
    return int(row[0])


def _values(number: int, one: Document) -> tuple[object, ...]:
    file = (one.path, one.size, one.changed, one.digest)
    shape = (json.dumps(one.page_starts), json.dumps(to_json(one.blocks), ensure_ascii=False))
    read = (one.language, one.published_from)
    return (number, one.slug, one.title, one.text, one.published, *file, *shape, *read)


def _touch(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("UPDATE collections SET updated = ? WHERE id = ?", (time.time(), number))


def _drop(
    connection: sqlite3.Connection, table: str, where: str, values: tuple[object, ...]
) -> int:
    """Removes documents, their passages and their stems; says how many documents."""
    # A virtual table knows no foreign keys: its rows go first, while the passages name them.
    connection.execute(
        f"DELETE FROM {table} WHERE rowid IN (SELECT p.id FROM passages p"  # noqa: S608 - our names
        f" JOIN documents d ON d.id = p.document WHERE {where})",
        values,
    )
    statement = f"DELETE FROM documents WHERE {where}"  # noqa: S608 - our names
    return connection.execute(statement, values).rowcount
