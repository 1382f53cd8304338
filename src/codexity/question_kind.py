"""Question classification: what kind of thing a question asks for, and which texts hold one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from codexity.analysis import stem, stems
from codexity.kind import Kind
from codexity.kind_askings import LONG_THING
from codexity.kind_bearers import FIGURES, is_of_another, measured, without_authors
from codexity.kind_nouns import NounKind, named_kind
from codexity.kind_patterns import KINDS
from codexity.kind_signs import COUNT, NAME, NUMBER
from codexity.synonyms import synonyms
from codexity.synonyms.nouns import is_person, is_thing

__all__ = ["AskedFor", "Kind", "asked_for"]

_I: Final = re.IGNORECASE
_ASKED_NUMBER: Final = re.compile(
    r"\b(?:how many|(?<!phone )(?<!mobile )number of|quantity of|wie ?viele|combien d(?:e |['’])"
    r"|cuánt[oa]s)\s*+(?!(?:are|were|was|have|has|had|can|may|must|will|fit|do|does|did)\b)"
    r"([^\W\d_]{3,40})",
    _I,
)
_NUMBER_OF: Final = re.compile(
    r"\bnumber (?:of|for) (?:the |an? |my |our |your )(?:(?!of\b)[^\W\d_]{2,20} )?"
    r"(?!people|staff|children|men\b|women)([^\W\d_]{3,40})\b",
    _I,
)
_SOMEBODY: Final = frozenset("person man woman one guy lady colleague".split())
_BESIDE: Final = 3
"""A number stands among so many words beside what it counts, at most."""
_ELSEWHERE: Final = 0.6
"""What a number is worth that stands beside something else."""
_VAGUE: Final = 0.7
"""What is worth that which may be a time, such as `after the lesson`."""
_BEGINNING: Final = 5
_NO_AUTHORS: Final = frozenset(("make", "named"))
"""Kinds of which the author of a line of a chat is none."""
_BARE: Final = re.compile(NUMBER)
_COUNTING: Final = re.compile(COUNT, _I)
_BEFORE: Final = re.compile(r"(?<!\d)\d{1,9}\W?$")
_LONG_THING: Final = re.compile(LONG_THING, _I)
_ANY: Final = re.compile(r"\w")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_AMOUNT_CHARS: Final = 12
_LOOKED_AT: Final = 2_000
"""A cell of a table may be of any length, and holds what is asked for at its beginning."""
_AROUND: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a question asks for: its kind, and what finds one in a text.

    `vague` finds what may stand for one. `counted` is the word of which a number is asked for,
    empty where there is none. `heads` finds the noun that names the kind, where one does: of a
    record a bare figure is an amount only where it stands there.
    """

    kind: Kind
    finds: re.Pattern[str]
    vague: re.Pattern[str] | None = None
    counted: str = ""
    heads: re.Pattern[str] | None = None

    def anywhere(self) -> AskedFor:
        """The same in a text of another language, in which what is counted has another name."""
        if self.kind == "doer":
            return replace(self, finds=_ANY)
        return replace(self, counted="")

    def held_by(self, text: str, question: str, *, record: bool = False) -> float:
        """Whether the text has one that the question itself does not name: 1, or 0 where not.

        Of what may only stand for one, and of a number that does not stand beside what is counted,
        a part. In a record, such as a row of a table, a bare figure may be an amount: its head
        says of what.
        """
        text = text[:_LOOKED_AT]
        if _is_answered_by_label(text, question):
            return 1.0
        if self.kind in _NO_AUTHORS:
            text = without_authors(text)
        bare = record and self.kind in FIGURES and (not self.heads or self.heads.search(text))
        ways = (self.finds, _BARE) if bare else (self.finds,)
        found = [
            one
            for finds in ways
            for one in finds.finditer(text)
            if not _is_named(one, question)
            and not is_of_another(self.kind, one, question, record=record)
        ]
        if self.kind == "doer" and not found:
            return float(names_persons(text, question))
        if not found:
            held = self.vague is not None and self.vague.search(text) is not None
            return _VAGUE if held else 0.0
        if not self.counted:
            return 1.0
        if any(_is_beside(self.counted, text, one) for one in found):
            return 1.0
        return _ELSEWHERE if any(not _COUNTING.fullmatch(one[0]) for one in found) else 0.0


