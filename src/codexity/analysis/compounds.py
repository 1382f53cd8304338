"""Compounds: what is written with signs inside, and is found as one word or as itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .folding import fold
from .stemming import stem

PARTICLES: Final = frozenset("up in on out off down over back away by through around".split())
"""Second halves of verbs and of the nouns made of them: `set up`, `setup`."""

_LONGEST: Final = 24
_PARTED_AT_LEAST: Final = 4
_MOST_PARTS: Final = 3
_SHORT: Final = 4
_DIGITS: Final = re.compile(r"\d+")
_ELIDED: Final = frozenset(
    "l d j m n s t c qu un dell all nell sull dall s ll re ve d m quest".split()
)
_CALL: Final = re.compile(r"(?<=[a-z])\(")
_LAST_WORD: Final = re.compile(r"(?<![^\W.])[a-z]+$")
_ENDS_IN_SIGN: Final = re.compile(r"\w(?:\+\+|[#+])$")
_LEADS_WITH_SIGN: Final = re.compile(r"[.@#$-]")
_PLAIN: Final = str.maketrans(
    {"＆": "&", "／": "/", "．": ".", "－": "-", "＃": "#", "♯": "#", "＋": "+", "’": "'", "ʼ": "'"}
)


def named(token: str) -> Iterator[str]:
    """A token as it is written, where a sign is part of the name: `c++`, `.net`, `q&a`, `==`."""
    plain = token.translate(_PLAIN)
    if len(plain) > 1 and _ENDS_IN_SIGN.search(plain):
        name = re.split(r"[-.'/&]", plain)[-1]
        yield fold(name)
    elif (
        _LEADS_WITH_SIGN.match(plain)
        or (not plain[0].isalnum() and plain[0] != "_")
        or (len(pair := re.split("[/&]", plain)) == 2 and all(len(one) <= _SHORT for one in pair))
    ):
        yield fold(plain)


def called(text: str, words: frozenset[str]) -> Iterator[str]:
    """Which of these words a text calls, each marked: `@any` for `any(...)`.

    They are words that say nothing where they stand alone, and name a function here.
    """
    for match in _CALL.finditer(text):
        behind = _LAST_WORD.search(text, max(0, match.start() - _LONGEST), match.start())
        if behind is not None and behind[0] in words:
            yield f"@{behind[0]}"


def joined(parts: Sequence[str], signs: Sequence[str]) -> str:
    """The parts of a token written as one word, folded: `e-mail` is `email`; empty where not so.

    Numbers stay apart (3.14, 2019-2020), but for their thousands; so do addresses, long paths, and
    words that only lost a letter before the next (`l'eau`, `it's`).
    """
    text = "".join(parts)
    if all(map(_DIGITS.fullmatch, parts)):
        return fold(text) if _are_thousands(parts, signs) else ""
    if len(text) > _LONGEST:
        return ""
    letters = all(len(part) == 1 for part in parts)
    if len(parts) > (8 if letters else 2 if "." in signs else _MOST_PARTS):
        return ""
    if any(sign in "'’ʼ" for sign in signs) and _is_elision(parts):
        return ""
    if any(sign in "/&／＆" for sign in signs) and any(len(part) > _SHORT for part in parts):
        return ""
    return fold(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A word that may be written as two: its stem, and for each way the stems of the halves.

    Of a verb with its particle only the verb is looked for: `set` for `setup`.
    """

    stem: str
    ways: tuple[tuple[str, ...], ...]


def apart(spoken: Iterable[str], without: frozenset[str]) -> Iterator[Apart]:
    """The words (lower case) of 4 to 24 letters of a to z, each with the ways to part it in two.

    No half is one of the words `without`, or has less than two letters.
    """
    for word in spoken:
        if word.isascii() and word.isalpha() and _PARTED_AT_LEAST <= len(word) <= _LONGEST:
            yield Apart(stem=stem(word), ways=tuple(_ways(word, without)))


def _ways(word: str, without: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for at in range(2, len(word) - 1):
        head, tail = word[:at], word[at:]
        if tail in PARTICLES:
            yield (stem(head),)
        elif not without.intersection((head, tail)):
            yield stem(head), stem(tail)


def _are_thousands(parts: Sequence[str], signs: Sequence[str]) -> bool:
    if len(set(signs)) > 1 or len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:]):
        return False
    return signs[0] in ",'’" or (signs[0] == "." and len(parts) > 2)


def _is_elision(parts: Sequence[str]) -> bool:
    first, last = parts[0], parts[-1]
    if last.lower() in _ELIDED:
        return True
    return (
        len(parts) == 2 and first.lower() in _ELIDED and not (first.isupper() and last[0].isupper())
    )
