"""A collection kept in step with its folders, which are looked at again and again.

Looked at, and not told of by the system: of network disks and of folders that are shared with a
virtual machine no system tells what others change in them.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Never

import anyio
import anyio.to_thread

from codexity.adapters.library.files import FileProgress, LibraryFiles, Report
from codexity.adapters.library.found import FileFailure, LeftOut, Scan, Watched, absolute, below
from codexity.adapters.library.rows import State
from codexity.adapters.library.scan import scan
from codexity.errors import BadQuestion, CodexityError, Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept in step: the files and folders of a collection; `ignore` as for `add`."""

    paths: Sequence[Path]
    collection: str
    ignore: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often folders are looked at, in seconds.

    Between two looks are `share` times as long as one took, from `least` to `most`. Files are read
    once nothing more has changed for `quiet`, or since `burst`. A file system has `answer` for a
    look. What could not be read is read again after `again`, or `share` times as long as it took.
    """

    least: float = 1.0
    most: float = 60.0
    share: float = 20.0
    quiet: float = 0.5
    burst: float = 10.0
    answer: float = 300.0
    again: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InStep:
    """Files were read; `changed` are those that are new, changed or gone, none at the first time.

    The report has only what was not told yet: failures that are new, and what was left out once.
    """

    report: Report
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """These folders are gone with their file system, or whole; their documents stay."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """These folders are there again."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """It could not be done, and is tried again; why, in plain words."""

    reason: str


News = InStep | Away | Back | Trouble
_Files = Mapping[str, tuple[int, int]]
"""The size of each file, and when it was changed."""


class FolderWatch:
    """Keeps a collection in step with files and folders, as `LibraryFiles.add` brings them in."""

    def __init__(
        self,
        files: LibraryFiles,
        kept: Kept,
        tell: Callable[[News], None],
        *,
        progress: FileProgress | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._files = files
        self._kept = kept
        self._tell = tell
        self._progress = progress
        self._pace = pace or Pace()
        self._roots: list[str] = []
        self._seen: _Files | None = None
        self._devices: dict[str, int] = {}
        self._away: tuple[str, ...] = ()
        self._told: dict[str, str] = {}
        self._unread: dict[str, State] = {}
        self._again_at = math.inf
        self._reason = ""
        self._looking = False

    async def keep(self) -> Never:
        """Brings what is there in, and then what changes, until it is cancelled.

        What fails for a while, the index too, is told once and tried again.

        Raises:
            BadQuestion: the collection's name is not one.
            Misconfigured: the library cannot be used.
        """
        self._roots = await anyio.to_thread.run_sync(absolute, self._kept.paths)
        while True:
            pause = self._pace.least
            try:
                pause = await self._step()
                self._reason = ""
            except (BadQuestion, Misconfigured):
                raise
            except CodexityError as error:
                if error.message != self._reason:
                    self._tell(Trouble(reason=error.message))
                self._reason = error.message
                pause = self._pace.most
            await anyio.sleep(pause)

    async def _step(self) -> float:
        """One look and what follows from it; how long to wait before the next."""
        began = time.monotonic()
        files = await self._look()
        took = time.monotonic() - began
        due = time.monotonic() >= self._again_at
        if files != self._seen or due:
            if self._seen is not None and not due:
                files = await self._settled(files)
            if (news := await self._bring(files, again=due)) is not None:
                self._tell(news)
        return min(self._pace.most, max(self._pace.least, took * self._pace.share))

    async def _settled(self, files: _Files) -> _Files:
        """The files once they no longer change, or have changed for long enough."""
        deadline = time.monotonic() + self._pace.burst
        while time.monotonic() < deadline:
            await anyio.sleep(self._pace.quiet)
            before, files = files, await self._look()
            if files == before:
                break
        return files

    async def _look(self) -> _Files:
        """The files as they are now; those of folders that are away, as they were."""
        found = await self._scanned()
        away = tuple(sorted({*self._gone(found), *self._unmounted(found)}))
        if lost := tuple(one for one in away if one not in self._away):
            self._tell(Away(paths=lost))
        if back := tuple(one for one in self._away if one not in away):
            self._tell(Back(paths=back))
        self._away = away
        kept = {
            path: device
            for path, device in self._devices.items()
            if any(below(path, one) for one in away)
        }
        self._devices = {**found.devices, **kept}
        files = {path: (one.size, one.changed) for path, one in found.files.items()}
        held = {
            path: state
            for path, state in (self._seen or {}).items()
            if any(below(path, one) for one in away)
        }
        return {**files, **held}

    async def _scanned(self) -> Scan:
        """A look at all the folders, which a file system that says nothing cannot hold up."""
        if not self._looking:
            with anyio.move_on_after(self._pace.answer):
                return await anyio.to_thread.run_sync(self._scan, abandon_on_cancel=True)
        raise CodexityError("A file system does not answer. It is tried again.")

    def _scan(self) -> Scan:
        self._looking = True
        try:
            return scan(self._roots, self._files.max_files, ignore=self._kept.ignore)
        finally:
            self._looking = False

    def _gone(self, found: Scan) -> list[str]:
        """Those that were added and are not there; a file that is gone from its folder is."""
        missing = {failure.path for failure in found.failed}
        return [
            root
            for root in self._roots
            if root in missing and (root in self._devices or not Path(root).parent.is_dir())
        ]

    def _unmounted(self, found: Scan) -> list[str]:
        """Folders that were on a file system of their own, and are empty now or not there."""
        return [
            folder
            for folder, device in self._devices.items()
            if found.devices.get(folder) != device
            and (folder in self._roots or self._devices.get(str(Path(folder).parent)) != device)
            and not any(below(path, folder) for path in found.files)
        ]

    async def _bring(self, files: _Files, *, again: bool) -> InStep | None:
        """Reads what changed; with `again`, also what could not be read before."""
        there = [Path(root) for root in self._roots if root not in self._away]
        unread = {} if again else {
            path: one for path, one in self._unread.items() if files.get(path) == _state(one)
        }  # fmt: skip
        report, began = Report(), time.monotonic()
        if there:
            watched = Watched(away=self._away, unread=unread)
            report = await self._files.add(
                there,
                self._kept.collection,
                ignore=self._kept.ignore,
                progress=self._progress,
                watched=watched,
            )
        pause = max(self._pace.again, (time.monotonic() - began) * self._pace.share)
        now = {
            one.path: State(size=files[one.path][0], changed=files[one.path][1], digest="")
            for one in report.failed
            if one.path in files
        }
        self._unread = {**unread, **now}
        self._again_at = time.monotonic() + pause if self._unread else math.inf
        news = await self._news(files, report)
        self._seen = files
        return news

    async def _news(self, files: _Files, report: Report) -> InStep | None:
        """What was done, and of the failures those that were not told; None where that is nothing.

        A file that went while it was read has not failed.
        """
        failed = await anyio.to_thread.run_sync(_still_there, report.failed)
        new = tuple(one for one in failed if self._told.get(one.path) != one.reason)
        still = {path: why for path, why in self._told.items() if path in self._unread}
        self._told = still | {one.path: one.reason for one in failed}
        seen = self._seen
        if seen is None:
            return InStep(report=report, changed=())
        if not (report.added or report.removed or new):
            return None
        changed = sorted(path for path in {*files, *seen} if files.get(path) != seen.get(path))
        told = replace(report, failed=new, left_out=LeftOut(), ignored=0)
        return InStep(report=told, changed=tuple(changed))


def _still_there(failed: Sequence[FileFailure]) -> list[FileFailure]:
    return [one for one in failed if os.path.lexists(one.path)]


def _state(one: State) -> tuple[int, int]:
    return one.size, one.changed