_ASKING_LABEL: Final = re.compile(
    r"(?:^|[:：]\s)\W*(when|where|who|how (?:much|many|long|often)|wann|wo|wer|quand|qui"
    r"|cuándo|dónde|quién)\b[^:：.?!]{0,70}[:：]\s*\w",
    _I,
)


def _is_answered_by_label(text: str, question: str) -> bool:
    """Whether it says itself that it tells what is asked: `when to use it: the lips swell`."""
    found = _ASKING_LABEL.search(text)
    return found is not None and re.search(rf"\b{found[1]}\b", question, _I) is not None


def _is_beside(counted: str, text: str, number: re.Match[str]) -> bool:
    """Whether a number is one of what is counted: that stands right behind it or before it."""
    beginning = counted[:_BEGINNING].lower()
    alike = {stem(counted), *synonyms(stem(counted))}
    behind = _WORDS.findall(text[number.end() : number.end() + _AROUND])[:_BESIDE]
    before = _WORDS.findall(text[max(0, number.start() - _AROUND) : number.start()])[-_BESIDE:]
    measures = measured(number)
    near = behind if measures or _COUNTING.fullmatch(number[0]) else (*before, *behind)
    return any(
        word.lower().startswith(beginning) or not alike.isdisjoint(stems(word, "en"))
        for word in near
    )


def names_persons(text: str, question: str) -> bool:
    """Whether a text has a word for persons that the question has not: `treasurer`, `members`."""
    asked = _words(question)
    return any(one not in asked and is_person(one) for one in _WORDS.findall(text.lower()))


@lru_cache(maxsize=16)
def _words(question: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(question.lower()))


def _is_named(one: re.Match[str], question: str) -> bool:
    """Whether the question itself has what was found, with the number that stands before it."""
    before = _BEFORE.search(one.string, max(0, one.start() - _AMOUNT_CHARS), one.start())
    said = f"{before[0] if before else ''}{one[0]}"
    first, last = (r"(?<!\d)" * said[0].isdigit(), r"(?!\d)" * said[-1].isdigit())
    return re.search(f"{first}{re.escape(said)}{last}", question, _I) is not None


@lru_cache(maxsize=256)
def asked_for(question: str) -> AskedFor | None:
    """What kind of thing is asked for; None where the words do not say, or any text may answer."""
    thing = _LONG_THING.search(question)
    reached = _asks_to_reach(question)
    for kind, asks, finds, vague in _compiled():
        if reached and kind == "number":
            continue
        if (
            asks.search(question)
            or (kind == "phone" and reached)
            or (kind == "length" and thing and is_thing(thing[1].lower()))
        ):
            counted = _ASKED_NUMBER.search(question) if kind == "number" else None
            return AskedFor(
                kind=kind, finds=finds, vague=vague, counted=counted[1] if counted else ""
            )
    named = named_kind(question)
    if named is None:
        return None
    return _of_noun(named)


def _asks_to_reach(question: str) -> bool:
    """Whether it asks for the number of somebody, and not of how many: `number of the plumber`."""
    found = _NUMBER_OF.search(question)
    if found is None or found[1].endswith("s"):
        return False
    return is_person(found[1].lower()) or found[1].lower() in _SOMEBODY


@lru_cache(maxsize=64)
def _of_noun(noun: NounKind) -> AskedFor:
    return AskedFor(
        kind=noun.kind,
        finds=re.compile(noun.finds, _I),
        vague=re.compile(noun.vague, _I) if noun.vague else None,
        heads=re.compile(rf"\b(?:{noun.nouns})\b", _I),
    )


_Compiled = tuple[Kind, re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]


@lru_cache(maxsize=1)
def _compiled() -> Sequence[_Compiled]:
    def each() -> Iterator[_Compiled]:
        for one in KINDS:
            finds = re.compile(one.finds, 0 if NAME in one.finds else _I)
            vague = re.compile(one.vague, _I) if one.vague else None
            yield one.kind, re.compile(one.asks, _I), finds, vague

    return tuple(each())
