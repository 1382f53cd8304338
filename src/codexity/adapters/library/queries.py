"""Query expansion: what a question is looked for by in the user's documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from codexity.analysis import STOP_WORDS, stem, stems, words
from codexity.analysis.compounds import Apart, apart
from codexity.analysis.unspaced import telling
from codexity.near_words import near_words

MAX_TERMS = 64
"""A question has at most this many different stems; the rest of a longer text is not looked at."""

_MOST_NEAR = 8
"""A word that no document has is looked for by at most so many near ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedFor:
    """The stems of a question, any of which may be found, and what to try for unknown ones.

    `unsure` are its words as two, `near` by its stems what says nearly the same.
    """

    stems: tuple[str, ...]
    unsure: tuple[Apart, ...]
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def looked_for(text: str, languages: Sequence[str]) -> LookedFor:
    """What a question is looked for by where documents are in these languages besides English.

    Its stems in its own language and in those of the documents, since a word alone tells none; each
    two of its words that follow one another written as one (`set up`, `setup`).
    """
    own = dict.fromkeys(telling(stems(text)))
    kept = tuple(own)[:MAX_TERMS]
    spoken = words(text)[:MAX_TERMS]
    others = chain.from_iterable(_in(text, language) for language in languages)
    joined = (
        stem(first + second) for first, second in pairwise(spoken) if _may_join(first, second)
    )
    more = dict.fromkeys(one for one in chain(others, joined) if one not in own)
    return LookedFor(
        stems=(*kept, *tuple(more)[: 2 * MAX_TERMS]),
        unsure=tuple(apart(dict.fromkeys(spoken), STOP_WORDS)),
        near=_near(text),
    )


def _near(text: str) -> Mapping[str, tuple[str, ...]]:
    """The nearest words of each stem."""
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for other, says in near_words(text).items():
        for own, share in says.items():
            found[own].append((-share, other))
    return {own: tuple(one for _, one in sorted(near)[:_MOST_NEAR]) for own, near in found.items()}


def _in(text: str, language: str) -> Sequence[str]:
    return tuple(telling(stems(text, language)))[:MAX_TERMS]


def _may_join(first: str, second: str) -> bool:
    """Not two function words, nor numbers: `of the`, `3 4`."""
    plain = first not in STOP_WORDS or second not in STOP_WORDS
    return plain and not (first + second).isdigit()
