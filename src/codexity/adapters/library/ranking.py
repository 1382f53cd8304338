"""How documents are found by their stems, and when the starter collection has no answer."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import log

from codexity.adapters.library.documents import address
from codexity.adapters.library.plans import Plan
from codexity.adapters.library.queries import MAX_TERMS
from codexity.adapters.library.rarest import MOST_RANKED, Lookup, any_of, quoted
from codexity.adapters.library.snippets import around
from codexity.analysis.compounds import called
from codexity.code_words import spoken_code
from codexity.model import STARTER, Hit
from codexity.text import STOP_WORDS, stem, words

TITLE_WEIGHT = 6.0
"""How much more a stem counts in a title than in a passage."""

NEEDED_MASS = 0.6
"""The share of a question's IDF mass that one passage of the starter collection must hold.

Measured: with it, and with no unknown stem allowed, of 30 everyday questions none finds anything
in Python's reference; without it 27 do ("set an alarm on an iPhone": `signal`).
"""

NEEDED_STEMS = 2
"""How many different stems of a question that has as many the passage must hold.

Measured: one rare word is enough for the mass of a short question ("how do I set the table").
"""

CLOSE_SCORE = 0.7
"""The share of the best document's score that a further hit of the starter collection must have.

Measured: of ten hits the later ones fit no better than chance, and answers quoted them; with it
three are left on average and none of 30 Python questions loses its document.
"""

_SUBJECT = frozenset({"python", "python3"})
_MEANING = re.compile(r"(?<=\s)means?\s*\??\s*$", re.IGNORECASE)  # "what does X mean": not asked of
_PASSAGES_PER_HIT = 40
"""As many of one long document may stand before the next document's first, in one round."""
_ROUNDS = 4
"""How often those of documents that are found are left out, to find others behind them."""
WITHIN = " AND +rowid IN (SELECT rowid FROM own_stems WHERE own_stems MATCH ?)"
"""A condition that lets pass what another query finds."""

_Best = tuple[float, int]
"""The score of a passage, the best ones least, and the passage."""


def own(
    connection: sqlite3.Connection,
    plan: Plan,
    collections: tuple[str, ...],
    limit: int,
    *,
    shown: bool = True,
) -> tuple[Hit, ...]:
    """The best documents of these collections of the user's, or of all when none is named.

    Each with the part of its best passage in which the words stand, where that is `shown`.
    """
    among = numbers(connection, collections)
    found: dict[int, _Best] = {}
    for one in plan.lookups:
        if one.always or len(found) < limit:
            without = () if one.always else tuple(found)
            for document, best in _found(connection, one, among, limit, without).items():
                found[document] = min(best, found.get(document, best))
    passages = tuple(passage for _, passage in sorted(found.values())[:limit])
    if passages or plan.otherwise is None:
        return hits_at(connection, passages, plan.words if shown else None)
    return own(connection, plan.otherwise, collections, limit, shown=shown)


def restricting(among: Sequence[int] | None) -> str:
    """A condition that lets pass the passages of these collections; none for all of them."""
    if among is None:
        return ""
    return (
        " AND EXISTS (SELECT 1 FROM passages p JOIN documents d ON d.id = p.document"  # noqa: S608 - no values
        f" WHERE p.id = own_stems.rowid AND d.collection IN ({','.join('?' * len(among))}))"
    )


def _found(
    connection: sqlite3.Connection,
    lookup: Lookup,
    among: Sequence[int] | None,
    limit: int,
    without: Sequence[int],
) -> dict[int, _Best]:
    """The best passages that are found, by document, of those collections and not `without`."""
    kept = WITHIN if lookup.within else ""
    statement = (
        "SELECT rowid, score FROM (SELECT rowid, bm25(own_stems, ?, 1.0) AS score FROM own_stems"  # noqa: S608 - no values
        f" WHERE own_stems MATCH ?{kept} AND +rowid NOT IN"
        " (SELECT p.id FROM passages p JOIN json_each(?) f ON f.value = p.document)"
        f"{restricting(among)} LIMIT ?) ORDER BY score, rowid LIMIT ?"
    )
    match = (lookup.match, lookup.within) if kept else (lookup.match,)
    most = _PASSAGES_PER_HIT * limit
    found: dict[int, _Best] = {}
    for _ in range(_ROUNDS):
        had = json.dumps([*without, *found])
        values = (TITLE_WEIGHT, *match, had, *(among or ()), MOST_RANKED, most)
        ranked = dict(connection.execute(statement, values).fetchall())
        best = best_of_each(connection, tuple(ranked), limit - len(without) - len(found))
        found |= {document: (ranked[passage], passage) for document, passage in best.items()}
        if len(found) + len(without) >= limit or len(ranked) < most:
            break
    return found


