"""The database file of the library: its tables, and sessions on it for the length of one task."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from codexity.adapters.private import create_private
from codexity.adapters.sqlite.wal import write_ahead
from codexity.errors import Misconfigured, ProviderUnavailable

BUSY_SECONDS = 10.0
"""How long a session waits while another process writes."""

_VERSION = 2
_FIRST_VERSION = 1

# The tokenizer `ascii` takes every character beyond ASCII for part of a word, so that the tokens
# are exactly the stems put in, parted by blanks; `unicode61` would part some of them again.
# Without the positions of words (`detail=column`) the file was 7 % smaller and bm25 four times
# slower: it takes every text apart again.
_SCHEMA = """
CREATE TABLE collections (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    updated REAL NOT NULL,
    stamp TEXT NOT NULL DEFAULT ''
);
CREATE TABLE roots (
    collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    PRIMARY KEY (collection, path)
) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    published TEXT,
    path TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    digest TEXT NOT NULL DEFAULT '',
    page_starts TEXT NOT NULL DEFAULT '[]',
    UNIQUE (collection, slug)
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE VIRTUAL TABLE own_stems USING fts5 (
    title, text, tokenize = "ascii tokenchars '_'"
);
CREATE VIRTUAL TABLE starter_stems USING fts5 (
    title, text, tokenize = "ascii tokenchars '_'"
);
"""
_PAGES = "ALTER TABLE documents ADD COLUMN page_starts TEXT NOT NULL DEFAULT '[]'"
"""What the second version added: where the pages of a document begin in its text."""


def prepare(path: Path) -> None:
    """Creates the file and its tables where they are missing; several processes may try at once.

    Raises:
        Misconfigured: the folder cannot be written, or a newer Codexity wrote the file.
        ProviderUnavailable: as `session`.
    """
    try:
        create_private(path)
    except OSError as error:
        raise Misconfigured(
            "The library's folder cannot be created: set CODEXITY_DATA_DIR to one that can.",
            detail=str(error),
        ) from error
    with session(path) as connection:
        write_ahead(connection, busy_seconds=BUSY_SECONDS)
        with writing(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _SCHEMA.strip().split(";\n"):
                    connection.execute(statement)
            elif version == _FIRST_VERSION:
                connection.execute(_PAGES)
            if version < _VERSION:
                connection.execute(f"PRAGMA user_version = {_VERSION}")
    if version > _VERSION:
        raise Misconfigured(
            "The library was written by a newer Codexity: update this one, or set"
            " CODEXITY_DATA_DIR to another folder."
        )


@contextmanager
def session(path: Path) -> Generator[sqlite3.Connection]:
    """A connection for one task in one thread; nothing of it outlives the block.

    Raises:
        ProviderUnavailable: `timeout` when another process holds the file for `BUSY_SECONDS`,
            `bad_reply` when the file is damaged or not a library.
    """
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as opened:
            opened.execute("PRAGMA foreign_keys = ON")
            opened.execute("PRAGMA synchronous = NORMAL")
            yield opened
    except sqlite3.OperationalError as error:
        raise ProviderUnavailable(
            "The library is busy or cannot be opened: try again in a moment.",
            code="timeout",
            detail=str(error),
        ) from error
    except sqlite3.DatabaseError as error:
        raise ProviderUnavailable(
            "The library's file is damaged: remove it and add your documents again.",
            code="bad_reply",
            detail=str(error),
        ) from error


@contextmanager
def writing(connection: sqlite3.Connection) -> Generator[None]:
    """One transaction that writes: all of it, or nothing when the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
