"""What came of trying a part of an installation, and how its mend is written."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

_PLAIN = re.compile(r"[\w.:/@%+=,-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Whether a part works (None: it is not configured), what was seen, and the mend.

    Only the operator is told: so addresses and paths of this installation are named, secrets never.
    In `mend`, lines that begin with four blanks are to be taken as they are: settings, commands, or
    parts of another program's settings. What comes before them says which.
    """

    ok: bool | None
    said: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One part, and what tries it; it has so many `seconds`."""

    part: str
    seconds: float
    examine: Callable[[], Awaitable[Trial]]


def mending(words: str, *lines: str) -> str:
    """What to do, and the lines to be taken as they are."""
    return "\n".join((words, *(f"    {line}" for line in lines)))


def setting(name: str, value: object) -> str:
    """A line that sets this, in the environment of a shell and in `.env` alike."""
    spelled = value if isinstance(value, str) else json.dumps(value)
    if not _PLAIN.fullmatch(spelled):
        spelled = json.dumps(spelled) if "'" in spelled else f"'{spelled}'"
    return f"CODEXITY_{name}={spelled}"


def shown(url: str) -> str:
    """An address without what may be secret in it: user, password and query."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def fillable(url: str) -> str:
    """An address for a setting to be taken as it is, but for words in place of what is secret."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=f"user:password@{parts.netloc.rpartition('@')[2]}").geturl()
