"""`codexity read`: what Codexity reads on pages, in the order they were given."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, Final

import anyio
import typer
from anyio.to_thread import run_sync

from codexity.compose import Installation
from codexity.edges.cli.address import for_library, for_people
from codexity.edges.cli.session import session, starter_ready
from codexity.edges.structure import markdown
from codexity.edges.terminal import json_text, plain
from codexity.errors import Unreadable
from codexity.model import Page

_AT_ONCE: Final = 8
_LONGEST_LINE: Final = 65_536
"""What is longer is no address; it is read, and refused, in pieces."""


async def read(urls: Sequence[str], as_json: bool, as_markdown: bool = False) -> int:  # noqa: FBT001, FBT002 - called by the command
    """Reads and prints; returns the exit code: 1 when none could be read."""
    any_read = any_given = False
    async with session() as installation, aclosing(_given(urls)) as given:
        await _ready(installation, urls)
        async for batch in _batches(given):
            any_given = True
            for url, outcome in zip(batch, await _read_all(installation, batch), strict=True):
                any_read = any_read or isinstance(outcome, Page)
                spelled = _object(url, outcome)
                if as_json:
                    typer.echo(json_text(spelled))
                elif as_markdown and isinstance(outcome, Page):
                    typer.echo(plain(markdown(outcome)))
                else:
                    told = _text(spelled, for_people(spelled["url"], installation))
                    typer.echo(plain(told))
    if not any_given:
        typer.echo("codexity: Standard input held no address.", err=True)
    return 0 if any_read else 1


async def _ready(installation: Installation, urls: Sequence[str]) -> None:
    """A page of the starter collection can be asked for before the first question."""
    if any(url == "-" or installation.index.owns(for_library(url, installation)) for url in urls):
        await starter_ready(installation)


async def _given(urls: Sequence[str]) -> AsyncGenerator[str, None]:
    for url in urls:
        if url != "-":
            # The shell passes on bytes that are no text.
            yield url.encode(errors="surrogateescape").decode(errors="replace")
            continue
        next_line = partial(sys.stdin.buffer.readline, _LONGEST_LINE)
        while line := await run_sync(next_line, abandon_on_cancel=True):
            if line.strip():
                yield line.decode(errors="replace").strip()


async def _batches(urls: AsyncIterator[str]) -> AsyncGenerator[list[str], None]:
    batch: list[str] = []
    async for url in urls:
        batch.append(url)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _read_all(installation: Installation, urls: Sequence[str]) -> list[Page | Unreadable]:
    outcomes: dict[int, Page | Unreadable] = {}

    async def one(place: int, url: str) -> None:
        try:
            outcomes[place] = await installation.read(for_library(url, installation))
        except Unreadable as error:
            outcomes[place] = await run_sync(_of_file, url, error)

    async with anyio.create_task_group() as tasks:
        for place, url in enumerate(urls):
            tasks.start_soon(one, place, url)
    return [outcomes[place] for place in range(len(urls))]


def _of_file(url: str, error: Unreadable) -> Unreadable:
    """The error, or for what is no address but a file of this machine what reads files."""
    path = url.removeprefix("file://")
    if "://" in path or not os.path.lexists(path):
        return error
    message = f"{error.message} This is a file of this machine: `codexity library add` reads files."
    return Unreadable(message, code=error.code, detail=error.detail)


def _object(url: str, outcome: Page | Unreadable) -> dict[str, Any]:
    if isinstance(outcome, Unreadable):
        return {"url": url, "skipped": {"why": outcome.message, "code": outcome.code}}
    return {
        "url": outcome.url,
        "title": outcome.title,
        "text": outcome.text,
        "site": outcome.site,
        "published": outcome.published,
        "published_from": outcome.published_from,
        "modified": outcome.modified,
        "modified_from": outcome.modified_from,
        "language": outcome.language,
        "via": outcome.via,
    }


def _text(spelled: dict[str, Any], url: str) -> str:
    if "skipped" in spelled:
        return f"{url}\n  not read: {spelled['skipped']['why']}\n"
    about = ", ".join(filter(None, (spelled["site"], spelled["published"], spelled["via"])))
    return f"{spelled['title']}\n{url} ({about})\n\n{spelled['text']}\n"
