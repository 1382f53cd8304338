"""Source code of any language that marks its comments: these, and what the code defines."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.code.comments import (
    DEEPEST,
    drafts_of,
    is_blank,
    is_order,
    mark_of,
    words_of,
)
from codexity.adapters.extract.code.definitions import Definition, definition
from codexity.adapters.extract.code.languages import LANGUAGES, Language
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.errors import Unreadable
from codexity.model import Page

MOST_CHARS: Final = 2_000_000
"""Of one file: larger ones were written by programs."""
_MOST_UNTOLD: Final = 400
"""Lines of code in which nothing is said or defined, and that stand for themselves."""
_LONGEST: Final = 400
_WIDEST: Final = 300
"""Characters of a line on average: nobody writes such ones."""
_MOST_BETWEEN: Final = 8
"""Lines between a comment and what it is about: annotations of that."""
_WORD = re.compile(r"\w")
_SAYS = re.compile(r"\w\W+\w")
"""A line that only closes or begins a block says nothing."""
_NOT_BLANK = re.compile(r"[^\n]")


def read_source(text: str, url: str, *, language: Language) -> Page:
    """What source code says of itself: comments, signatures, types with their fields, constants."""
    source = blocks.visible(text)
    found, is_cut = bounded(source_drafts(source[:MOST_CHARS], language))
    return page_of(found, url, is_cut=is_cut or len(source) > MOST_CHARS)


READERS: Final = {name: partial(read_source, language=one) for name, one in LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment, or several below each other that are one; from `first` to before `last`."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of code that stands for itself: it has a comment behind it, or sets a constant."""

    first: int


def source_drafts(source: str, language: Language) -> Iterator[Draft]:
    """The blocks of source code, a definition before what its comment says of it."""
    tokens = [one for one in language.tokens.finditer(source) if one["comment"]]
    bare = _without(source, [one.span() for one in tokens]).split("\n")
    lines = source.split("\n")
    found = list(_definitions(bare, language))
    events: list[Definition | _Comment | _Line] = [
        _Line(one.first) if not one.title else one for one in found
    ]
    events += _comments(source, tokens, bare, found)
    writer = _Writer(lines, bare)
    for event in sorted(events, key=lambda one: one.first):
        yield from writer.take(event)
    yield from writer.end()
    if not events and len(source) > _WIDEST * len(lines):
        message = "It was packed for a program: no comment and no signature is in it."
        raise Unreadable(message, code="empty")
    if not events:
        kept = [one[:_LONGEST] for one in lines[:_MOST_UNTOLD]]
        yield Draft(text=blocks.code("\n".join(kept)), kind="code")


def _definitions(bare: Sequence[str], language: Language) -> Iterator[Definition]:
    at = 0
    while at < len(bare):
        found = definition(bare, at, language)
        if found is not None:
            yield found
        at = found.last if found is not None else at + 1


def _comments(
    source: str,
    tokens: Sequence[re.Match[str]],
    bare: Sequence[str],
    known: Sequence[Definition],
) -> Iterator[_Comment | _Line]:
    """The comments that say something, but for those within what is shown as it stands."""
    within = {line for one in known for line in range(one.first, one.last)}
    held: list[_Comment] = []
    mark = ""
    line = end = 0
    for token in tokens:
        line += source.count("\n", end, token.start())
        end = token.start()
        text = token["comment"]
        last = line + text.count("\n") + 1
        words = words_of(text)
        if line in within or is_order(words) or text.startswith("#!"):
            continue
        if bare[line].strip():
            if not is_blank(words) and _WORD.search(bare[line]):
                yield _Line(line)
            continue
        before, mark = mark, mark_of(text)
        if is_blank(words):
            if held and held[-1].last == line and mark == before:
                held.append(_Comment(line, last, ""))
            continue
        if held and (held[-1].last != line or mark != before or last > line + 1):
            yield from _joined(held, bare, within)
            held = []
        held.append(_Comment(line, last, words))
    if held:
        yield from _joined(held, bare, within)


def _joined(
    held: Sequence[_Comment], bare: Sequence[str], within: set[int]
) -> Iterator[_Comment | _Line]:
    """A comment, and the line of code right below it, which it is about."""
    last = held[-1].last
    yield _Comment(held[0].first, last, "\n".join(one.text for one in held))
    if last < len(bare) and last not in within and _SAYS.search(bare[last]):
        yield _Line(last)


class _Writer:
    """Says what was found in its order; what a comment is about is said before it."""

    def __init__(self, lines: Sequence[str], bare: Sequence[str]) -> None:
        self._lines = lines
        self._bare = bare
        self._held: _Comment | None = None
        self._run: list[int] = []
        self._indents: list[int] = []

    def take(self, event: Definition | _Comment | _Line) -> Iterator[Draft]:
        match event:
            case _Comment():
                yield from self.end()
                self._held = event
            case _Line():
                if self._run and self._run[-1] + 1 < event.first:
                    yield from self.end()
                yield from self._comment()
                self._run.append(event.first)
            case _:
                own, self._held = self._held, None
                if own is not None and not self._is_above(own, event):
                    yield from self._comment(own)
                    own = None
                yield from self.end()
                yield from self._definition(event)
                yield from self._comment(own)

    def end(self) -> Iterator[Draft]:
        yield from self._comment()
        run, self._run = self._run, []
        if run:
            shown = "\n".join(self._lines[at][:_LONGEST] for at in dict.fromkeys(run))
            yield Draft(text=blocks.code(shown), kind="code")

    def _comment(self, own: _Comment | None = None) -> Iterator[Draft]:
        held = own or self._held
        self._held = None
        if held is not None:
            yield from drafts_of(textwrap.dedent(held.text), len(self._indents))

    def _is_above(self, comment: _Comment, found: Definition) -> bool:
        between = self._bare[comment.last : found.first]
        return len(between) < _MOST_BETWEEN and all(
            one.lstrip()[:1] in {"@", "#", "["} for one in between
        )

    def _definition(self, found: Definition) -> Iterator[Draft]:
        line = self._lines[found.first]
        indent = len(line) - len(line.lstrip())
        while self._indents and self._indents[-1] >= indent:
            self._indents.pop()
        self._indents.append(indent)
        level = min(DEEPEST, len(self._indents))
        yield Draft(text=blocks.prose(found.title), kind="heading", level=level)
        shown = "\n".join(one[:_LONGEST] for one in self._lines[found.first : found.last])
        yield Draft(text=blocks.code(shown.rstrip().removesuffix("{").rstrip()), kind="code")


def _without(source: str, spans: Sequence[tuple[int, int]]) -> str:
    """The source with blanks in the place of comments: its lines stay where they are."""
    pieces: list[str] = []
    end = 0
    for first, last in spans:
        pieces += [source[end:first], _NOT_BLANK.sub(" ", source[first:last])]
        end = last
    return "".join([*pieces, source[end:]])
