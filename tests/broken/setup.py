"""What a set-up that does not work is: its settings, its fault, and what its mend is to do."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codexity.adapters.llm.discover import Candidate

SECRET = "sk-that-nobody-may-see"
NOTHING: Mapping[str, str] = {"SEARCH__PROVIDERS": '["library"]'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What is wrong (`part`, and what is said of it) in an installation of these settings.

    `mended` is what the part is told to be afterwards; `by_hand` does what the mend says where that
    is no setting of Codexity's.
    """

    part: str
    says: str
    settings: Mapping[str, str]
    mended: bool | None = True
    by_hand: Callable[[str], object] = field(default=lambda _mend: None)
    candidates: tuple[Candidate, ...] = ()
    while_broken: AbstractContextManager[object] = field(default_factory=nullcontext)
    also: frozenset[str] = frozenset()


Setup = Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[Broken]]


def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def fill_in(folder: Path, words: str, secret: str, _mend: str) -> None:
    """Puts a secret in place of the words that a mend has for it."""
    dotenv = folder / ".env"
    told = dotenv.read_text()
    assert words in told
    dotenv.write_text(told.replace(words, secret))
