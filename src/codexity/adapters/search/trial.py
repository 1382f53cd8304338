"""Tries a search provider with a word that every engine knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from codexity.errors import ProviderError
from codexity.model import Query
from codexity.ports import Found, SearchProvider, Trial, mending, setting
from codexity.text import counted

Mender = Callable[[ProviderError], Awaitable[str]]
"""Knows what to do about a failure of one provider; an empty string where it does not."""

KNOWN: Final = Query(text="Wikipedia")
_HITS: Final = 3
_PATIENT_SECONDS: Final = 10.0


async def tried(
    provider: SearchProvider, mend: Mender, *, without: str, search_seconds: float
) -> Trial:
    """Whether the provider finds anything; `without` is the setting that leaves it out."""
    try:
        hits = await provider.search(KNOWN, limit=_HITS)
    except ProviderError as error:
        given = await mend(error)
        if not given and error.code == "timeout" and search_seconds < _PATIENT_SECONDS:
            given = mending(
                f"It was given {search_seconds:g} seconds; give it more:",
                setting("LIMITS__SEARCH_SECONDS", f"{_PATIENT_SECONDS:g}"),
            )
        return Trial(ok=False, said=error.message, mend=given or _left_out(without))
    if not hits:
        said = f"It answered, but found nothing for {KNOWN.text!r}."
        nothing = ProviderError(said, code="no_results")
        given = await mend(nothing)
        return Trial(ok=False, said=said, mend=given or _left_out(without))
    note = hits.note if isinstance(hits, Found) else ""
    but = f", but {note}" if note else ""
    return Trial(ok=True, said=f"{counted(len(hits), 'hit')} for {KNOWN.text!r}{but}.")


def _left_out(without: str) -> str:
    return mending("Ask again later, or leave it out:", without)
