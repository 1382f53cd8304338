"""Documents found by their words and by their meaning, weighed together."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from codexity.adapters.library import ranking, vectors
from codexity.adapters.library.plans import Plan
from codexity.adapters.library.rarest import MOST_RANKED
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


def own(  # noqa: PLR0913 - what is asked, of what, and how much of it
    connection: sqlite3.Connection,
    plan: Plan,
    meant: Meant,
    collections: tuple[str, ...],
    *,
    limit: int,
    shown: bool = True,
) -> tuple[Hit, ...]:
    """As `ranking.own`, by words and meaning: each from 0 for the least to 1 for the best of both.

    Passages without a vector count by their words.
    """
    near = vectors.nearest(connection, meant.embedder, meant.vector, collections, _TOP)
    said = _scored(connection, plan, collections, _TOP, besides=near)
    missing = said.keys() - near.keys()
    near = {**near, **vectors.nearness(connection, meant.embedder, meant.vector, missing)}
    if not near:
        return ranking.own(connection, plan, collections, limit, shown=shown)
    words, meaning = _scaled(said), _scaled(near)
    worth = {
        one: _WORDS * words.get(one, 0.0) + (1 - _WORDS) * meaning.get(one, 0.0)
        for one in words.keys() | meaning.keys()
    }
    order = sorted(worth, key=lambda one: (-worth[one], one))
    best = ranking.best_of_each(connection, order, limit)
    hits = ranking.hits_at(connection, tuple(best.values()), plan.words if shown else None)
    if len(hits) >= limit:
        return hits
    known = {one.url for one in hits}
    rest = ranking.own(connection, plan, collections, limit, shown=shown)
    return (*hits, *(one for one in rest if one.url not in known))[:limit]


def _scored(
    connection: sqlite3.Connection,
    plan: Plan,
    collections: tuple[str, ...],
    most: int,
    *,
    besides: Collection[int] = (),
) -> dict[int, float]:
    """The best passages by their words with their scores, and the scores of those `besides`."""
    among = ranking.numbers(connection, collections)
    score = "SELECT rowid, -bm25(own_stems, ?, 1.0) AS score FROM own_stems WHERE own_stems MATCH ?"
    others = f"{score} AND +rowid IN (SELECT value FROM json_each(?))"  # noqa: S608 - no values
    found: dict[int, float] = {}
    for one in plan.lookups:
        if one.always or len(found) < most:
            kept = ranking.WITHIN if one.within else ""
            statement = (
                f"SELECT rowid, score FROM ({score}{kept}{ranking.restricting(among)} LIMIT ?)"  # noqa: S608 - no values
                " ORDER BY score DESC, rowid LIMIT ?"
            )
            match = (one.match, one.within) if kept else (one.match,)
            values = (ranking.TITLE_WEIGHT, *match, *(among or ()), MOST_RANKED, most)
            _add(found, connection.execute(statement, values))
    for match in {one.match: None for one in plan.lookups} if besides else ():
        values = (ranking.TITLE_WEIGHT, match, json.dumps([*besides]))
        _add(found, connection.execute(others, values))
    return found


def _add(found: dict[int, float], more: Iterable[tuple[int, float]]) -> None:
    for passage, score in more:
        found[passage] = max(score, found.get(passage, score))


def _scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Each between the least (0) and the most (1) of them."""
    if not scores:
        return {}
    least, most = min(scores.values()), max(scores.values())
    span = most - least
    return {one: (score - least) / span if span else 1.0 for one, score in scores.items()}
