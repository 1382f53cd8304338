"""What is looked up in the index for a question: the same for two texts that ask for the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from codexity.adapters.library.queries import MAX_TERMS, LookedFor, looked_for
from codexity.adapters.library.rarest import SMALL, Lookup, any_of, narrowed, quoted
from codexity.adapters.library.vocabulary import Frequencies, passages_at_most
from codexity.analysis.unspaced import alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Look-ups, one after the other; `words` are shown where they stand in what is found.

    Where nothing is found, `otherwise` is looked up. Plans are equal that find the same.
    """

    lookups: tuple[Lookup, ...]
    words: frozenset[str] = field(compare=False)
    otherwise: Plan | None = None


def planned(connection: sqlite3.Connection, text: str, often: Frequencies) -> Plan:
    """What is looked up for a text. What no passage has is left out: it changes no order.

    Where there are very many passages, see `narrowed`. Where none has a pair of the characters of a
    question, what is asked for may be single ones.
    """
    wanted = looked_for(text, languages_of(connection))
    plan = _plan(connection, wanted, often)
    single = tuple(alone(text))[:MAX_TERMS]
    if not single:
        return plan
    return replace(plan, otherwise=_plan(connection, replace(wanted, stems=single), often))


def languages_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The languages of documents, each looked up behind the last: a scan meets every document."""
    found: list[str] = []
    while row := connection.execute(
        "SELECT min(language) FROM documents WHERE language > ?", (found[-1] if found else "",)
    ).fetchone():
        if row[0] is None:
            break
        found.append(row[0])
    return tuple(found)


def _plan(connection: sqlite3.Connection, wanted: LookedFor, often: Frequencies) -> Plan:
    if not wanted.stems:
        return Plan(lookups=(), words=frozenset())
    # What no document has may be written as two words in them, or said by another.
    ways = (way for one in wanted.unsure if not is_known(connection, one.stem) for way in one.ways)
    phrases = list(_known(connection, map(" ".join, ways)))
    near = sorted(
        frozenset(
            chain.from_iterable(
                others
                for one, others in wanted.near.items()
                if one in wanted.naming or not is_known(connection, one)
            )
        )
    )
    words = frozenset((*wanted.stems, *near))
    if passages_at_most(connection) > SMALL:
        counts = often.of(connection, "own_stems", (*wanted.stems, *near))
        if lookups := narrowed(counts, phrases):
            return Plan(lookups=lookups, words=words)
    known = (
        *_known(connection, wanted.stems),
        *phrases,
        *_known(connection, near),
    )
    return Plan(lookups=(Lookup(match=any_of(known)),) if known else (), words=words)


def _known(connection: sqlite3.Connection, terms: Iterator[str] | Sequence[str]) -> Iterator[str]:
    return (one for one in terms if is_known(connection, one))


def is_known(connection: sqlite3.Connection, term: str) -> bool:
    """Whether a passage has this term, or this phrase."""
    found = connection.execute(
        "SELECT 1 FROM own_stems WHERE own_stems MATCH ? LIMIT 1", (quoted(term),)
    )
    return found.fetchone() is not None
