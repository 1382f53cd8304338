"""Points of minutes and letters: a numbered line right above what was said on it heads that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from codexity.adapters.extract.blocks import Draft

_LONGEST: Final = 80


def topped(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """The same, with a heading for a single numbered line that stands right above other text.

    That is how minutes and letters number their points: `4) Parking`, and below it what was said.
    """
    first, behind = drafts[0], drafts[1:]
    heads = (
        first.kind == "item"
        and first.marker.strip("().").isdigit()
        and len(first.text) <= _LONGEST
        and first.text[-1] not in ",;:!?。"
        and (first.text[-1] != "." or " " not in first.text)
        and any(one.text for one in behind[:1])
        and not any(one.marker.strip("().").isdigit() for one in behind)
        and all(one.level <= 1 for one in behind)
    )
    if not heads:
        return drafts
    text = f"{first.marker} {first.text}"
    return [Draft(text=text, kind="heading", level=2), *behind]
