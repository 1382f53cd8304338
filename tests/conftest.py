"""What every test stands on: one event loop back end, and an alarm for calls that block it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

# The same examples each time: what a new one finds must not stop a change that has no part in it.
# `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Sets right what the processes that tests start would inherit."""
    # A shell starts its background jobs with SIGINT ignored, and so is all that is started below
    # them: a command that is sent one would go on.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Hundreds of processes import this checkout: without files of bytecode each compiles all of it,
    # which is a fifth of what a server's start costs.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _loop_is_never_blocked() -> Iterator[BlockBuster]:
    with blockbuster_ctx("codexity") as blockbuster:
        yield blockbuster
