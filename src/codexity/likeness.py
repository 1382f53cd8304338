"""Texts that are nearly the same: mirrors and printer's versions, and those that tell otherwise."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import Final
from zlib import crc32

from codexity.text import STOP_WORDS, blocks, is_prose, sentences, stem, words

_SHINGLE: Final = 8
_MOST: Final = 400
"""How many shingles a text is known by: those with the smallest hashes, whatever its length."""
_FEWEST: Final = 60
_ALIKE: Final = 0.8
_LOOKED_AT: Final = 30_000
_VERSION: Final = 0.5
"""Two runs in the same place that share this part of the shorter's words are versions of one."""
_SPELLING: Final = 0.8
_FEW: Final = 20
"""A run that has more words of its own was written anew."""
_COMPARED: Final = 40
"""Longer words are of no one's language, and compared as they are."""

_NUMBER = r"[-−+±<>≤≥]?[$€£¥]?\d(?:[\d.,:/–-]*\d)?[%°‰]?"
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_TOKEN = re.compile(rf"{_NUMBER}(?: ?[^\W\d_]{{1,3}}\b)?|{_UNSPACED}|[^\W\d_]+(?:['’][^\W\d_]+)?")
_THOUSANDS = re.compile(r"(?<=\d)[,'’](?=\d{3}\b)")
_DENSE = re.compile(_UNSPACED)
_OPPOSITE = re.compile(r"(?:un|in|il|im|ir|dis|non|anti)")
_TELLING: Final = frozenset(
    """no not never none nobody nothing neither nor cannot without except unless only hardly barely
    few less fewer more most least all any every some both either always often rarely sometimes
    before after until since above below over under up down on off in out inside outside first last
    minimum maximum may must can should shall will would might could need needn
    allowed permitted forbidden prohibited banned required optional mandatory voluntary
    open opened opens closed closes shut free paid true false yes right wrong left
    increase increased increases decrease decreased decreases rise rose rises fall fell falls
    higher lower larger smaller longer shorter earlier later older newer better worse
    include included includes exclude excluded excludes accept accepted reject rejected refused
    won lost win lose pass passed fail failed safe dangerous alive dead old new
    one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty
    sixty seventy eighty ninety hundred thousand million billion half third quarter fifth double
    twice once second fourth sixth seventh eighth ninth tenth
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday morning noon evening night
    spring summer autumn fall winter daily weekly monthly yearly
    nicht kein keine keinen ne pas jamais aucun aucune sin nunca ningún ninguna niet geen inte ikke
    não não nunca non mai senza не нет ни без""".split()
)
"""Words by which alone two sentences say different things."""

Likeness = frozenset[int]


def likeness_of(text: str) -> Likeness:
    """What a text is known by: the smallest hashes of its runs of eight words.

    Empty for a text of under some 70 words, which may share its few sentences with anything.
    Source: Broder, "On the resemblance and containment of documents", 1997.
    """
    smallest = sorted(set(_hashes(words(text[:_LOOKED_AT]))))
    return frozenset(smallest[:_MOST] if len(smallest) >= _FEWEST else ())


def alike(one: Likeness, other: Likeness) -> bool:
    """Whether two texts share at least 0.8 of what they are known by together."""
    if not one or not other:
        return False
    both = one & other
    # Most pages have too little in common to be worth the sorting.
    if len(both) < _ALIKE * min(_MOST, len(one) + len(other) - len(both)):
        return False
    union = sorted(one | other)[:_MOST]
    return len(both.intersection(union)) >= _ALIKE * len(union)


def differ(one: str, other: str, checkpoint: Callable[[], None] = lambda: None) -> bool:
    """Whether two texts that are nearly the same tell different facts, somewhere.

    They do where a sentence or a row of one stands in the other in another version: with another
    number, name or date, with or without a `not`, with another word in the same place. What only
    one of them has at an end, or between two sentences that both have, is a frame of its site; a
    sentence there that has a number or a negation is none. `checkpoint` is called before each
    sentence is looked at; what it raises ends the work.
    """
    first, second = (_Told(text, checkpoint) for text in (one, other))
    edges = [(-1, -1), *_anchors(first.keys, second.keys), (len(first.keys), len(second.keys))]
    for at, ((begin, start), (end, stop)) in enumerate(pairwise(edges)):
        own = first.alone(begin + 1, end, second)
        new = second.alone(start + 1, stop, first)
        inside = 0 < at < len(edges) - 2
        if own and new:
            if _versions(own, new) and says_otherwise(" ".join(own), " ".join(new)):
                return True
        elif inside and any(is_prose(line) and _has_facts(line) for line in (*own, *new)):
            return True
    return False


