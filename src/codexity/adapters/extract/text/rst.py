"""reStructuredText documents: fields, literal blocks and directives, and plain text between them.

Source: reStructuredText Markup Specification of docutils; the directives are Sphinx' too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text.lines import joined
from codexity.adapters.extract.text.plain_text import drafts_of
from codexity.model import Page

_FIELD = re.compile(r":([^:\s`][^:`]{0,60}):(?:\s+(.*))?")
_DIRECTIVE = re.compile(r"\.\. (?:\|[^|]{1,80}\| )?([\w:+.-]{1,40})::(?:\s+(.*))?")
_NOTE = re.compile(r"\.\. \[(#?[\w*.-]{1,60})\]\s+(\S.*)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\(?[\w#]{1,3}[.)])\s+(?=\S)")
_NO_PROSE = re.compile(r"\s*(?:[|+>]|([^\w\s])\1{2})")
_INLINE: Final = (
    (
        re.compile(r"(?<!:):[a-zA-Z][\w:+.-]{0,40}:`[~!]?([^`<\n]{1,300}?)(?:\s*<[^`>\n]*>)?`"),
        r"\1",
    ),
    (re.compile(r"``([^`\n]{1,300})``"), r"\1"),
    (re.compile(r"`([^`<\n]{1,300}?)\s*<([^`>\s]{1,300})>`__?"), r"\1 (\2)"),
    (re.compile(r"(?<![\w`])`([^`\n]{1,300})`(?:__?)?(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w*])\*\*([^\s*](?:[^*\n]{0,300}[^\s*])?)\*\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w*])\*([^\s*](?:[^*\n]{0,300}[^\s*])?)\*(?![\w*])"), r"\1"),
    (re.compile(r"\s?\[(?:#[\w.-]{0,60}|\d{1,4}|\*)\]_(?!\w)"), ""),
    (re.compile(r"(?<![\w|])\|([\w .-]{1,60})\|_{0,2}(?![\w|])"), r"\1"),
)
_CODE: Final = frozenset(
    """code code-block sourcecode highlight parsed-literal literalinclude productionlist doctest
    testcode testoutput ipython console prompt math""".split()
)
_OF_NO_READER: Final = frozenset(
    """contents toctree raw include index meta highlight currentmodule module sectnum default-role
    role tabularcolumns only-html unicode default-domain""".split()
)
_DEEPEST: Final = 8
"""Directives within so many others are plain text."""
_DATES: Final = ("date", "published", "created")
_CHANGED: Final = ("last-modified", "modified", "updated", "lastmod")


def read_rst(text: str, url: str) -> Page:
    """A reStructuredText document without roles, targets, comments and the options of directives.

    Literal blocks stay code in one piece, and fields are pairs of a name and a value.
    """
    drafts = list(rst_drafts(blocks.visible(text)))
    fields = {one.cells[0].lower(): one.cells[1] for one in drafts[:20] if one.kind == "pair"}
    return page_of(
        drafts,
        url,
        title=next((one.text for one in drafts if one.kind == "heading"), ""),
        dates=dates_of(drafts, _first(fields, _DATES), _first(fields, _CHANGED)),
    )


def rst_drafts(text: str) -> Iterator[Draft]:
    """The blocks of a text that `blocks.visible` gave."""
    lines = [line.rstrip() for line in text.expandtabs().split("\n")]
    return (_without_marks(one) for one in _drafts(lines) if one.text.strip())


def _first(fields: dict[str, str], names: Sequence[str]) -> str:
    return next((fields[name] for name in names if name in fields), "")


def _without_marks(draft: Draft) -> Draft:
    """A block without the marks of roles, emphasis and references; code is left as it is."""
    cells = tuple(_words(one) for one in draft.cells)
    if draft.kind == "row":
        return blocks.row(cells, tuple(_words(one) for one in draft.header))
    if draft.kind == "pair":
        # A setting (`speed = 3`) is spelt another way: it is left as it is.
        return blocks.pair(cells[0], cells[1]) if ": " in draft.text else draft
    return draft if draft.kind == "code" else replace(draft, text=_words(draft.text))


def _words(text: str) -> str:
    if not any(sign in text for sign in "`*|_"):
        return text
    for pattern, into in _INLINE:
        text = pattern.sub(into, text)
    return text


def _drafts(lines: Sequence[str], depth: int = 0) -> Iterator[Draft]:
    """What stands between explicit markup is plain text; each line is looked at once."""
    held: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if (line.startswith(".. ") or line == "..") and depth < _DEEPEST:
            yield from _text(held)
            end = _end(lines, at + 1, 1)
            yield from _explicit(line, lines[at + 1 : end], depth + 1)
            at = end
        elif field := _field(lines, at, held):
            yield from _text(held)
            end = _end(lines, at + 1, 1, over_blank=False)
            value = " ".join([field[2] or "", *(one.strip() for one in lines[at + 1 : end])])
            yield from _pair(field[1], value)
            at = end
        else:
            held.append(line)
            at += 1
            if line.endswith("::"):
                # A paragraph that ends so tells that what stands further in is literal.
                item = _ITEM.match(line)
                end = _end(lines, at, (item.end() if item else _indent(line)) + 1)
                held[-1] = line[:-1] if line.strip() != "::" else ""
                yield from _text(held)
                yield Draft(text=blocks.code("\n".join(lines[at:end])), kind="code")
                at = end
    yield from _text(held)


def _field(lines: Sequence[str], at: int, held: Sequence[str]) -> re.Match[str] | None:
    """The field that a line is: one that begins a paragraph, or stands below another one."""
    begins = not held or not held[-1]
    return _FIELD.fullmatch(lines[at]) if begins and lines[at].startswith(":") else None


def _pair(name: str, value: str) -> Iterator[Draft]:
    name, value = blocks.prose(name), blocks.prose(value)
    if value:
        yield blocks.pair(name, value)


def _explicit(line: str, body: Sequence[str], depth: int) -> Iterator[Draft]:
    """A directive, a footnote, or what no reader sees: a comment, a target, a substitution."""
    if note := _NOTE.fullmatch(line):
        text = blocks.prose(" ".join([note[2], *body]))
        yield Draft(text=text, kind="item", level=1, marker=f"[{note[1].lstrip('#') or '#'}]")
        return
    match = _DIRECTIVE.fullmatch(line)
    name = match[1].lower().rpartition(":")[2] if match else ""
    if match is None or name in _OF_NO_READER or line.startswith(".. |"):
        return
    argument, (options, rest) = match[2] or "", _without_options(body)
    if name in _CODE:
        code = [argument, *rest] if name == "math" else rest
        yield Draft(text=blocks.code("\n".join(code)), kind="code")
    elif name in {"image", "figure"}:
        yield Draft(text=blocks.prose(options.get("alt", "")))
        yield from _drafts(_dedented(rest), depth)
    elif name == "list-table":
        yield Draft(text=blocks.prose(argument))
        yield from _list_table(_dedented(rest), headed=options.get("header-rows", "0") != "0")
    else:
        yield Draft(text=blocks.prose(argument))
        yield from _drafts(_dedented(rest), depth)


def _without_options(body: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options of a directive (`:linenos:`), and the lines of its content."""
    options: dict[str, str] = {}
    at = 0
    while at < len(body) and (match := _FIELD.fullmatch(body[at].strip())):
        options[match[1].lower()] = match[2] or ""
        at += 1
    return options, list(body[at:])


