"""Slips: how far a typed word is from one of the documents, and whether that one was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

from codexity.text import stem

_SHORT: Final = 5
"""Of a word so short only a letter that is missing, or two in each other's place, are mended."""
_LONG: Final = 10
"""From so many letters on two may be wrong."""
_MOST_WRONG: Final = 2
_ROWS: Final = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("qwertzuiop", "asdfghjkl", "yxcvbnm"))
_SHIFTED: Final = (0.0, 0.25, 0.75)
"""How far a keyboard's rows stand to the right of the first, in keys."""
_ALIKE: Final = ("aeiouy", "cksqxz", "sz", "fvpwu", "dt", "bp", "gkj", "mn", "lr", "vw", "ij", "ch")
"""Letters that stand for sounds that are taken for one another."""
_TWICE: Final = re.compile(r"(\w)\1+")
_VOWELS: Final = re.compile("[aeiouy]+")
_SOUNDS: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^wh", "w"),
        (r"ph", "f"),
        (r"(?<=[rg])h|(?<=m)b(?=$|er|ing|s$)|(?<=m)n$", ""),
        (r"sc(?=[eiy])|c(?=[eiy])|z", "s"),
        (r"ck|qu|c(?!h)", "k"),
    )
)
"""How English spells a sound otherwise than by its letter: `ph`, a silent `k`, `b` or `h`."""
_VOWEL: Final = "aeiou"
_SURELY: Final = 7
"""A word of so many letters is seldom another one but for one that is missing."""
_SILENT: Final = {"n": ("k", "g", "p"), "r": ("w",), "s": ("p",)}
"""What may stand unheard before the first letter."""
_HARD: Final = {"c": "k", "k": "c", "s": "c"}
_HEARD: Final = 3
"""Of a word that is no longer the sound tells too little."""
_CONSONANTS: Final = 3


def _neighbours() -> dict[str, str]:
    """The letters that are beside one on a keyboard, or sound like it."""
    found: dict[str, set[str]] = {}
    for rows in _ROWS:
        place = {
            one: (row, at + _SHIFTED[row])
            for row, line in enumerate(rows)
            for at, one in enumerate(line)
        }
        for one, (row, at) in place.items():
            near = (
                other
                for other, (its, there) in place.items()
                if abs(row - its) <= 1 and abs(at - there) <= 1
            )
            found.setdefault(one, set()).update(near)
    for group in _ALIKE:
        for one in group:
            found[one].update(group)
    return {one: "".join(sorted(near)) for one, near in found.items()}


_TAKEN_FOR: Final = _neighbours()
_ENDINGS: Final = frozenset(("", *"e y s es ies d ed ing er ers en n".split()))
"""What forms of one word end in: `objective` is no form of `object`."""

_FORMS: Final = ("s", "es", "ed", "ing")
"""What a word may be typed with that documents have without: `mateirals` of `material`."""


def is_slip(typed: str, word: str) -> bool:
    """Whether a word may have been meant, itself or another form of it (`drivr`, `drivers`)."""
    own, its = stem(typed), stem(word)
    forms = len(own) >= _SHORT and (own, its) != (typed, word)
    inflected = typed[len(own) :] in _ENDINGS and word[len(its) :] in _ENDINGS
    if is_near(typed, word) or (forms and inflected and is_near(own, its)):
        return True
    return any(typed[-1] == end[-1] and is_near(typed, word + end) for end in _FORMS)


def is_near(typed: str, word: str) -> bool:
    """Whether one letter is wrong, of a long word two, or none but doubled ones and vowels.

    Nor is any where the two sound alike: `telefone`, `plummer`, `nife`.
    """
    single, its = _TWICE.sub(r"\1", typed), _TWICE.sub(r"\1", word)
    if single == its or (len(typed) > _HEARD and _heard(typed) == _heard(word)):
        return True
    distance = distance_of(typed, word, _MOST_WRONG)
    if len(typed) <= _SHORT:
        swapped = len(typed) == len(word) and sorted(typed) == sorted(word)
        return distance == 1 and (len(word) > len(typed) or swapped)
    if distance <= (2 if len(typed) >= _LONG else 1):
        return True
    bare = _VOWELS.sub("", single)
    return (
        distance <= _MOST_WRONG
        and len(bare) >= _CONSONANTS
        and bare == _VOWELS.sub("", its)
        and typed[-1] == word[-1]
    )


def _heard(word: str) -> str:
    for pattern, said in _SOUNDS:
        word = pattern.sub(said, word)
    return _TWICE.sub(r"\1", word)


def other_beginnings(typed: str) -> Iterator[str]:
    """It as it may begin: with the first two letters swapped, or as it sounds (`rench`, `foto`)."""
    yield typed[1] + typed[0] + typed[2:]
    yield from (one + typed for one in _SILENT.get(typed[0], ()))
    if typed[0] == "f":
        yield f"ph{typed[1:]}"
    if typed[0] in _HARD:
        yield _HARD[typed[0]] + typed[1:]


def real_words(typed: str) -> Iterator[str]:
    """What may have been meant by a word that is one: `trial` for `trail`, `dinner` for `diner`."""
    for at in range(1, len(typed)):
        if typed[at] != typed[at - 1]:
            yield f"{typed[: at - 1]}{typed[at]}{typed[at - 1]}{typed[at + 1 :]}"
        else:
            yield typed[:at] + typed[at + 1 :]
        yield typed[:at] + typed[at - 1 :]


def one_wrong(typed: str) -> Iterator[str]:
    """What may have been typed as it is by a slip of the hand, behind its first letter.

    Two letters are swapped, one is doubled or missing, or a vowel is another: whatever is further
    from a word may well be a name (`matcha`).
    """
    missing = ascii_lowercase if len(typed) >= _SURELY else _VOWEL
    for at in range(1, len(typed)):
        front, letter, rest = typed[:at], typed[at], typed[at + 1 :]
        if letter in (front[-1], rest[:1]):
            yield front + rest
        if rest:
            yield front + rest[0] + letter + rest[1:]
        if letter in _VOWEL and rest:
            yield from (front + other + rest for other in _VOWEL)
        yield from (front + other + letter + rest for other in missing)


def _cost(letter: str, other: str) -> int:
    """One for letters that are typed or heard for one another, else as a missing and a new one."""
    if letter == other:
        return 0
    return 1 if other in _TAKEN_FOR.get(letter, "") else 2


def distance_of(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped; `most` + 1 where more are.

    Source: the optimal string alignment distance, a Damerau-Levenshtein distance.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, row, before = before, [i], row
        for j, its in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + _cost(letter, its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
