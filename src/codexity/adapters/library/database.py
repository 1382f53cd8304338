"""The database file of the library: its tables, and sessions on it for the length of one task."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from codexity.adapters.library.reindex import is_current, reindex
from codexity.adapters.library.vocabulary import vocabulary
from codexity.adapters.private import create_private
from codexity.adapters.sqlite import schema
from codexity.adapters.sqlite.faults import Fault, fault_of
from codexity.adapters.sqlite.schema import Schema
from codexity.errors import Misconfigured, ProviderUnavailable, SearchCode

BUSY_SECONDS: Final = 10.0
"""How long a session waits while another process writes."""

_LOG_PAGES: Final = 4_000
"""So many pages of 4 KiB the log may have before they go into the file, which waits for the disk:
adding many documents takes half as long as with SQLite's own thousand."""

NAME: Final = "The library"

_MADE_ANEW: Final = (
    "The library is being made searchable anew for this version of Codexity, which happens once."
    " Try again in a minute."
)

# The tokenizer `ascii` takes every character beyond ASCII for part of a word, so that the tokens
# are exactly the stems put in, parted by blanks; `unicode61` would part some of them again.
# Without the positions of words (`detail=column`) the file was 7 % smaller and bm25 four times
# slower: it takes every text apart again.
_FIRST: Final = """
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
_PAGES: Final = "ALTER TABLE documents ADD COLUMN page_starts TEXT NOT NULL DEFAULT '[]'"
"""What the second version added: where the pages of a document begin in its text."""
_BLOCKS: Final = "ALTER TABLE documents ADD COLUMN blocks TEXT NOT NULL DEFAULT '[]'"
"""What the third version added: what the blocks of a document are, see `block_json`."""
_TOKENS: Final = "tokenize = \"ascii tokenchars '_.@#$=!<>:*/&|?+-'\""
_ANALYSIS: Final = (
    "ALTER TABLE documents ADD COLUMN language TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX documents_by_language ON documents (language)",
    "CREATE TABLE analysis (version INTEGER NOT NULL)",
    "INSERT INTO analysis (version) VALUES (0)",
    "DROP TABLE own_stems",
    "DROP TABLE starter_stems",
    f"CREATE VIRTUAL TABLE own_stems USING fts5 (title, text, {_TOKENS})",
    f"CREATE VIRTUAL TABLE starter_stems USING fts5 (title, text, {_TOKENS})",
)
"""What the fourth version added: which text analysis the stems were made by, the languages of
documents, and signs in stems (`c++`). The old stems go: `reindex` makes the new ones."""
_ORIGIN: Final = (
    "ALTER TABLE documents ADD COLUMN published_from TEXT",
    "UPDATE documents SET changed = 0, digest = '' WHERE path != ''",
)
"""What the fifth version added: where the date of a document was read. Documents are read
differently since, so that files are read again when they are added the next time."""
_FILES: Final = (
    "CREATE INDEX documents_by_path ON documents (collection, path, size, changed, digest)",
)
"""What the sixth version added: the states of files, without a look at their texts."""
_VECTORS: Final = (
    "CREATE TABLE embedders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE vectors (
        passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
        embedder INTEGER NOT NULL REFERENCES embedders (id),
        vector BLOB NOT NULL
    )""",
)
"""What the seventh version added: a vector beside each passage, see `vectors`. They go with their
passages, also where the extra that makes them is not installed."""
SCHEMA: Final = Schema(
    application_id=0x4344584C,  # "CDXL"
    migrations=(
        tuple(_FIRST.strip().split(";\n")),
        (_PAGES,),
        (_BLOCKS,),
        _ANALYSIS,
        _ORIGIN,
        _FILES,
        _VECTORS,
    ),
    unmarked={
        "collections": "id name updated stamp",
        "documents": "id collection slug title text published path size changed digest",
        "passages": "id document start length",
    },
)


