"""Starts and ends child processes, so that none is lost or reaped twice."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress

import anyio
from anyio.abc import Process

_START_SECONDS = 5.0
"""It takes milliseconds."""


async def start(command: Sequence[str], *, stdin: int, stderr: int) -> Process:
    """Starts a program whose output is read; the caller owes it an `end`.

    Raises:
        OSError: it cannot be started: no such program, no memory, too many files or processes.
    """
    # Shielded: cancelled in the middle of it, nobody would own the process.
    with anyio.fail_after(_START_SECONDS, shield=True):
        return await anyio.open_process(command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr)


async def end(process: Process) -> None:
    """Kills the process where it still runs, and reaps it, also when cancelled."""
    with anyio.CancelScope(shield=True):
        if process.returncode is None:
            # Not its `kill`, which polls first: where the process has just ended by itself, that
            # takes the status away from the event loop ("Unknown child process pid ...").
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        await process.aclose()
