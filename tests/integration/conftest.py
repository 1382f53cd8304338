"""One starter collection for all, and one server for the tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import NONSENSE, Server, at_a_terminal, installed, serving


@pytest.fixture(scope="session")
def _first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = installed(tmp_path_factory.mktemp("starter"))
    code, seen = at_a_terminal(folder, "ask", NONSENSE)
    assert code == 3, seen[-2_000:]
    for kept in (folder / "data").glob("runs.sqlite3*"):
        kept.unlink()
    return folder / "data", seen


@pytest.fixture(scope="session")
def starter(_first: tuple[Path, str]) -> Path:
    """A data folder with the starter collection built: to be copied, not to be used."""
    return _first[0]


@pytest.fixture
def first_question(_first: tuple[Path, str]) -> str:
    """What a person saw who asked before there was a starter collection."""
    return _first[1]


@pytest.fixture
def home(tmp_path: Path, starter: Path) -> Path:
    """A folder of this test's own, with the starter collection in it."""
    return installed(tmp_path / "home", starter)


@pytest.fixture(scope="session")
def _server(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(installed(tmp_path_factory.mktemp("server") / "home", starter)) as server:
        yield server


@pytest.fixture
def server(_server: Server) -> Iterator[Server]:
    """The server that all such tests share; pytest shows what it logged when a test fails."""
    before = _server.log_file.stat().st_size
    yield _server
    with _server.log_file.open() as log:
        log.seek(before)
        print(log.read())
