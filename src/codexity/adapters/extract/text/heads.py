"""Headings without marks: the first line of each run of lines, where a document has it so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from codexity.adapters.extract.text.lines import is_code, is_stamped, is_wrapped, key_and_value

_LONGEST: Final = 60
_MOST_WORDS: Final = 7
_LEAST_HEADED: Final = 3
"""So many runs a document has below such lines: two may be an address and a greeting."""
_BULLET: Final = re.compile(r"\s*(?:[-*+•‣◦–]|\(?\d{1,3}[.)])\s+\S")


class Head(list[str]):
    """A run of one line that heads the next."""


def headed_runs(runs: Iterable[list[str]]) -> Iterator[list[str]]:
    """The runs of a text, each first line as a `Head` of its own where that is how it is written.

    It is where each run begins with a short line, and lines with marks stand below one of them.
    """
    every = list(runs)
    several = [one for one in every if len(one) > 1]
    heads = len(several) >= _LEAST_HEADED and all(map(_may_be_headed, several))
    heads = heads and any(all(map(_BULLET.match, one[1:])) for one in several)
    for one in every:
        if heads and len(one) > 1:
            yield Head(one[:1])
            yield one[1:]
        else:
            yield one


def _may_be_headed(lines: Sequence[str]) -> bool:
    first = lines[0]
    return (
        len(lines) > 2
        and first[:1].isalnum()
        and len(first) <= _LONGEST
        and len(first.split()) <= _MOST_WORDS
        and first[-1] not in ".!?;,。！？"
        and not _BULLET.match(first)
        and key_and_value(first) is None
        and not is_stamped(first)
        and not is_wrapped(lines)
        and not is_code(lines)
    )
