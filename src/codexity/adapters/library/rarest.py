"""Rarest terms first: of many passages those are ranked that have a question's telling words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

SMALL: Final = 20_000
"""Of so many passages all that match are ranked, which takes 15 ms at most."""
RANKED: Final = 12_000
"""Of more, about so many are ranked for their rarest terms."""
MOST_RANKED: Final = 100_000
"""Of those that have frequent words alone no more are ranked, the first ones."""
_SCORED: Final = 25 * RANKED
"""In so many passages, added up, terms are counted in about 12 ms. FTS5 does so for each term of a
query; those beyond, the most frequent, tell hardly anything apart.

Measured with a million passages and 100 questions, in ms of the processor at p99: 43, where the ten
best share 0.94 with those of the plain query; ranking 20,000, 51 and 0.96; 8,000, 37 and 0.92.
"""


def narrowed(often: Mapping[str, int], phrases: Sequence[str]) -> tuple[str, ...]:
    """Queries of FTS5, each for where those before it find too little; none where one is enough.

    `often` says of each term how many passages have it.
    What they find has one of the rarest terms, few passages having one of them, or one of the
    phrases, or the next two terms. Then it has the first of the more frequent terms with another.
    `bm25` orders it as it does for a plain query. Source: MaxScore, in Turtle and Flood, "Query
    evaluation: strategies and optimizations", 1995; here a bound on passages parts the terms.
    """
    known = sorted((one for one, count in often.items() if count), key=often.__getitem__)
    if sum(often.values()) <= RANKED or len(known) < 2:
        return ()
    telling = _within(known, often, RANKED)
    frequent = known[len(telling) :]
    scored = (*_within(known, often, _SCORED), *phrases)
    some = frequent[: max(2, len(_within(frequent, often, _SCORED)))]
    pairs = _query(_with_another(some), some, scored)
    either = (*telling, *phrases)
    if not either:
        return pairs, any_of(known[:2])
    room = RANKED - sum(often[one] for one in telling)
    if len(frequent) > 1 and often[frequent[0]] <= 2 * room:
        clause = f"{any_of(either)} OR {_with_another(frequent[:2])}"
        return _query(clause, (*either, *frequent[:2]), scored), pairs
    return _query(any_of(either), either, scored), pairs


def any_of(terms: Iterable[str]) -> str:
    """A query for any of the terms."""
    return " OR ".join(map(quoted, terms))


def quoted(term: str) -> str:
    """A term, or a phrase, as FTS5 takes it."""
    return f'"{term}"'


def _with_another(terms: Sequence[str]) -> str:
    first, *others = terms
    return f"({quoted(first)} AND ({any_of(others)}))" if others else quoted(first)


def _query(clause: str, held: Sequence[str], scored: Sequence[str]) -> str:
    """What matches the clause, which holds some terms once, ranked by these and those scored.

    `bm25` adds a term up as often as it stands in the query: here each stands there twice.
    """
    every = dict.fromkeys((*held, *scored))
    beside = (one for one in every if one not in held)
    return f"({clause}) AND ({any_of((*every, *beside))})"


def _within(terms: Sequence[str], often: Mapping[str, int], room: int) -> Sequence[str]:
    """The first of the terms, as many as have no more passages together."""
    for at, one in enumerate(terms):
        room -= often[one]
        if room < 0:
            return terms[:at]
    return terms
