"""A yes to the files of a folder, as `codexity trust --yes` gives it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from codexity.settings.directory import working_directory
from codexity.settings.load import trust_store


def trusted(folder: Path, environ: Mapping[str, str]) -> None:
    """Lets the files of this folder set everything, right or wrong, as they are now."""
    trust_store(environ).add(working_directory(folder, of_user=None))
