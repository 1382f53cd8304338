"""Whose a SQLite file is and of which version; older files are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from codexity.adapters.sqlite.wal import write_ahead


class ForeignFile(sqlite3.DatabaseError):
    """A database that is not one of this kind of Codexity's."""


class NewerFile(sqlite3.DatabaseError):
    """A database of a version that this Codexity does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A kind of file: its mark in the header, and the statements that make each version.

    `migrations[n]` brings a file of version n to version n + 1; the first makes an empty file one.
    A file from before files were marked is known by the columns of its tables, `unmarked`, and is
    of the version that it says, or of the first. Source: https://sqlite.org/pragma.html
    (`application_id`, `user_version`).
    """

    application_id: int
    migrations: tuple[tuple[str, ...], ...]
    unmarked: Mapping[str, str]

    @property
    def version(self) -> int:
        """The version that is written."""
        return len(self.migrations)

    def check(self, file: sqlite3.Connection) -> int:
        """The version that the file has, 0 where it is empty. Changes nothing.

        Raises:
            ForeignFile, NewerFile: it cannot be used.
            sqlite3.Error: it cannot be read.
        """
        return self._look(file)[1]

    def is_current(self, file: sqlite3.Connection) -> bool:
        """Whether nothing is left to be done to the file; raises as `check` does."""
        return self._look(file) == (self.application_id, self.version)

    def _look(self, file: sqlite3.Connection) -> tuple[int, int]:
        """The mark and the version, read at one moment: another may be migrating the file."""
        if file.in_transaction:
            return self._read(file)
        file.execute("begin")
        try:
            return self._read(file)
        finally:
            if file.in_transaction:
                file.execute("rollback")

    def _read(self, file: sqlite3.Connection) -> tuple[int, int]:
        (mark,) = file.execute("pragma application_id").fetchone()
        (version,) = file.execute("pragma user_version").fetchone()
        if mark not in {0, self.application_id}:
            raise ForeignFile(f"its application_id is {mark:#x}, not {self.application_id:#x}")
        if mark == 0:
            if version == 0 and not file.execute("select 1 from sqlite_schema").fetchone():
                return mark, 0
            self._check_columns(file)
            version = max(version, 1)
        if version > self.version:
            raise NewerFile(f"schema {version}; this one knows {self.version}")
        return mark, version

    def _check_columns(self, file: sqlite3.Connection) -> None:
        for table, columns in self.unmarked.items():
            rows = file.execute("select name from pragma_table_info(?)", (table,))
            there = {name for (name,) in rows}
            if not there:
                raise ForeignFile(f"it has no table {table}")
            missing = set(columns.split()) - there
            if missing:
                raise ForeignFile(f"its table {table} lacks {', '.join(sorted(missing))}")


def prepare(file: sqlite3.Connection, schema: Schema, *, busy_seconds: float) -> None:
    """Makes the file's tables, or brings those of an older version up to date: all or nothing.

    Several processes may try at once. A file that is not ours is left as it is. Belongs in a
    thread, and needs a connection that begins no transactions by itself.

    Raises:
        ForeignFile, NewerFile: it is another program's, or of a version that comes later.
        sqlite3.Error: it cannot be read or written, or is held for longer than `busy_seconds`.
    """
    current = schema.is_current(file)
    write_ahead(file, busy_seconds=busy_seconds)
    if current:
        return
    with writing(file):
        for statements in schema.migrations[schema.check(file) :]:
            for statement in statements:
                file.execute(statement)
        file.execute(f"pragma application_id = {schema.application_id}")
        file.execute(f"pragma user_version = {schema.version}")


@contextmanager
def writing(file: sqlite3.Connection) -> Generator[None]:
    """One transaction that writes: all of it, or nothing when the block raises."""
    file.execute("begin immediate")
    try:
        yield
        file.execute("commit")
    except BaseException:
        if file.in_transaction:
            file.execute("rollback")
        raise
