"""Folders with the starter collection, and one server for the tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import Server, installed, serving


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
