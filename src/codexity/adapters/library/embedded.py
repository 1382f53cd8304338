"""The library's vectors: made where they are missing, and asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from codexity.adapters.embed.found import Embedders
from codexity.adapters.library import vectors
from codexity.adapters.library.documents import parts
from codexity.adapters.library.index import LibraryIndex
from codexity.ports import Embedder, Place, Vector

_AT_ONCE: Final = 32
"""So many passages are embedded and written at a time: as many are lost where it is ended."""

VectorProgress = Callable[[int, int], None]
"""Told as vectors are made: how many passages have theirs, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What became of the vectors: of which model, how many were made, and others' removed."""

    embedder: str
    made: int
    replaced: int


def told(title: str, text: str) -> str:
    """What a passage is embedded as: under the title of its document."""
    return f"{title}\n{text}" if title else text


class LibraryVectors:
    """The vectors beside the passages of an index, of the embedder that there is now."""

    def __init__(self, index: LibraryIndex, embedders: Embedders) -> None:
        self._index = index
        self._embedders = embedders

    async def fill(self, progress: VectorProgress | None = None) -> Filled | None:
        """Makes the vectors that are missing; None where nothing embeds.

        What another model made is removed first. Where it is ended, what was made stays, and the
        next call goes on there.

        Raises:
            ProviderRefused, ProviderUnavailable: as `Embedder.embed`, and as the index does.
        """
        embedder = await self._embedders.current()
        if embedder is None:
            return None
        replaced = await self._index.write(vectors.drop_others, embedder.name)
        counts = await self._index.run(vectors.counts, embedder.name)
        done, made, after = counts.made, 0, 0
        while some := await self._index.run(vectors.waiting, after, _AT_ONCE):
            if progress is not None:
                progress(done + made, counts.all)
            found = await embedder.embed([told(one.title, one.text) for one in some])
            await self._index.write(vectors.put, embedder.name, [*zip(some, found, strict=True)])
            after, made = some[-1].passage, made + len(some)
        if progress is not None:
            progress(done + made, max(counts.all, done + made))
        return Filled(embedder=embedder.name, made=made, replaced=replaced)

    async def counts(self, embedder: Embedder) -> vectors.Counts:
        """How many passages have a vector of this embedder."""
        return await self._index.run(vectors.counts, embedder.name)

    async def of(self, embedder: Embedder, urls: Iterable[str]) -> dict[Place, Vector]:
        """The vectors of the passages of these documents, as far as they are made."""
        named = [found for one in dict.fromkeys(urls) if (found := parts(one)) is not None]
        if not named:
            return {}
        return await self._index.run(vectors.of_pages, embedder.name, named)
