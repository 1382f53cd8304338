"""Files and folders into the library, and the library after them: only what changed is read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread

from codexity.adapters.library.dates import crowded, dated
from codexity.adapters.library.documents import Document, address, in_part, sliced, title_stems
from codexity.adapters.library.found import (
    FileFailure,
    FoundFile,
    LeftOut,
    Scan,
    Watched,
    absolute,
    reason,
    was_found,
    was_looked_for,
)
from codexity.adapters.library.index import LibraryIndex, check_own
from codexity.adapters.library.other_kinds import why_not
from codexity.adapters.library.rows import State
from codexity.adapters.library.scan import files_below, kind_of, scan
from codexity.errors import CodexityError, Unreadable
from codexity.model import Page
from codexity.ports import Extractor, Fetched
from codexity.text import stemmed_in

DEFAULT_COLLECTION = "documents"

_SLUG_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the files, in numbers of files.

    `added` counts new and changed ones, `removed` documents that left because their file is gone,
    left out or without text now, `ignored` files of kinds that are not read. `cut` are those of the
    added that are too long to be read to their end. `left_out` says what was not looked at; reports
    of the same numbers are equal.
    """

    added: int = 0
    unchanged: int = 0
    removed: int = 0
    ignored: int = 0
    failed: tuple[FileFailure, ...] = ()
    cut: tuple[FileFailure, ...] = ()
    left_out: LeftOut = field(default=LeftOut(), compare=False)


FileProgress = Callable[[int, int, str, Report], None]
"""Told before each file and at the end: files done, files in all, the path, the report so far."""


class LibraryFiles:
    """Brings files into an index and keeps it in step with them.

    A file of more than `max_file_bytes` is not read; at most `max_files` are looked at in one go;
    `at_once` are read at the same time.
    """

    def __init__(
        self,
        index: LibraryIndex,
        extractor: Extractor,
        *,
        max_file_bytes: int = 20_000_000,
        max_files: int = 100_000,
        at_once: int = 2,
    ) -> None:
        self._index = index
        self._extractor = extractor
        self._max_file_bytes = max_file_bytes
        self.max_files = max_files
        self._at_once = at_once

    async def add(
        self,
        paths: Sequence[Path],
        collection: str = DEFAULT_COLLECTION,
        *,
        ignore: bool = True,
        progress: FileProgress | None = None,
        watched: Watched | None = None,
    ) -> Report:
        """Adds files and folders to a collection; without paths, those it was given before.

        With `ignore`, what `.gitignore` names and folders that tools fill are left out.

        A file of the size and time that are known is not read again; one whose content is the
        same is not indexed again. What was under these paths and is gone leaves the index. What
        cannot be read is in the report, and the rest goes on.

        Raises:
            BadQuestion: the collection's name is not one.
        """
        check_own(collection)
        before = await self._remembered(collection)
        roots = await anyio.to_thread.run_sync(absolute, paths) or before
        # A file that was added by its own name is looked for by it, whatever its folder gives.
        named = await anyio.to_thread.run_sync(files_below, before, roots)
        found = await anyio.to_thread.run_sync(
            partial(scan, [*named, *roots], self.max_files, ignore=ignore)
        )
        known = await self._index.states(collection)
        if watched is not None:
            found.unlisted.extend(watched.away)
            known = {**known, **watched.unread}
        if there := [root for root in roots if was_found(root, found)]:
            await self._index.remember(collection, there)
        adding = _Adding(collection=collection, found=found, known=known, progress=progress)
        async with anyio.create_task_group() as group:
            for _ in range(self._at_once):
                group.start_soon(self._work, adding, group.cancel_scope)
        if adding.error is not None:
            raise adding.error
        rest = known.keys() - adding.kept
        if gone := [path for path in rest if was_looked_for(path, roots, found)]:
            await self._index.remove_paths(collection, gone)
        adding.report = replace(adding.report, removed=len(gone))
        adding.tell("")
        return adding.report

    async def _remembered(self, collection: str) -> list[str]:
        collections = {one.name: one for one in await self._index.collections()}
        return list(collections[collection].roots) if collection in collections else []

    async def _work(self, adding: _Adding, scope: anyio.CancelScope) -> None:
        """Takes files until none is left; an error of the index ends all who work."""
        for one in adding.waiting:
            adding.tell(one.path)
            try:
                outcome = await self._take(adding, one, adding.known.get(one.path))
            except CodexityError as error:
                adding.error = error
                scope.cancel()
                return
            adding.count(one, outcome)

    async def _take(self, adding: _Adding, one: FoundFile, known: State | None) -> _Outcome:
        """Reads and indexes one file if it changed."""
        if known is not None and (known.size, known.changed) == (one.size, one.changed):
            return "unchanged"
        if one.size > self._max_file_bytes:
            return _NoText(f"It is larger than {self._max_file_bytes / 1e6:g} MB.")
        try:
            body, digest = await anyio.to_thread.run_sync(_read, one.path, self._max_file_bytes)
        except OSError as error:
            return _Refused(reason(error))
        if known is not None and known.digest == digest:
            await self._index.refresh(adding.collection, one.path, one.changed)
            return "unchanged"
        return await self._index_body(adding, one, body, digest)

    async def _index_body(
        self, adding: _Adding, one: FoundFile, body: bytes, digest: str
    ) -> _Outcome:
        collection = adding.collection
        media_type = kind_of(one, body)
        if media_type is None:
            return _NoText(why_not(body))
        slug = _slug(one.path)
        url = address(collection, slug)
        try:
            page = await self._extractor.extract(
                Fetched(url=url, media_type=media_type, charset=None, body=body)
            )
        except Unreadable as error:
            return (_Refused if error.code == "timeout" else _NoText)(error.message)
        page = dated(page, one.path, one.changed, crowded=adding.crowded)
        document = await anyio.to_thread.run_sync(_document, slug, page, one, digest)
        await self._index.put(collection, document)
        return _Cut(in_part(page)) if page.unread else "added"


