"""The parts of a question that asks for several things, each as a question of its own."""

from __future__ import annotations

import re
from typing import Final

from codexity.question_words import telling_words

_ASKS: Final = (
    r"(?:(?:at|on|in|for|from|by|until|till|to|with|of|about|since) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b"
)
_AND: Final = re.compile(rf"(?:,|;)? (?:and|plus) (?:also |then )?(?={_ASKS})", re.IGNORECASE)
_ASKING: Final = re.compile(rf"\b{_ASKS}", re.IGNORECASE)
_POINTING: Final = re.compile(
    r"\b(?:it|its|they|them|their|one|he|him|his|she|her|there|that|those|this|these)\b"
    r"|\bhow (?:many|much) (?:is|are|was|were|do|does|did|can|must|will|has|have)\b"
    r"|\b(?:is|are|was|were) (?:in|on|at|from|left|available|needed|allowed|due|open|free)\b",
    re.IGNORECASE,
)
"""What points back at what the first part names, or leaves it out: `how many are left`."""
_THING: Final = re.compile(
    rf"\b(?:{_ASKS} (?:is|are|was|were|does|do|did|has|have) (?!we\b|i\b|you\b|they\b|one\b)"
    r"(?:an? |the |our |my |your |their )?"
    r"|(?:an?|the|our|my|your|his|her|their|this|these|those|all|of|for) (?:the |our |my )?)"
    r"(\S.{0,200})",
    re.IGNORECASE,
)
_TELLING: Final = 0.5
_MOST: Final = 3
_ENDS: Final = " ?.!,;"


def parts_of(question: str) -> tuple[tuple[str, ...], ...]:
    """The things that a question asks for, each as it may be asked alone, the likelier first.

    `what does the boat cost and how long is it` asks for `what does the boat cost` and for `boat:
    how long is it`. What does not point back is asked as it stands first, and then of that which
    the first part names. Empty where a question asks for one thing.
    """
    found = _AND.split(question.strip(), maxsplit=_MOST - 1)
    if len(found) == 1 or any(len(part.split()) < 2 for part in found):
        return ()
    first, *rest = (part.strip(_ENDS) for part in found)
    thing = _thing(first)
    return ((first,), *(_ways(part, thing) for part in rest))


def _thing(part: str) -> str:
    """What a part asks about: what stands behind its first verb or article."""
    found = _THING.search(part)
    return found[1] if found else _ASKING.sub("", part).strip()


def _ways(part: str, thing: str) -> tuple[str, ...]:
    of_thing = f"{thing}: {part}"
    alone = any(one.weight >= _TELLING for one in telling_words(part))
    return (part, of_thing) if alone and not _POINTING.search(part) else (of_thing,)
