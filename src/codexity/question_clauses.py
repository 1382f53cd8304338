"""The clauses of a question: those that ask, and what is only told around them."""

from __future__ import annotations

import re
from typing import Final

_CLAUSE: Final = re.compile(r"[.!?;,:](?=\s)|\s[-–—]\s|[。!?;,]")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_ASKING: Final = re.compile(
    r"\W*(?:(?:and|but|so|or|now|then|in|on|at|by|for|to|from|of|with|und|aber|et|mais|y|pero) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|am|was|were|do|does|did|can|could|may"
    r"|must|should|shall|will|would|has|have|had|was|if|unless|once|suppose|in case"
    r"|wie|wer|wo|wann|warum|welche\w?|kann|darf|muss|ist|sind|gibt|hat"
    r"|que|qui|quoi|quand|où|comment|combien|pourquoi|quel\w*|est-ce|peut-on|qué"
    r"|quién|cuándo|dónde|cómo|cuánto|cuál|puedo|hay)\b",
    re.IGNORECASE,
)
"""How the clause of a question begins that asks; what stands around it only tells."""
_POINTING: Final = re.compile(
    r"\b(?:it|this|that|these|those|them|they|there|him|her|so|he|she|his|hers|their|its|one|still"
    r"|then|instead|anyway|too)\b",
    re.IGNORECASE,
)
_ASIDES: Final = re.compile(
    r"\bon (?:the|my|our|his|her|their|your) way(?: (?:back|home|here|there|in|out|up|down))?"
    r"(?: (?:from|to)(?: (?:the|a|an|my|our|work))?(?: \w+)?)?"
    r"|\b(?:this|yesterday|tomorrow) (?:morning|afternoon|evening)\b|\blast night\b|\byesterday\b"
    r"|\b(?:earlier|later) today\b|\bthe other day\b|\b(?:just|right) now\b"
    r"|\ba (?:while|moment) ago\b|\bat (?:the moment|present)\b|\bthese days\b|\bnowadays\b"
    r"|\b(?:takes?|took|taken|taking) place\b|\bgoing to (?!an? |the |my |our )"
    r"|\b(?:my|a|our) (?:friend|mate|neighbour|neighbor|colleague|wife|husband|boss|partner)"
    r"(?: of mine)? (?:says?|said|told (?:me|us)|thinks?|reckons?|claims?|asked(?: me)?)\b"
    r"|\b(?:quick question|no idea|oh (?:no|dear|god)|i am afraid|i['’]m afraid|by the way"
    r"|i (?:was|am) wondering|can somebody help|please help)\b",
    re.IGNORECASE,
)
"""What is only said around a question in its own clause: who told of it, when, on which way."""


def asking_clauses(question: str) -> str:
    """The clauses that ask, where there are others: of `I am late, who is there?` the second.

    None where they point at what is said around them: `I saw a boat, what does it cost?`
    """
    parts = [one for one in _CLAUSE.split(question) if one.strip()]
    asking = [one for one in parts if _ASKING.match(one)]
    said = " ".join(asking)
    return "" if len(asking) == len(parts) or _POINTING.search(said) else said


def asking_sentence(question: str) -> str:
    """The one sentence that asks, where others only tell; empty where it points at these."""
    parts = [one for one in _SENTENCE.split(question) if one.strip()]
    asking = [one for one in parts if _ASKING.match(one) or one.rstrip().endswith("?")]
    if len(asking) != 1 or len(parts) == 1 or _POINTING.search(asking[0]):
        return ""
    return asking[0]


def asides(question: str) -> str:
    """What stands in the clauses of a question and only tells of its occasion."""
    return " ".join(_ASIDES.findall(question))


def asks(question: str) -> bool:
    """Whether it begins as a question does, and is no bare topic: `lost and found`."""
    return _ASKING.match(question) is not None
