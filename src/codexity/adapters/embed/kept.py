"""An embedder that remembers the vectors of what it was asked of late."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from codexity.ports import Embedder, Vector

_MOST: Final = 4_096
"""Vectors: of the usual 384 to 1,024 numbers they take 6 to 16 MB."""


class KeepingEmbedder:
    """Port `Embedder`: another one, which is asked once for a text as long as it is remembered."""

    def __init__(self, embedder: Embedder, *, most: int = _MOST) -> None:
        self._embedder = embedder
        self._most = most
        self._kept: OrderedDict[tuple[bool, str], Vector] = OrderedDict()

    @property
    def name(self) -> str:
        """The other's name."""
        return self._embedder.name

    async def embed(self, texts: Sequence[str], *, asks: bool = False) -> Sequence[Vector]:
        """Keeps `Embedder.embed`."""
        new = [one for one in dict.fromkeys(texts) if (asks, one) not in self._kept]
        made = await self._embedder.embed(new, asks=asks) if new else ()
        fresh = dict(zip(new, made, strict=True))
        found = [fresh[one] if one in fresh else self._kept[asks, one] for one in texts]
        for one, vector in zip(texts, found, strict=True):
            self._kept[asks, one] = vector
            self._kept.move_to_end((asks, one))
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found
