"""Pages that a better page leads to: it names their title, and the question does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LEAST: Final = 4
_BESIDE: Final = re.compile(r"\s*(?:\([^()]*\)|,.*)\Z", re.DOTALL)
"""What only tells a title from others: `Young, New South Wales`, `Charmed (series)`."""


def led_to(text: str, titles: Sequence[str], question: str) -> int | None:
    """The place of the longest title that a text names, and the question does not; else None."""
    asked = question.casefold()
    named = [
        (len(title), -at)
        for at, title in enumerate(map(_bare, titles))
        if len(title) >= _LEAST and title.casefold() not in asked and _names(text, title)
    ]
    return -max(named)[1] if named else None


def _bare(title: str) -> str:
    return _BESIDE.sub("", title).strip()


def _names(text: str, title: str) -> bool:
    """Whether a title stands in a text as it is written, its first letter a capital."""
    return title[0].isupper() and bool(re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text))
