"""Words, stems, sentences and blocks of a text, and how well texts fit a question."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from codexity.analysis import STOP_WORDS, spelled, stem, stemmed_in, stems, told, words
from codexity.analysis.compounds import PARTICLES
from codexity.analysis.moments import counted_once
from codexity.analysis.sentences import sentences
from codexity.analysis.stop_words import is_clearly_english
from codexity.analysis.unspaced import UNSPACED, telling
from codexity.analysis.unspaced_questions import without_asking

__all__ = [
    "STOP_WORDS",
    "asked",
    "blocks",
    "counted",
    "is_foreign",
    "is_label",
    "is_prose",
    "is_wrapped",
    "points_elsewhere",
    "relevance",
    "sentences",
    "spelled",
    "stem",
    "stemmed_in",
    "stems",
    "tokens",
    "told",
    "unlinked",
    "well_formed",
    "words",
]

_ENGLISH = "en"
_UNSPACED = re.compile(f"[{UNSPACED}]+")
_BLOCK = re.compile(r"\S.*(?:\n[^\S\n]*\S.*)*")
_LABEL_CHARS = 160
_NO_LABEL_ENDS = ".!?:;,…。！？"
# What generators of documentation put behind headings and definitions, to link to them.
_ANCHORS = " ¶§#🔗"
_ELSEWHERE = re.compile(
    r"(?:For (?:more|further|(?:a )?(?:full|complete)|details?|additional)\b[^.]{0,80} )?"
    r"(?:[Ss]ee|[Rr]efer to)\b|(?:More|Further) (?:information|details)\b|PEP \d+ - "
)
_SIGNATURE_CHARS = 600
_SIGNATURE = re.compile(r"@?(?:[a-z]+ ){0,2}[\w.]+\(.*\)(?: ->.*)?$")
_FULL_LINE = 50
_TOGETHER = 0.4
_JOINED = 24
_MARKS = re.compile(r"[^\w\s.,;:!?'’\"“”()-]|_")


def well_formed(text: str) -> str:
    """The text with a question mark for each half of a character, which no encoding holds."""
    return text.encode("utf-8", "replace").decode()


def tokens(text: str) -> int:
    """About how many tokens of a language model a text takes.

    Four characters each, but one for each character of a script that writes no spaces.
    """
    dense = 0 if text.isascii() else sum(len(run) for run in _UNSPACED.findall(text))
    return dense + (len(text) - dense + 3) // 4


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where the blocks of a page's text start and end: they are parted by blank lines."""
    for match in _BLOCK.finditer(text):
        start, end = match.span()
        yield start, start + len(match[0].rstrip()) if text[end - 1].isspace() else end


def unlinked(block: str) -> str:
    """A heading or a definition without the permanent link that documentation puts behind it."""
    return block.rstrip(_ANCHORS)


def is_label(block: str) -> bool:
    """Whether a block names what follows it: a heading, or the line that a definition begins with.

    One short line without the mark that ends a sentence; a signature may be longer. What carries a
    permanent link (¶) is one, whatever it ends with: documentation hangs these on nothing else.
    """
    if block[-1:] in _NO_LABEL_ENDS:  # most blocks are sentences
        return False
    if block.rstrip().endswith("¶") and "\n" not in block:
        return True
    block = unlinked(block)
    if "\n" in block or block[-1:] in _NO_LABEL_ENDS:
        return False
    return len(block) <= _LABEL_CHARS or (
        len(block) <= _SIGNATURE_CHARS and _SIGNATURE.match(block) is not None
    )


def is_foreign(question: str, text: str, language: str | None) -> bool:
    """Whether a text, in this language where that is known, is not in that of the question."""
    asked_in = told(question) or (_ENGLISH if is_clearly_english(question) else None)
    written_in = language or told(text)
    return asked_in is not None and written_in is not None and asked_in != written_in


