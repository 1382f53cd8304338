"""One telling word of a question: what says it, and where it stands in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from codexity.analysis import stems
from codexity.analysis.folding import fold
from codexity.analysis.parts import parted
from codexity.analysis.stemming import stem_in
from codexity.analysis.tokenizer import WORD
from codexity.beginnings import share_of
from codexity.number_words import SPELLED, figure, is_second, spelled
from codexity.synonyms import FAMILY, family, near, nearest
from codexity.synonyms.verbs import is_verb

MORE: Final = 1.5
"""What names, numbers and code weigh beside their rarity."""
_ENGLISH: Final = "en"
_MOST: Final = 32
"""At so many places of a number its neighbours are looked at."""

# How much of a word is said by another that is near it.
_LONGER: Final = 0.9
_PHRASE: Final = 0.8
_LEAST: Final = 0.4
_ALONE: Final = 0.4
_FIGURE: Final = 0.9
_TAIL: Final = 0.45
_VERB_UNSAID: Final = 0.4
_FRONT: Final = 0.4
_PREFIX: Final = 4
_LONG: Final = 5

_QUOTE: Final = "[\"'`“‘”’]"
_AROUND: Final = 60
_BESIDE: Final = 3
"""The word that a number is of is among so many before or behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One telling word: its spelling, its stems in any language, and its weight.

    `exact` is true of numbers and code, which nothing else stands for: all of it has to be said;
    `quoted` of function words that are meant as code (`with`), and stand in quotes in a text;
    `called` of functions (`any()`), which stand there called, or in quotes; `beside` has the
    beginnings of the words that a small number stands beside: an `11` alone is in many a text;
    `alone` a character that says part of the word by itself (Han); `compounds_in` is the language
    whose compounds may hold it; `also` has the stems that say a date in parts (`28 and 29 May`),
    `means` those that say a phrase (`hang on to`: keep), which are among its stems.
    """

    text: str
    stems: frozenset[str]
    weight: float
    exact: bool = False
    quoted: bool = False
    called: bool = False
    beside: frozenset[str] = frozenset()
    alone: str = ""
    compounds_in: str = ""
    also: frozenset[str] = frozenset()
    means: frozenset[str] = frozenset()

    @property
    def weight_unsaid(self) -> float:
        """Its weight where no text says it: a verb lacks little, texts say most of them otherwise.

        `Which is forbidden` is answered by `never this one`, `when do they sink` by `lost in May`.
        """
        verb = self.may_be_said_otherwise and any(map(is_verb, self.stems))
        return _VERB_UNSAID * self.weight if verb else self.weight

    @property
    def may_be_said_otherwise(self) -> bool:
        """Whether it may have near words: names, numbers and code have none."""
        return not self.exact and self.weight < MORE

    def stands_in(self, text: str, held: frozenset[str], *, record: bool = False) -> bool:
        """Whether the text, of which these are the stems, says all of an exact word.

        In a record its cells tell what a number is of, however far from each other they stand.
        """
        if self.beside and not record and not self._stands_beside(text):
            return False
        if self.called:
            name = re.escape(self.text)
            said = rf"(?<!\w){name}\(|{_QUOTE}{name}{_QUOTE}"
            return re.search(said, text, re.IGNORECASE) is not None
        if self.stems <= held or (self.also and self.also <= held):
            return True
        if not held.isdisjoint(spelled(self.text)) or (self.text == "2" and is_second(text)):
            return True
        bare = self.text.strip(".:(")
        if not any(map(str.isdigit, bare)) and not self.quoted:
            last = re.split(r"[.:/(]+", bare)[-1]
            known = (*stems(last, _ENGLISH)[:1], f"@{last.lower()}")
            parts = r"[\W_]?".join(map(re.escape, last.split("_")))
            return bool(last) and (
                not held.isdisjoint(known) or re.search(parts, text, re.IGNORECASE) is not None
            )
        before, behind = (_QUOTE, _QUOTE) if self.quoted else (r"(?<!\w)", r"(?!\w)")
        return re.search(f"{before}{re.escape(bare)}{behind}", text, re.IGNORECASE) is not None

    def _stands_beside(self, text: str) -> bool:
        """Whether a number stands beside its words in a text; true where it has none of those."""
        if not _begin(WORD.findall(text), self.beside):
            return True
        spellings = "|".join(map(re.escape, (self.text, *SPELLED.get(self.text, ()))))
        number = rf"(?<!\w)(?:{spellings})(?!\w)"
        for one in islice(re.finditer(number, text, re.IGNORECASE), _MOST):
            before = WORD.findall(text[max(0, one.start() - _AROUND) : one.start()])
            behind = WORD.findall(text[one.end() : one.end() + _AROUND])
            if any(_begin(_next(words), self.beside) for words in (reversed(before), behind)):
                return True
        return False

    def near(self, vocabulary: Iterable[str], *, otherwise: bool = False) -> dict[str, float]:
        """The stems of a vocabulary that say the word, each with how much of it, up to 1.

        What the texts call so they mostly call so everywhere: of a word that they have, its family
        counts, and with `otherwise` what is `nearest` to it as well.
        """
        vocabulary = frozenset(vocabulary)
        found = dict.fromkeys(figure(self.text), _FIGURE)
        for own in self.stems if self.may_be_said_otherwise else ():
            there = nearest if otherwise else family
            known = there(own) if own in vocabulary else near(own)
            for one in vocabulary.intersection(known):
                found[one] = max(near(own)[one], found.get(one, 0.0))
        longest = max(self.stems, key=len)
        if self.alone:
            found[self.alone] = _ALONE
        if self.compounds_in:
            vocabulary = tuple(vocabulary)
            found |= self._of_compounds(vocabulary)
        if len(longest) >= _LONG and longest.isascii():
            for one in vocabulary:
                if len(one) >= _PREFIX and (share := share_of(one, longest)) >= _LEAST:
                    front = self.compounds_in and len(longest) - len(one) >= _PREFIX
                    found[one] = max(min(share, _FRONT) if front else share, found.get(one, 0.0))
        return found | dict.fromkeys(self.stems, 1.0) | dict.fromkeys(self.means, _PHRASE)

    def _of_compounds(self, vocabulary: Sequence[str]) -> dict[str, float]:
        """What longer words say that hold the word, and what the parts of a long one say."""
        found: dict[str, float] = {}
        for front, tail in parted(self.text):
            found[stem_in(front, self.compounds_in)] = _FRONT
            found[stem_in(tail, self.compounds_in)] = _TAIL
        own = tuple(one for one in (*self.stems, fold(self.text)) if len(one) >= _PREFIX)
        for one in vocabulary:
            if one.endswith(own) or one.startswith(own):
                found[one] = _LONGER
        return found


def said_by(
    words: Sequence[Word], vocabulary: Iterable[str], *, otherwise: bool = False
) -> list[dict[str, float]]:
    """What of a vocabulary says each of these words, see `Word.near`.

    What says one of them by its family says no other a little: `built` in `who built the house`
    is no building.
    """
    vocabulary = frozenset(vocabulary)
    every = [word.near(vocabulary, otherwise=otherwise) for word in words]
    most: dict[str, float] = {}
    for said in every:
        for one, share in said.items():
            most[one] = max(share, most.get(one, 0.0))
    return [
        {one: share for one, share in said.items() if share >= FAMILY or most[one] < FAMILY}
        for said in every
    ]


def _next(words: Iterable[str]) -> Iterator[str]:
    """The first words of these; numbers do not count, as in `rooms 11 and 12`."""
    return islice((one for one in words if not one.isdigit()), _BESIDE)


def _begin(words: Iterable[str], beginnings: frozenset[str]) -> bool:
    return any(one.lower().startswith(tuple(beginnings)) for one in words)
