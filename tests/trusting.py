"""The settings of a working folder and of a user, and a yes to the folder's files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from codexity.settings import Loaded, load
from codexity.settings.directory import working_directory
from codexity.settings.load import trust_store


def trusted(folder: Path, environ: Mapping[str, str]) -> None:
    """Lets the files of this folder set everything, right or wrong, as they are now."""
    trust_store(environ).add(working_directory(folder, of_user=None))


def environ(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user whose own files are in this folder."""
    return {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), **more}


def loaded(cwd: Path, home: Path, **more: str) -> Loaded:
    """The settings that hold in a working folder for this user."""
    return load(cwd=cwd, environ=environ(home, **more))
