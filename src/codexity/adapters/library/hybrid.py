"""Documents found by their words and by their meaning, weighed together."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from codexity.adapters.library import ranking, vectors
from codexity.model import Hit
from codexity.ports import Vector

_TOP: Final = 50
"""So many passages of each are weighed; what comes behind them of the words' follows as it is."""
_WORDS: Final = 0.5
"""How much the words count, the meaning counting for the rest. Source: bench/meaning.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A question's vector, and the embedder that made it."""

    embedder: str
    vector: Vector


def own(
    connection: sqlite3.Connection,
    text: str,
    meant: Meant,
    collections: tuple[str, ...],
    limit: int,
) -> tuple[Hit, ...]:
    """As `ranking.own`, by words and meaning: each from 0 for the least to 1 for the best of both.

    Passages without a vector count by their words.
    """
    near = vectors.nearest(connection, meant.embedder, meant.vector, collections, _TOP)
    said = ranking.scored(connection, text, collections, _TOP, besides=near)
    missing = said.keys() - near.keys()
    near = {**near, **vectors.nearness(connection, meant.embedder, meant.vector, missing)}
    if not near:
        return ranking.own(connection, text, collections, limit)
    words, meaning = _scaled(said), _scaled(near)
    worth = {
        one: _WORDS * words.get(one, 0.0) + (1 - _WORDS) * meaning.get(one, 0.0)
        for one in words.keys() | meaning.keys()
    }
    order = sorted(worth, key=lambda one: (-worth[one], one))
    hits = ranking.hits(connection, text, order, limit)
    if len(hits) >= limit:
        return hits
    known = {one.url for one in hits}
    rest = ranking.own(connection, text, collections, limit)
    return (*hits, *(one for one in rest if one.url not in known))[:limit]


def _scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Each between the least (0) and the most (1) of them."""
    if not scores:
        return {}
    least, most = min(scores.values()), max(scores.values())
    span = most - least
    return {one: (score - least) / span if span else 1.0 for one, score in scores.items()}
