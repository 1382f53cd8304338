"""Entries of an address list: the line of a name, and below it the lines of what belongs to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.text.lines import is_stamped, is_wrapped, key_and_value

_NAME = re.compile(r"[^\W\d_][^\d:@/=<>{}\[\]|!?;]{0,59}(?<![.,\s])")
_DATUM = re.compile(r"\S@\w|\bhttps?://|\bwww\.\w|\d(?:[ /().-]{0,2}\d){5}")
"""An address of mail or of a page, a telephone number."""
_WORDS: Final = 6
_LONGEST: Final = 100
_MOST: Final = 20


def keys_of(runs: Iterable[Sequence[str]]) -> frozenset[str]:
    """The keys that several runs of pairs begin with, as `Name: ...` does the cards of people."""
    first = Counter(
        pairs[0][0] for run in runs if len(run) > 1 and len(pairs := _pairs(run[:2])) == 2
    )
    return frozenset(key for key, often in first.items() if often > 1)


def entries(lines: Sequence[str], keys: frozenset[str]) -> Iterator[Draft]:
    """Names and what stands below each, as items within items; nothing where lines are no entry.

    A line below a name is that of a telephone number, an address of mail, a key and a value; where
    another name stands among these, what follows is of that. `keys` are those of `keys_of`.
    """
    every = [line.strip() for line in lines]
    if not 1 < len(every) <= _MOST or max(map(len, every)) > _LONGEST or is_wrapped(lines):
        return
    card = len(pairs := _pairs(every)) == len(every) and pairs[0][0] in keys
    if not card and not (_is_name(every[0]) and any(map(_is_datum, every[1:]))):
        return
    for at, line in enumerate(every):
        names = at == 0 or (not card and at > 1 and _heads(every, at))
        yield Draft(text=blocks.prose(line), kind="item", level=1 if names else 2)


def _heads(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the name of an entry of its own: rather one too many than a wrong one."""
    return _is_name(lines[at]) and any(map(_is_datum, lines[at + 1 : at + 2]))


def _is_name(line: str) -> bool:
    return line.count(" ") < _WORDS and _NAME.fullmatch(line) is not None


def _is_datum(line: str) -> bool:
    if is_stamped(line):
        return False
    return key_and_value(line) is not None or _DATUM.search(line) is not None


def _pairs(lines: Sequence[str]) -> list[tuple[str, str]]:
    return [pair for pair in map(key_and_value, lines) if pair]
