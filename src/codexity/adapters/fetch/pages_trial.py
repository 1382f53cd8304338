"""Tries the file in which pages are kept."""

from __future__ import annotations

from pathlib import Path

from anyio.to_thread import run_sync

from codexity.adapters.fetch.pages import NAME, SCHEMA, Pages
from codexity.adapters.sqlite.kept import Kept, fault, moved_away
from codexity.ports import Trial


async def tried(path: Path, pages: Pages | None) -> Trial:
    """Whether `pages` can be kept in the file at `path`, which it makes where it is missing."""
    if pages is None:
        return Trial(ok=None, said="Pages are not kept: fetch.cache is false.")
    kept = Kept(path=path, name=NAME, schema=SCHEMA, lost="pages are fetched anew")
    found = await run_sync(fault, kept, abandon_on_cancel=True)
    if found is not None:
        return found
    why = await run_sync(pages.fault, abandon_on_cancel=True)
    if why:
        return Trial(ok=False, said=why, mend=moved_away(kept))
    return Trial(ok=True, said=f"Pages are kept in {path}.")
