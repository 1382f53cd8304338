"""The date of a file's document: its own, that in its name, or that of its last change."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from codexity.adapters.extract.text.dateline import day_in_name
from codexity.model import Page

_MINUTE: Final = 60 * 10**9
_DAY: Final = 24 * 60 * _MINUTE
_OF_PROGRAMS: Final = frozenset({".pdf", ".docx", ".docm", ".dotx", ".odt", ".xlsx", ".ods"})
"""Of these the day in the file is that of a template, of printing or of saving as often as not."""
_CROWD: Final = 10
"""So many files of one minute were copied, unpacked or checked out together."""
_FIRST: Final = 315_619_200 * 10**9
"""2 January 1980: before, there are the zeros of archives, and no documents."""


def crowded(changed: Iterable[int]) -> frozenset[int]:
    """The minutes in which ten or more of the files were changed."""
    often = Counter(one // _MINUTE for one in changed)
    return frozenset(minute for minute, count in often.items() if count >= _CROWD)


def dated(page: Page, path: str, changed: int, *, crowded: frozenset[int]) -> Page:
    """The page with the date of its document; without one where none can be told.

    What the document says of itself comes first, then the name of its file, then the day on which
    it says that it was changed, then the time of its last change (in nanoseconds). That says
    nothing within a day of being added, for it may be that of a copy, and nothing in a minute that
    is `crowded`. What a program wrote into the file on its own comes after the name.
    """
    named = day_in_name(Path(path).name)
    written = Path(path).suffix.lower() in _OF_PROGRAMS and page.published_from == "meta"
    if page.published is not None and not (written and named):
        # Its address is made of its file's name.
        origin = "name" if page.published_from == "url" else page.published_from
        return replace(page, published_from=origin)
    if named is not None:
        return replace(page, published=named, published_from="name")
    if page.modified is not None:
        return replace(page, published=page.modified, published_from=page.modified_from)
    if _FIRST < changed < time.time_ns() - _DAY and changed // _MINUTE not in crowded:
        told = datetime.fromtimestamp(changed / 1e9, UTC).date().isoformat()
        return replace(page, published=told, published_from="file")
    return page
