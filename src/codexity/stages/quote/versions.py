"""Documents of several times that say different things: which is the newer, and of what day."""

from __future__ import annotations

import re
from functools import lru_cache

from codexity.likeness import says_otherwise
from codexity.model import Page

from .candidates import Candidate
from .stamps import BEGINNING, dated, edition, stamped

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_HASH = re.compile(r"-[0-9a-f]{10}$")
"""What the address of a document of the library ends with."""
_TIMES = frozenset(
    """january february march april may june july august september october november december
    the and for jan feb mar apr jun jul aug sep oct nov dec""".split()
)
_SERIES = 0.5
_VERSION = 0.5
_CHANGE = re.compile(
    r"\b(?:now|no longer|not any ?more|instead|moved|postponed|put off|brought forward|put back"
    r"|reschedul\w+|chang(?:e|es|ed)|new|replac(?:es|ed)|amended|corrections?|corrected|updated?"
    r"|edit|cancel(?:led)?|cancels|after all|until now|so far|previously|used to"
    r"|takes? (?:[\w ]{1,20} )?over|took over|in (?:his|her|their|its) place|not\b.{1,40}\bbut"
    r"|(?:gone|went|goes) (?:up|down)|raised|lowered|extended|shortened|rather than|was wrong"
    r"|jetzt|nun|nicht mehr|statt|stattdessen|verschoben|verlegt|geändert|neue[rsnm]?|ab sofort"
    r"|désormais|maintenant|reporté\w*|au lieu|remplac\w+|déplacé\w*|nouve(?:au|lle)"
    r"|ahora|ya no|en lugar|aplazad[oa]|cambiad[oa]|trasladad[oa]|nuev[oa])\b",
    re.IGNORECASE,
)


def day(page: Page) -> str:
    """The day or the year of a document, by itself, its title, its name or its first lines.

    Empty if unknown. When its file was changed says nothing of what it holds.
    """
    if page.published and page.published_from != "file":
        return page.published
    return _told(page.title, page.file or _HASH.sub("", page.url), page.text[:BEGINNING])


@lru_cache(maxsize=256)
def _told(title: str, name: str, beginning: str) -> str:
    years = (*_YEAR.findall(title), *_YEAR.findall(name))
    newest = max(years, default="")
    told = dated(title) or dated(name.rsplit("/", 1)[-1]) or edition(beginning)
    return told if told.startswith(newest) else newest


def moment(one: Candidate, page: Page) -> str:
    """When it was said: its message's day and time where it stands in one, else the document's."""
    return stamped(page.text, one.start) or day(page)


def speaks_of_change(one: Candidate) -> bool:
    """Whether it says, or stands under what says, that something is otherwise than it was."""
    return _CHANGE.search(f"{one.under} {one.label} {one.text}") is not None


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


def year_of(page: Page) -> float:
    """The day of a page as one number, the later the larger; 0 where none is told."""
    told = day(page).replace("-", "")[:8].ljust(8, "0")
    return float(told) if told.isdigit() else 0.0
