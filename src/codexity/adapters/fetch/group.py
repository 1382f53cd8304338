"""The processes of a program that has a process group of its own: what they hold, and their end."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def own_group(pid: int) -> int | None:
    """The process group of another process; None where it is this one's too, or it is gone.

    Debian's Chromium is started by a script, which leads the group.
    """
    with suppress(OSError):
        group = os.getpgid(pid)
        return None if group == os.getpgrp() else group
    return None


def members(group: int) -> frozenset[int]:
    """The processes of the group, those that ended and were not reaped among them.

    Empty where the system does not tell (macOS). Source: proc(5).
    """
    return frozenset(_members(group))


def resident(group: int) -> int:
    """The bytes of memory of the group's processes, what they share counted for each of them."""
    pages = 0
    for pid in members(group):
        with suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def kill(group: int) -> None:
    """Ends every process of the group at once."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _members(group: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            rest = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(rest[2]) == group:
                yield int(stat.parent.name)
