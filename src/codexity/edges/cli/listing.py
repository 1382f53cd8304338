"""`codexity library list`: the collections, or the documents of one, each with its date."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import typer

from codexity.compose import ListedDocument
from codexity.edges.cli.address import for_people
from codexity.edges.cli.session import session
from codexity.edges.terminal import json_text, plain
from codexity.model import DateOrigin
from codexity.text import counted

_ORIGINS: Final[dict[DateOrigin, str]] = {
    "meta": "it says so itself",
    "json-ld": "it says so itself",
    "time": "it says so itself",
    "text": "a line of its text",
    "url": "its address",
    "search": "a search",
    "name": "the name of its file",
    "file": "the last change of its file",
}


async def listed(collection: str | None, as_json: bool) -> int:  # noqa: FBT001 - called by the command
    """Prints the documents of a collection, by title; without one, the collections."""
    if collection is None:
        return await _collections(as_json=as_json)
    return await _documents(collection, as_json=as_json)


async def _collections(*, as_json: bool) -> int:
    async with session() as installation:
        collections = await installation.index.collections()
    if as_json:
        typer.echo(json_text([asdict(one) for one in collections]))
        return 0
    if not collections:
        typer.echo("The library is empty. Add documents with: codexity library add PATH", err=True)
    for one in collections:
        day = datetime.fromtimestamp(one.updated, UTC).date()
        size = f"{counted(one.documents, 'document')}, {counted(one.characters, 'character')}"
        typer.echo(plain(f"{one.name}: {size}, {day}"))
        for root in one.roots:
            typer.echo(plain(f"    {root}"))
    return 0


async def _documents(collection: str, *, as_json: bool) -> int:
    async with session() as installation:
        await installation.index.check((collection,))
        found = await installation.index.documents(collection)
    if as_json:
        typer.echo(json_text([asdict(one) for one in found]))
        return 0
    for one in found:
        where = one.path or for_people(one.url, installation)
        typer.echo(plain(f"{one.title}\n    {where}\n    {_told(one)}"))
    if not found:
        typer.echo(plain(f"{collection} has no documents."), err=True)
    return 0


def _told(one: ListedDocument) -> str:
    """The date with its origin, and how much there is of it."""
    size = f"{counted(one.passages, 'passage')}, {counted(one.characters, 'character')}"
    if one.published is None:
        return f"no date; {size}"
    origin = _ORIGINS[one.published_from] if one.published_from else "of an older version"
    return f"{one.published} ({origin}); {size}"
