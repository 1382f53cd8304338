"""What speaks for a sentence's being the answer by its shape: a name beside a role, a denial."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from codexity.kind import Kind
from codexity.synonyms.nouns import is_person

_I: Final = re.IGNORECASE
_CAPITAL: Final = r"\b[A-ZÀ-ÖØ-Þ][\w’'-]{1,30}"
_NAME: Final = rf"{_CAPITAL}(?: {_CAPITAL}){{1,3}}"
_ROLE: Final = r"\b[\w’'-]{1,30}(?: [\w’'-]{1,30}){0,3}"
_APPOSED: Final = re.compile(
    rf"(?:Prof\.|Dr\.?|Mrs?\.?|Ms\.?|Rev\.)? ?{_NAME}(?: ?[,(]| ?[–-]) ?(?P<behind>{_ROLE})"
    rf"|(?P<before>{_ROLE})(?: ?[,(:]| ?[–-]) ?(?:Prof\.|Dr\.?|Mrs?\.?|Ms\.?|Rev\.)? ?{_NAME}"
)
_MOST: Final = 12
_LONGEST: Final = 300
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_WHETHER: Final = re.compile(
    r"^\W*(?:is|are|am|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have"
    r"|had)\b(?!.*\b(?:than|better|worse|or)\b)",
    _I,
)
_FORBIDS: Final = re.compile(
    r"\b(?:not|never) (?:be )?(?:allowed|permitted|accepted|admitted|wanted)\b|\bn['’]t allowed\b"
    r"|\b(?:must|may) not\b|\bmustn['’]t\b|\b(?:nobody|no one) may\b|\bforbid\w*\b|\bprohibit\w*"
    r"|\bbann?ed\b|\bno \w+(?: \w+)? (?:allowed|permitted)\b|\b(?:is|are) not to be\b|\bkeep out\b",
    _I,
)
_FORBIDDEN: Final = re.compile(r"forbid\w*|prohibit\w*|banned|disallowed", _I)
_LOOSE: Final = frozenset[Kind](("doer", "person", "called", "named", "make", "secret"))
"""Kinds that much of any text may stand for."""


def apposes(question: str, text: str) -> bool:
    """Whether a name stands beside a role that the question names: `Ann Reed, Treasurer`."""
    asked = {one for one in _WORD.findall(question.lower()) if is_person(one)}
    if not asked or len(text) > _LONGEST:
        return False
    return any(
        not asked.isdisjoint((one["behind"] or one["before"]).lower().split())
        for one in islice(_APPOSED.finditer(text), _MOST)
    )


def asks_whether(question: str) -> bool:
    """Whether it asks if something is so, and not which of two things."""
    return _WHETHER.search(question) is not None


def is_exact(kind: Kind) -> bool:
    """Whether one of a kind is told by its shape alone: an amount, a day, and no name."""
    return kind not in _LOOSE


def forbidding(question: str) -> frozenset[str]:
    """The words of a question for what is forbidden, in small letters."""
    return frozenset(one.lower() for one in _FORBIDDEN.findall(question))


def forbids(text: str) -> bool:
    """Whether a text forbids something, in whatever words: `are not allowed`, `must not`."""
    return _FORBIDS.search(text) is not None
