"""What every test stands on: one event loop back end, and an alarm for calls that block it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

# The same examples each time: what a new one finds must not stop a change that has no part in it.
# `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _loop_is_never_blocked() -> Iterator[BlockBuster]:
    with blockbuster_ctx("codexity") as blockbuster:
        yield blockbuster
