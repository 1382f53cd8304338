"""What a person is asked before the files of a folder may set everything, and what was answered."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codexity.errors import Misconfigured
from codexity.settings import layers
from codexity.settings.directory import DOTENV, FILE, WorkingDirectory, working_directory
from codexity.settings.load import Row, given_in, trust_store
from codexity.settings.trust import TrustState, TrustStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A folder as it was read once: what its files set that needs trust, and whether it has that.

    `unread` says of each file that others may have written that it was not read.
    """

    path: Path
    state: TrustState
    rows: tuple[Row, ...]
    unread: tuple[str, ...]
    directory: WorkingDirectory
    store: TrustStore

    def accept(self) -> None:
        """Trusts the folder with its files as they were read, until one of them changes.

        Raises:
            Misconfigured: that cannot be kept.
        """
        self.store.add(self.directory)


def propose(folder: Path, *, environ: Mapping[str, str] | None = None) -> Proposal:
    """Reads a folder's files for a person to say yes or no to.

    Raises:
        Misconfigured: it is no folder, or its files would stop the start.
    """
    surroundings = layers.of_process() if environ is None else environ
    if not folder.is_dir():
        raise Misconfigured(f"{folder} is not a folder")
    directory = working_directory(folder, of_user=layers.config_dir(surroundings))
    store = trust_store(surroundings)
    return Proposal(
        path=directory.path,
        state=store.state(directory),
        rows=given_in(directory, surroundings) if directory.texts else (),
        unread=directory.unread,
        directory=directory,
        store=store,
    )


def revoke(folder: Path, *, environ: Mapping[str, str] | None = None) -> bool:
    """Takes the yes to a folder back, also to one that is gone; returns whether there was one.

    Raises:
        Misconfigured: it cannot be taken back, or a relative path leads nowhere.
    """
    store = trust_store(layers.of_process() if environ is None else environ)
    try:
        path = Path(os.path.realpath(folder))
    except FileNotFoundError as error:
        raise Misconfigured("The working directory is gone; give a whole path") from error
    return store.remove(path)


def trusted_folders(
    *, environ: Mapping[str, str] | None = None
) -> tuple[tuple[Path, TrustState], ...]:
    """Every folder that was said yes to, and whether that still holds."""
    surroundings = layers.of_process() if environ is None else environ
    store, of_user = trust_store(surroundings), layers.config_dir(surroundings)
    found: list[tuple[Path, TrustState]] = []
    for path in store.paths():
        try:
            state = store.state(working_directory(path, of_user=of_user))
        except Misconfigured:
            state = "changed"
        found.append((path, state))
    return tuple(found)


__all__ = ["DOTENV", "FILE", "Proposal", "propose", "revoke", "trusted_folders"]
