"""How documents are found by their stems, and when the starter collection has no answer."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import log

from codexity.adapters.library.documents import address
from codexity.adapters.library.queries import MAX_TERMS, LookedFor, looked_for
from codexity.adapters.library.rarest import MOST_RANKED, SMALL, any_of, narrowed, quoted
from codexity.adapters.library.snippets import around
from codexity.adapters.library.vocabulary import Frequencies, passages_at_most
from codexity.analysis.compounds import called
from codexity.analysis.unspaced import alone
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


def own(
    connection: sqlite3.Connection,
    text: str,
    collections: tuple[str, ...],
    limit: int,
    often: Frequencies,
) -> tuple[Hit, ...]:
    """The best documents of these collections of the user's, or of all when none is named.

    Where there are very many passages, see `narrowed`. Where none has a pair of the characters of a
    question, what is asked for may be single ones.
    """
    wanted = looked_for(text, languages_of(connection))
    hits = _own(connection, wanted, collections, limit, often)
    if hits or not (single := tuple(alone(text))):
        return hits
    wanted = replace(wanted, stems=single[:MAX_TERMS])
    return _own(connection, wanted, collections, limit, often)


def _own(
    connection: sqlite3.Connection,
    wanted: LookedFor,
    collections: tuple[str, ...],
    limit: int,
    often: Frequencies,
) -> tuple[Hit, ...]:
    if not wanted.stems:
        return ()
    queries, near = queries_of(connection, wanted, often)
    among = numbers(connection, collections)
    found: dict[int, int] = {}
    for match in queries:
        if len(found) < limit:
            found.update(_found(connection, match, among, limit, found))
    return hits_at(connection, tuple(found.values()), frozenset((*wanted.stems, *near)))


def queries_of(
    connection: sqlite3.Connection, wanted: LookedFor, often: Frequencies
) -> tuple[tuple[str, ...], Sequence[str]]:
    """What is matched, one after the other; and what may be said for words that nothing has."""
    # What no document has may be written as two words in them, or said by another.
    unknown = [one for one in wanted.unsure if not _is_known(connection, one.stem)]
    phrases = [" ".join(way) for one in unknown for way in one.ways]
    near = sorted(
        frozenset(
            chain.from_iterable(
                others
                for one, others in wanted.near.items()
                if one in wanted.naming or not _is_known(connection, one)
            )
        )
    )
    queries: tuple[str, ...] = ()
    if passages_at_most(connection) > SMALL:
        queries = narrowed(often.of(connection, "own_stems", (*wanted.stems, *near)), phrases)
    return queries or (any_of((*wanted.stems, *phrases, *near)),), near


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
    match: str,
    among: Sequence[int] | None,
    limit: int,
    without: Mapping[int, int],
) -> dict[int, int]:
    """The best passages that match, by document, of those collections, and without what is had."""
    within = restricting(among)
    statement = (
        "SELECT rowid FROM (SELECT rowid, bm25(own_stems, ?, 1.0) AS score FROM own_stems"  # noqa: S608 - no values
        " WHERE own_stems MATCH ? AND +rowid NOT IN"
        " (SELECT p.id FROM passages p JOIN json_each(?) f ON f.value = p.document)"
        f"{within} LIMIT ?) ORDER BY score, rowid LIMIT ?"
    )
    most = _PASSAGES_PER_HIT * limit
    found: dict[int, int] = {}
    for _ in range(_ROUNDS):
        had = json.dumps([*without, *found])
        values = (TITLE_WEIGHT, match, had, *(among or ()), MOST_RANKED, most)
        ranked = [row[0] for row in connection.execute(statement, values)]
        found.update(best_of_each(connection, ranked, limit - len(without) - len(found)))
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


def _is_known(connection: sqlite3.Connection, stem: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM own_stems WHERE own_stems MATCH ? LIMIT 1", (quoted(stem),)
    )
    return found.fetchone() is not None


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
    connection: sqlite3.Connection, passages: tuple[int, ...], wanted: frozenset[str]
) -> tuple[Hit, ...]:
    """A hit for each passage: its document, and where in the passage the words found stand."""
    hits: list[Hit] = []
    for passage in passages:
        name, slug, title, language, start, text = connection.execute(
            "SELECT c.name, d.slug, d.title, d.language, p.start,"
            " substr(d.text, p.start + 1, p.length)"
            " FROM passages p JOIN documents d ON d.id = p.document"
            " JOIN collections c ON c.id = d.collection WHERE p.id = ?",
            (passage,),
        ).fetchone()
        snippet = around(text, wanted, language=language)
        hits.append(
            Hit(
                title=title,
                url=address(name, slug),
                snippet=snippet.text,
                at=start + snippet.start,
            )
        )
    return tuple(hits)