@dataclass(frozen=True, slots=True)
class _Refused:
    """The system did not let us read it: what is in the index stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class _NoText:
    """There is no text to keep: what was in the index leaves it."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """It is in the index, but not its end."""

    reason: str


_Outcome = str | _Refused | _NoText | _Cut


class _Adding:
    """One `add` at work: the files that wait, and what became of the others."""

    def __init__(
        self,
        *,
        collection: str,
        found: Scan,
        known: Mapping[str, State],
        progress: FileProgress | None,
    ) -> None:
        self.collection = collection
        self.known = known
        self.waiting = iter(found.files.values())
        self.crowded = crowded(one.changed for one in found.files.values())
        self.report: Report = Report(
            ignored=found.kinds.total(), failed=tuple(found.failed), left_out=found.left_out()
        )
        self.kept: set[str] = set()
        self.error: CodexityError | None = None
        self._done = 0
        self._total = len(found.files)
        self._progress = progress

    def tell(self, current: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total, current, self.report)

    def count(self, one: FoundFile, outcome: _Outcome) -> None:
        self._done += 1
        report = self.report
        if isinstance(outcome, str):
            self.report = replace(report, **{outcome: getattr(report, outcome) + 1})
        elif isinstance(outcome, _Cut):
            cut = FileFailure(path=one.path, reason=outcome.reason)
            self.report = replace(report, added=report.added + 1, cut=(*report.cut, cut))
        elif isinstance(outcome, _NoText) and one.guessed:
            self.report = replace(report, ignored=report.ignored + 1)
        else:
            failure = FileFailure(path=one.path, reason=outcome.reason)
            self.report = replace(report, failed=(*report.failed, failure))
        if not isinstance(outcome, _NoText):
            self.kept.add(one.path)


def _read(path: str, max_bytes: int) -> tuple[bytes, str]:
    with Path(path).open("rb") as file:
        body = file.read(max_bytes)
    return body, hashlib.sha256(body).hexdigest()


def _slug(path: str) -> str:
    """The file's name for people, and a digest of its path that keeps it unique."""
    name = "-".join(re.findall(r"\w+", Path(path).stem.lower()))[:_SLUG_CHARS].strip("-")
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return f"{name}-{digest}" if name else digest


def _title(page: Page, slug: str, path: str) -> str:
    """The document's own title, else the file's name.

    An extractor that finds none takes the end of the address, which is our slug, or the first line
    of a plain text, which may be a sentence.
    """
    title = page.title.strip()
    return Path(path).name if title in {"", slug} or title[-1] in ".!?:;," else title


def _document(slug: str, page: Page, one: FoundFile, digest: str) -> Document:
    title = _title(page, slug, one.path)
    language = stemmed_in(page.text, page.language)
    return Document(
        slug=slug,
        title=title,
        title_stems=title_stems(title, one.path, language),
        text=page.text,
        language=language,
        slices=sliced(page.text, language, page.blocks),
        published=page.published,
        published_from=page.published_from,
        path=one.path,
        size=one.size,
        changed=one.changed,
        digest=digest,
        page_starts=page.page_starts,
        blocks=page.blocks,
    )
