"""The user's own documents and the starter collection as search providers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial

import anyio

from codexity.adapters.flights import Flights
from codexity.adapters.library.hybrid import Meant
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.plans import Plan
from codexity.errors import CodexityError, ProviderError, ProviderUnavailable
from codexity.model import LIBRARY, STARTER, Hit, Query
from codexity.ports import Found
from codexity.spelling import corrected


class LibrarySearch:
    """The user's own documents: all collections, or those that the query names.

    A query for sites finds nothing here: these documents have no host. `meant` gives what a query
    means, where something here can tell: documents are then found by that as well. Searches for the
    same that are out at once are one, where `flights` are given.
    """

    name = LIBRARY

    def __init__(
        self,
        index: LibraryIndex,
        meant: Callable[[str], Awaitable[Meant | None]] | None = None,
        *,
        flights: Flights | None = None,
    ) -> None:
        self._index = index
        self._flights = flights
        self._meant = meant

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """Keeps `SearchProvider.search`; the starter is looked into only where it is named."""
        if query.site:
            return ()
        with _as_the_port_allows():
            asked = await self._index.understood(query.text)
            means = await self._meant(query.text) if self._meant else None
            hits = await self._found(asked.plan, query.collection, limit, means)
            if STARTER in query.collection:
                hits += await self._index.search(asked.text, collections=(STARTER,), limit=limit)
            hits = hits[:limit]
            return Found(hits, meant=asked.meant) if asked.meant else hits

    async def _found(
        self, plan: Plan, collections: tuple[str, ...], limit: int, means: Meant | None
    ) -> tuple[Hit, ...]:
        """What is found; a question and its keywords come together, and mostly ask for the same."""
        search = partial(
            self._index.found, plan, collections=collections, limit=limit, meant=means, shown=False
        )
        if self._flights is None or means is not None:
            return await search()
        return await self._flights.join((self, plan, collections, limit), search)


class StarterSearch:
    """The starter collection, behind its vocabulary gate.

    `ensure_built` returns when the collection is there; a search waits for it `wait_seconds`.
    """

    name = STARTER

    def __init__(
        self,
        index: LibraryIndex,
        ensure_built: Callable[[], Awaitable[None]],
        *,
        wait_seconds: float = 60,
    ) -> None:
        self._index = index
        self._ensure_built = ensure_built
        self._wait_seconds = wait_seconds

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """Keeps `SearchProvider.search`; nothing where sites or other collections are named."""
        if query.site or (query.collection and STARTER not in query.collection):
            return ()
        with _as_the_port_allows():
            try:
                with anyio.fail_after(self._wait_seconds):
                    await self._ensure_built()
            except TimeoutError as error:
                raise ProviderUnavailable(
                    "The starter collection is still being built: ask again in a minute.",
                    code="timeout",
                ) from error
            found = await self._index.search(query.text, collections=(STARTER,), limit=limit)
            if found:
                return found
            meant = await self._index.meant(query.text)
            if not meant:
                return ()
            text = corrected(query.text, meant)
            found = await self._index.search(text, collections=(STARTER,), limit=limit)
            return Found(found, meant=meant)


@contextmanager
def _as_the_port_allows() -> Generator[None]:
    """A library that cannot be used is told as a provider that cannot: others may still answer."""
    try:
        yield
    except ProviderError:
        raise
    except CodexityError as error:
        raise ProviderUnavailable(error.message, code="unreachable", detail=error.detail) from error
