"""Folders, files and collections that do not work."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from asking import library
from broken.setup import NOTHING, Broken
from codexity.adapters.sqlite.schema import prepare
from codexity.adapters.store.tables import SCHEMA


@contextmanager
def read_only(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    # Nobody may write there, root neither.
    settings = {**NOTHING, "DATA_DIR": "/sys/codexity"}
    yield Broken(
        part="store",
        says="cannot be written",
        settings=settings,
        also=frozenset({"library", "pages"}),
    )


@contextmanager
def full(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    # A quota: what the system says is almost what it says of a full disk.
    yield Broken(
        part="store",
        says="cannot grow",
        settings=NOTHING,
        while_broken=_quota(200_000),
        also=frozenset({"library", "pages"}),
    )


@contextmanager
def _quota(most: int) -> Generator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def held(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    (folder / "data").mkdir()
    file = folder / "data" / "runs.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("begin exclusive")

        def mend(said: str) -> None:
            assert f"fuser -v {file}" in said
            other.execute("commit")

        settings = {**NOTHING, "DATA_DIR": str(file.parent)}
        yield Broken(part="store", says="another process", settings=settings, by_hand=mend)


@contextmanager
def newer(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    data = Path(library(folder)["CODEXITY_DATA_DIR"])
    _execute(data / "library.sqlite3", "pragma user_version = 99")
    settings = {**NOTHING, "DATA_DIR": str(data)}
    yield Broken(part="library", says="newer Codexity", settings=settings)


@contextmanager
def spoiled(
    part: str, says: str, spoil: Callable[[Path], None], folder: Path, _patch: pytest.MonkeyPatch
) -> Generator[Broken]:
    names = {"store": "runs.sqlite3", "pages": "pages.sqlite3", "library": "library.sqlite3"}
    file = Path(library(folder)["CODEXITY_DATA_DIR"]) / names[part]
    file.unlink(missing_ok=True)
    spoil(file)
    settings = {**NOTHING, "DATA_DIR": str(file.parent)}
    if spoil is anothers:
        yield Broken(part=part, says=says, settings=settings)
        assert file.exists(), "it is not ours to move"
        return

    def mend(said: str) -> None:
        commands = [line.strip() for line in said.splitlines() if line.startswith("    ")]
        subprocess.run(["sh", "-e"], input="\n".join(commands), text=True, check=True, timeout=10)
        assert (file.with_name("damaged") / file.name).exists()

    yield Broken(part=part, says=says, settings=settings, by_hand=mend)


def damaged(file: Path) -> None:
    file.write_bytes(b"no database " * 1_000)


def torn(file: Path) -> None:
    """A database whose pages in the middle are lost, as after a crash of the disk."""
    _execute(
        file,
        "create table kept (said text)",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)"
        " insert into kept select hex(randomblob(500)) from n",
    )
    whole = file.read_bytes()
    file.write_bytes(whole[:8_192] + b"\xff" * 65_536 + whole[73_728:])


def anothers(file: Path) -> None:
    _execute(file, "create table runs (miles real)")


def triggered(file: Path) -> None:
    """The store, with a trigger of somebody else's that lets nothing be told."""
    _prepared(file)
    _execute(
        file, "create trigger theirs before insert on told begin select raise(abort, 'no'); end"
    )


def widened(file: Path) -> None:
    """The store, with a column of somebody else's that has to be filled."""
    _prepared(file)
    _execute(
        file,
        "pragma writable_schema = 1",
        "update sqlite_master set sql = replace(sql, ') strict', ', miles real not null) strict')"
        " where name = 'runs'",
    )


def _prepared(file: Path) -> None:
    def make() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            prepare(database, SCHEMA, busy_seconds=1)

    # Ours, and so not for an event loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(make).result()


def _execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        for one in statements:
            database.execute(one)


@contextmanager
def no_starter(folder: Path, patch: pytest.MonkeyPatch) -> Generator[Broken]:
    patch.setattr("sys.executable", "/bin/false")
    settings = {**NOTHING, "SEARCH__STARTER": "true"}
    yield Broken(part="starter", says="could not be built", settings=settings, mended=None)
