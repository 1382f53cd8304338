"""What is said of a SQLite file that cannot be used, and what can be read of it all the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from codexity.adapters.sqlite.schema import ForeignFile
from codexity.adapters.store.tables import SCHEMA


@pytest.mark.parametrize(
    ("tables", "says"),
    [(("a (b)",), "it has no table runs"), (("runs (b)",), "its table runs lacks asked, bytes")],
)
def test_what_anothers_file_lacks_is_told_as_it_is(
    tmp_path: Path, tables: tuple[str, ...], says: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs", isolation_level=None)) as file:
        for table in tables:
            file.execute(f"create table {table}")
        with pytest.raises(ForeignFile, match=says):
            SCHEMA.check(file)
