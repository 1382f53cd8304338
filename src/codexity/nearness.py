"""How near passages and sentences are in meaning, where something here can tell that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from codexity.errors import ProviderError
from codexity.events import Skipped
from codexity.model import Passage
from codexity.ports import Emit, Meaning, Near, Ranker

_WORDS: Final = 0.5
"""How much the words count beside the meaning."""
_WHAT: Final = "meaning"


async def near_passages(
    meaning: Meaning | None, question: str, passages: Sequence[Passage], emit: Emit
) -> Near:
    """The nearness of passages; where it cannot be told now, none, and that is said."""
    if meaning is None:
        return {}
    try:
        return await meaning.passages(question, passages)
    except ProviderError as error:
        why, detail = error.message, error.detail
        await emit(Skipped(stage="search", what=_WHAT, why=why, code=error.code, detail=detail))
        return {}


async def near_texts(meaning: Meaning, question: str, texts: Sequence[str]) -> Mapping[str, float]:
    """The nearness of what an answer could say; none where it cannot be told now."""
    try:
        return await meaning.texts(question, texts)
    except ProviderError:
        # It was said of the passages, or the words decide this once.
        return {}


class Blended:
    """Port `Ranker`: another one's scores and the nearness in meaning, each from 0 to 1."""

    def __init__(self, ranker: Ranker, near: Near) -> None:
        self._ranker = ranker
        self._near = near

    async def scores(self, question: str, passages: Sequence[Passage]) -> Sequence[float]:
        """One score a passage, in their order; 0 where neither words nor meaning fit.

        Without a nearness they are the other's own.
        """
        said = await self._ranker.scores(question, passages)
        near = [max(0.0, self._near.get((one.page.url, one.start), 0.0)) for one in passages]
        if not any(near):
            return said
        words, meaning = max(said, default=0.0) or 1.0, max(near)
        return [
            _WORDS * score / words + (1 - _WORDS) * how / meaning
            for score, how in zip(said, near, strict=True)
        ]
