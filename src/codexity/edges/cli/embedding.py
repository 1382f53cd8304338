"""The vectors of the library, made where they are missing, with progress on a terminal."""

from __future__ import annotations

import sys

import typer

from codexity.compose import Filled, Installation, LibraryVectors
from codexity.edges.terminal import plain
from codexity.errors import ProviderError
from codexity.text import counted


async def embed(installation: Installation) -> None:
    """Makes the vectors that are missing; what keeps them from being made is told, and no error."""
    if installation.meaning is None:
        return
    try:
        filled = await _filled(installation.meaning.vectors)
    except ProviderError as error:
        again = "The documents are there, and found by their words: run the same command again."
        typer.echo(plain(f"meaning: {error.message} {again}"), err=True)
        return
    if filled is None or not (filled.made or filled.replaced):
        return
    made = f"{counted(filled.made, 'passage')} embedded by {filled.embedder}"
    if filled.replaced:
        made = f"{made}, in place of {counted(filled.replaced, 'vector')} of another model"
    typer.echo(plain(f"meaning: {made}"))


async def _filled(vectors: LibraryVectors) -> Filled | None:
    if not sys.stderr.isatty():
        return await vectors.fill()
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Embedding passages", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return await vectors.fill(tell)
