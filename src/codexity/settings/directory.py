"""The two files of the working directory: whose they are is judged before they are read, once."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codexity.errors import Misconfigured
from codexity.settings.files import Text, opened, text_of

FILE: Final = "codexity.toml"
DOTENV: Final = ".env"
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDirectory:
    """What was read of the files in `path`, by their names, and for each that was not why."""

    path: Path
    texts: Mapping[str, Text]
    unread: tuple[str, ...] = ()

    def hashes(self) -> dict[str, str | None]:
        """The SHA-256 of each file as it was read; None for one that was not."""
        return {
            name: self.texts[name].sha256 if name in self.texts else None for name in (FILE, DOTENV)
        }


def working_directory(folder: Path, *, of_user: Path | None) -> WorkingDirectory:
    """Reads `codexity.toml` and `.env` of a folder, except for what others may have written.

    In the user's configuration folder, `of_user`, the first is no file of a working directory.

    Raises:
        Misconfigured: a file of the user's own cannot be read.
    """
    texts: dict[str, Text] = {}
    unread: list[str] = []
    for name in (DOTENV,) if _same(folder, of_user) else (FILE, DOTENV):
        why = _doubt(folder, name)
        if why is None:
            found = _text(folder, name)
            if isinstance(found, Text):
                texts[name] = found
            else:
                why = found
        if why is not None:
            unread.append(f"{name} of {_told(folder)} is not read: {why}")
    # The system's own name of it: the same folder by every way that leads there.
    path = Path(os.path.realpath(folder)) if texts else folder
    return WorkingDirectory(path=path, texts=texts, unread=tuple(unread))


def doubtful(info: os.stat_result) -> str | None:
    """Why what is in this file may be somebody else's words; None where only its owner's can be.

    Source: sshd's `StrictModes` (secure_permissions in OpenSSH's misc.c): the owner is the user or
    root, and nobody else may write.
    """
    if info.st_uid not in {0, os.geteuid()}:
        return "it belongs to another user"
    if info.st_mode & _OTHERS_WRITE:
        return "others may write it (chmod go-w mends that)"
    return None


def _doubt(folder: Path, name: str) -> str | None:
    """What speaks against the file before it is opened: its folder, or an owner who keeps it shut.

    Where everybody may write to a folder that is not sticky, everybody may put a file of the user's
    own, from elsewhere, in the place of this one.
    """
    try:
        info = (folder / name).stat()
        place = folder.stat()
    except (OSError, ValueError):
        return None  # There is none, or opening it tells what is wrong.
    if stat.S_ISDIR(info.st_mode) and name == DOTENV:
        return None
    if place.st_mode & stat.S_IWOTH and not place.st_mode & stat.S_ISVTX:
        return "everybody may write to its folder (chmod o-w mends that)"
    return doubtful(info)


def _text(folder: Path, name: str) -> Text | str | None:
    """What is in it, or why that is not read; None where there is no such file."""
    with opened(folder / name, name) as file:
        if file is None:
            return None
        info = os.fstat(file)
        if stat.S_ISDIR(info.st_mode) and name == DOTENV:
            return None  # A virtual environment of that name.
        # Again, and of what is read: the name may stand for another file by now.
        why = doubtful(info)
        if why is not None:
            return why
        if not stat.S_ISREG(info.st_mode):
            raise Misconfigured(f"{name} is not a file")
        return text_of(file, name)


def _same(folder: Path, of_user: Path | None) -> bool:
    try:
        return of_user is not None and folder.samefile(of_user)
    except OSError:
        return False


def _told(folder: Path) -> str:
    return "this folder" if folder == Path() else str(folder)
