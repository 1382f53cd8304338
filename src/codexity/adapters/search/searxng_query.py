"""A question in SearXNG's words: what is no command of its own, and how long it may take."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from codexity.adapters.search.hits import operators
from codexity.model import Query

_TIME_RANGES: Final = (("month", 30), ("year", 365))
_ENGINES_SHARE: Final = 0.8
"""Of the time that a reply may take: what its engines get. The rest is for the way."""
_WORDS: Final = re.compile(r"(\s+)")
_COMMANDS: Final = ("!", ":", "<", "?")
_ENDS: Final = "?.,;)"


def parameters(query: Query, *, seconds: float, dated: bool = True) -> dict[str, str]:
    """The search as the parameters of an address; it is to be answered within `seconds`.

    Of dates SearXNG knows a time until now, for which it asks only those of its engines that know
    dates, and says nothing of the others. Messages come in English, whatever its own language is.
    """
    given = {
        "q": operators(replace(query, text=literal(query.text))),
        "format": "json",
        "locale": "en",
        "timeout_limit": f"{seconds * _ENGINES_SHARE:.2f}",
    }
    if query.language:
        given["language"] = query.language
    if dated and (since := time_range(query)):
        given["time_range"] = since
    return given


def time_range(query: Query) -> str | None:
    """The shortest time range that holds all of what is asked for; None where there is none."""
    if not query.after:
        return None
    # A day to spare for time zones.
    age = datetime.now(UTC).date() - date.fromisoformat(query.after) + timedelta(days=1)
    return next((name for name, days in _TIME_RANGES if age.days < days), None)


def literal(text: str) -> str:
    """The text with its words that are commands to SearXNG within quotation marks.

    It takes words out that begin with `!` (engines, and with `!!` other sites), `:` (languages) and
    `<` (seconds), and once did so with `?`, in quotations too: these are parted there.

    Source: SearXNG's documentation, "Search syntax", and its searx/query.py.
    """
    marks = text.count('"')
    # A mark without a partner is one of inches or seconds.
    last = marks - marks % 2
    seen = 0
    pieces: list[str] = []
    for piece in _WORDS.split(text):
        is_inside = seen % 2 == 1 and seen < last
        seen += piece.count('"')
        word = piece[:2] + piece[2:].rstrip(_ENDS)
        if not piece.startswith(_COMMANDS) or len(piece) == 1 or '"' in piece:
            pieces.append(piece)
        elif is_inside:
            pieces[-1:] = ['" "', piece]
        else:
            pieces.append(f'"{word}"{piece[len(word) :]}')
    return "".join(pieces)


def quoted_first(text: str) -> str:
    """The text with its first word within quotation marks, so that it is no answerer's keyword."""
    first, space, others = text.strip().partition(" ")
    bare = first.strip('"')
    return f'"{bare}"{space}{others}' if bare else text
