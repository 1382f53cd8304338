"""A file read: its page and the words that it is found by, made in one process of its own.

What passes between `FileReader` and its workers is JSON, and the files' bytes behind it: see
`extract.frames`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Protocol, cast

from codexity.adapters.extract import frames
from codexity.adapters.library.documents import Slice, parts, sliced, title_stems
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched
from codexity.text import stemmed_in

_OF_SLICE: Final = tuple(one.name for one in fields(Slice))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file's bytes, and what it is called: by its path, and by its address in the library."""

    path: str
    url: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a file; the rest as in `Document`."""

    page: Page
    title: str
    title_stems: str
    language: str
    slices: tuple[Slice, ...]


class Reader(Protocol):
    """Who reads files, each in a process that ends with what it may take."""

    async def read(self, files: Sequence[Unread]) -> list[Reading | Unreadable]:
        """What came of each of the files, in their order."""
        ...


def analysed(page: Page, path: str) -> Reading:
    """The page of the file at this path, with what it is found by."""
    title = _title(page, path)
    language = stemmed_in(page.text, page.language)
    return Reading(
        page=page,
        title=title,
        title_stems=title_stems(title, path, language),
        language=language,
        slices=sliced(page.text, language, page.blocks),
    )


def request(files: Sequence[Unread]) -> tuple[bytes, ...]:
    """The frame that asks for files to be read, in pieces: no file is copied."""
    about = [
        {"path": one.path, "url": one.url, "media_type": one.media_type, "size": len(one.body)}
        for one in files
    ]
    return (json.dumps(about).encode() + b"\n", *(one.body for one in files))


def asked(payload: bytes) -> Iterator[tuple[str, Fetched]]:
    """What `request` was made of, as documents to read, each with its path."""
    line, _, rest = payload.partition(b"\n")
    at = 0
    for one in json.loads(line):
        body = rest[at : at + one["size"]]
        at += one["size"]
        about = Fetched(url=one["url"], media_type=one["media_type"], charset=None, body=body)
        yield one["path"], about


def told(outcome: Reading | Unreadable) -> dict[str, Any]:
    """What came of a file, for JSON."""
    if isinstance(outcome, Unreadable):
        return frames.told(outcome)
    about = {
        "title": outcome.title,
        "title_stems": outcome.title_stems,
        "language": outcome.language,
        "slices": [{name: getattr(one, name) for name in _OF_SLICE} for one in outcome.slices],
    }
    return {**frames.told(outcome.page), "analysed": about}


def outcomes(payload: bytes, count: int) -> list[Reading | Unreadable]:
    """What came of each of `count` files, in their order.

    Raises:
        ValueError: it is no reply to them.
    """
    said: Any = json.loads(payload)
    if not isinstance(said, list) or len(found := cast("list[Any]", said)) != count:
        raise ValueError("a worker's reply to other files")
    return [_outcome(one) for one in found]


def _outcome(said: Any) -> Reading | Unreadable:
    try:
        page = frames.heard(said)
    except Unreadable as error:
        return error
    match said:
        case {
            "analysed": {
                "title": str(title),
                "title_stems": str(stems),
                "language": str(language),
                "slices": [*slices],
            }
        }:
            return Reading(
                page=page,
                title=title,
                title_stems=stems,
                language=language,
                slices=tuple(_slice(one) for one in slices),
            )
        case _:
            raise ValueError("a worker's reply that makes no sense")


def _slice(said: Any) -> Slice:
    try:
        found = Slice(**said)
    except TypeError as error:
        raise ValueError("a worker's reply with passages of another kind") from error
    if (
        type(found.start) is not int
        or type(found.length) is not int
        or type(found.stems) is not str
    ):
        raise ValueError("a worker's reply with passages that are none")
    return found


def _title(page: Page, path: str) -> str:
    """The document's own title, else the file's name.

    An extractor that finds none takes the end of the address, which is our slug, or the first line
    of a plain text, which may be a sentence.
    """
    title = page.title.strip()
    named = parts(page.url)
    slug = named[1] if named else ""
    return Path(path).name if title in {"", slug} or title[-1] in ".!?:;," else title
