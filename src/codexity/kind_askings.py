"""How kinds of things are asked for, without the words of the kind itself."""

from __future__ import annotations

from typing import Final

ATTRIBUTE: Final = r"^\W*(?:(?:what|which)(?:['’]s| is| are| was| were) )?(?:the )?"
"""How an attribute is asked for that is named first: `the address of ...`."""
KEYWORDS: Final = (
    r"^(?!.*\b(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had|how|why"
    r"|who|whom|when|where|what|i|my|we)\b)\W*"
)
"""A question of keywords alone: no sentence, in which the same word may be a verb."""
DOER: Final = (
    r"(?:^|[.,;:!?–-]\s|\b(?:and|but|or|so|know|me|us|remember|wonder(?:ing)?)\s)\W*who(?:m|se)?\b"
)
"""Who does something: `who` asks there, and does not go on with what stands before it."""
LONG_THING: Final = (
    r"\bhow (?:long|high) (?:is|are|was|were) (?:[\w'’-]+ ){0,4}?([^\W\d_]{3,40})\W*$"
)
"""`How long is the ramp`: of a thing that is its length; of `is it kept` it is a time."""
CONTACTING: Final = (
    r"\bwhom?(?: else)? (?:do|should|can|could|must|shall|may|to|would)(?: (?:i|we|you|one))?"
    r"(?: have to| need to)? (?:ask|ring|call|phone|contact|write|e-?mail|mail|turn|speak|talk"
    r"|approach|see|tell|inform|notify|go)\b"
)
"""Who is to be asked: the verb only asks, and a list of contacts does not say it."""
CONTACTS: Final = frozenset(
    """ask ring call phone contact write email e-mail mail turn speak talk approach see tell inform
    notify""".split()
)
