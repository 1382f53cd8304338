"""Plain text documents: lines stay lines, and prose that was wrapped becomes paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text.columns import is_rule, rows
from codexity.adapters.extract.text.entries import entries, keys_of
from codexity.adapters.extract.text.heads import Head, headed_runs
from codexity.adapters.extract.text.lines import (
    is_code,
    is_coded,
    is_stamped,
    is_wrapped,
    joined,
    key_and_value,
    width,
)
from codexity.adapters.extract.text.points import topped
from codexity.model import Page

_BULLET = re.compile(r"\s*(?:[-*+•‣◦–]|\(?(\d{1,3})[.)]|(\(?[a-z]\)))\s+(?=\S)")
_RULE = re.compile(r"\s*([^\w\s])\1{2,}\s*")
_DECORATED: Final = re.compile(r"\s*([-=~*_#])\1+ +([^\W_](?:.{0,58}[\w)])?) +\1{2,}\s*")
"""A heading between marks: `--- Kitchen ---`."""
_UNDERLINE: Final = {"=": 1, "-": 2, "~": 3, "^": 3, "*": 1, "#": 1}
_INDENTED = re.compile(r" {4}|\t")
_QUOTED = re.compile(r"((?:> ?)+)(.*)")
_HASH = re.compile(r"(#{1,6})\s+(\S.*)")
_SECTION = re.compile(r"\[[^\[\]]{1,80}\]")
_CUE = re.compile(r"((?:\d{1,3}:)?\d\d:\d\d)[.,]\d{3} --> .*")
_LONGEST_TITLE: Final = 120
_LONGEST_HEADING: Final = 80
_PROMPT: Final = ">>> "
_FULL_LINE: Final = 50
_LONGEST_VALUE: Final = 60
_DEEPEST: Final = 8


def read_plain(text: str, url: str) -> Page:
    """A plain text document; its title is its first line where that stands alone."""
    drafts = list(drafts_of(blocks.visible(text)))
    first = drafts[0] if drafts else None
    titled = first is not None and first.kind in {"heading", "paragraph"} and first.text[0] != "["
    if first is None or not titled or len(first.text) > _LONGEST_TITLE or is_stamped(first.text):
        title = ""
    else:
        title = first.text
    return page_of(drafts, url, title=title, dates=dates_of(drafts))


def drafts_of(text: str, *, first: bool = True) -> Iterator[Draft]:
    """The blocks of a text that `blocks.visible` gave; `first`: it begins a document."""
    every = list(headed_runs(_runs(text)))
    reader = _Reader(first=first, keys=keys_of(every))
    for lines in every:
        yield from reader.of_run(lines)


def _runs(text: str) -> Iterator[list[str]]:
    """The runs of lines that no blank one parts."""
    for part in re.split(r"\n[ \t]*(?=\n)", text):
        lines = [line.rstrip() for line in part.split("\n")]
        while lines and not lines[-1]:
            lines.pop()
        while lines and not lines[0]:
            lines.pop(0)
        if lines:
            yield lines


class _Reader:
    """Reads one run of lines after the other; a numbered list may go on in the next."""

    def __init__(self, *, first: bool, keys: frozenset[str]) -> None:
        self._number = 0
        self._first = first
        self._keys = keys

    def of_run(self, lines: list[str]) -> Iterator[Draft]:
        """The blocks of lines that no blank one parts."""
        first, self._first = self._first, False
        if found := list(_cue(lines)):
            yield from found
            return
        if all(_INDENTED.match(line) for line in lines) and not _BULLET.match(lines[0]):
            yield Draft(text=blocks.code("\n".join(lines)), kind="code")
            return
        if isinstance(lines, Head):
            yield Draft(text=blocks.prose(lines[0]), kind="heading", level=2)
            return
        if len(lines) == 1 and (heading := _heading(lines[0], first=first)):
            yield heading
            return
        if lines[0].startswith(_PROMPT) and is_coded(lines[0].removeprefix(_PROMPT)):
            yield Draft(text=blocks.code("\n".join(lines)), kind="code")
            return
        for depth, group in groupby(lines, key=_depth):
            if depth:
                yield from self._of_quotation([_unquoted(line) for line in group])
            else:
                yield from self._of_lines(list(group))

    def _of_quotation(self, lines: list[str]) -> Iterator[Draft]:
        for has_words, run in groupby(lines, key=lambda line: bool(line.strip())):
            for one in self._of_lines(list(run)) if has_words else ():
                yield replace(one, kind="quotation") if one.kind == "paragraph" else one

    def _of_lines(self, lines: list[str]) -> Iterator[Draft]:
        """Without marks of quotation; what has a rule below it is a heading."""
        held: list[str] = []
        for at, line in enumerate(lines):
            if found := _DECORATED.fullmatch(line):
                if held:
                    yield from self._of_text(held)
                    held = []
                yield Draft(text=blocks.prose(found[2]), kind="heading", level=2)
                continue
            ruled = _rule(line)
            if ruled and len(held) == 1 and _is_below(line, held[0]):
                yield Draft(
                    text=blocks.prose(held[0]), kind="heading", level=_UNDERLINE.get(ruled[1], 3)
                )
                held.clear()
            elif ruled and at in {0, len(lines) - 1}:
                continue
            else:
                held.append(line)
        if held:
            yield from self._of_text(held)

    def _of_text(self, lines: list[str]) -> Iterator[Draft]:
        bare = [line for line in lines if not is_rule(line)]
        if table := rows(bare, ruled=_ruled(lines)):
            yield from table
            return
        if len(bare) > 2 and (table := rows(bare[1:], ruled=_ruled(lines[1:]))):
            yield Draft(text=blocks.prose(bare[0]))  # what the table is about
            yield from table
            return
        lines = [line for line in lines if not _rule(line)]
        if not lines:
            return
        if is_code(lines) and not _sectioned(lines):
            yield Draft(text=blocks.code("\n".join(lines)), kind="code")
            return
        if found := list(entries(lines, self._keys)):
            yield from found
            return
        yield from topped(list(self._listed(lines)))

    def _listed(self, lines: list[str]) -> Iterator[Draft]:
        numbered = self._is_numbered(lines)
        held: list[str] = []
        in_item = False
        for line in lines:
            mark = _BULLET.match(line)
            if mark is not None and (mark[1] is None or numbered):
                yield from self._said(held, in_item=in_item)
                held, in_item = [line], True
            elif in_item and not _belongs(line, held):
                yield from self._said(held, in_item=True)
                held, in_item = [line], False
            else:
                held.append(line)
        yield from self._said(held, in_item=in_item)

    def _is_numbered(self, lines: Sequence[str]) -> bool:
        """Whether the numbers before lines count: `12. March` and `1990. It was cold` do not."""
        found = [_BULLET.match(line) for line in lines]
        numbers = [int(one[1]) for one in found if one and one[1]]
        if not numbers:
            return False
        counts = all(one == numbers[0] + at for at, one in enumerate(numbers))
        if not counts or numbers[0] not in {0, 1, self._number + 1}:
            return len(numbers) > 2 and counts
        self._number = numbers[-1]
        return True

    def _said(self, lines: list[str], *, in_item: bool) -> Iterator[Draft]:
        if in_item:
            yield from _item(lines)
        elif len(lines) > 1 and is_wrapped(lines):
            yield Draft(text=blocks.prose(joined(lines)))
        else:
            yield from _own_lines(lines)


def _item(lines: Sequence[str]) -> Iterator[Draft]:
    """An item of a list, and the lines below it that are no end of its sentence."""
    mark = _BULLET.match(lines[0])
    end = mark.end() if mark else 0
    parts = [[lines[0][end:]]]
    for line in lines[1:]:
        begins = not line.lstrip()[:1].islower() and width(parts[-1][-1]) < _FULL_LINE
        parts += [[line]] if begins else []
        parts[-1] += [] if begins else [line]
    yield Draft(
        text=blocks.prose(joined(parts[0])),
        kind="item",
        level=min(_DEEPEST, 1 + (len(lines[0]) - len(lines[0].lstrip())) // 2),
        marker=mark.group().strip() if mark and (mark[1] or mark[2]) else "",
    )
    for part in parts[1:]:
        yield Draft(text=blocks.prose(joined(part)))


def _own_lines(lines: Sequence[str]) -> Iterator[Draft]:
    """A block for each line: a pair of a key and its value, a section of settings, or words."""
    sectioned = bool(lines) and _sectioned(lines)
    pairs = [key_and_value(line) for line in lines]
    paired = len(pairs) - pairs.count(None)
    for line, pair in zip(lines, pairs, strict=True):
        alone = paired == 1 or 2 * paired < len(lines)
        if sectioned and _SECTION.fullmatch(line.strip()):
            yield Draft(text=line.strip(), kind="heading", level=2)
        elif pair and (_is_short(pair[1]) or not alone):
            yield blocks.pair(*pair) if ":" in line[: len(pair[0]) + 3] else _setting(line, pair)
        else:
            yield Draft(text=blocks.prose(line))


def _is_short(value: str) -> bool:
    """Whether what stands behind a colon is a value and no sentence."""
    return len(value) <= _LONGEST_VALUE and value[-1] not in ".!?,;:"


def _setting(line: str, pair: tuple[str, str]) -> Draft:
    return Draft(text=line.strip(), kind="pair", cells=pair)


def _sectioned(lines: Sequence[str]) -> bool:
    """Whether these are settings in sections (`[pump]`), as in an INI or TOML file."""
    return _SECTION.fullmatch(lines[0].strip()) is not None and any(
        "=" in line or ":" in line for line in lines[1:]
    )


def _heading(line: str, *, first: bool) -> Draft | None:
    """The heading that a line is by itself: marked by `#`, in capitals, or the document's first."""
    text = blocks.prose(line)
    if match := _HASH.fullmatch(text):
        return Draft(text=match[2], kind="heading", level=len(match[1]))
    if len(text) > _LONGEST_HEADING or text[-1:] in ".!?:;,。！？" or key_and_value(text):
        return None
    letters = [one for one in text if one.isalpha()]
    if len(letters) > 3 and all(one.isupper() for one in letters):
        return Draft(text=text, kind="heading", level=1 if first else 2)
    return Draft(text=text, kind="heading", level=1) if first and not _BULLET.match(line) else None


