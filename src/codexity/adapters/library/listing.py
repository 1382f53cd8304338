"""The documents of a collection in a list: what is known of each without its text."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codexity.adapters.library.documents import address
from codexity.errors import BadQuestion
from codexity.model import DateOrigin

_ALL: Final = -1
"""Source: SQLite, "The LIMIT clause": a negative one is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One document of a collection, without its text.

    `slug` is its name in its collection's addresses, `path` that of its file, empty where it is
    none, and `size` the bytes of that. `characters` is the length of its text, `passages` the
    number of those that can be found. `published_from` as in `Page`.
    """

    title: str
    url: str
    slug: str
    path: str
    size: int
    characters: int
    passages: int
    published: str | None
    published_from: DateOrigin | None

    @property
    def file(self) -> str:
        """The name of its file; empty where it is none."""
        return Path(self.path).name


def documents(
    connection: sqlite3.Connection, collection: str, after: str | None, limit: int | None
) -> tuple[Listed, ...]:
    """The documents of a collection, by title, at most `limit`; with `after`, those behind it.

    Raises:
        BadQuestion: there is no document of the slug `after`.
    """
    title = _title(connection, collection, after) if after is not None else None
    # Lengths are told of what is listed alone: a text has to be read for its own.
    rows = connection.execute(
        "SELECT d.title, d.slug, d.path, d.size, length(d.text),"
        " (SELECT count(*) FROM passages p WHERE p.document = d.id), d.published, d.published_from"
        " FROM documents d WHERE d.id IN (SELECT d.id FROM documents d"
        " JOIN collections c ON c.id = d.collection"
        " WHERE c.name = ? AND (? IS NULL OR (d.title, d.slug) > (?, ?))"
        " ORDER BY d.title, d.slug LIMIT ?) ORDER BY d.title, d.slug",
        (collection, after, title, after, _ALL if limit is None else limit),
    )
    return tuple(
        Listed(
            title=row[0],
            url=address(collection, row[1]),
            slug=row[1],
            path=row[2],
            size=row[3],
            characters=row[4],
            passages=row[5],
            published=row[6],
            published_from=row[7],
        )
        for row in rows
    )


def _title(connection: sqlite3.Connection, collection: str, slug: str) -> str:
    row = connection.execute(
        "SELECT d.title FROM documents d JOIN collections c ON c.id = d.collection"
        " WHERE c.name = ? AND d.slug = ?",
        (collection, slug),
    ).fetchone()
    if row is None:
        raise BadQuestion("after is the name of a document of this collection.", name="after")
    return str(row[0])
