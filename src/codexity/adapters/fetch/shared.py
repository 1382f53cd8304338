"""One fetch of a page at a time, however many want it."""

from __future__ import annotations

from functools import partial
from urllib.parse import urldefrag

from codexity.adapters.flights import Flights
from codexity.ports import Fetched, Fetcher


class SharedFetcher:
    """`fetcher`, which is asked once where several want the same page at once."""

    def __init__(self, fetcher: Fetcher, flights: Flights) -> None:
        self._fetcher = fetcher
        self._flights = flights

    async def fetch(self, url: str) -> Fetched:
        """See the port. Who is cancelled does not take the page from the others."""
        page = urldefrag(url).url
        return await self._flights.join(("page", page), partial(self._fetcher.fetch, page))
