"""Folders that are watched, and what is told of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from codexity.adapters.library.files import LibraryFiles
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.reading import Reader
from codexity.adapters.library.watch import FolderWatch, InStep, Kept, News, Pace

FAST = Pace(least=0.02, most=0.05, share=1, quiet=0.05, burst=2, again=0.2)
SECONDS = 30


@dataclass
class Watching:
    """A folder that is watched: its index, and what was told so far."""

    folder: Path
    index: LibraryIndex
    told: list[News] = field(default_factory=list[News])

    async def names(self) -> set[str]:
        listed = await self.index.documents("documents")
        return {Path(one.path).relative_to(self.folder).as_posix() for one in listed}

    async def has(self, *names: str) -> None:
        """Waits until the collection holds exactly these files."""
        with anyio.fail_after(SECONDS):
            while await self.names() != set(names):
                await anyio.sleep(0.02)

    async def hears(self, kind: type[News], *, more_than: int = 0) -> None:
        with anyio.fail_after(SECONDS):
            while len(self.all(kind)) <= more_than:
                await anyio.sleep(0.02)

    def all(self, kind: type[News]) -> list[News]:
        return [one for one in self.told if isinstance(one, kind)]


@asynccontextmanager
async def watching(folder: Path, reader: Reader, *, pace: Pace = FAST) -> AsyncGenerator[Watching]:
    """The folder watched, once what is in it was added."""
    index = LibraryIndex(folder.parent / "library.db")
    found = Watching(folder, index)
    kept = Kept(paths=[folder], collection="documents")
    files = LibraryFiles(index, reader, at_once=1)
    async with anyio.create_task_group() as group:
        group.start_soon(FolderWatch(files, kept, found.told.append, pace=pace).keep)
        await found.hears(InStep)
        yield found
        group.cancel_scope.cancel()


def notes(folder: Path) -> Path:
    for name in ("gate.md", "old/lamp.md", "old/deep/rope.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"Of the {Path(name).stem} it is said that it holds.\n")
    return folder
