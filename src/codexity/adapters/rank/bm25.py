"""Ranking by the words that passage and question share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, product

import anyio.to_thread

from codexity.analysis.compounds import apart
from codexity.analysis.folding import fold
from codexity.analysis.parts import COMPOUNDING, parted
from codexity.analysis.stemming import has_stemmer, stem_in
from codexity.analysis.unspaced import alone
from codexity.model import Passage
from codexity.near_words import Near, near_words, weakened
from codexity.text import STOP_WORDS, asked, relevance, stems, told, words

_AT_ONCE = 200
_TITLE = 0.2
_PART = 4
_SHORTEST = 2
"""A compound has more letters than a part of it, by so many at least."""
_NEAR = 0.5
"""How much of its share a near word counts."""
_LOOKED_AT = 64
"""Words of a question."""


class Bm25:
    """Port `Ranker`: BM25 over the stems of the given passages, and the titles of their pages."""

    def __init__(self, k1: float = 1.2, b: float = 0.75) -> None:
        self._k1 = k1
        self._b = b

    async def scores(self, question: str, passages: Sequence[Passage]) -> Sequence[float]:
        """One score a passage, in their order; 0 means that it has no stem of the question.

        Some hundred passages take a millisecond or two; more are scored in a thread (measured:
        4,000 passages of 150 words take 30 to 40 ms).
        """
        # The first question reads the thesaurus from its file.
        near = await anyio.to_thread.run_sync(_near, question, passages)
        if len(passages) <= _AT_ONCE:
            return self._scores(question, passages, near)
        return await anyio.to_thread.run_sync(self._scores, question, passages, near)

    def _scores(self, question: str, passages: Sequence[Passage], near: Near) -> list[float]:
        looked_for = (*asked(question), *_besides(question, passages))
        held = [one.stems for one in passages]
        bodies = relevance(looked_for, held, k1=self._k1, b=self._b, near=near)
        if not any(bodies) and (single := tuple(alone(question))):
            bodies = relevance(single, held, k1=self._k1, b=self._b)
        titles = dict.fromkeys(one.page.title for one in passages)
        # Among titles stop words tell pages apart as well: 'The "with" statement'.
        named = relevance(
            (*looked_for, *words(question)), [(*stems(title), *words(title)) for title in titles]
        )
        bonus = dict(zip(titles, named, strict=True))
        return [
            body + _TITLE * bonus[passage.page.title] if body > 0 else 0.0
            for body, passage in zip(bodies, passages, strict=True)
        ]


def _near(question: str, passages: Sequence[Passage]) -> Near:
    """The near words of those of its words that no passage has."""
    near = near_words(question)
    own = frozenset(chain.from_iterable(near.values()))
    known = own.intersection(chain.from_iterable(one.stems for one in passages)) if near else own
    return weakened(near, _NEAR, without=known)


def _besides(question: str, passages: Sequence[Passage]) -> Iterator[str]:
    """What a question is looked for by besides its own stems.

    Its stems in the languages of the pages, where it does not tell its own: a word alone does not.
    The halves of its words that no passage has and one has as two: `filename`, `file name`.
    """
    if told(question) is None:
        languages = {one.page.language for one in passages if has_stemmer(one.page.language)}
        for language in sorted(filter(None, languages)):
            yield from stems(question, language)
    yield from _in_compounds(question, passages)
    parted = tuple(apart(dict.fromkeys(words(question)[:_LOOKED_AT]), STOP_WORDS))
    wanted = frozenset(one.stem for one in parted)
    known = wanted.intersection(chain.from_iterable(one.stems for one in passages))
    if known == wanted:
        return
    ways = frozenset(way for one in parted if one.stem not in known for way in one.ways)
    for way in _found(ways, passages):
        yield from way


def _in_compounds(question: str, passages: Sequence[Passage]) -> Iterator[str]:
    """The longer words of the passages that one of the question is a part of, and its own parts."""
    languages = {one.page.language for one in passages if one.page.language in COMPOUNDING}
    if not languages:
        return
    known = frozenset(chain.from_iterable(one.stems for one in passages))
    long = [one for one in known if len(one) > _PART + _SHORTEST]
    forwards, backwards = sorted(long), sorted(one[::-1] for one in long)
    for language, word in product(sorted(filter(None, languages)), words(question)[:_LOOKED_AT]):
        own = tuple({one for one in (*stems(word, language), fold(word)) if len(one) >= _PART})
        if stems(word, language):
            yield from chain.from_iterable(_beginning(forwards, one) for one in own)
            ends = chain.from_iterable(_beginning(backwards, one[::-1]) for one in own)
            yield from (one[::-1] for one in ends)
        if stem_in(word, language) not in known:
            parts = {stem_in(one, language) for pair in parted(word) for one in pair}
            yield from (one for one in parts & known if len(one) >= _PART)


def _beginning(ordered: Sequence[str], with_: str) -> Sequence[str]:
    first = bisect_left(ordered, with_)
    return ordered[first : bisect_left(ordered, f"{with_}\U0010ffff", first)]


def _found(
    ways: frozenset[tuple[str, ...]], passages: Sequence[Passage]
) -> Iterator[tuple[str, ...]]:
    single = {way[0] for way in ways if len(way) == 1}
    for one in single.intersection(chain.from_iterable(one.stems for one in passages)):
        yield (one,)
    yield from {pair for one in passages for pair in pairwise(one.stems) if pair in ways}
