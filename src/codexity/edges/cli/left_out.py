"""What `library add` did not look at, in lines: how much of what, why, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Final

from codexity.compose import AddReport
from codexity.text import counted

_MOST_NAMES: Final = 5
_MOST_EXAMPLES: Final = 3
_MOST_KINDS: Final = 12
_LONGEST_KIND: Final = 16
_LONGEST_NAME: Final = 60


def left_out(report: AddReport) -> Iterator[str]:
    """The folders, files and kinds that were left out, in lines; none where there are none."""
    if counts := ", ".join(_ignored(report)):
        yield counts
    yield from _of_other_kinds(report)


def _ignored(report: AddReport) -> Iterator[str]:
    left = report.left_out
    if left.folders:
        yield f"{counted(len(left.folders), 'folder')} ({_some(left.folders)})"
    if left.hidden:
        yield counted(left.hidden, "hidden file")
    if left.empty:
        yield counted(left.empty, "empty file")
    for place, count in left.by_rules:
        yield f"{count:,} by {place}"
    if left.made:
        yield f"{counted(len(left.made), 'file')} of tools ({_some(left.made)})"


def _of_other_kinds(report: AddReport) -> Iterator[str]:
    """A line for what is of one sort, with the suffixes and the names of some."""
    left = report.left_out.kinds
    rest = report.ignored - sum(one.count for one in left)
    for what, same in groupby(sorted(left, key=lambda one: one.what), key=lambda one: one.what):
        # Those that are most often come first, and their files' names with them.
        kinds = sorted(same, key=lambda one: (-one.count, one.suffix))
        named = [one for one in kinds if 0 < len(one.suffix) <= _LONGEST_KIND][:_MOST_KINDS]
        others = sum(one.count for one in kinds if one not in named)
        counts = [f"{one.count:,} {one.suffix}" for one in named]
        counts += [counted(others, "other file")] if others else []
        names = _named((name for one in kinds for name in one.names), _MOST_EXAMPLES)
        more = ", ..." if sum(one.count for one in kinds) > _MOST_EXAMPLES else ""
        yield f"{', '.join(counts)} ({what}): {names}{more}"
    if rest:
        yield f"{counted(rest, 'other file')} (neither text nor a document of a kind that is read)"


def _some(names: Iterable[str]) -> str:
    """The first few of the names, each once, and whether there are more."""
    known = list(dict.fromkeys(names))
    return _named(known, _MOST_NAMES) + (", ..." if len(known) > _MOST_NAMES else "")


def _named(names: Iterable[str], most: int) -> str:
    shown = (one if len(one) <= _LONGEST_NAME else f"{one[:_LONGEST_NAME]}..." for one in names)
    return ", ".join(islice(shown, most))
