"""How much of a question texts hold: its telling words, each by its weight and its rarity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain

from codexity.number_words import spelled
from codexity.question_word import Word, said_by


class Mass:
    """The telling words of a question, weighed by how rare they are among what is held.

    What is near a word says a part of it. A word that nothing holds counts as one that a single
    text does. `reach` has all stems that say any of the words. `otherwise` is that of `Word.near`.
    """

    def __init__(
        self, words: Sequence[Word], held: Sequence[frozenset[str]], *, otherwise: bool = False
    ) -> None:
        vocabulary = frozenset(chain.from_iterable(held))
        self.words = tuple(words)
        self._near: list[Mapping[str, float]] = [
            _exactly(word) if word.exact else near
            for word, near in zip(
                words, said_by(words, vocabulary, otherwise=otherwise), strict=True
            )
        ]
        self.reach = frozenset(chain.from_iterable(self._near))
        often = (sum(not one.isdisjoint(said) for one in held) for said in self._near)
        self._rarity = [
            (word.weight if count or not otherwise else word.weight_unsaid)
            * math.log(1 + (len(held) + 1) / (1 + count))
            for word, count in zip(words, often, strict=True)
        ]
        self._whole = math.fsum(self._rarity) or 1.0
        self._shares: dict[frozenset[str], float] = {frozenset(): 0.0}

    def row(self, stems: frozenset[str]) -> list[float]:
        """How much of each word these stems say, from 0 to 1."""
        return [max((said[one] for one in said.keys() & stems), default=0.0) for said in self._near]

    def share(self, stems: frozenset[str]) -> float:
        """How much of the whole question these stems say, from 0 to 1."""
        # Of what a text holds few stems count: the same few come again and again.
        counting = stems & self.reach
        known = self._shares.get(counting)
        if known is None:
            known = self._shares[counting] = self.of_row(self.row(counting))
        return known

    def of_row(self, row: Sequence[float]) -> float:
        """The same of a row."""
        return math.fsum(a * b for a, b in zip(self._rarity, row, strict=True)) / self._whole


def _exactly(word: Word) -> Mapping[str, float]:
    return dict.fromkeys((*word.stems, *spelled(word.text)), 1.0)