def prepare(path: Path) -> None:
    """Creates the file and its tables where they are missing; several processes may try at once.

    One of an older version is brought up to date, see `reindex`; where another process is just
    doing that for longer than `BUSY_SECONDS`, the error says so.

    Raises:
        Misconfigured: the folder cannot be written, or the file is another program's or a newer
            Codexity's.
        ProviderUnavailable: as `session`.
    """
    try:
        create_private(path)
    except OSError as error:
        fault = fault_of(NAME, error, path=path)
        if fault.kind == "full":
            raise _unavailable(fault, error) from error
        message = "The library's folder cannot be created: set CODEXITY_DATA_DIR to one that can."
        if path.parent.exists():
            message = f"{fault.message} Or set CODEXITY_DATA_DIR to another folder."
        raise Misconfigured(message, detail=str(error)) from error
    try:
        with session(path) as connection:
            schema.prepare(connection, SCHEMA, busy_seconds=BUSY_SECONDS)
            reindex(connection)
    except ProviderUnavailable as error:
        if error.code == "timeout" and not _is_current(path):
            raise ProviderUnavailable(_MADE_ANEW, code="timeout", detail=error.detail) from error
        raise


def _is_current(path: Path) -> bool:
    name = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(name, uri=True, timeout=0)) as opened:
            return SCHEMA.is_current(opened) and is_current(opened)
    except sqlite3.Error:
        return True


@contextmanager
def session(path: Path) -> Generator[sqlite3.Connection]:
    """A connection for one task in one thread; nothing of it outlives the block.

    Raises:
        Misconfigured, ProviderUnavailable: as `renamed`.
    """
    with renamed(path), closing(connected(path)) as connection:
        yield connection


def connected(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """A connection that begins no transactions by itself; of one thread, or of any in turn.

    Raises:
        sqlite3.Error: there can be none.
    """
    made = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not any_thread
    )
    try:
        made.execute("PRAGMA foreign_keys = ON")
        made.execute("PRAGMA synchronous = NORMAL")
        made.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    except sqlite3.Error:
        made.close()
        raise
    return made


@contextmanager
def renamed(path: Path) -> Generator[None]:
    """What goes wrong with the file, said in our words.

    Raises:
        Misconfigured: the file is another program's, or a newer Codexity's.
        ProviderUnavailable: `timeout` when another process holds the file for `BUSY_SECONDS`,
            `bad_reply` when the file is damaged, `unreachable` when the system lets it not be used.
    """
    try:
        yield
    except sqlite3.Error as error:
        fault = fault_of(NAME, error, path=path)
        if fault.is_lasting:
            raise Misconfigured(fault.message, detail=str(error)) from error
        raise _unavailable(fault, error) from error


@contextmanager
def session_that_reads(path: Path) -> Generator[sqlite3.Connection]:
    """As `session`, where nothing can be written: its disk is full, or its folder read-only.

    The file of shared memory that SQLite keeps beside one with a write-ahead log cannot be made
    there. Who has the file alone needs none; who may not write, none where nothing is in the log.
    Source: https://sqlite.org/wal.html sections 5 and 8.

    Raises:
        sqlite3.Error: nor can it be read, or it is not of this Codexity's version.
    """
    if all(os.access(one, os.W_OK) for one in (path, path.parent)):
        how, lock = "rw", "EXCLUSIVE"
    else:
        log = path.with_name(f"{path.name}-wal")
        has_log = log.exists() and log.stat().st_size > 0
        how, lock = "ro" if has_log else "ro&immutable=1", "NORMAL"
    name = f"{path.absolute().as_uri()}?mode={how}"
    opened = sqlite3.connect(name, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    with closing(opened):
        opened.execute(f"PRAGMA locking_mode = {lock}")
        for table in ("own_stems", "starter_stems"):
            vocabulary(opened, table)  # of which nothing is written, but not so for SQLite
        opened.execute("PRAGMA query_only = ON")
        if not (SCHEMA.is_current(opened) and is_current(opened)):
            raise sqlite3.OperationalError("it is of an older version, and cannot be brought up")
        yield opened


def _unavailable(fault: Fault, error: Exception) -> ProviderUnavailable:
    codes: dict[str, SearchCode] = {
        "held": "timeout",
        "damaged": "bad_reply",
        "altered": "bad_reply",
    }
    code = codes.get(fault.kind, "unreachable")
    return ProviderUnavailable(fault.message, code=code, detail=str(error))
