"""How to reach somebody who is only described: who that is, and where a list has the number."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, TypeAlias

from codexity.model import Block, Page, Passage
from codexity.naming import named, only_name
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
_NAMES: Final = 8
"""What describes more describes nobody."""
_LISTS: Final = 3
_LIST_CHARS: Final = 200
_ENGLISH: Final = "en"
_SEVERAL: Final = 2
_SENTENCE_CHARS: Final = 600
_PART: Final = re.compile(r"[,;] (?:and )?|\band (?=[A-ZÀ-Þ])")
"""Where a sentence that names several goes on to the next of them."""
_Above: TypeAlias = Sequence[tuple[int, str]]
_WORD: Final = re.compile(r"\w+")
REACHING: Final = re.compile(
    r"\b(?:tele)?phones?\b|\bmobiles?\b|\be-?mails?\b|\bmail\b|\baddress\b|\bextensions?\b"
    r"|\bnumbers?\b|\bcontact\b|\bwho(?:ever|m)?\b|\bcolleague\b|\bperson\b|\bring\b|\bcall\b"
    r"|\bdial\b|\bask\b|\bsomebody\b|\bsomeone\b|\bdetails\b|\bfirms?\b|\bcompan(?:y|ies)\b"
    r"|\bman\b|\bwoman\b|\bpeople\b",
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
    above: dict[str, _Above] = {}
    for one in passages:
        if _share(rest, frozenset(one.stems)) >= _DESCRIBED:
            if one.page.url not in above:
                above[one.page.url] = tuple(_headings(one.page))
            for share, text in _said(one, rest, above[one.page.url]):
                if name := name_in(text, rest, question):
                    found[name] = max(share, found.get(name, 0.0))
    best = max(found.values(), default=0.0)
    if best < _DESCRIBED:
        return ()
    sure = [name for name, share in found.items() if share == best][:_NAMES]
    having = _having(sure, passages)
    lists = (_record(having[name], kind, question) for name in sure)
    return tuple(one[:_LIST_CHARS] for one in filter(None, lists))[:_LISTS]


def name_in(text: str, described: Sequence[Word], question: str) -> str:
    """The name of a sentence that has it alone, or of its part that is as described.

    Of `Ida Holm for the attic, Per Lund for the yard` the latter, where the yard is asked for.
    """
    if name := only_name(text, besides=question):
        return name
    parts = [part for part in _PART.split(text[:_SENTENCE_CHARS]) if part]
    first = only_name(parts[0], besides=question) if len(parts) >= _SEVERAL else ""
    if not first:
        return ""
    # What stands before the first name is said of all of them.
    of_all = frozenset(stems(parts[0].partition(first)[0], _ENGLISH))
    telling = [word for word in described if word.near(of_all).keys().isdisjoint(of_all)]
    shares = [_share(telling, frozenset(stems(part, _ENGLISH))) for part in parts]
    best = max(shares)
    if not best or shares.count(best) > 1:
        return ""
    return only_name(parts[shares.index(best)], besides=question)


def _record(having: Sequence[str], kind: AskedFor, question: str) -> str:
    """What the one record of a name says that has a number; empty where several have."""
    telling = (one for one in having if kind.held_by(one, question, record=True) >= 1)
    first = next(telling, "")
    return "" if next(telling, "") else first


def _having(wanted: Sequence[str], passages: Sequence[Passage]) -> dict[str, list[str]]:
    """What the records say that have each of these names; each record is read once."""
    parts = {name: frozenset(_WORD.findall(name)) for name in wanted}
    every = frozenset(chain.from_iterable(parts.values()))
    having: dict[str, list[str]] = {name: [] for name in wanted}
    for said in dict.fromkeys(own.said for one in passages for own in one.records):
        held = every.intersection(_WORD.findall(said))
        for name in wanted if held else ():
            if parts[name] <= held and named(name, said):
                having[name].append(said)
    return having


def _headings(page: Page) -> Iterator[tuple[int, str]]:
    """From where on in a page which headings stand above, the last two; read once."""
    yield -1, ""
    path: list[Block] = []
    for one in page.blocks:
        if one.kind == "heading":
            path = [higher for higher in path if higher.level < one.level]
            for at in (one.start, one.end):
                yield at, " ".join(page.text[own.start : own.end] for own in path[-2:])
                path = [*path, one] if at == one.start else path


def _said(one: Passage, rest: Sequence[Word], headings: _Above) -> Iterator[tuple[float, str]]:
    """The sentences and records of a passage, with how much of a description each says."""
    page = one.page
    language = stemmed_in(page.text, page.language) or _ENGLISH
    for start, end in blocks(one.text):
        for first, last in sentences(one.text, start, end):
            text = one.text[first:last]
            _, above = headings[bisect_right(headings, one.start + first, key=_place) - 1]
            yield _share(rest, frozenset(stems(f"{text} {above} {page.title}", language))), text


def _place(heading: tuple[int, str]) -> int:
    return heading[0]


def _share(rest: Sequence[Word], held: frozenset[str]) -> float:
    said = 0.0
    for word in rest:
        near = word.near(held)
        said += word.weight * max((near[stem] for stem in near.keys() & held), default=0.0)
    return said / (sum(word.weight for word in rest) or 1.0)