def starter(connection: sqlite3.Connection, text: str, limit: int) -> tuple[Hit, ...]:
    """The best documents of the starter collection, if it can have an answer at all.

    It can when it knows every content stem of the question and one passage, its title counted in,
    holds `NEEDED_MASS` of the question's IDF mass. Only documents with such a passage are hits,
    and of these only those about a word of code that the question speaks of, where there are any.
    """
    code = (*spoken_code(text), *called(text, STOP_WORDS))
    terms = tuple(one for one in content(_MEANING.sub("", text)) if one not in _SUBJECT) + code
    if not terms:
        return ()
    covering = _covering(connection, terms)
    about = covering & _titled(connection, code)
    ranked = [
        (passage, score)
        for passage, score in connection.execute(
            "SELECT rowid, -bm25(starter_stems, ?, 1.0) AS score FROM starter_stems"
            " WHERE starter_stems MATCH ? ORDER BY score DESC, rowid",
            (TITLE_WEIGHT, any_of(terms)),
        )
        if passage in (about or covering)
    ]
    close = [passage for passage, score in ranked if score >= CLOSE_SCORE * ranked[0][1]]
    best = best_of_each(connection, close, limit)
    return hits_at(connection, tuple(best.values()), frozenset(terms))


def content(text: str) -> tuple[str, ...]:
    """The different content stems of a question in English, in order."""
    seen = dict.fromkeys(stem(word) for word in words(text) if word not in STOP_WORDS)
    return tuple(seen)[:MAX_TERMS]


def _covering(connection: sqlite3.Connection, terms: tuple[str, ...]) -> frozenset[int]:
    (total,) = connection.execute("SELECT count(*) FROM starter_stems_docsize").fetchone()
    held: defaultdict[int, float] = defaultdict(float)
    count: Counter[int] = Counter()
    mass = 0.0
    for term in terms:
        rows = connection.execute(
            "SELECT rowid FROM starter_stems WHERE starter_stems MATCH ?", (quoted(term),)
        ).fetchall()
        if not rows:
            return frozenset()
        weight = log(1 + (total - len(rows) + 0.5) / (len(rows) + 0.5))
        mass += weight
        for (row,) in rows:
            held[row] += weight
            count[row] += 1
    needed = min(NEEDED_STEMS, len(terms))
    return frozenset(
        row for row, weight in held.items() if weight >= NEEDED_MASS * mass and count[row] >= needed
    )


def _titled(connection: sqlite3.Connection, code: tuple[str, ...]) -> frozenset[int]:
    """The passages of documents that have one of these words of code in their title."""
    if not code:
        return frozenset()
    rows = connection.execute(
        "SELECT rowid FROM starter_stems WHERE starter_stems MATCH ?",
        (f"title : ({any_of(code)})",),
    )
    return frozenset(row[0] for row in rows)


def numbers(connection: sqlite3.Connection, collections: Sequence[str]) -> tuple[int, ...] | None:
    """What these collections are called in the tables; None where they are all of the user's.

    To look at the collection of each passage takes as long as to rank it.
    """
    own = dict(
        connection.execute(
            "SELECT name, id FROM collections WHERE name != ?", (STARTER,)
        ).fetchall()
    )
    if not collections or own.keys() <= set(collections):
        return None
    return tuple(own[name] for name in collections if name in own)


def best_of_each(
    connection: sqlite3.Connection, passages: Sequence[int], limit: int
) -> dict[int, int]:
    """The first passage of each document, by document and in the order of the passages."""
    best: dict[int, int] = {}
    for passage in passages:
        if len(best) == limit:
            break
        (document,) = connection.execute(
            "SELECT document FROM passages WHERE id = ?", (passage,)
        ).fetchone()
        best.setdefault(document, passage)
    return best


def hits_at(
    connection: sqlite3.Connection, passages: Sequence[int], shown: frozenset[str] | None
) -> tuple[Hit, ...]:
    """A hit for each passage: its document, and where in it stand the words that are shown."""
    hits: list[Hit] = []
    for passage in passages:
        name, slug, title, language, start, length = connection.execute(
            "SELECT c.name, d.slug, d.title, d.language, p.start, p.length"
            " FROM passages p JOIN documents d ON d.id = p.document"
            " JOIN collections c ON c.id = d.collection WHERE p.id = ?",
            (passage,),
        ).fetchone()
        hit = Hit(title=title, url=address(name, slug), at=start)
        if shown is not None:
            (text,) = connection.execute(
                "SELECT substr(d.text, ? + 1, ?) FROM passages p"
                " JOIN documents d ON d.id = p.document WHERE p.id = ?",
                (start, length, passage),
            ).fetchone()
            snippet = around(text, shown, language=language)
            hit = replace(hit, snippet=snippet.text, at=start + snippet.start)
        hits.append(hit)
    return tuple(hits)
