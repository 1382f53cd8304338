"""Files and folders into the library, and the library after them: only what changed is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread

from codexity.adapters.library.dates import crowded
from codexity.adapters.library.documents import Document, in_part
from codexity.adapters.library.found import (
    FileFailure,
    FoundFile,
    LeftOut,
    Scan,
    Watched,
    absolute,
    was_found,
    was_looked_for,
)
from codexity.adapters.library.index import LibraryIndex, check_own
from codexity.adapters.library.opening import (
    Cut,
    NoText,
    Outcome,
    Refused,
    document,
    look,
)
from codexity.adapters.library.reading import Reader
from codexity.adapters.library.rows import State
from codexity.adapters.library.scan import files_below, scan
from codexity.errors import CodexityError, Unreadable

DEFAULT_COLLECTION = "documents"

_MOST_FILES = 64
_MOST_BYTES = 256_000
"""Of one batch. In SQLite a transaction for each document took twice the processor, and four times
as long, as one for 64."""


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
"""Told before each file and at the end: files done, files in all, the path, the report so far.

Files of a batch are done together."""


class LibraryFiles:
    """Brings files into an index and keeps it in step with them.

    A file of more than `max_file_bytes` is not read; at most `max_files` are looked at in one go.
    `at_once` batches are at work: two more than there are workers, so that none waits for what is
    being written. Each is written in one transaction.
    """

    def __init__(
        self,
        index: LibraryIndex,
        reader: Reader,
        *,
        max_file_bytes: int = 20_000_000,
        max_files: int = 100_000,
        at_once: int = 4,
    ) -> None:
        self._index = index
        self._reader = reader
        self._max_file_bytes = max_file_bytes
        self.max_files = max_files
        self._at_once = at_once
        self._writing = anyio.Lock()

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
        before = await self._index.roots(collection)
        roots = await anyio.to_thread.run_sync(absolute, paths) or [*before]
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

    async def _work(self, adding: _Adding, scope: anyio.CancelScope) -> None:
        """Takes files until none is left; an error of the index ends all who work."""
        while batch := adding.batch(self._at_once):
            for one in batch:
                adding.tell(one.path)
            try:
                outcomes = await self._take(adding, batch)
            except CodexityError as error:
                adding.error = error
                scope.cancel()
                return
            for one in batch:
                adding.count(one, outcomes[one.path])

    async def _take(self, adding: _Adding, batch: Sequence[FoundFile]) -> dict[str, Outcome]:
        """Reads and indexes those of the files that changed."""
        collection = adding.collection
        looked = await anyio.to_thread.run_sync(
            partial(look, batch, adding.known, collection, max_bytes=self._max_file_bytes)
        )
        if looked.refreshed:
            await self._index.refresh(collection, looked.refreshed)
        read = await self._reader.read([opened.unread for opened in looked.opened])
        documents: list[Document] = []
        for opened, reading in zip(looked.opened, read, strict=True):
            one = opened.file
            if isinstance(reading, Unreadable):
                is_refused = reading.code == "timeout"
                looked.outcomes[one.path] = (Refused if is_refused else NoText)(reading.message)
                continue
            page = reading.page
            looked.outcomes[one.path] = Cut(in_part(page)) if page.unread else "added"
            documents.append(document(opened, reading, crowded=adding.crowded))
        if documents:
            async with self._writing:
                await self._index.put(collection, *documents)
        return looked.outcomes


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
        self._waiting = deque(found.files.values())
        self.crowded = crowded(one.changed for one in found.files.values())
        self.report: Report = Report(
            ignored=found.kinds.total(), failed=tuple(found.failed), left_out=found.left_out()
        )
        self.kept: set[str] = set()
        self.error: CodexityError | None = None
        self._done = 0
        self._total = len(found.files)
        self._progress = progress

    def batch(self, at_once: int) -> list[FoundFile]:
        """The next files to take: few where few are left, so that all who work have some."""
        share = max(1, min(_MOST_FILES, len(self._waiting) // (2 * at_once)))
        taken: list[FoundFile] = []
        size = 0
        while self._waiting and len(taken) < share:
            size += self._waiting[0].size
            if taken and size > _MOST_BYTES:
                break
            taken.append(self._waiting.popleft())
        return taken

    def tell(self, current: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total, current, self.report)

    def count(self, one: FoundFile, outcome: Outcome) -> None:
        self._done += 1
        report = self.report
        if isinstance(outcome, str):
            self.report = replace(report, **{outcome: getattr(report, outcome) + 1})
        elif isinstance(outcome, Cut):
            cut = FileFailure(path=one.path, reason=outcome.reason)
            self.report = replace(report, added=report.added + 1, cut=(*report.cut, cut))
        elif isinstance(outcome, NoText) and one.guessed:
            self.report = replace(report, ignored=report.ignored + 1)
        else:
            failure = FileFailure(path=one.path, reason=outcome.reason)
            self.report = replace(report, failed=(*report.failed, failure))
        if not isinstance(outcome, NoText):
            self.kept.add(one.path)
