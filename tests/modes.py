"""Who may do what with the files of a folder."""

from __future__ import annotations

import stat
from pathlib import Path


def modes_of(path: Path) -> dict[str, int]:
    """The mode of the file's folder, and of each file in it, by name."""
    folder = path.parent
    return {one.name: stat.S_IMODE(one.stat().st_mode) for one in (folder, *folder.iterdir())}
