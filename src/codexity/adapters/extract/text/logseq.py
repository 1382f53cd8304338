"""What Logseq writes into a page beside Markdown: properties, references to blocks, Org's lines.

Source: the documentation of Logseq, "Properties", "Block reference", "Task management".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_PROPERTY = re.compile(r"([\w-][\w -]{0,40}?)::(?:[ \t]+(\S.*))?")
_FIRST = re.compile(r"(?:[-*][ \t]+)?" + _PROPERTY.pattern)
_PROGRAMS: Final = frozenset(
    """id collapsed background-color heading template template-including-parent public filters icon
    exclude-from-graph-view query-table query-properties query-sort-by query-sort-desc ls-type
    card-last-interval card-repeats card-ease-factor card-next-schedule card-last-reviewed
    card-last-score hl-page hl-color hl-type hl-stamp""".split()
)
"""Properties that tell the program something, and a reader nothing."""
_OWN: Final = ("logseq.", "hls-")
_ID = re.compile(r"^[ \t]*id::[ \t]+([0-9a-f]{8}-[0-9a-f-]{27})[ \t]*$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<!\()\(\(([0-9a-f]{8}-[0-9a-f-]{27})\)\)(?!\))", re.IGNORECASE)
_MOST_REFERENCES: Final = 10_000
TO_DO = re.compile(r"(TO(?:DO)|DOING|LATER|NOW|WAIT|WAITING|IN-PROGRESS|DONE|CANCELL?ED)\s+(?=\S)")
"""The state of a task, before its words."""
_EMBEDDED = re.compile(r"\{\{embed[ \t]+(\(\([0-9a-f-]{36}\)\))[ \t]*\}\}", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*[-*][ \t]+")
_PLAN = re.compile(r"(SCHEDULED|DEADLINE):[ \t]*[<\[](\d{4}-\d\d-\d\d)[^>\]\n]{0,40}[>\]]")
_CLOCK = re.compile(r"CLOCK:[ \t]*\[.{0,120}|:LOGBOOK:|:END:")
_BLOCK = re.compile(r"#\+(BEGIN|END)_(\w{1,20}).{0,80}", re.IGNORECASE)
_QUERY: Final = "query"
_LONGEST_BLOCK: Final = 300
_MOST_LINES: Final = 100


def property_of(line: str) -> tuple[str, str] | None:
    """The name and the value of a line that is a property (`phone:: 4472`).

    The value is empty where it has none, and where the property is the program's own.
    """
    match = _PROPERTY.fullmatch(line.strip())
    if match is None:
        return None
    return match[1], "" if is_own(match[1]) else (match[2] or "").strip()


def is_own(name: str) -> bool:
    """Whether a property of this name tells the program something, and a reader nothing."""
    lower = name.lower()
    return lower in _PROGRAMS or lower.startswith(_OWN)


def properties_at_top(source: str) -> tuple[list[tuple[str, str]], int]:
    """The properties that a page begins with, and where its text begins behind them."""
    found: list[tuple[str, str]] = []
    end = 0
    for line in source.split("\n", _MOST_LINES)[:_MOST_LINES]:
        bare = line.strip()
        match = (_PROPERTY if found else _FIRST).fullmatch(bare)
        if match is not None and not match[1].isspace():
            found.append((match[1].strip(), (match[2] or "").strip()))
        elif bare or found:
            break
        end += len(line) + 1
    return (found, min(end, len(source))) if found else ([], 0)


def with_references(source: str) -> str:
    """The text with the words of a block where it is referred to, of blocks of this page alone."""
    if "((" not in source:
        return source
    known = {match[1].lower(): _before(source, match.start()) for match in _ID.finditer(source)}
    if not known:
        return source

    def words(match: re.Match[str]) -> str:
        return known.get(match[1].lower()) or match[0]

    return _REFERENCE.sub(words, _EMBEDDED.sub(r"\1", source), _MOST_REFERENCES)


def _before(source: str, at: int) -> str:
    """The block whose properties begin there: the line with its bullet, no references in it."""
    for line in reversed(source[max(0, at - 2_000) : at].split("\n")):
        if _BULLET.match(line):
            words = TO_DO.sub("", _BULLET.sub("", line, count=1), count=1)
            return _REFERENCE.sub("", words).strip()[:_LONGEST_BLOCK]
    return ""


def said(lines: Sequence[str]) -> list[str]:
    """The lines of a block that a reader is to see: no clocks, no marks of Org, no queries."""
    kept: list[str] = []
    hidden = False
    for line in lines:
        bare = line.strip()
        if match := _BLOCK.fullmatch(bare):
            hidden = match[1].lower() == "begin" and match[2].lower() == _QUERY
        elif not hidden and not _CLOCK.fullmatch(bare) and not _PLAN.fullmatch(bare):
            kept.append(line)
    return kept


def plans(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """When a block is planned, and when it has to be done."""
    for line in lines:
        if match := _PLAN.fullmatch(line.strip()):
            yield match[1].capitalize(), match[2]
