"""The program that builds the starter collection in a process of its own: see `starter`."""

from __future__ import annotations

import fcntl
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from codexity.adapters.library import rows
from codexity.adapters.library.database import NAME, prepare, session
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.guides import guides
from codexity.adapters.library.reference import Entry, built_in, module, modules, topics
from codexity.adapters.sqlite.faults import fault_of
from codexity.errors import CodexityError
from codexity.model import STARTER

Say = Callable[[int, int, str], None]


def build(path: Path, stamp: str, folder: Path | None, say: Say) -> bool:
    """Builds the collection unless this very one is there already; false when it was.

    It is computed first and then written in one transaction, so that readers see the old one or
    the new one. A second process waits for the first one's lock; a crash lets go of it.
    """
    prepare(path)
    with path.with_name(f"{path.name}.building").open("wb") as lock:
        say(0, 0, "waiting for the lock")
        fcntl.flock(lock, fcntl.LOCK_EX)
        with session(path) as connection:
            if rows.stamp(connection, STARTER) == stamp:
                return False
        made = [_ready(entry) for entry in _entries(folder, say)]
        with session(path) as connection:
            rows.replace(connection, stamp, made)
    return True


def _entries(folder: Path | None, say: Say) -> Iterator[Entry]:
    sources = modules()
    known = [*guides(folder), *topics(), built_in()]
    total = len(known) + len(sources)
    yield from known
    for done, (name, path) in enumerate(sources, start=len(known)):
        say(done, total, name)
        entry = module(name, path)
        if entry is not None:
            yield entry
    say(total, total, "")


def _ready(entry: Entry) -> Document:
    return Document(
        slug=entry.slug,
        title=entry.title,
        title_stems=stem_text(f"{entry.title} {_subject(entry.slug)}"),
        text=entry.text,
        slices=sliced(entry.text, blocks=entry.blocks),
        blocks=entry.blocks,
    )


def _subject(slug: str) -> str:
    """What a topic or module is called in code, quoted, so that a stop word counts (`with`)."""
    name = slug.partition("-")[2]
    return f'"{name}"'


def main() -> None:
    """Builds; says its progress on standard output, one JSON list a line, and why it failed."""
    path, stamp, folder = sys.argv[1:]

    def say(done: int, total: int, current: str) -> None:
        sys.stdout.write(json.dumps([done, total, current]) + "\n")
        sys.stdout.flush()

    try:
        build(Path(path), stamp, Path(folder) if folder else None, say)
    except CodexityError as error:
        _fail(error.message)
    except OSError as error:
        _fail(fault_of(NAME, error, path=Path(path)).message)


def _fail(why: str) -> NoReturn:
    """Ends with words for people, which the other side of the pipe passes on."""
    sys.stdout.write(json.dumps({"failed": why}) + "\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
