"""The servers that whole files of tests share, and what asks them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clients.model import PieceByPiece
from clients.programs import PROGRAMS, Guide
from clients.rig import WORDS, Rig, rig
from cutting import SAID, at_length, settings
from servers.openai import OpenAIServer
from serving import Server, installed, serving

if TYPE_CHECKING:
    from playwright.async_api import Browser

Installed = tuple[Server, OpenAIServer]


@pytest.fixture
def home(tmp_path: Path, starter: Path) -> Path:
    """A folder of this test's own, with the starter collection in it."""
    return installed(tmp_path / "home", starter)


@pytest.fixture
def cwd(tmp_path: Path) -> Path:
    """An empty working folder."""
    folder = tmp_path / "cwd"
    folder.mkdir()
    return folder


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


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A server that answers at once, and its model."""
    folder = tmp_path_factory.mktemp("idle")
    with (
        OpenAIServer(lambda _: SAID) as model,
        serving(installed(folder), **settings(folder, model)) as server,
    ):
        yield server, model


@pytest.fixture(scope="module")
def _busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("busy")
    with (
        OpenAIServer(pause=0.1) as model,
        serving(installed(folder), **settings(folder, model)) as server,
    ):
        yield server, model


@pytest.fixture
def busy(_busy: Installed) -> Installed:
    """A server whose model writes for a minute, unless it is told otherwise."""
    _busy[1].say = at_length
    return _busy


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A server whose model says the next of its words when it is let."""
    with rig(tmp_path_factory.mktemp("made"), PieceByPiece(WORDS)) as opened:
        yield opened


@pytest.fixture(params=PROGRAMS)
def guide(request: pytest.FixtureRequest, tmp_path: Path) -> Guide:
    return Guide.written(request.param, tmp_path)


@pytest.fixture(scope="module")
async def browser() -> AsyncGenerator[Browser]:
    from clients.chromium import chromium

    async with chromium() as opened:
        yield opened
