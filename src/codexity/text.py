"""Words, stems, sentences and blocks of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import Stemmer

_WORD = re.compile(r"\w+")
_BLOCK = re.compile(r"[^\n](?:.|\n(?!\s*\n))*")
_END = re.compile(r"""[.!?…]+["'”’)\]]*\s+(?=["'“‘(\[]*[A-Z0-9À-ÞΑ-ΩА-Я`_])|[。！？]+""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|fig|no|nos|vol|pp?|ed|eds|al|ca|dr|mr|mrs|ms|prof|st|jr|sr"
    r"|inc|ltd|co|corp|dept|u\.s|u\.k|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are aren as at be because been
    before being below between both but by can cannot could couldn d did didn do does doesn doing
    don down during each else ever few for from further get gets got had hadn has hasn have haven
    having he her here hers herself him himself his how i if in into is isn it its itself just ll
    m me might mine more most mustn my myself no nor not now of off on once only or other our ours
    ourselves out over own per please re s same shall shan she should shouldn so some such t than
    that the their theirs them themselves then there these they this those through to too under
    until up upon us use used using ve very was wasn we were weren what when where whether which
    while who whom whose why will with won would wouldn you your yours yourself yourselves tell
    explain""".split()
)


def words(text: str) -> list[str]:
    r"""The text's words, lower case, in order: runs of `\w`."""
    return _WORD.findall(text.lower())


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball stem of one lower-case word."""
    return _stemmer().stemWord(word)


def stems(text: str) -> tuple[str, ...]:
    """The stems of the text's words, stop words left out, in order."""
    return tuple(stem(word) for word in words(text) if word not in STOP_WORDS)


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where the blocks of a page's text start and end: they are parted by blank lines."""
    for match in _BLOCK.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip())


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Where the sentences of one block start and end, white space around them left out."""
    stop = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, stop):
        head = text[begin : match.end()].rstrip()
        if head.endswith(".") and _ABBREVIATION.search(head):
            continue
        yield begin, begin + len(head)
        begin = match.end()
    tail = text[begin:stop].rstrip()
    if tail:
        yield begin, begin + len(tail)
