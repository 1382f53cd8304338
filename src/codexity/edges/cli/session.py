"""What every command that does work begins with: settings, logging, an open installation."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import typer
from anyio.to_thread import run_sync

from codexity.compose import Installation, StarterCollection, opened
from codexity.edges.journal import LogJournal
from codexity.edges.log import configure
from codexity.edges.terminal import plain
from codexity.errors import CodexityError
from codexity.settings import load


@asynccontextmanager
async def session(
    overrides: Mapping[str, object] | None = None,
) -> AsyncGenerator[Installation, None]:
    """An installation for one command: at a terminal only warnings are logged, unless asked for.

    Raises:
        Misconfigured: a setting is wrong.
    """
    loaded = await run_sync(partial(load, overrides=overrides or {}))
    for warning in loaded.warnings:
        typer.echo(f"codexity: {warning}", err=True)
    log = loaded.settings.log
    level = "warning" if loaded.origins["log.level"] == "default" else log.level
    configure(level, log.format, brief=True)
    async with opened(loaded.settings, LogJournal()) as installation:
        yield installation


async def starter_ready(installation: Installation) -> None:
    """Builds the starter collection where it is missing, telling how far it is on a terminal.

    It is the last resort of an answer: where it cannot be built, that is told, and nothing else
    fails by it.
    """
    starter = installation.starter
    if starter is None:
        return
    try:
        if not await starter.is_built():
            await _build(starter)
    except CodexityError as error:
        typer.echo(plain(f"codexity: {error.message}"), err=True)


async def _build(starter: StarterCollection) -> None:
    if not sys.stderr.isatty():
        await starter.ensure_built()
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Building the starter collection (once)", total=None)

        def tell(done: int, total: int, _current: str) -> None:
            bar.update(task, completed=done, total=total)

        await starter.ensure_built(tell)
