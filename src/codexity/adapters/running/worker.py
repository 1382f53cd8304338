"""One worker a server: what runs share lives in one process."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import Final

from codexity.adapters.private import create_private
from codexity.errors import Misconfigured

_WAIT_SECONDS: Final = 3.0
"""How long a worker that is being replaced may take to end."""
_LOOK_SECONDS: Final = 0.05


def claim(data_dir: Path) -> int | None:
    """Makes this process the one worker of its server, until it ends; a file descriptor.

    None where no server starts several: workers are children of one parent, and each parent has
    its own byte of the file that is locked.

    Raises:
        Misconfigured: there is another worker.
    """
    if multiprocessing.parent_process() is None and "gunicorn" not in sys.modules:
        return None
    path = data_dir / "workers.lock"
    create_private(path)
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, os.getppid())
        except OSError:
            if time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
                continue
            os.close(file)
            message = (
                "This server is to have one worker: several would not know of each other's runs. "
                "Start it with --workers 1, or with `codexity serve`."
            )
            raise Misconfigured(message) from None
        return file
