"""The clauses of a question: those that ask, and what is only told around them."""

from __future__ import annotations

import re
from typing import Final

_CLAUSE: Final = re.compile(r"[.!?;,:](?=\s)|\s[-–—]\s|[。!?;,]")
_ASKING: Final = re.compile(
    r"\W*(?:(?:and|but|so|or|now|then|in|on|at|by|for|to|from|of|with|und|aber|et|mais|y|pero) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|am|was|were|do|does|did|can|could|may"
    r"|must|should|shall|will|would|has|have|had|was|wie|wer|wo|wann|warum|welche\w?|kann|darf|muss"
    r"|ist|sind|gibt|hat|que|qui|quoi|quand|où|comment|combien|pourquoi|quel\w*|est-ce|peut-on|qué"
    r"|quién|cuándo|dónde|cómo|cuánto|cuál|puedo|hay)\b",
    re.IGNORECASE,
)
"""How the clause of a question begins that asks; what stands around it only tells."""
_POINTING: Final = re.compile(
    r"\b(?:it|this|that|these|those|them|they|there|him|her|so)\b", re.IGNORECASE
)


def asking_clauses(question: str) -> str:
    """The clauses that ask, where there are others: of `I am late, who is there?` the second.

    None where they point at what is said around them: `I saw a boat, what does it cost?`
    """
    parts = [one for one in _CLAUSE.split(question) if one.strip()]
    asking = [one for one in parts if _ASKING.match(one)]
    said = " ".join(asking)
    return "" if len(asking) == len(parts) or _POINTING.search(said) else said


def asks(question: str) -> bool:
    """Whether it begins as a question does, and is no bare topic: `lost and found`."""
    return _ASKING.match(question) is not None
