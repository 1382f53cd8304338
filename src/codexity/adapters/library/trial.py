"""Tries the library and the starter collection."""

from __future__ import annotations

from typing import Final

from anyio.to_thread import run_sync

from codexity.adapters.library.database import NAME, SCHEMA
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.starter import StarterCollection
from codexity.adapters.sqlite.kept import Kept, fault, moved_away
from codexity.errors import CodexityError, ProviderError
from codexity.model import STARTER
from codexity.ports import Trial, mending, setting
from codexity.text import counted

_LOST: Final = "your documents stay, and are added again with `codexity library add PATH`"


async def tried(index: LibraryIndex) -> Trial:
    """Whether the library can be read and written; it is made where it is missing."""
    kept = Kept(path=index.path, name=NAME, schema=SCHEMA, lost=_LOST)
    found = await run_sync(fault, kept, abandon_on_cancel=True)
    if found is not None:
        return found
    try:
        own = await index.collections()
    except CodexityError as error:
        return Trial(ok=False, said=_said(error), mend=moved_away(kept))
    if not own:
        return Trial(ok=True, said="It is empty. Add documents with: codexity library add PATH")
    documents = sum(one.documents for one in own)
    there_are = f"{counted(documents, 'document')} in {counted(len(own), 'collection')}"
    names = ", ".join(one.name for one in own[:5]) + (", ..." if len(own) > 5 else "")
    return Trial(ok=True, said=f"{there_are} ({names}).")


async def tried_starter(index: LibraryIndex, starter: StarterCollection | None) -> Trial:
    """Whether the starter collection is there; it is built where it is missing."""
    if starter is None:
        return Trial(ok=None, said="It is turned off (search.starter).")
    try:
        there = await starter.is_built()
        await starter.ensure_built()
        documents = len(await index.documents(STARTER))
    except CodexityError as error:
        return Trial(
            ok=False,
            said=_said(error),
            mend=mending(
                "Where the library or the store is told to be broken, mend that first. Else look at"
                " what the build said, or do without the starter collection:",
                setting("SEARCH__STARTER", "false"),
            ),
        )
    return Trial(
        ok=True, said=f"{counted(documents, 'document')}{'' if there else ', built just now'}."
    )


def _said(error: CodexityError) -> str:
    code = f", {error.code}" if isinstance(error, ProviderError) else ""
    last = (error.detail.strip().splitlines() or [""])[-1]
    return f"{error.message} ({last}{code})" if last else error.message
