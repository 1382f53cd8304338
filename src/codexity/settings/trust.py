"""The folders that were said yes to, each with the hashes of its files."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast

from codexity.errors import Misconfigured
from codexity.settings.directory import WorkingDirectory, doubtful
from codexity.settings.files import opened, text_of

TrustState = Literal["trusted", "changed", "unknown"]


@dataclass(frozen=True, slots=True)
class TrustStore:
    """One file a trusted folder, of mode 0600, below `folder`; None for a user without a home.

    Two commands at the same time do not meet: neither writes the other's file.
    """

    folder: Path | None

    def state(self, directory: WorkingDirectory) -> TrustState:
        """Whether the folder was said yes to as it is, or before one of its files changed."""
        kept = self._kept(directory.path)
        if kept is None:
            return "unknown"
        return "trusted" if kept.get("sha256") == directory.hashes() else "changed"

    def changed(self, directory: WorkingDirectory) -> tuple[str, ...]:
        """The files of a folder that was said yes to which are not what they were then."""
        kept = self._kept(directory.path)
        before: object = kept.get("sha256") if kept else None
        hashes = cast("dict[str, object]", before) if isinstance(before, dict) else {}
        now = directory.hashes()
        return tuple(name for name in now if now[name] != hashes.get(name)) if kept else ()

    def add(self, directory: WorkingDirectory) -> None:
        """Says yes to the folder with its files as they were read.

        Raises:
            Misconfigured: that cannot be kept.
        """
        kept = self._place(directory.path)
        about = {"folder": str(directory.path), "sha256": directory.hashes()}
        partial = kept.with_name(f"{kept.name}.{secrets.token_hex(8)}")
        try:
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            try:
                with os.fdopen(file, "w", encoding="utf-8") as stream:
                    json.dump(about, stream)
                partial.replace(kept)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            raise Misconfigured(f"{kept.parent} cannot be written: {error.strerror}") from error

    def remove(self, path: Path) -> bool:
        """Takes the yes to a folder back; returns whether there was one.

        Raises:
            Misconfigured: it cannot be taken back.
        """
        kept = self._place(path)
        try:
            kept.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise Misconfigured(f"{kept} cannot be removed: {error.strerror}") from error
        return True

    def paths(self) -> tuple[Path, ...]:
        """The folders that were said yes to, in the order of their names."""
        return tuple(sorted(self._paths()))

    def _paths(self) -> Iterator[Path]:
        if self.folder is None or not self.folder.is_dir():
            return
        for kept in self.folder.glob("*.json"):
            about = _read(kept)
            named = Path(str(about.get("folder"))) if about else None
            if named is not None and kept == self._place(named):
                yield named

    def _kept(self, path: Path) -> dict[str, Any] | None:
        if self.folder is None:
            return None
        about = _read(self._place(path))
        return about if about is not None and about.get("folder") == str(path) else None

    def _place(self, path: Path) -> Path:
        if self.folder is None:
            raise Misconfigured("You have no home folder to keep it in; set XDG_DATA_HOME")
        return self.folder / f"{sha256(os.fsencode(path)).hexdigest()}.json"


def _read(path: Path) -> dict[str, Any] | None:
    """A record of the user's own; None where there is none, or others may have written it."""
    try:
        with opened(path, str(path)) as file:
            if file is None:
                return None
            info = os.fstat(file)
            if doubtful(info) is not None or not stat.S_ISREG(info.st_mode):
                return None
            about: object = json.loads(text_of(file, str(path)).text)
    except (Misconfigured, ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", about) if isinstance(about, dict) else None
