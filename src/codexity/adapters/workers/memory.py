"""The memory of one piece of work in a child process: bounded, and given back behind it."""

from __future__ import annotations

import ctypes
import resource
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_STATE = Path("/proc/self/statm")
"""Its first figure is the size of the address space in pages. Source: proc(5)."""


def address_space() -> int:
    """The bytes of this process' address space; 0 where the system does not tell (macOS)."""
    with suppress(OSError, ValueError):
        return int(_STATE.read_text().split()[0]) * resource.getpagesize()
    return 0


@contextmanager
def at_most(most_bytes: int) -> Generator[None]:
    """In this block the process' address space may have so many bytes; with 0 it has no bound.

    Beyond that Python raises `MemoryError`, and a library in C may end the process.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        within = most_bytes or soft
        within = within if soft == resource.RLIM_INFINITY else min(within, soft)
        resource.setrlimit(resource.RLIMIT_AS, (within, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def give_back() -> None:
    """Gives the system back what is free again, which the C library keeps otherwise.

    Where it cannot be asked to (musl, macOS) it keeps it. Source: malloc_trim(3).
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
