"""How to reach somebody who is only described: who that is, and where a list has the number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from codexity.model import Passage
from codexity.naming import named, names
from codexity.question_kind import AskedFor, asked_for
from codexity.question_word import Word
from codexity.question_words import telling_words
from codexity.text import blocks, sentences, stemmed_in, stems

__all__ = ["REACHING", "describing", "reaching"]

_KINDS: Final = frozenset(("phone", "email"))
_DESCRIBED: Final = 0.6
"""So much of what describes who is meant has to be said."""
_MAIN: Final = 0.35
"""What only asks weighs less."""
_PLAIN: Final = 2
"""So many words describe somebody that are no names: who is named is not described."""
_ENGLISH: Final = "en"
REACHING: Final = re.compile(
    r"\b(?:tele)?phones?\b|\bmobiles?\b|\be-?mails?\b|\bmail\b|\baddress\b|\bextensions?\b"
    r"|\bnumbers?\b|\bcontact\b|\bwho(?:ever|m)?\b|\bcolleague\b|\bperson\b|\bring\b|\bcall\b"
    r"|\bdial\b|\bask\b|\bsomebody\b|\bsomeone\b|\bdetails\b",
    re.IGNORECASE,
)
"""What only asks how to reach somebody, and does not describe who that is."""


def describing(question: str, words: Sequence[Word]) -> list[int]:
    """The places of the words that describe who is meant; empty where nobody is to be reached."""
    kind = asked_for(question)
    if kind is None or kind.kind not in _KINDS:
        return []
    asking = frozenset(stems(" ".join(REACHING.findall(question)), _ENGLISH))
    rest = [
        at
        for at, word in enumerate(words)
        if word.weight >= _MAIN and asking.isdisjoint(word.stems)
    ]
    plain = sum(words[at].may_be_said_otherwise for at in rest)
    return rest if plain >= _PLAIN else []


def reaching(question: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """What a list says of those described by a question that asks for a number or an address.

    Of each who is in one record alone that has one.
    """
    kind, every = asked_for(question), telling_words(question)
    rest = [every[at] for at in describing(question, every)]
    if kind is None or not rest:
        return ()
    found: dict[str, float] = {}
    for one in passages:
        if _share(rest, frozenset(one.stems)) >= _DESCRIBED:
            for share, text in _said(one, rest):
                for name in names(text, besides=question):
                    found[name] = max(share, found.get(name, 0.0))
    best = max(found.values(), default=0.0)
    if best < _DESCRIBED:
        return ()
    lists = (
        _record(name, passages, kind, question) for name, share in found.items() if share == best
    )
    return tuple(filter(None, lists))


def _record(name: str, passages: Sequence[Passage], kind: AskedFor, question: str) -> str:
    """What the one record says that has a name with a number; empty where several have."""
    telling = {
        own.said
        for one in passages
        for own in one.records
        if named(name, own.said) and kind.held_by(own.said, question, record=True) >= 1
    }
    return telling.pop() if len(telling) == 1 else ""


def _said(one: Passage, rest: Sequence[Word]) -> Iterator[tuple[float, str]]:
    """The sentences and records of a passage, with how much of a description each says."""
    page = one.page
    language = stemmed_in(page.text, page.language) or _ENGLISH
    for start, end in blocks(one.text):
        for first, last in sentences(one.text, start, end):
            text = one.text[first:last]
            above = " ".join(page.headings_at(one.start + first)[-2:])
            yield _share(rest, frozenset(stems(f"{text} {above}", language))), text


def _share(rest: Sequence[Word], held: frozenset[str]) -> float:
    said = 0.0
    for word in rest:
        near = word.near(held)
        said += word.weight * max((near[stem] for stem in near.keys() & held), default=0.0)
    return said / (sum(word.weight for word in rest) or 1.0)
