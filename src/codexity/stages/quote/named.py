"""The part of a page that a question names, by its heading or by the words before a colon."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from codexity.analysis.asking_words import WEAK
from codexity.model import Block, Evidence, Sentence
from codexity.question_clauses import asks
from codexity.question_kind import asked_for
from codexity.text import STOP_WORDS

from .denial import denies, is_of_denial, of_denial
from .enumerating import Several
from .kinds import asks_for_many, asks_for_steps, asks_what_it_is, class_of, plain_words
from .layout import listed
from .lists import MOST_ITEMS, Listing, announced
from .places import Place, are_lines, first_sentences, places, section_of, sentences_of
from .ranking import Ranking
from .versions import year_of

_WHOLE: Final = 0.95
"""So much of a question is said by a name with what it stands under, where it is the name."""
_NEARLY: Final = 0.9
_MOSTLY: Final = 0.6
"""The same of a list of what is not so; and of a name's words, so many are asked for."""
_HALF: Final = 0.5
_TELLS: Final = 0.3
"""What weighs less only asks, and need not be said."""
_SLIGHT: Final = frozenset(
    """do done deal deals handle cope take takes bring need needs want get go goes come make makes
    give show find know must may can happens possible whole every
    nehmen mitnehmen brauchen brauche machen""".split()
)
"""What only asks: `take` of `what do we take to the beach`."""
_MOST_WORDS: Final = 0.7
_MOST_SENTENCES: Final = 3
_BEGINNING: Final = 3
_SEVERAL: Final = 2
_FEW_WORDS: Final = 6
_WHEN: Final = frozenset("before after during while if".split())
_NAMING: Final = frozenset(("person", "doer"))
"""Kinds that a list below a heading may name."""
_NUMBERED: Final = re.compile(r"^(?:§ ?)?\d{1,3}(?:\.\d{1,3}){0,3}[.):]? +(?=\D)")
_DENYING: Final = re.compile(
    r"(?:not?|never|nothing|except\w*|forbidden|prohibited)\b", re.IGNORECASE
)
_LISTED: Final = frozenset({"item", "row", "pair"})
_BESIDE: Final = re.compile(r"(?<=\w)\s?(?:[,(\[]|\s[-–—]\s)")
"""What a name says behind these is beside it: `camping, 4 persons`."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_GENERIC: Final = frozenset(
    "ingredi list step instruct item thing checklist procedur way zutat schritt".split()
)
"""Stems that ask for a list, which its own name need not say."""
_OPENS: Final = frozenset("what where when who how which why was wo wann wer wie".split())
_SILENT: Final = frozenset(
    "it we you they i one he she the a an to will can could would should shall may is are".split()
)
_WAYS: Final = re.compile(r"\b(?:ways|kinds|types|sorts|list|members)\b", re.IGNORECASE)
_DOES: Final = re.compile(
    r"\b(?:do|doing|done)\b(?=\s*(?:$|[?.!,;]|(?:at|in|on|now|during|with|for|after|before|there|all)\b))",
    re.IGNORECASE,
)
"""Where `do` is the verb itself: `what do they do there`, and not `what do we take`."""


def named(ranking: Ranking, evidence: Sequence[Evidence]) -> tuple[Sentence, ...]:
    """What stands below the name that the question says, or behind its colon; empty if none does.

    It says all of the question, together with the headings above it, and little besides.
    """
    asked = _Asked(ranking)
    found = [
        (rank, place)
        for source in evidence
        if asked.may_name
        for place in places(source)
        if (rank := asked.rank(place))
    ]
    for _, place in sorted(found, key=lambda one: one[0], reverse=True):
        if said := asked.said(place):
            return said
    return ()


class _Asked:
    """A question, to hold names against."""

    def __init__(self, ranking: Ranking) -> None:
        question = ranking.question
        self._ranking = ranking
        self._denies = denies(question)
        self._steps = asks_for_steps(question)
        self._many = asks_for_many(question)
        words = [one.lower() for one in _WORD.findall(question)]
        self._plain = frozenset(plain_words(question))
        telling = [one for one in words if one not in STOP_WORDS]
        self._bare = not asks(question) and len(telling) <= _FEW_WORDS
        self._opens = bool(words) and not _OPENS.isdisjoint(words[:2])
        self._does = _DOES.search(question) is not None
        self._kind = asked_for(question)
        things = self._many or self._opens or _WAYS.search(question) is not None
        things = things and not (self._steps or self._denies or asks_what_it_is(question))
        self._several = Several(self._kind, asked=things)
        self._acts = self._steps and not any(one.exact for one in ranking.mass.words)
        self._least = 0.0 if self._denies or self._bare else _TELLS
        self._class = class_of(question) if self._denies else ""
        self._reach = ranking.mass.reach | ranking.asked_plain
        self._beginnings = {one[:_BEGINNING] for one in self._reach}

    @property
    def may_name(self) -> bool:
        """Whether it can be answered by what has a name: it asks for no price, no day."""
        asks = self._bare or self._steps or self._many or self._opens
        may = self._kind is None or self._denies or self._kind.kind in _NAMING
        return asks and may and bool(self._ranking.mass.words)

    def rank(self, place: Place) -> tuple[float, ...]:
        """How well the question names it; empty if it does not."""
        name = _NUMBERED.sub("", place.name)
        if not self._may_be(name) or denies(name) != self._denies or not self._fits(place, name):
            return ()
        own = self._ranking.stems_of(name)
        told = self._ranking.stems_of(_BESIDE.split(name, maxsplit=1)[0]) or own
        told -= _GENERIC
        if self._denies:
            told -= self._ranking.stems_of(" ".join((*WEAK, of_denial(name))))
            if not told and not self._is_denied(name, own):
                return ()
        share = len(told & self._reach) / len(told) if told else float(self._denies)
        above = self._ranking.stems_of(
            " ".join((place.page.title, *place.page.headings_at(place.start)))
        )
        cover = self._cover(own | above, place)
        says = self._denies or not place.inline or self._cover(own, place) >= _MOSTLY
        if place.heads and self._opens and (_DENYING.match(name) or self._is_when(name, told)):
            # It need not say what the whole page, or the part that it is in, is about.
            share = max(share, _MOSTLY if self._cover(above, place) >= _WHOLE else 0.0)
            every = own.union(above, *(one.stems for one in place.source.passages))
            cover = max(cover, self._cover(every, place))
        if (
            (says and self._is_named(place, cover, share))
            or ((place.inline or not told) and self._is_as_asked(place, own | above))
            or self._is_said_in_words(place, cover, told)
        ):
            return (cover, share, float(len(told)), year_of(place.page), -place.source.source.index)
        return ()

    def _fits(self, place: Place, name: str) -> bool:
        """Whether what stands there may be of the kind that is asked for, where one is."""
        if self._kind is None or (self._denies and self._kind.kind == "date"):
            return True
        if self._kind.kind not in _NAMING:
            return False
        if place.inline:
            first = next(iter(_WORD.findall(name.lower())), "")
            return first in _OPENS & self._plain
        return place.heads and (self._is_of_items(place) or bool(self._several.said(place)))

    def _is_denied(self, name: str, own: frozenset[str]) -> bool:
        """Whether a name that only says what is not so is more than a `No`, and asked for."""
        words = plain_words(name)
        said = len(words) > 1 and self._plain.union(_SILENT).issuperset(words)
        return _is_a_head(name) or said or not own.isdisjoint(self._reach)

    def _is_when(self, name: str, told: frozenset[str]) -> bool:
        """Whether it says when, as the question does: `Before firing`, `After an accident`."""
        begins = not _WHEN.isdisjoint(plain_words(name)[:1]) and _WHEN & self._plain
        return bool(told and begins) and told <= self._reach

    def _is_of_items(self, place: Place) -> bool:
        section = islice(section_of(place.page.blocks, place.at + 1), _SEVERAL)
        return [one.kind for one in section] == ["item"] * _SEVERAL

    def _may_be(self, name: str) -> bool:
        """Whether the stems of a name are worth the while: a word of it may be asked for."""
        words = _WORD.findall(name.lower())
        opens = self._opens and not _OPENS.isdisjoint(words[:1])
        near = not self._beginnings.isdisjoint([one[:_BEGINNING] for one in words])
        return opens or near or self._denies or not name.isascii()

    def _is_named(self, place: Place, cover: float, share: float) -> bool:
        if share == 1.0 and cover >= _HALF and self._several.said(place):
            return self._leaves_out(place) <= 1
        if self._denies:
            return min(cover, share) >= _MOSTLY and (self._opens or self._bare)
        return cover >= _WHOLE and share >= (1.0 if place.inline else _HALF)

    def _is_as_asked(self, place: Place, held: frozenset[str]) -> bool:
        """Whether a name without a telling word asks as the question does: `What we do`."""
        words = plain_words(place.name)
        if not words or words[0] not in _OPENS or not self._opens:
            return False
        telling = [one for one in dict.fromkeys(words) if one not in _SILENT]
        if "do" in telling and not self._does:
            return False
        whole = held | frozenset(place.passage.stems)
        asked = all(map(self._is_asked, telling))
        return len(telling) > 1 and asked and self._cover(whole, place) >= _NEARLY

    def _is_asked(self, word: str) -> bool:
        """Whether the question has a word, in any of its forms."""
        return word in self._plain or not self._ranking.asked_plain.isdisjoint(
            self._ranking.stems_of(word)
        )

    def _is_said_in_words(self, place: Place, cover: float, told: frozenset[str]) -> bool:
        """Whether the question has most of its words, also the small: `How to get out of bed`."""
        words = plain_words(place.name)
        if not words or words[0] not in _OPENS or told.isdisjoint(self._reach):
            return False
        words = [one for one in words if one not in _SILENT]
        said = sum(one in self._plain for one in words)
        return self._opens and cover >= _MOSTLY and said >= _MOST_WORDS * len(words)

    def _cover(self, held: frozenset[str], place: Place) -> float:
        """How much of the question these stems say, by the weights of its words."""
        words = self._ranking.mass.words
        row = self._ranking.mass.row(held)
        said = [
            1.0
            if (not word.stems.isdisjoint(_GENERIC) and not place.inline)
            or (self._denies and (word.text.lower() == self._class or is_of_denial(word.text)))
            else float(word.stems <= held)
            if word.exact
            else one
            for word, one in zip(words, row, strict=True)
        ]
        least = self._least
        slight = (word.weight < least or word.text.lower() in _SLIGHT for word in words)
        weights = [0.0 if none else word.weight for word, none in zip(words, slight, strict=True)]
        return math.fsum(map(operator.mul, weights, said)) / (math.fsum(weights) or 1.0)

    def said(self, place: Place) -> tuple[Sentence, ...]:
        """What the place says: its list, or the first of its sentences."""
        if place.inline:
            return tuple(sentences_of(place, place.start, 1 + self._steps))
        return self._several.said(place) or self._below(place)

    def _below(self, place: Place) -> tuple[Sentence, ...]:
        blocks = place.page.blocks
        section = list(section_of(blocks, place.at + 1))
        if not section:
            return ()
        if not place.heads:
            found = announced(place.source, place.end)
            return tuple(listed(found)) if found and len(found.items) >= _SEVERAL else ()
        if found := self._list(place, section):
            return tuple(listed(found))
        best = self._ranking.best[:_MOST_SENTENCES]
        telling = any(one.tells and (one.items or not self._acts) for one in best)
        if section[0].kind == "paragraph" and not telling:
            return tuple(first_sentences(place, section))
        return ()

    def _leaves_out(self, place: Place) -> int:
        """How many of the main words of the question a name and what is above it do not say."""
        above = (place.page.title, *place.page.headings_at(place.start), place.name)
        row = self._ranking.mass.row(self._ranking.stems_of(" ".join(above)))
        words = self._ranking.mass.words
        return sum(one < _HALF <= word.weight for word, one in zip(words, row, strict=True))

    def _list(self, place: Place, section: Sequence[Block]) -> Listing | None:
        if are_lines(place.page.text, section):
            return Listing(
                index=place.source.source.index,
                page=place.page,
                cover=1.0,
                lead=(place.start, place.end),
                items=tuple(section[:MOST_ITEMS]),
            )
        before = place.end
        for one in section:
            if one.kind in _LISTED:
                found = announced(place.source, before)
                if found is None or len(found.items) < _SEVERAL:
                    return None
                if before != place.end and not (found.numbered or self._many or self._bare):
                    return None
                return found if found.lead else replace(found, lead=(place.start, place.end))
            if one.kind != "paragraph":
                return None
            before = one.end
        found = announced(place.source, place.end)
        return found if found is not None and len(found.items) >= _SEVERAL else None


def _is_a_head(name: str) -> bool:
    """Whether a name that only says that something is not so is more than a `No`."""
    words = [one.lower() for one in _WORD.findall(name)]
    return bool(words) and (words[0] in _OPENS or bool(of_denial(name)))
