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
