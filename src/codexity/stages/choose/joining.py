"""More evidence behind what was chosen: its pages numbered on, its passages in theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from codexity.model import Evidence

_MANY: Final = 3


def joined(
    chosen: Sequence[Evidence], more: Sequence[Evidence], *, most: int | None = None
) -> tuple[Evidence, ...]:
    """The evidence with that which was chosen for something else beside it.

    Of new pages only while there are fewer than `most`; one takes the place of the last of many.
    """
    every = list(chosen)
    full = most is not None and len(every) >= most
    for new in more:
        at = next((at for at, one in enumerate(every) if one.page.url == new.page.url), None)
        if at is None and full and len(every) >= _MANY:
            every.pop()
            full = False
        if at is None and most is not None and len(every) >= most:
            continue
        if at is None:
            source = replace(new.source, index=len(every) + 1)
            every.append(replace(new, source=source, score=min(one.score for one in every)))
            continue
        known = {one.start: one for one in (*every[at].passages, *new.passages)}
        passages = tuple(known[start] for start in sorted(known))
        every[at] = replace(every[at], passages=passages)
    return tuple(every)
