"""Tries the store of runs."""

from __future__ import annotations

import secrets
import time
from contextlib import aclosing
from pathlib import Path
from typing import Final

from anyio.to_thread import run_sync

from codexity.adapters.sqlite.kept import Kept, fault, moved_away
from codexity.adapters.store.sqlite import SqliteRunLog
from codexity.adapters.store.tables import NAME, SCHEMA
from codexity.errors import StoreFailed
from codexity.events import Done, Token, encode
from codexity.ports import Batch, Entries, RunRecord, Trial

_PRINCIPAL: Final = "codexity doctor"


async def tried(path: Path) -> Trial:
    """Whether runs can be kept in the file at `path`, which it makes where it is missing.

    A trial run is written, closed, read and removed: what stands only in the way of that, such as a
    trigger of another program's, is told before somebody's run meets it.
    """
    kept = Kept(path=path, name=NAME, schema=SCHEMA, lost="what was asked before is lost")
    found = await run_sync(fault, kept, abandon_on_cancel=True)
    if found is not None:
        return found
    async with aclosing(SqliteRunLog(path)) as log:
        try:
            await _try_run(log)
        except StoreFailed as error:
            return Trial(ok=False, said=error.detail, mend=moved_away(kept))
    return Trial(ok=True, said=f"Runs are kept in {path}.")


async def _try_run(log: SqliteRunLog) -> None:
    owner, run, thread = (secrets.token_hex(16) for _ in range(3))
    record = RunRecord(
        run=run,
        principal=_PRINCIPAL,
        thread=thread,
        question="Is this kept?",
        owner=owner,
        started=time.time(),
    )
    told = [encode(Token(text="It is.")), encode(Done(status="completed", run=run, seconds={}))]
    try:
        for seq, block in enumerate(told, 1):
            await log.write(owner, [Batch(record=record, entries=Entries(seq, [block]))])
            await log.renew(owner)
        stored, entries = await log.record(run), await log.entries(run)
    finally:
        await log.forget(thread, principal=_PRINCIPAL)
    if stored is None or not stored.closed or list(entries.blocks) != told:
        message = f"{NAME} does not give back what was written into it."
        raise StoreFailed(message, detail=message)
