"""What a bracket in an answer names: the spellings of a citation, and the sources they mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

OPENERS: Final = "[［【〔"
_OPEN = r"\[［【〔"
_CLOSE = r"\]］】〕"
_DIGIT = r"[\d⁰¹²³⁴-⁹₀-₉①-⑨]"
_DASH = r"[-‐‑‒–—−~～]"
# Zero-width and bidirectional marks would hide a number from a pattern, not from a reader.
_SEPARATOR = r"\s,;&*_、，；\u00ad\u200b-\u200f\u2060\ufeff"
_WORDS = (
    "source sources src ref refs reference references cite cites cited citation citations doc docs "
    "document documents result results note quelle quellen fuente fuentes no nr and und et y"
).split()
_LABEL = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![^\W\d_])[\s.:#]*"
_TITLE = rf"[^{_OPEN}{_CLOSE}\n]{{0,48}}"

_MAX_DEPTH: Final = 6
_DIGITS = re.compile(_DIGIT)
# A bracket that holds brackets, or white space alone.
_EMPTY = re.compile(rf"\\?[{_OPEN}](?:\s+\Z|[^{_OPEN}{_CLOSE}]*[{_OPEN}{_CLOSE}])")
_NEGATIVE = re.compile(_DASH)
_ESCAPE = re.compile(rf"\\(?=[{_OPEN}{_CLOSE}])")
_BRACKET = re.compile(rf"[{_OPEN}{_CLOSE}]")
_RUN = re.compile(
    rf"(?:{_LABEL}{_DIGIT}+\s*[:|]{_TITLE}|†{_TITLE}|{_LABEL}|{_DIGIT}|{_DASH}"
    rf"|[{_OPEN}{_CLOSE}{_SEPARATOR}\\^#+.:])*+",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_PART = re.compile(
    rf"[\[{_SEPARATOR}]+"
    rf"|(?P<label>{_LABEL})?(?P<sign>[\^#+]|{_DASH})?\s*(?P<first>{_DIGIT}+)"
    rf"(?:\s*{_DASH}+\s*[\^#]?(?P<last>{_DIGIT}+))?(?P<more>:{_DIGIT}+(?=\s*†))?"
    rf"(?:\s*†[^\[]*)?(?(label)(?:\s*[:|](?!\s*{_DIGIT})[^\[]*)?)(?=[\[{_SEPARATOR}]|\Z)"
    rf"|{_LABEL}",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(rf"[^{_CLOSE},;&，；、]*+\Z")
_OVERLONG = re.compile(rf"(?:{_DIGIT}|{_DASH}|[{_SEPARATOR}\\^#+.:])+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What can be said of a text that begins with an opening bracket.

    `end` is where that bracket is closed, or 0; `deep` where brackets in it nest too deep to be
    waited for, or 0; `viable` is whether it is open, and all so far is what citations are made of.
    """

    end: int = 0
    deep: int = 0
    viable: bool = False


def look(text: str) -> Look:
    """Looks at a text that begins with an opening bracket, or with the backslash before one."""
    run = _RUN.match(text)
    reach = run.end() if run else 0
    depth = 0
    for bracket in _BRACKET.finditer(text, 0, reach):
        depth += 1 if bracket.group() in OPENERS else -1
        if not depth:
            return Look(end=bracket.end())
        if depth > _MAX_DEPTH:
            return Look(deep=bracket.end(), viable=True)
    return Look(viable=reach == len(text) or _may_be_label(text[reach:]))


def rise(text: str) -> int:
    """How many more brackets the text opens than it closes."""
    return sum(1 if bracket in OPENERS else -1 for bracket in _BRACKET.findall(text))


def overlong(text: str, start: int) -> int:
    """Where what may stand between the brackets of a citation ends, from `start` on."""
    skipped = _OVERLONG.match(text, start)
    return skipped.end() if skipped else start


def named(group: str, sources: int) -> tuple[int, ...] | None:
    """The sources that a bracket names, each once; None when it is no citation but text."""
    content = _BRACKET.sub("[", _ESCAPE.sub("", group))
    numbers: dict[int, None] = {}
    found = False
    at = 0
    while at < len(content):
        part = _PART.match(content, at)
        if not part:
            return None
        at = part.end()
        if part["first"]:
            found = True
            numbers |= dict.fromkeys(_numbers(part, sources))
    return tuple(numbers) if found else None


def named_so_far(text: str, sources: int) -> tuple[int, ...] | None:
    """As `named`, for a bracket that is not closed; what may still go on does not count.

    Brackets and white space without a number name nothing, and are no text: one may follow.
    """
    head = _UNFINISHED.sub("", text)
    numbers = named(head, sources)
    if numbers is None and not holds_digit(head) and (holds_digit(text) or _EMPTY.match(text)):
        return ()
    return numbers


def holds_digit(text: str) -> bool:
    """Whether the text has a digit of a kind that citations are written in."""
    return _DIGITS.search(text) is not None


def _may_be_label(rest: str) -> bool:
    word = _LETTERS.fullmatch(rest)
    return word is not None and any(one.startswith(rest.lower()) for one in _WORDS)


def _numbers(part: re.Match[str], sources: int) -> tuple[int, ...]:
    first = _number(part["first"])
    last = _number(part["last"]) if part["last"] else first
    if part["more"] or (part["sign"] and _NEGATIVE.match(part["sign"])):
        return ()
    if 1 <= first <= last <= sources:
        return tuple(range(first, last + 1))
    # A range that runs past the last source is not to be trusted with all that lie between.
    return tuple(one for one in (first, last) if 1 <= one <= sources)


def _number(digits: str) -> int:
    text = "".join(str(unicodedata.digit(digit)) for digit in digits).lstrip("0")
    return int(text or "0") if len(text) < 10 else 0
