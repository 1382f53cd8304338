"""A bound on the memory that one piece of work in a child process may take."""

from __future__ import annotations

import resource
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_STATE = Path("/proc/self/statm")
"""Its first figure is the size of the address space in pages. Source: proc(5)."""


@contextmanager
def at_most(more_bytes: int) -> Generator[None]:
    """In this block the process may take so much memory beyond what it has.

    Then Python raises `MemoryError`, and a library in C may end the process. Where the system does
    not tell the size of a process (macOS), only the bound of the whole process holds.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        size = int(_STATE.read_text().split()[0]) * resource.getpagesize() + more_bytes
        within = size if soft == resource.RLIM_INFINITY else min(size, soft)
        resource.setrlimit(resource.RLIMIT_AS, (within, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