def _list_table(lines: Sequence[str], *, headed: bool) -> Iterator[Draft]:
    rows: list[list[str]] = []
    for line in lines:
        bare = line.strip()
        if bare.startswith("* "):
            rows.append([])
            bare = bare.removeprefix("* ").lstrip()
        if rows and (bare == "-" or bare.startswith("- ")):
            rows[-1].append(bare[2:])
        elif rows and rows[-1] and bare:
            rows[-1][-1] += f" {bare}"
    header: tuple[str, ...] = ()
    for at, row in enumerate(rows):
        cells = tuple(map(blocks.prose, row))
        yield blocks.row(cells, header)
        header = cells if headed and not at else header


def _end(lines: Sequence[str], at: int, depth: int, *, over_blank: bool = True) -> int:
    """Where the lines end that are so far in; blank ones between them belong to them."""
    end = at
    while at < len(lines) and (_indent(lines[at]) >= depth if lines[at] else over_blank):
        at += 1
        end = at if lines[at - 1] else end
    return end


def _dedented(lines: Sequence[str]) -> list[str]:
    depth = min((_indent(line) for line in lines if line), default=0)
    return [line[depth:] for line in lines]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _text(held: list[str]) -> Iterator[Draft]:
    """The blocks of the plain text that is held, with automatic numbers told."""
    lines: list[str] = []
    number = 0
    for line in held:
        if line.startswith("#. "):
            number += 1
            lines.append(f"{number}. {line[3:]}")
        else:
            lines.append(line)
    held.clear()
    runs = (_joined(list(run)) for has_text, run in groupby(lines, key=bool) if has_text)
    if text := "\n\n".join(runs):
        yield from drafts_of(text, first=False)


def _joined(run: Sequence[str]) -> str:
    """Lines without a blank one: of a paragraph they are one, however short.

    Those of a line block are not; lists, tables and headings are as in any plain text. Further in
    stands what defines a term.
    """
    if all(line.startswith("| ") and line[-1] != "|" for line in run):
        return "\n".join(line[2:] for line in run)
    if any(_ITEM.match(line) or _NO_PROSE.match(line) for line in run):
        return "\n".join(run)
    return "\n\n".join(joined(list(part)) for _, part in groupby(run, key=_indent))
