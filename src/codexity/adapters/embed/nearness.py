"""How near texts are to a question in meaning, held against what chance brings near it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeVar

import anyio
from anyio.to_thread import run_sync

from codexity.adapters.embed.background import BACKGROUND
from codexity.adapters.embed.found import Embedders
from codexity.adapters.library.embedded import LibraryVectors, told
from codexity.adapters.library.hybrid import Meant
from codexity.errors import ProviderError, ProviderUnavailable
from codexity.model import Passage
from codexity.ports import Embedder, Place, Ranker, Vector

_One = TypeVar("_One")
_PASSAGES: Final = 24
"""So many passages without a vector get one for a question: those that its words find best."""
_TEXTS: Final = 96
_AT_ONCE: Final = 8
_SURE: Final = 6.0
"""So many standard deviations above what chance brings near is as near as answers are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question's vector, how near chance brings it, and how near answers are to it."""

    embedder: Embedder
    vector: Vector
    chance: float
    sure: float

    def near(self, vectors: Sequence[Vector]) -> list[float]:
        """0 is as near as chance brings it, 1 as near as answers are."""
        span = max(1e-6, self.sure - self.chance)
        return [(one - self.chance) / span for one in _products(self.vector, vectors)]


class EmbeddedMeaning:
    """Port `Meaning`, told by the embedder that there is now.

    Passages of the library have their vectors beside them; of others, those get one that `ranker`
    puts first. Where `seconds` are over, what has one by then is told.
    """

    def __init__(
        self, embedders: Embedders, vectors: LibraryVectors, *, ranker: Ranker, seconds: float
    ) -> None:
        self._embedders = embedders
        self.vectors = vectors
        self._ranker = ranker
        self._seconds = seconds
        self._background: dict[str, Sequence[Vector]] = {}

    async def meant(self, text: str) -> Meant | None:
        """What a query means, for the library; None where nothing can tell it now."""
        try:
            with anyio.move_on_after(self._seconds):
                if (embedder := await self._embedders.current()) is not None:
                    (vector,) = await embedder.embed([text], asks=True)
                    return Meant(embedder=embedder.name, vector=vector)
        except ProviderError:
            # Its words still find something; the nearness of what they find tells why.
            return None
        return None

    async def passages(self, question: str, passages: Sequence[Passage]) -> Mapping[Place, float]:
        """Keeps `Meaning.passages`."""
        by_place = {(one.page.url, one.start): one for one in passages}
        found: dict[Place, Vector] = {}
        asked = None
        with anyio.move_on_after(self._seconds) as scope:
            asked = await self._asked(question)
            if asked is None:
                return {}
            kept = await self.vectors.of(asked.embedder, (url for url, _ in by_place))
            found |= {place: vector for place, vector in kept.items() if place in by_place}
            missing = [one for place, one in by_place.items() if place not in found]
            for some in _few(await self._first(question, missing), _PASSAGES):
                texts = [told(one.page.title, one.text) for one in some]
                made = await asked.embedder.embed(texts)
                places = ((one.page.url, one.start) for one in some)
                found |= dict(zip(places, made, strict=True))
        if asked is None or (scope.cancelled_caught and not found):
            raise _late(self._seconds)
        near = await run_sync(asked.near, [*found.values()])
        return dict(zip(found, near, strict=True))

    async def texts(self, question: str, texts: Sequence[str]) -> Mapping[str, float]:
        """Keeps `Meaning.texts`; of the first some."""
        found: dict[str, Vector] = {}
        asked = None
        with anyio.move_on_after(self._seconds):
            asked = await self._asked(question)
            if asked is None:
                return {}
            for some in _few([*dict.fromkeys(texts)], _TEXTS):
                found |= dict(zip(some, await asked.embedder.embed(some), strict=True))
        if asked is None:
            raise _late(self._seconds)
        near = await run_sync(asked.near, [*found.values()])
        return dict(zip(found, near, strict=True))

    async def _asked(self, question: str) -> _Asked | None:
        embedder = await self._embedders.current()
        if embedder is None:
            return None
        (vector,) = await embedder.embed([question], asks=True)
        if embedder.name not in self._background:
            self._background = {embedder.name: await embedder.embed(BACKGROUND)}
        every = await run_sync(_products, vector, self._background[embedder.name])
        chance = sum(every) / len(every)
        spread = (sum((one - chance) ** 2 for one in every) / len(every)) ** 0.5
        return _Asked(embedder=embedder, vector=vector, chance=chance, sure=chance + _SURE * spread)

    async def _first(self, question: str, passages: Sequence[Passage]) -> Sequence[Passage]:
        """The passages, those first that the words of the question find best."""
        if not passages:
            return ()
        scores = await self._ranker.scores(question, passages)
        order = sorted(range(len(passages)), key=lambda at: -scores[at])
        return [passages[at] for at in order]


def _few(every: Sequence[_One], most: int) -> Iterator[Sequence[_One]]:
    for at in range(0, min(most, len(every)), _AT_ONCE):
        yield every[at : at + _AT_ONCE]


def _products(vector: Vector, others: Sequence[Vector]) -> list[float]:
    """The products of a vector with others; of those of another length 0."""
    np: Any = import_module("numpy")
    fit = [one if len(one) == len(vector) else [0.0] * len(vector) for one in others]
    if not fit:
        return []
    every = np.array(fit, dtype=np.float32) @ np.frombuffer(vector, np.float32)
    return [float(one) for one in every]


def _late(seconds: float) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"The embedding model did not answer within {seconds:g} seconds; texts are compared by"
        " their words alone. Set CODEXITY_EMBED__SECONDS to wait longer.",
        code="timeout",
    )
