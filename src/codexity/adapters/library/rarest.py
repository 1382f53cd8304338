"""Rarest terms first: of many passages those are ranked that have a question's telling words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SMALL: Final = 20_000
"""Of so many passages all that match are ranked, which takes 15 ms at most."""
RANKED: Final = 12_000
"""Of more, terms that about so many passages have are the rarest."""
MOST_RANKED: Final = 100_000
"""Of those that have frequent words alone no more are ranked, the first ones."""
_SCORED: Final = 400_000
"""In so many passages, added up, terms are looked for and counted in about 8 ms; those beyond, the
most frequent, tell hardly anything apart.

Measured with a million passages and 300 questions, in ms of the processor at p99: 23, where the ten
best share 0.96 with those of the plain query; 300,000 here, 22 and 0.95; 16,000 of the rarest, 25
and 0.97; 8,000 and 300,000, 17 and 0.94.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A query of FTS5, ranked by `bm25`; of what it finds only what `within` finds as well.

    One that comes behind others is for where those found too few documents, but `always` where
    what it finds may be better.
    """

    match: str
    within: str = ""
    always: bool = False


def narrowed(often: Mapping[str, int], phrases: Sequence[str]) -> tuple[Lookup, ...]:
    """What is looked up for terms and phrases of a question; nothing where one query is enough.

    `often` says of each term how many passages have it. The rarest, few passages having one of
    them, and the phrases lead: what has one of them and a more frequent term is ranked, and what
    has two. Where that is too little come those that have one, and then those that have the first
    of the more frequent terms with another.
    In a query each term stands once, since `bm25` adds it up as often as it stands there: so it
    orders what it finds as the plain query does.
    Source: MaxScore, in Turtle and Flood, "Query evaluation: strategies and optimizations", 1995;
    here a bound on passages parts the terms.
    """
    known = sorted((one for one, count in often.items() if count), key=often.__getitem__)
    if sum(often.values()) <= RANKED or len(known) < 2:
        return ()
    rare = _within(known, often, RANKED)
    frequent = known[len(rare) :]
    scored = _within(known, often, _SCORED)[len(rare) :]
    first, others = frequent[:1], frequent[1 : max(2, len(scored))]
    both = Lookup(match=_both(first, others) if others else any_of(first))
    telling = (*rare, *phrases)
    if not telling:
        return both, Lookup(match=any_of(known[:2]))
    one = any_of(telling)
    if not scored:
        return Lookup(match=one), both
    found = [Lookup(match=_both(telling, scored))]
    if len(telling) > 1:
        found.append(Lookup(match=one, within=_two_of(telling), always=True))
    return (*found, Lookup(match=one), both)


def any_of(terms: Iterable[str]) -> str:
    """A query for any of the terms."""
    return " OR ".join(map(quoted, terms))


def quoted(term: str) -> str:
    """A term, or a phrase, as FTS5 takes it."""
    return f'"{term}"'


def _both(some: Sequence[str], others: Sequence[str]) -> str:
    return f"({any_of(some)}) AND ({any_of(others)})"


def _two_of(terms: Sequence[str]) -> str:
    """A query for any two of the terms."""

    def pairs() -> Iterator[str]:
        for at, one in enumerate(terms[:-1], start=1):
            yield f"({_both((one,), terms[at:])})"

    return " OR ".join(pairs())


def _within(terms: Sequence[str], often: Mapping[str, int], room: int) -> Sequence[str]:
    """The first of the terms, as many as have no more passages together."""
    for at, one in enumerate(terms):
        room -= often[one]
        if room < 0:
            return terms[:at]
    return terms
