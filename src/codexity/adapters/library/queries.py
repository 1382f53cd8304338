"""Query expansion: what a question is looked for by in the user's documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from codexity.analysis import STOP_WORDS, stem, stems, told, words
from codexity.analysis.compounds import Apart, apart
from codexity.analysis.moments import counted_once
from codexity.analysis.parts import COMPOUNDING, MARK, parted
from codexity.analysis.stemming import stem_in
from codexity.analysis.unspaced import telling
from codexity.analysis.unspaced_questions import without_asking
from codexity.kind_nouns import only_names
from codexity.near_words import near_words

_PART = 3
"""Shorter stems are parts of too many words."""
MAX_TERMS = 64
"""A question has at most this many different stems; the rest of a longer text is not looked at."""

_MOST_NEAR = 8
"""A word that no document has is looked for by at most so many near ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedFor:
    """The stems of a question, any of which may be found, and what to try for unknown ones.

    `unsure` are its words as two, `near` by its stems what says nearly the same; `naming` are those
    that only name what kind of thing is asked for, which texts mostly say otherwise.
    """

    stems: tuple[str, ...]
    unsure: tuple[Apart, ...]
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    naming: frozenset[str] = frozenset()


def looked_for(text: str, languages: Sequence[str]) -> LookedFor:
    """What a question is looked for by where documents are in these languages besides English.

    Its stems in its own language and in those of the documents, since a word alone tells none; each
    two of its words that follow one another written as one (`set up`, `setup`).
    """
    own = dict.fromkeys(counted_once(telling(stems(without_asking(text)))))
    kept = tuple(own)[:MAX_TERMS]
    spoken = words(text)[:MAX_TERMS]
    others = chain.from_iterable(_in(text, language) for language in languages)
    joined = (
        stem(first + second) for first, second in pairwise(spoken) if _may_join(first, second)
    )
    simple = tuple(chain.from_iterable(_simple(spoken, text, each) for each in languages))
    parts = (f"{MARK}{one}" for one in simple)
    more = dict.fromkeys(one for one in chain(others, joined, parts) if one not in own)
    return LookedFor(
        stems=(*kept, *tuple(more)[: 2 * MAX_TERMS]),
        unsure=(
            *apart(dict.fromkeys(spoken), STOP_WORDS),
            *chain.from_iterable(_compounds(spoken, text, each) for each in languages),
        ),
        near=_near(text),
        naming=frozenset(map(stem, only_names(text))),
    )


def _simple(spoken: Sequence[str], text: str, language: str) -> Iterator[str]:
    """The stems of a question that compounds of this language may hold."""
    if language in COMPOUNDING and told(text) in {None, language}:
        for word in spoken:
            yield from (one for one in stems(word, language)[-1:] if len(one) >= _PART)


def _compounds(spoken: Sequence[str], text: str, language: str) -> Iterator[Apart]:
    """The compounds of a question, with the stems of what may be their parts."""
    if language in COMPOUNDING and told(text) in {None, language}:
        for word in spoken:
            parts = {stem_in(one, language): None for pair in parted(word) for one in pair}
            ways = tuple((one,) for one in parts if len(one) > _PART)
            if ways:
                yield Apart(stem=stem_in(word, language), ways=ways)


def _near(text: str) -> Mapping[str, tuple[str, ...]]:
    """The nearest words of each stem."""
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for other, says in near_words(text).items():
        for own, share in says.items():
            found[own].append((-share, other))
    return {own: tuple(one for _, one in sorted(near)[:_MOST_NEAR]) for own, near in found.items()}


def _in(text: str, language: str) -> Sequence[str]:
    every = counted_once(telling(stems(without_asking(text), language)))
    return tuple(every)[:MAX_TERMS]


def _may_join(first: str, second: str) -> bool:
    """Not two function words, nor numbers: `of the`, `3 4`."""
    plain = first not in STOP_WORDS or second not in STOP_WORDS
    return plain and not (first + second).isdigit()
