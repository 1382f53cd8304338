"""Files of settings: opened once, bounded, and hashed as they were read."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from codexity.errors import Misconfigured

_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a file holds, and the SHA-256 of its bytes in hexadecimal."""

    text: str = field(repr=False)
    sha256: str


def read(path: Path, shown: str) -> Text | None:
    """What is in a file of the user's own; None where there is no such file.

    Raises:
        Misconfigured: it is no file of text, cannot be read, or is larger than 1 MB.
    """
    with opened(path, shown) as file:
        if file is None:
            return None
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise Misconfigured(f"{shown} is not a file")
        return text_of(file, shown)


@contextmanager
def opened(path: Path, shown: str) -> Generator[int | None, None, None]:
    """The descriptor of an open file, closed behind the block; None where there is none.

    A pipe is not waited for.

    Raises:
        Misconfigured: it cannot be opened.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    except OSError as error:
        raise Misconfigured(f"{shown} cannot be read: {error.strerror}") from error
    try:
        yield file
    finally:
        os.close(file)


def text_of(file: int, shown: str) -> Text:
    """What can be read from a descriptor.

    Raises:
        Misconfigured: it is more than 1 MB, no text, or cannot be read.
    """
    try:
        with os.fdopen(file, "rb", closefd=False) as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Misconfigured(f"{shown} cannot be read: {error.strerror}") from error
    if len(raw) > _MOST_BYTES:
        raise Misconfigured(f"{shown} is larger than {_MOST_BYTES:,} bytes")
    try:
        return Text(text=raw.decode("utf-8-sig"), sha256=sha256(raw).hexdigest())
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{shown} is not UTF-8 text") from error
