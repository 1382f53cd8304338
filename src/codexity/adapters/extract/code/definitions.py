"""The lines of source code that define something: functions, types, tables, constants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from codexity.adapters.extract.code.languages import Language

_BEFORE: Final = (
    r"(?:(?:export|default|public|private|protected|internal|fileprivate|static|final|abstract|"
    r"async|override|virtual|sealed|open|data|inline|extern|unsafe|const|pub(?:\([^()\n]{1,40}\))?|"
    r"partial|readonly|suspend|declare|mutating|local|global|transient|native|synchronized|"
    r"template\s?<[^<>\n]{0,200}>|@\w+|#\[[^\[\]\n]{0,100}\])\s+){0,8}"
)
_WORDS: Final = (
    "class|interface|struct|enum|union|trait|impl|object|record|protocol|extension|module|namespace|"
    "function|fn|func|fun|def|defp|defmodule|defmacro|defn|defun|defvar|defparameter|sub|proc|"
    "type|typedef|message|service|rpc|resource|variable|output|macro_rules!"
)
_DEFINED = re.compile(
    rf"\s*(?:\()?{_BEFORE}(?:{_WORDS})\b(?!\s*[=:.,)])[ \t]*(?:\([^()\n]{{0,80}}\)[ \t]*)?"
    r"[*&]?(?P<name>(?:\"[\w.-]{1,80}\"\s{0,9}){1,2}|[\w$.:?!-]{0,120})"
)
_ARROW = re.compile(
    rf"\s*{_BEFORE}(?:const|let|var)\s+(?P<name>[\w$]{{1,80}})\s*(?::[^=\n]{{0,120}})?=\s*(?:async\s*)?"
    r"(?:function\b|\([^()\n]{0,300}\)\s*(?::[^=\n]{0,120})?=>|[\w$]{1,80}\s*=>)"
)
_ASSIGNED = re.compile(r"\s*(?P<name>[\w.]{1,80})\s*(?:<-|=)\s*function\s?\(")
_CREATED = re.compile(
    r"\s*(?:CREATE|ALTER)\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+|UNIQUE\s+|MATERIALIZED\s+){0,2}"
    r"(?:TABLE|VIEW|FUNCTION|PROCEDURE|INDEX|TRIGGER|TYPE)\s+(?:IF\s+NOT\s+EXISTS\s+|ONLY\s+)?"
    r"(?P<name>[\w.\"`\[\]]{1,120})",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\s*(?P<before>[\w$:<>,.*&\[\]?~@ \t]{0,200}?)(?P<name>[\w$~]{1,80})\s?\(")
_SHELL = re.compile(r"\s*(?P<name>[\w.-]{1,80})\s?\(\)\s*\{?\s*")
_CONSTANT = re.compile(
    r"(?:\s*(?:[\w<>\[\]&']{1,40}\s+){0,6}[A-Z][A-Z0-9_]{2,60}\s*(?::[^=\n]{1,60})?[:+]?=(?!=)\s*\S"
    r"|\s*#\s?define\s+\w{1,80}\s+\S).{0,200}"
)
_GENERIC = re.compile(r"\A[<\[][^()\n]{0,200}[>\]](?=\s?\()")
_LONGEST_GENERIC: Final = 300
_NO_FUNCTION: Final = frozenset(
    """if for while switch return else catch do throw new case await yield assert delete super this
    print using lock foreach when until unless elif match typeof sizeof defined function""".split()
)
_FIELDS = re.compile(
    rf"\s*{_BEFORE}(?:struct|enum|union|interface|message|record|type|typedef|variable|output|service)\b"
)
_MOST_LINES: Final = 12
_MOST_OF_FIELDS: Final = 60
_LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What is defined, and the lines from the first to before the last that say so.

    `title` is what a reader calls it: `class Pump`, `start()`; empty for a constant.
    """

    title: str
    first: int
    last: int


def definition(lines: Sequence[str], at: int, language: Language) -> Definition | None:
    """The definition that begins in a line of code without comments; None for any other line."""
    line = lines[at][:_LONGEST]
    if not line.strip():
        return None
    if match := _DEFINED.match(line):
        return _named(lines, at, language, match)
    if (
        language.functions
        and (match := _CALLED.match(line))
        and (found := _function(lines, at, match))
    ):
        return found
    return _other(lines, at, line)


def _other(lines: Sequence[str], at: int, line: str) -> Definition | None:
    """What is defined without a word for what it is, or by a statement of a database."""
    if match := _CREATED.match(line):
        last = _until(lines, at, (";",), _MOST_OF_FIELDS)
        return Definition(title=match["name"].strip('"`[]'), first=at, last=last)
    is_shell = _SHELL.fullmatch(line) and "{" in "".join(lines[at : at + 2])
    if (
        match := _ARROW.match(line)
        or _ASSIGNED.match(line)
        or (_SHELL.match(line) if is_shell else None)
    ):
        return Definition(title=f"{match['name']}()", first=at, last=at + 1)
    if _CONSTANT.fullmatch(line) and line[0] not in " \t":
        return Definition(title="", first=at, last=at + 1)
    return None


def _named(
    lines: Sequence[str], at: int, language: Language, match: re.Match[str]
) -> Definition | None:
    name = " ".join(match["name"].replace('"', " ").split()).rstrip(":")
    if not name and "(" not in lines[at] and "{" not in lines[at]:
        return None
    behind = _GENERIC.sub("", lines[at][match.end() : match.end() + _LONGEST_GENERIC], count=1)
    is_called = behind.lstrip()[:1] == "("
    word = match[0][: match.start("name") - match.start()].split()
    kind = word[-1] if word else ""
    title = f"{name}()" if is_called else f"{kind.strip('(')} {name}".strip()
    if _FIELDS.match(lines[at]):
        return Definition(title=title, first=at, last=_block(lines, at))
    marks = ("{", ";") if language.braces else (":", ")") if is_called else ("",)
    return Definition(title=title, first=at, last=_until(lines, at, marks, _MOST_LINES))


def _function(lines: Sequence[str], at: int, match: re.Match[str]) -> Definition | None:
    """A function by its shape: words, what it takes in round brackets, and then its block."""
    before = match["before"].split()
    if (before and before[0].lower() in _NO_FUNCTION) or match["name"].lower() in _NO_FUNCTION:
        return None
    depth = 0
    for number in range(at, min(at + _MOST_LINES, len(lines))):
        for sign in lines[number][:_LONGEST]:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign in ";=" and depth == 0:
                return None
            if sign == "{":
                if depth:
                    return None
                return Definition(title=f"{match['name']}()", first=at, last=number + 1)
    return None


def _until(lines: Sequence[str], at: int, marks: tuple[str, ...], most: int) -> int:
    end = min(at + most, len(lines))
    found = (one + 1 for one in range(at, end) if any(mark in lines[one] for mark in marks))
    return next(found, at + 1)


def _block(lines: Sequence[str], at: int) -> int:
    """Where the block in braces ends that begins in a line; its fields are what it defines."""
    depth = 0
    end = min(at + _MOST_OF_FIELDS, len(lines))
    for number in range(at, end):
        line = lines[number][:_LONGEST]
        depth += line.count("{") - line.count("}")
        if depth <= 0 and (number > at or "{" in line or ";" in line):
            return number + 1
        if not depth and number > at + 1:
            return at + 1
    return end
