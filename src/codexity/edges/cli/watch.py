"""`codexity library add --watch`: a collection kept in step until Ctrl-C."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from codexity.compose import Away, Back, FolderWatch, InStep, Kept, News, Trouble
from codexity.edges.cli.files_bar import files_bar
from codexity.edges.cli.library import counts, tell
from codexity.edges.cli.session import session
from codexity.edges.terminal import plain

_MOST_NAMES: Final = 5


async def watch(paths: Sequence[Path], collection: str, ignore: bool) -> int:  # noqa: FBT001 - called by the command
    """Adds files and folders, and keeps the collection in step with them until it is cancelled."""
    kept = Kept(paths=paths, collection=collection, ignore=ignore)
    words = _Words(kept)
    async with session() as installation:
        with files_bar() as progress:
            folders = FolderWatch(installation.files, kept, words.tell, progress=progress)
            try:
                await folders.keep()
            finally:
                words.say("is no longer kept in step.")


class _Words:
    """What a person is told, a line a change; at the first time what `library add` says."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._is_first = True

    def tell(self, news: News) -> None:
        match news:
            case InStep():
                self._in_step(news)
            case Away(paths=paths):
                self.say(f"{', '.join(paths)} cannot be looked into now: what is from there stays")
            case Back(paths=paths):
                self.say(f"{', '.join(paths)} can be looked into again")
            case Trouble(reason=reason):
                self.say(reason)

    def say(self, words: str) -> None:
        """Tells something of the collection, with the time."""
        at = time.strftime("%H:%M:%S")
        typer.echo(plain(f"{at} {self._kept.collection}: {words}"))

    def _in_step(self, news: InStep) -> None:
        tell(news.report)
        if self._is_first:
            self._is_first = False
            self.say(counts(news.report))
            paths = ", ".join(map(str, self._kept.paths))
            self.say(f"is kept in step with {paths} (Ctrl-C ends that)")
            return
        done = f"{news.report.added} added, {news.report.removed} removed"
        if news.report.failed:
            done += f", {len(news.report.failed)} skipped"
        self.say(f"{done}: {self._named(news.changed)}" if news.changed else done)

    def _named(self, paths: Sequence[str]) -> str:
        """The first few, from the folder that they are in."""
        shown = [self._inner(path) for path in paths[:_MOST_NAMES]]
        more = len(paths) - len(shown)
        return ", ".join([*shown, *([f"and {more:,} more"] if more else [])])

    def _inner(self, path: str) -> str:
        for one in self._kept.paths:
            root = os.path.abspath(one)  # noqa: PTH100 - `resolve` follows links
            if path.startswith(f"{root}/"):
                return path[len(root) + 1 :]
        return path
