"""Documents of several times that say different things: which is the newer, and of what day."""

from __future__ import annotations

import re
from functools import lru_cache

from codexity.likeness import says_otherwise
from codexity.model import Page

from .candidates import Candidate

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_TIMES = frozenset(
    """january february march april may june july august september october november december
    the and for jan feb mar apr jun jul aug sep oct nov dec""".split()
)
_SERIES = 0.5
_VERSION = 0.5


def day(page: Page) -> str:
    """The day or the year of a document, by itself, its title or its address; empty if unknown.

    When its file was changed says nothing of what it holds.
    """
    if page.published and page.published_from != "file":
        return page.published
    years = _YEAR.findall(page.title) or _YEAR.findall(page.url)
    return max(years, default="")


@lru_cache(maxsize=64)
def _series(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title.lower())) - _TIMES


def same_series(one: Page, other: Page) -> bool:
    """Whether two documents are of one series: `Rules 2024`, `Rules 2025`; minutes."""
    mine, theirs = _series(one.title), _series(other.title)
    dated = bool(day(one) and day(other)) and day(one) != day(other)
    alike = len(mine & theirs) >= _SERIES * min(len(mine), len(theirs))
    return dated and bool(mine and theirs) and alike


def versions(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates say different things of the same."""
    mine, theirs = set(one.stems), set(other.stems)
    near = len(mine & theirs) >= _VERSION * max(1, len(mine | theirs))
    return near and says_otherwise(one.text, other.text)
