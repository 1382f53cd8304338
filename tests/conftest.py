"""What every test stands on: an event loop that nothing may block, and a starter collection."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from codexity.edges import log
from codexity.question_kind import asked_for
from codexity.question_words import telling_words
from codexity.synonyms.nouns import is_person
from codexity.synonyms.verbs import is_verb
from serving import NONSENSE, at_a_terminal, installed, until

_BUILD_SECONDS = 120

# The same examples each time: what a new one finds must not stop a change that has no part in it.
# `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Sets right what the processes that tests start would inherit."""
    # A shell starts its background jobs with SIGINT ignored, and so is all that is started below
    # them: a command that is sent one would go on.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # by `nohup`, for instance
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Hundreds of processes import this checkout: without files of bytecode each compiles all of it,
    # which is a fifth of what a server's start costs.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def _thesaurus_is_read() -> None:  # pyright: ignore[reportUnusedFunction] - pytest uses it
    """Its files are read in a thread in the product; tests of the core ask in their own."""
    asked_for("how long is the ramp")
    is_person("treasurer")
    is_verb("lend")
    for word in telling_words("who lends the boat"):
        word.near(["vessel"])


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _loop_is_never_blocked() -> Iterator[BlockBuster]:
    with blockbuster_ctx("codexity") as blockbuster:
        yield blockbuster


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, str]]]]:
    """What is logged, a line an event."""
    root, ours = logging.getLogger(), logging.getLogger("codexity")
    handlers, level, own = list(root.handlers), root.level, ours.level
    out = io.StringIO()
    log.configure("info", "json", stream=out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(own)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def _first(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, str]:
    """Built by the first of the processes that run tests to come here, for them all."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "starter"
    seen = folder / "seen"
    try:
        folder.mkdir()
    except FileExistsError:
        until(seen.exists, "built", _BUILD_SECONDS)
    else:
        code, text = at_a_terminal(installed(folder), "ask", NONSENSE)
        assert code == 3, text[-2_000:]
        for kept in (folder / "data").glob("runs.sqlite3*"):
            kept.unlink()
        (folder / "seen so far").write_text(text)
        (folder / "seen so far").rename(seen)
    return folder / "data", seen.read_text()


@pytest.fixture(scope="session")
def starter(_first: tuple[Path, str]) -> Path:
    """A data folder with the starter collection built: to be copied, not to be used."""
    return _first[0]


@pytest.fixture
def first_question(_first: tuple[Path, str]) -> str:
    """What a person saw who asked before there was a starter collection."""
    return _first[1]
