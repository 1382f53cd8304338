"""What `library add` did not look at, in a line: how much of what, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codexity.compose import AddReport
from codexity.text import counted

_MOST_NAMES: Final = 5
_MOST_KINDS: Final = 12
_LONGEST_KIND: Final = 16


def left_out(report: AddReport) -> str:
    """The folders, files and kinds that were left out; empty where there are none."""
    return "; ".join((*_ignored(report), *_of_other_kinds(report)))


def _ignored(report: AddReport) -> Iterator[str]:
    left = report.left_out
    counts: list[str] = []
    if left.folders:
        names = list(dict.fromkeys(left.folders))
        more = ", ..." if len(names) > _MOST_NAMES else ""
        counts.append(
            f"{counted(len(left.folders), 'folder')} ({', '.join(names[:_MOST_NAMES])}{more})"
        )
    if left.hidden:
        counts.append(counted(left.hidden, "hidden file"))
    if left.by_rules:
        counts.append(f"{left.by_rules:,} by .gitignore")
    if counts:
        yield ", ".join(counts)


def _of_other_kinds(report: AddReport) -> Iterator[str]:
    often = sorted(report.left_out.kinds, key=lambda one: (-one[1], one[0]))
    named = [(kind, count) for kind, count in often if 0 < len(kind) <= _LONGEST_KIND]
    rest = report.ignored - sum(count for _, count in named[:_MOST_KINDS])
    counts = [f"{count:,} {kind}" for kind, count in sorted(named[:_MOST_KINDS])]
    counts += [counted(rest, "other file")] if rest else []
    if counts:
        yield (
            f"{', '.join(counts)} (kinds that are not read: save them as PDF, HTML, Markdown or"
            " text; a text file of another kind is read when it is named itself)"
        )
