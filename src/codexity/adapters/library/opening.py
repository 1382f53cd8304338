"""The files of a batch: which of them are to be read, and what became of the others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codexity.adapters.library.dates import dated
from codexity.adapters.library.documents import Document, address
from codexity.adapters.library.found import FoundFile, reason
from codexity.adapters.library.other_kinds import why_not
from codexity.adapters.library.reading import Reading, Unread
from codexity.adapters.library.rows import State
from codexity.adapters.library.scan import kind_of

_SLUG_CHARS = 60


@dataclass(frozen=True, slots=True)
class Refused:
    """The system did not let us read it: what is in the index stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoText:
    """There is no text to keep: what was in the index leaves it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """It is in the index, but not its end."""

    reason: str


Outcome = str | Refused | NoText | Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that is to be read, what its document is called, its bytes and their digest."""

    file: FoundFile
    slug: str
    digest: str
    unread: Unread


@dataclass(slots=True)
class Looked:
    """The files of a batch: those to read, those of a new time, and what became of the others."""

    opened: list[Opened] = field(default_factory=list[Opened])
    refreshed: dict[str, int] = field(default_factory=dict[str, int])
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])


def look(
    batch: Sequence[FoundFile], known: Mapping[str, State], collection: str, *, max_bytes: int
) -> Looked:
    """Opens the files that may have changed since they were as they are known."""
    looked = Looked()
    for one in batch:
        before = known.get(one.path)
        found = _opened(one, before, collection, max_bytes)
        if isinstance(found, Opened):
            looked.opened.append(found)
            continue
        looked.outcomes[one.path] = found
        if found == "unchanged" and before is not None and before.changed != one.changed:
            looked.refreshed[one.path] = one.changed
    return looked


def _opened(
    one: FoundFile, known: State | None, collection: str, max_bytes: int
) -> Opened | Outcome:
    if known is not None and (known.size, known.changed) == (one.size, one.changed):
        return "unchanged"
    if one.size > max_bytes:
        return NoText(f"It is larger than {max_bytes / 1e6:g} MB.")
    try:
        body, digest = _read(one.path, max_bytes)
    except OSError as error:
        return Refused(reason(error))
    if known is not None and known.digest == digest:
        return "unchanged"
    media_type = kind_of(one, body)
    if media_type is None:
        return NoText(why_not(body))
    slug = _slug(one.path)
    url = address(collection, slug)
    unread = Unread(path=one.path, url=url, media_type=media_type, body=body)
    return Opened(file=one, slug=slug, digest=digest, unread=unread)


def document(opened: Opened, reading: Reading, *, crowded: frozenset[int]) -> Document:
    """What is kept of a file; `crowded` as in `dated`."""
    one = opened.file
    page = dated(reading.page, one.path, one.changed, crowded=crowded)
    return Document(
        slug=opened.slug,
        title=reading.title,
        title_stems=reading.title_stems,
        text=page.text,
        language=reading.language,
        slices=reading.slices,
        published=page.published,
        published_from=page.published_from,
        path=one.path,
        size=one.size,
        changed=one.changed,
        digest=opened.digest,
        page_starts=page.page_starts,
        blocks=page.blocks,
    )


def _read(path: str, max_bytes: int) -> tuple[bytes, str]:
    with Path(path).open("rb") as file:
        body = file.read(max_bytes)
    return body, hashlib.sha256(body).hexdigest()


def _slug(path: str) -> str:
    """The file's name for people, and a digest of its path that keeps it unique."""
    name = "-".join(re.findall(r"\w+", Path(path).stem.lower()))[:_SLUG_CHARS].strip("-")
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return f"{name}-{digest}" if name else digest
