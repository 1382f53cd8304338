"""As many blocks of a document as an index and its readers have use of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.page_of_drafts import MOST_BLOCKS

_MOST_CHARS: Final = 8_000_000
"""Of all texts, and of the heads that each row has again."""


def bounded(drafts: Iterable[Draft]) -> tuple[list[Draft], bool]:
    """The first blocks that say something, and whether there are more of them."""
    found: list[Draft] = []
    chars = 0
    for one in drafts:
        if not one.text.strip():
            continue
        chars += len(one.text) + sum(map(len, one.header))
        if len(found) >= MOST_BLOCKS or chars > _MOST_CHARS:
            return found, True
        found.append(one)
    return found, False
