"""A search provider whose hits are kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import anyio

from codexity.adapters.flights import Flights
from codexity.model import Hit, Query
from codexity.ports import SearchProvider

_MOST_SEARCHES: Final = 256
"""With their hits some two megabytes."""


class CachedSearch:
    """`provider`, which is asked once for equal searches that are out at once or soon after.

    Hits are kept for `seconds` (0: not at all) and in memory. Neither a failure nor an empty reply
    is kept: the latter may be a block that could not be told from one.
    """

    def __init__(
        self,
        provider: SearchProvider,
        flights: Flights,
        *,
        seconds: float,
        now: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._provider = provider
        self._flights = flights
        self._seconds = seconds
        self._now = now
        self._kept: OrderedDict[tuple[Query, int], tuple[float, tuple[Hit, ...]]] = OrderedDict()

    @property
    def name(self) -> str:
        """The provider's own name."""
        return self._provider.name

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """See the port. Who is cancelled does not take the search from the others."""
        until, hits = self._kept.get((query, limit), (0.0, ()))
        if hits and self._now() < until:
            return hits
        search = partial(self._search, query, limit)
        return await self._flights.join((self, query, limit), search)

    async def _search(self, query: Query, limit: int) -> Sequence[Hit]:
        found = await self._provider.search(query, limit=limit)
        hits = tuple(found)
        self._kept.pop((query, limit), None)
        if hits and self._seconds:
            self._kept[query, limit] = (self._now() + self._seconds, hits)
            if len(self._kept) > _MOST_SEARCHES:
                self._kept.popitem(last=False)
        return found
