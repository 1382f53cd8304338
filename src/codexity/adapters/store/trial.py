"""Tries the store of runs."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import Final

from anyio.to_thread import run_sync

from codexity.adapters.sqlite.kept import Kept, fault, moved_away
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.adapters.store.tables import NAME, SCHEMA
from codexity.errors import StoreFailed
from codexity.ports import Trial

_NO_RUN: Final = "0" * 32


async def tried(path: Path) -> Trial:
    """Whether runs can be kept in the file at `path`, which it makes where it is missing."""
    kept = Kept(path=path, name=NAME, schema=SCHEMA, lost="what was asked before is lost")
    found = await run_sync(fault, kept, abandon_on_cancel=True)
    if found is not None:
        return found
    async with aclosing(SqliteRunLog(path)) as log:
        try:
            await log.record(_NO_RUN)
        except StoreFailed as error:
            return Trial(ok=False, said=error.detail, mend=moved_away(kept))
    return Trial(ok=True, said=f"Runs are kept in {path}.")
