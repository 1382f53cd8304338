"""Files that only the user who runs Codexity can read: they hold what was asked and read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def create_private(path: Path) -> None:
    """Creates an empty file of mode 0600 and its folder of mode 0700, where they are missing.

    What is there keeps its mode: somebody may have shared it on purpose. SQLite gives the files
    that it lays beside a database the database's mode (https://sqlite.org/tempfiles.html).

    Raises:
        OSError: they cannot be created.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
