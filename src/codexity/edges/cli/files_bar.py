"""How far the reading of files is, at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from codexity.compose import AddReport, FileProgress
from codexity.edges.terminal import plain

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def files_bar() -> Generator[FileProgress | None]:
    """What shows a bar while files are read, and nothing between; None where it is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    def __init__(self) -> None:
        self._shown: tuple[Progress, TaskID] | None = None

    def show(self, done: int, total: int, current: str, _report: AddReport) -> None:
        """Shows the file that is read, or closes the bar where there is none any more."""
        from rich.markup import escape

        if not current:
            self.close()
            return
        bar, task = self._shown = self._shown or self._begun()
        name = escape(plain(Path(current).name))
        bar.update(task, completed=done, total=total, description=f"Reading {name}")

    def close(self) -> None:
        """Takes the bar off the terminal."""
        if self._shown is not None:
            self._shown[0].stop()
        self._shown = None

    def _begun(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import Progress

        bar = Progress(console=Console(stderr=True), transient=True)
        bar.start()
        return bar, bar.add_task("Reading files", total=None)