def _rule(line: str) -> re.Match[str] | None:
    """A line of one sign alone; one that ends in a word is not looked at twice."""
    return None if line[-1:].isalnum() else _RULE.fullmatch(line)


def _depth(line: str) -> int:
    if line[:1] != ">":
        return 0
    match = _QUOTED.fullmatch(line)
    return match[1].count(">") if match else 0


def _unquoted(line: str) -> str:
    match = _QUOTED.fullmatch(line)
    return match[2] if match else line


def _is_below(rule: str, line: str) -> bool:
    return abs(len(rule.strip()) - width(line.strip())) <= max(3, len(line) // 3)


def _ruled(lines: Sequence[str]) -> bool:
    """Whether a rule stands below the first line that is none, as below the head of a table."""
    found = [is_rule(line) for line in lines[:3]]
    return found[:2] == [False, True] or found == [True, False, True]


def _belongs(line: str, held: Sequence[str]) -> bool:
    """Whether a line goes on with the item before it."""
    bare = line.lstrip()
    if len(line) - len(bare) > len(held[0]) - len(held[0].lstrip()):
        return True
    return bare[:1].islower() and width(held[-1]) >= _LONGEST_HEADING // 2


def _cue(lines: Sequence[str]) -> Iterator[Draft]:
    """The words of a subtitle with the time at which they are said."""
    for at, line in enumerate(lines[:2]):
        if "-->" in line and (match := _CUE.fullmatch(line.strip())):
            words = blocks.prose(re.sub(r"<[^<>]*>", "", " ".join(lines[at + 1 :])))
            if words:
                yield blocks.row((match[1], words))
