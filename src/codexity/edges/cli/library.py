"""`codexity library`: the user's own documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from codexity.compose import AddReport
from codexity.edges.cli.address import for_people, server_note
from codexity.edges.cli.embedding import embed
from codexity.edges.cli.files_bar import files_bar
from codexity.edges.cli.left_out import left_out
from codexity.edges.cli.session import session
from codexity.edges.terminal import json_text, plain
from codexity.text import counted


async def add(paths: Sequence[Path], collection: str, ignore: bool) -> int:  # noqa: FBT001 - called by the command
    """Adds files and folders; returns 1 when nothing of them is in the library."""
    async with session() as installation:
        with files_bar() as progress:
            add_all = installation.files.add
            report = await add_all(paths, collection, ignore=ignore, progress=progress)
        await embed(installation)
    tell(report)
    typer.echo(plain(f"{collection}: {counts(report)}"))
    return 0 if report.added or report.unchanged or not report.failed else 1


def tell(report: AddReport) -> None:
    """Says what could not be read, what was cut off, and what was left out."""
    for failure in report.failed:
        typer.echo(plain(f"skipped {failure.path}: {failure.reason}"), err=True)
    for cut in report.cut:
        typer.echo(plain(f"cut off {cut.path}: {cut.reason}"), err=True)
    for line in left_out(report):
        typer.echo(plain(f"left out: {line}"), err=True)


def counts(report: AddReport) -> str:
    """What became of the files, in numbers."""
    return (
        f"{report.added} added, {report.unchanged} unchanged, {report.removed} removed, "
        f"{len(report.failed)} skipped, {report.ignored} of other kinds"
    )


async def search(
    query: str,
    collection: tuple[str, ...],
    limit: int,
    as_json: bool,  # noqa: FBT001 - called by the command
) -> int:
    """Prints the hits, best first; returns 3 when there is none."""
    async with session() as installation:
        await installation.index.check(collection)
        meaning = installation.meaning
        hits = await installation.index.search(
            query,
            collections=collection,
            limit=limit,
            meant=await meaning.meant(query) if meaning else None,
        )
        places = [await installation.index.place(hit) for hit in hits]
        note = await server_note(() if as_json else [hit.url for hit in hits], installation)
    found = tuple(zip(hits, places, strict=True))
    if as_json:
        typer.echo(json_text([asdict(hit) | asdict(place) for hit, place in found]))
    for hit, place in () if as_json else found:
        where = " > ".join(place.headings)
        url = for_people(hit.url, installation)
        if place.page is not None:
            where = f"{where}, page {place.page}" if where else f"page {place.page}"
            url = f"{url}#page={place.page}"
        snippet = " ".join(hit.snippet.split())
        told = (hit.title, *(f"    {line}" for line in (where, url, snippet) if line))
        typer.echo(plain("\n".join(told)))
    if note is not None:
        typer.echo(f"\n{note}", err=True)
    if not hits:
        typer.echo("Nothing found in the library.", err=True)
    return 0 if hits else 3


async def remove(name: str) -> int:
    """Removes a collection; unknown ones are an error that names it."""
    async with session() as installation:
        documents = await installation.index.remove(name)
    removed = f"{counted(documents, 'document')} removed from the index"
    typer.echo(plain(f"{name}: {removed}; your files are untouched."))
    return 0
