"""The last gate: whether a sentence that fits best answers, or only speaks of the subject."""

from __future__ import annotations

import re
from typing import Final

from codexity.question_kind import asked_for

from .candidates import Candidate
from .ranking import Ranking

_HELD: Final = 0.65
"""So far a sentence holds what is asked for, see `AskedFor.held_by`."""
_COVERED: Final = 0.4
_COVERED_OF_KIND: Final = 0.25
"""The same where a sentence has the kind of thing that is asked for."""
_BESIDE: Final = 0.6
"""What the sentences beside one hold counts so much."""
_NAMED: Final = 1.5
"""What names and code of a question weigh, at least."""
_SAID: Final = 0.5
_WHO_IS: Final = re.compile(r"\bwho(?:['’]s| (?:is|are|was|were))\b", re.IGNORECASE)
_ROLE: Final = 0.85
_OR: Final = re.compile(r"\b(?:or|and|oder|und|ou|et|o|y)\b|或|还是|和|か", re.IGNORECASE)
_WHY: Final = re.compile(r"\bwhy\b", re.IGNORECASE)
_REASON: Final = re.compile(
    r"\b(?:because|since|so that|due|owing|otherwise|else|therefore|thus|hence|reasons?|caus\w+"
    r"|to avoid|in order|made|makes?|too|as|for|weil|da|damit|wegen|sonst|denn|daher|deshalb|car"
    r"|parce|puisque|pour|afin|porque|pues|para)\b|因为|為了|为了|所以|から|ため|ので|لأن|بسبب",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\b(?:\d[\w.,:/-]*|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
_ENOUGH_NEW: Final = 3


class Answering:
    """What is asked of a sentence before it may be the answer."""

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._question = ranking.question
        self._kind = asked_for(ranking.question)
        self._choice = _OR.search(ranking.question) is not None
        self._role = _WHO_IS.search(ranking.question) is not None
        self._why = _WHY.search(ranking.question) is not None

    def answers(self, one: Candidate) -> bool:
        """Whether it holds what is asked for, all names and numbers, and enough of the rest.

        What stands above it counts as its own, what stands beside it a part.
        """
        ranking = self._ranking
        if self._kind is not None and ranking.sign(one).holds < _HELD:
            return False
        row = ranking.context_row(one, _BESIDE)
        named = [
            told >= _SAID
            for word, told in zip(ranking.mass.words, row, strict=True)
            if word.weight >= _NAMED
        ]
        if named and not (any(named) if self._choice else all(named)):
            return False
        if self._role and self._lacks_of_role(one):
            return False
        if self._why and not self._gives_reason(one):
            return False
        share = ranking.mass.of_row(row)
        share += (1 - share) * ranking.meant(one)
        return share >= (_COVERED if self._kind is None else _COVERED_OF_KIND)

    def _lacks_of_role(self, one: Candidate) -> bool:
        """Whether it does not hold all of the role whose holder is asked for: `head of sales`."""
        return self._ranking.mass.of_row(self._ranking.context_row(one, 0.0)) < _ROLE

    def _gives_reason(self, one: Candidate) -> bool:
        """Whether it says more than that it is so: a reason, or anything that could be one."""
        if _REASON.search(one.text):
            return True
        new = frozenset(_LETTERS.findall(_TIMES.sub(" ", one.text)))
        known = self._ranking.mass.reach
        told = self._ranking.stems_of(" ".join(new)) - known - self._ranking.asked_plain
        return len(told) >= _ENOUGH_NEW