class _Told:
    """The sentences of a text, the lines of its code and rows, and what each is compared by."""

    def __init__(self, text: str, checkpoint: Callable[[], None]) -> None:
        self.lines: list[str] = []
        self.keys: list[str] = []
        for line in _lines(text):
            checkpoint()
            self.lines.append(line)
            self.keys.append(" ".join(_tokens(line)).lower())
        self._every = frozenset(self.keys)

    def alone(self, start: int, stop: int, other: _Told) -> list[str]:
        """Those of these lines that the other text has nowhere."""
        return [self.lines[at] for at in range(start, stop) if self.keys[at] not in other._every]


def says_otherwise(one: str, other: str) -> bool:
    """Whether two sentences of nearly the same words say different things.

    They do where one has a number, a name, a date, a negation or a word of degree that the other
    lacks, where each has a word of its own in the place of the other's, and where the same words
    stand in another order. Other spellings of a word, capitals and punctuation tell nothing.
    """
    first, second = _tokens(one), _tokens(other)
    mine, theirs = [token.lower() for token in first], [token.lower() for token in second]
    own = Counter(mine) - Counter(theirs)
    new = Counter(theirs) - Counter(mine)
    if not own and not new:
        return mine != theirs
    if any(_is_fact(token, own) for token in first) or any(
        _is_fact(token, new) for token in second
    ):
        return True
    return _replaced([word for word in own if word not in STOP_WORDS], list(new))


def _replaced(own: Sequence[str], new: Sequence[str]) -> bool:
    others = [word for word in new if word not in STOP_WORDS]
    if not own or not others:
        return False
    if max(len(own), len(others)) > _FEW:
        return True
    return not all(any(_is_spelling(word, other) for other in others) for word in own)


def _is_spelling(one: str, other: str) -> bool:
    if stem(one) == stem(other):
        return True
    if one[:1] != other[:1] or max(len(one), len(other)) > _COMPARED:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SPELLING


def _is_fact(token: str, lone: Counter[str]) -> bool:
    low = token.lower()
    if low not in lone:
        return False
    if any(char.isdigit() for char in token) or _DENSE.match(token) or low in _TELLING:
        return True
    if low.endswith(("n't", "n’t")):
        return True
    bare = _OPPOSITE.sub("", low, count=1)
    named = token[0].isupper() and low not in STOP_WORDS and not token.isupper()
    return named or (bare != low and bare in lone)


def _has_facts(line: str) -> bool:
    return any(
        any(char.isdigit() for char in token) or token.lower() in _NEGATING
        for token in _tokens(line)
    )


_NEGATING: Final = frozenset("no not never none nor without except unless only cannot".split())


def _versions(own: Iterable[str], new: Iterable[str]) -> bool:
    mine = {token.lower() for line in own for token in _tokens(line)}
    theirs = {token.lower() for line in new for token in _tokens(line)}
    return len(mine & theirs) >= _VERSION * min(len(mine), len(theirs))


def _lines(text: str) -> Iterator[str]:
    for start, end in blocks(text):
        if "\n" in text[start:end]:
            yield from (line for line in text[start:end].split("\n") if line.strip())
        else:
            yield from (text[first:last] for first, last in sentences(text, start, end))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_THOUSANDS.sub("", text))


def _anchors(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run, in order, of what stands once in each: patience sorting, n log n."""
    once, again = Counter(first), Counter(second)
    places = {key: at for at, key in enumerate(second) if again[key] == 1}
    pairs = [(at, places[key]) for at, key in enumerate(first) if once[key] == 1 and key in places]
    ends: list[int] = []
    best: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(ends, place)
        before.append(best[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(place)
            best.append(number)
        else:
            ends[pile], best[pile] = place, number
    run: list[tuple[int, int]] = []
    at = best[-1] if best else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _hashes(spoken: list[str]) -> Iterator[int]:
    # Encoded once, each run is a slice of the whole: no words are joined for it.
    whole = " ".join(spoken).encode("utf-8", "replace")
    ascii_only = len(whole) == sum(map(len, spoken)) + len(spoken) - 1
    sizes = map(len, spoken if ascii_only else (one.encode("utf-8", "replace") for one in spoken))
    starts = list(accumulate((size + 1 for size in sizes), initial=0))
    runs = zip(starts, starts[_SHINGLE:], strict=False)
    return (crc32(whole[start : end - 1]) for start, end in runs)
