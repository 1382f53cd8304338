"""Question classification: what kind of thing a question asks for, and which texts hold one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from codexity.analysis import STOP_WORDS, stem
from codexity.kind import Kind
from codexity.kind_askings import KEYWORDS, LONG_THING
from codexity.kind_bearers import FIGURES, is_of_another, without_authors
from codexity.kind_counts import asked_count, of_counted
from codexity.kind_nouns import NounKind, named_kind
from codexity.kind_patterns import KINDS
from codexity.kind_signs import NAME, NUMBER
from codexity.synonyms import is_known_in_english
from codexity.synonyms.nouns import is_person, is_thing

__all__ = ["AskedFor", "Kind", "asked_for"]

_I: Final = re.IGNORECASE
_NUMBER_OF: Final = re.compile(
    r"\bnumber (?:of|for) (?:the |an? |my |our |your )(?:(?!of\b)[^\W\d_]{2,20} )?"
    r"(?!people|staff|children|men\b|women)([^\W\d_]{3,40})\b",
    _I,
)
_SOMEBODY: Final = frozenset("person man woman one guy lady colleague".split())
_VAGUE: Final = 0.7
"""What is worth that which may be a time, such as `after the lesson`."""
_ROLE: Final = re.compile(
    rf"{KEYWORDS}(?:former|previous|current|present|acting|deputy|ex-?|vice|chief|head)[ -]"
    r"(?:[\w'’-]+ ){0,2}([^\W\d_]{3,40})\W*$"
    rf"|{KEYWORDS}((?:(?:deputy|vice|former) )?(?:head|boss|chair\w*|director|manager|leader|owner"
    r"|author|captain|president|secretary|treasurer|editor|keeper|teacher)) of\b",
    _I,
)
"""A question of keywords alone that ends in a role: `former treasurer`, `head of the library`."""
_PERSONS: Final = frozenset(("doer", "person"))
_OPENING: Final = re.compile(
    r"(?:^|[.;:!?]\s)(?:\d{1,2}[.)]\s)?([A-ZÀ-ÖØ-Þ][^\W\d_]{2,20}) "
    r"(?=[a-z]{2,20}(?:s|ed)\b|(?:has|had|is|was|will|can|may|did|and|or|gave|made|took|went|came|got"
    r"|wrote|built|brought|bought|sold|sent|kept|led|ran|drew|found|paid|told|taught|does)\b)"
)
_MOST_OPENING: Final = 8
_NOBODY_TOLD: Final = frozenset(("someone", "somebody"))
_BARE: Final = re.compile(NUMBER)
_HEADS: Final[Mapping[Kind, re.Pattern[str]]] = {
    "money": re.compile(
        r"pric|cost|\bfees?\b|\brent\b|amount|charg|\brates?\b|\bpa(?:y|id)|budget|total|\bper\b|eur|pound"
        r"|dollar|[€£$]|salar|wage|deposit|\bsum\b|tariff|adult|child|member|year|month|preis|betrag"
        r"|prix|montant|precio|importe",
        _I,
    ),
    "duration": re.compile(
        r"\btimes?\b|long|durat|period|\bmin|sec|hour|\bday|week|month|year|last|wait|\bh\b|\bs\b"
        r"|dauer|zeit|durée|duraci",
        _I,
    ),
    "length": re.compile(
        r"long|length|width|height|siz|depth|thick|diam|distance|dimens|\b[ckm]?m\b|pages|words|lines",
        _I,
    ),
    "weight": re.compile(r"weigh|mass|heav|load|\bk?g\b|\blbs?\b|\bkilo|\btons?", _I),
    "temperature": re.compile(r"temp|degrees?|°", _I),
    "speed": re.compile(r"speed|fast|rate|pace|rpm|feed|/ ?(?:s|h|min)\b", _I),
    "dose": re.compile(r"dose|dosage|amount|strength|\bm[gl]\b|daily|per day", _I),
}
"""What the head of a column says of a bare figure, of kinds that hardly anything else is."""
_BEFORE: Final = re.compile(r"(?<!\d)\d{1,9}\W?$")
_LONG_THING: Final = re.compile(LONG_THING, _I)
_WHY: Final = re.compile(r"^\W*(?:and |but |so )?why\b", _I)
_ANY: Final = re.compile(r"\w")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_AMOUNT_CHARS: Final = 12
_LOOKED_AT: Final = 2_000
"""A cell of a table may be of any length, and holds what is asked for at its beginning."""


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

    def held_by(self, text: str, question: str, *, record: bool = False, under: str = "") -> float:
        """Whether the text has one that the question itself does not name: 1, or 0 where not.

        Of what may only stand for one, and of a number that does not stand beside what is counted,
        a part. In a record, such as a row of a table, a bare figure may be an amount: its head
        says of what. `under` is what it stands under, which may name what is counted.
        """
        text = text[:_LOOKED_AT]
        if _is_answered_by_label(text, question):
            return 1.0
        text = without_authors(self.kind, text)
        heads = self.heads or _HEADS.get(self.kind)
        bare = record and self.kind in FIGURES and (not heads or heads.search(text))
        ways = (self.finds, _BARE) if bare else (self.finds,)
        found = [
            one
            for finds in ways
            for one in finds.finditer(text)
            if not _is_named(one, question)
            and not is_of_another(self.kind, one, question, record=record)
        ]
        if not found:
            return self._without_one(text, question)
        return of_counted(self.counted, text, found, under) if self.counted else 1.0

    def _without_one(self, text: str, question: str) -> float:
        """How much a text holds of the kind that has none by its looks."""
        if self.kind in _PERSONS and begins_with_name(text, question):
            return 1.0
        if self.kind == "doer":
            return float(names_persons(text, question))
        return _VAGUE if self.vague is not None and self.vague.search(text) is not None else 0.0


_ASKING_LABEL: Final = re.compile(
    r"(?:^|[:：]\s)\W*(when|where|who|how (?:much|many|long|often)|wann|wo|wer|quand|qui"
    r"|cuándo|dónde|quién)\b[^:：.?!]{0,70}[:：]\s*\w",
    _I,
)


def _is_answered_by_label(text: str, question: str) -> bool:
    """Whether it says itself that it tells what is asked: `when to use it: the lips swell`."""
    found = _ASKING_LABEL.search(text)
    return found is not None and re.search(rf"\b{found[1]}\b", question, _I) is not None


def names_persons(text: str, question: str) -> bool:
    """Whether a text has a word for persons that the question has not: `treasurer`, `members`.

    Where it was `somebody`, the others whom it names are others.
    """
    asked, words = _words(question), _WORDS.findall(text.lower())
    if not _NOBODY_TOLD.isdisjoint(words):
        return False
    return any(one not in asked and is_person(one) for one in words)


def begins_with_name(text: str, question: str) -> bool:
    """Whether a sentence begins with a name that does something: `Oona designs the box`.

    A word with a capital letter there is one where English has no such word.
    """
    asked = _words(question)
    return any(
        (lower := one[1].lower()) not in asked
        and lower not in STOP_WORDS
        and not is_person(lower)
        and not is_known_in_english(stem(lower))
        for one in islice(_OPENING.finditer(text), _MOST_OPENING)
    )


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
    if _WHY.search(question):
        return None
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
            counted = asked_count(question) if kind == "number" else ""
            return AskedFor(kind=kind, finds=finds, vague=vague, counted=counted)
    named = named_kind(question)
    if named is not None:
        return _of_noun(named)
    role = _ROLE.search(question)
    if role is None or not (role[2] or is_person(role[1].lower())):
        return None
    return AskedFor(kind="person", finds=re.compile(NAME))


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