def is_prose(run: str) -> bool:
    """Whether a run of text reads as a sentence, and not as code, a heading or a row of a table."""
    if run.rstrip().endswith("¶"):
        return False
    run = unlinked(run)
    if "\n" in run or run.startswith((">>>", "...", "$ ", "#", "|")):
        return False
    ends = run.rstrip("\"'”’»)] \t")[-1:] in tuple(".!?…:。！？।")
    # What is told soonest comes first: too few words, and only then what they are made of.
    spaced = run.count(" ") >= (3 if ends else 11)
    if spaced != ends and _UNSPACED.search(run):
        spaced = ends
    if not spaced or not run or _SIGNATURE.match(run):
        return False
    return len(run) - len(_MARKS.findall(run)) >= 0.86 * len(run)


def points_elsewhere(sentence: str) -> bool:
    """Whether a sentence only says where more is said: `For more information, see ...`."""
    return _ELSEWHERE.match(sentence) is not None


def is_wrapped(block: str) -> bool:
    """Whether the lines of a block are one paragraph, broken only because they were full."""
    lines = block.split("\n")
    full = all(len(line) >= _FULL_LINE and line[0].isalnum() for line in lines[:-1])
    return full and is_prose(" ".join(block.split()))


def asked(question: str, language: str | None = None) -> tuple[str, ...]:
    """The stems that a question looks for: its own, and each two of its words written as one.

    The latter are how code names things: `removeprefix`, `urlopen`. Only the first words that are
    no stop words are joined, 24 of them: what a question of 500 characters has would make 40,000.
    A word and the particle behind it are joined as well: `set up`, `setup`.
    """
    every = words(question)
    content = [word for word in dict.fromkeys(every) if word not in STOP_WORDS][:_JOINED]
    joined = (stem(first + second) for first in content for second in content if first != second)
    nouns = (stem(first + second) for first, second in pairwise(every) if second in PARTICLES)
    own = counted_once(telling(stems(without_asking(question), language)))
    return tuple(dict.fromkeys((*own, *joined, *nouns)))


def relevance(
    question: Sequence[str],
    texts: Sequence[Sequence[str]],
    *,
    k1: float = 1.2,
    b: float = 0.75,
    near: Mapping[str, Mapping[str, float]] | None = None,
) -> list[float]:
    """How well texts, given as their stems, fit a question's: BM25 over just these texts.

    One score a text, in their order; 0 when it has no stem of the question. The rarity of a stem is
    Lucene's, which is never negative. Stems that follow one another in the question count more
    where they stand together. `near` has stems that say a part of one of the question's, each with
    how much of which: where a text has none of that itself, it counts so much. Source: Robertson
    and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); Metzler and
    Croft, "A Markov Random Field Model for Term Dependencies" (2005).
    """
    wanted = frozenset(question)
    counts = [_counts(wanted, text, near or {}) for text in texts]
    often: defaultdict[str, float] = defaultdict(float)
    for found in counts:
        for term, count in found.items():
            often[term] += min(1.0, count)
    rarity = {
        term: math.log(1 + (len(texts) - often[term] + 0.5) / (often[term] + 0.5))
        for term in dict.fromkeys(question)
        if term in often
    }
    neighbours = tuple(
        pair for pair in pairwise(question) if pair[0] in rarity and pair[1] in rarity
    )
    mean = sum(map(len, texts)) / max(1, len(texts)) or 1.0
    scores = [0.0] * len(texts)
    for at, found in enumerate(counts):
        if not found:
            continue
        text = texts[at]
        floor = k1 * (1 - b + b * len(text) / mean)
        for term, weight in rarity.items():
            if term in found:
                count = found[term]
                scores[at] += weight * count * (k1 + 1) / (count + floor)
        for first, second in neighbours:
            if first in found and second in found and _together(first, second, text):
                scores[at] += _TOGETHER * min(rarity[first], rarity[second])
    return scores


def _counts(
    wanted: frozenset[str], text: Sequence[str], near: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """How often a text has each of the stems; of a near one, which part it says of them."""
    counts = {term: float(text.count(term)) for term in wanted.intersection(text)}
    for one in near.keys() & text if near else ():
        for term, share in near[one].items():
            if term in wanted:
                counts[term] = max(share, counts.get(term, 0.0))
    return counts


def _together(first: str, second: str, text: Sequence[str]) -> bool:
    return any(pair in {(first, second), (second, first)} for pair in pairwise(text))


def counted(count: int, noun: str) -> str:
    """The number and the noun, in the plural unless it is one: `1 page`, `1,200 pages`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
