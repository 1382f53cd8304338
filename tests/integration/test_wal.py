"""A new SQLite file that several open at the same moment."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from codexity.adapters.sqlite.wal import write_ahead

FILES = 100
AT_ONCE = 4


def opened(path: Path, barrier: Barrier) -> str:
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as file:
        barrier.wait(20)
        write_ahead(file, busy_seconds=20)
        file.execute("create table if not exists said (word text)")
        return file.execute("pragma journal_mode").fetchone()[0]


def test_all_who_open_a_new_file_at_once_get_their_log(tmp_path: Path) -> None:
    # Without asking again, some three of a hundred files were refused to somebody.
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(FILES):
            path, barrier = tmp_path / f"{number}.db", Barrier(AT_ONCE)
            found = list(threads.map(partial(opened, path), [barrier] * AT_ONCE))
            assert found == ["wal"] * AT_ONCE


def test_a_file_that_another_holds_is_given_up_in_time(tmp_path: Path) -> None:
    path = tmp_path / "held.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as holder,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as file,
    ):
        holder.execute("begin exclusive")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write_ahead(file, busy_seconds=0.05)
        holder.execute("rollback")
        write_ahead(file, busy_seconds=0.05)
        assert file.execute("pragma journal_mode").fetchone()[0] == "wal"
