"""Answers that two places give: the one names who or what the other tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from codexity.naming import is_certain, named, names, only_name
from codexity.question_kind import asked_for
from codexity.question_word import Word
from codexity.reaching import describing, name_in

from .answering import Answering
from .candidates import Candidate
from .ranking import Ranking

_SAID: Final = 0.5
_MAIN: Final = 0.5
_DESCRIBED: Final = 0.6
"""So much of the rest of the question describes who is meant."""
_LOOKED_AT: Final = 30
_MOST: Final = 400
_TWO: Final = 2
_OR: Final = re.compile(r"\b(?:or|oder|ou)\b", re.IGNORECASE)
_AND: Final = re.compile(r",? (?:and|und|et|y) ", re.IGNORECASE)


def reached(ranking: Ranking, answering: Answering) -> list[Candidate]:
    """Who is described, and the one record of a list that tells how to reach them.

    Empty where the description is not sure, or where several records have the name.
    """
    words = ranking.mass.words
    rest = describing(ranking.question, words)
    if not rest:
        return []
    told = [
        (_share(ranking, one, rest, words), ranking.weight(one), -at, one)
        for at, one in enumerate(ranking.every)
        if one.stems and not answering.holds_kind(one)
    ]
    for share, _, _, one in sorted(told, reverse=True)[:_LOOKED_AT]:
        if share < _DESCRIBED:
            break
        name = name_in(one.text, [words[at] for at in rest], ranking.question)
        telling = [
            other
            for other in (ranking.every if name else ())
            if other.shown and named(name, other.text) and answering.holds_kind(other)
        ]
        if len({other.text for other in telling}) == 1:
            return [one, telling[0]]
    return []


def _share(ranking: Ranking, one: Candidate, rest: Sequence[int], words: Sequence[Word]) -> float:
    """How much of the words of a description it says, with its heading."""
    _, led, above, _ = ranking.rows(one)
    said = sum(words[at].weight * max(led[at], above[at]) for at in rest)
    return said / (sum(words[at].weight for at in rest) or 1.0)


def led_on(ranking: Ranking, chosen: Sequence[Candidate], answering: Answering) -> Candidate | None:
    """What tells of that which the best only names: it says the words that the best lacks.

    Or has the asked kind of thing, which the best lacks, beside a name that stands for one alone.
    """
    first = chosen[0]
    found = list(_leading(ranking, first))
    if not found or _OR.search(ranking.question):
        return None
    missing = _missing(ranking, chosen)
    asks = asked_for(ranking.question) is not None
    lacks = asks and not answering.holds_kind(first)
    if not missing and not lacks:
        return None
    telling = [
        one
        for one in _others(ranking, first)
        for name in found
        if named(name, one.text)
        and (not asks or answering.holds_kind(one))
        and (_says(ranking, one, missing) if missing else is_certain(name))
    ]
    return max(telling, key=ranking.weight, default=None)


def _leading(ranking: Ranking, first: Candidate) -> Iterator[str]:
    """The names that lead on: of somebody who is to be reached only a name that stands alone."""
    text, question = first.text[:_MOST], ranking.question
    if not describing(question, ranking.mass.words):
        return iter(_of_class(ranking, text, tuple(names(text, besides=question))))
    return filter(None, (only_name(text, besides=question),))


def _of_class(ranking: Ranking, text: str, found: Sequence[str]) -> Sequence[str]:
    """Of several names those that stand behind a word of the question: `room Alder`."""
    behind = [
        one
        for one in found
        if (before := re.search(rf"([^\W\d_]{{3,40}}) {re.escape(one)}\b", text))
        and not ranking.asked_plain.isdisjoint(ranking.stems_of(before[1]))
    ]
    return behind or found


def other_part(
    ranking: Ranking, chosen: Sequence[Candidate], answering: Answering
) -> Candidate | None:
    """What says the other part of a question of two: `... and the default of max_size`."""
    parts = _AND.split(ranking.question)
    if len(parts) != _TWO:
        return None
    words = ranking.mass.words
    missing = frozenset(_missing(ranking, chosen))
    own = [_main_words(words, ranking.stems_of(part)) for part in parts]
    lacking, part = max(zip(own, parts, strict=True), key=lambda of: len(missing & {*of[0]}))
    if not all(own) or not missing.intersection(lacking):
        return None
    telling = (
        one
        for one in _others(ranking, chosen[0])
        if _says(ranking, one, lacking) and answering.holds_kind_of(part, one)
    )
    return max(telling, key=ranking.weight, default=None)


def _main_words(words: Sequence[Word], stems: frozenset[str]) -> list[int]:
    """The places of the telling words that a part of the question has."""
    return [at for at, word in enumerate(words) if word.weight >= _MAIN and word.stems & stems]


def _missing(ranking: Ranking, chosen: Sequence[Candidate]) -> list[int]:
    """The telling words that nothing of what is chosen says, nor what it stands under."""
    rows = [ranking.rows(one)[2] for one in chosen]
    return [
        at
        for at, word in enumerate(ranking.mass.words)
        if word.weight >= _MAIN and not any(row[at] >= _SAID for row in rows)
    ]


def _says(ranking: Ranking, one: Candidate, words: Sequence[int]) -> bool:
    """Whether it says all of these words with its headings, and the most of them itself."""
    _, led, above, _ = ranking.rows(one)
    own = sum(led[at] >= _SAID for at in words)
    return all(above[at] >= _SAID for at in words) and own > 0


def _others(ranking: Ranking, first: Candidate) -> Iterator[Candidate]:
    return (
        one
        for one in ranking.every
        if (one.prose or one.shown) and not (one.index == first.index and one.start == first.start)
    )
