"""The worker processes of this one, and a machine on which none can be started."""

from __future__ import annotations

import os
import resource
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import anyio


def workers(module: str) -> set[int]:
    """The processes that this one has started to run a worker module, and that still run."""
    found = set[int]()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = status.read_text().partition(" ")
            state, parent = rest.rpartition(")")[2].split()[:2]
            program = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and module.encode() in program:
            found.add(int(pid))
    return found


async def gone(pids: set[int], module: str) -> bool:
    """Whether they end soon."""
    with anyio.move_on_after(20):
        while pids & workers(module):
            await anyio.sleep(0.01)
        return True
    return False


@contextmanager
def no_more_files() -> Generator[None]:
    """As long as this lasts, every attempt to open a file or a pipe is EMFILE."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A limit below what is open would fail the `poll` of every other thread, too.
    highest = max(int(one.name) for one in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, before[1]))
    taken: list[int] = []
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        for one in taken:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
