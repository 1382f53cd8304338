"""What amends an answer: it says later that something has changed, and names it only in part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from codexity.model import Page
from codexity.question_kind import asked_for

from .answering import Answering
from .candidates import Candidate
from .ranking import Ranking
from .stamps import has_messages
from .versions import day, moment, speaks_of_change

_ENOUGH: Final = 0.4
"""So much of what the answer says of the question stands around an amendment, at least."""
_ENOUGH_OF_TOPIC: Final = 0.3
"""The same of one that stands under the same words as the answer."""
_WHOLE: Final = 0.8
"""The same of one that shares nothing else with the answer."""
_HELD: Final = 0.6
_ANCHORED: Final = 0.5
_MOST_BEFORE: Final = 2
_PERSONS: Final = frozenset(("doer", "person"))
_AMENDS: Final = re.compile(
    r"\b(?:same (?:time|hours?|place|room|day|price|rules?)|change of plans?|put off|ended"
    r"|takes? (?:it |them |this |that )?over|took over|called off|not \d{1,4}"
    r"|(?:cannot|can['’]t|could not) be|from now on)\b",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"\W{0,4}(?:update|correct(?:ion|ed)|edit(?:ed)?|erratum|amend(?:ment|ed)|change of plans?"
    r"|p\.?s\.?\b|new (?:date|day|time|place|price)|now)\b",
    re.IGNORECASE,
)
"""What a later line of the same paper begins with that corrects an earlier one."""
_NUMBER: Final = re.compile(r"(?<![\d.,])\d[\d.,:]*(?<![.,:])")
_NAME: Final = re.compile(r"\b[A-ZÀ-Þ][^\W\d_]{2,}\b(?!:)")
_TOPIC: Final = re.compile(r"\W{0,4}(?:\d{1,3}[.)]?\s+)?([^.:!?\n]{3,60})\W{0,2}")
_AUTHOR: Final = re.compile(r"\[[^\]\n]{1,40}\] {1,2}([^:\n]{1,40}): ")
_BETWEEN: Final = 2_000
_TIMES: Final = frozenset(
    """January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday""".split()
)


def amended(
    ranking: Ranking,
    chosen: Sequence[Candidate],
    answering: Answering,
    pages: Mapping[int, Page],
) -> list[Candidate]:
    """What is chosen, and before it what amends it, where something does.

    That stands in a later paper or message, or is a correction further down in the same paper; it
    speaks of a change; and around it, in the sentences before it and in what they stand under, is
    said what the answer says of the question. Where this is but a part, it shares with the answer
    its topic, or what has changed: a day, an amount, a name.
    """
    if not chosen:
        return []
    amending = _Amending(ranking, answering, pages)
    best = max(amending.of(chosen[0], chosen), key=_sureness, default=None)
    return list(chosen) if best is None else [best[1], *chosen]


class _Amending:
    """What was said later, held against what is chosen."""

    def __init__(self, ranking: Ranking, answering: Answering, pages: Mapping[int, Page]) -> None:
        self._ranking = ranking
        self._answering = answering
        self._pages = pages
        self._kind = asked_for(ranking.question)

    def of(self, base: Candidate, chosen: Sequence[Candidate]) -> Iterator[tuple[float, Candidate]]:
        """What amends the base, each with how surely."""
        when = moment(base, self._pages[base.index])
        later = {at for at, page in self._pages.items() if self._may_be_later(base, at, page, when)}
        mass = self._ranking.mass
        said = self._ranking.rows(base)[2]
        whole = mass.of_row(said)
        before: list[Candidate] = []
        for one in self._ranking.every:
            if one.index not in later:
                continue
            before = [*self._same_paragraph(before, one), one]
            if whole <= 0 or any(one is other for other in chosen) or one.items:
                continue
            around = self._ranking.rows(one)[2]
            for other in before[:-1]:
                around = list(map(max, around, mass.row(self._ranking.held(other))))
            share = mass.of_row(list(map(min, around, said))) / whole
            corrects = self._corrects(base, one)
            if not corrects and share < _ENOUGH_OF_TOPIC:
                continue
            if not self._is_later(base, one, when):
                continue
            sure = self._sureness(base, one, before[:-1], max(share, corrects))
            if sure > 0:
                yield sure, one

    def _may_be_later(self, base: Candidate, at: int, page: Page, when: str) -> bool:
        if at == base.index:
            return True
        return bool(when) and (day(page) > when[:10] or has_messages(page.text))

    def _is_later(self, base: Candidate, one: Candidate, when: str) -> bool:
        told = moment(one, self._pages[one.index])
        if one.index == base.index and told == when:
            return one.start > base.start and _CORRECTS.match(one.text) is not None
        return bool(when) and told > when

    def _corrects(self, base: Candidate, one: Candidate) -> float:
        """Above 0 for the next message of the same author that begins as a correction does."""
        author, other = _AUTHOR.match(base.text), _AUTHOR.match(one.text)
        if base.index != one.index or not author or not other or author[1] != other[1]:
            return 0.0
        between = self._pages[one.index].text[base.end : one.start]
        next_one = len(between) < _BETWEEN and f"] {author[1]}:" not in between
        return _ENOUGH * (next_one and _CORRECTS.match(one.text, other.end()) is not None)

    def _same_paragraph(self, before: Sequence[Candidate], one: Candidate) -> list[Candidate]:
        """The sentences right before it, of its own paragraph or message."""
        if not before:
            return []
        last = before[-1]
        text = self._pages[one.index].text
        gap = text[last.end : one.start]
        near = last.index == one.index and last.end <= one.start and not gap.strip(" \n.;*_-")
        if not near or "\n\n" in gap or ("\n" in gap and has_messages(text)):
            return []
        return list(before[-_MOST_BEFORE:])

    def _sureness(
        self, base: Candidate, one: Candidate, before: Sequence[Candidate], share: float
    ) -> float:
        """How surely it amends the base; 0 where it does not."""
        text = " ".join(part.text for part in (*before, one))
        if not (
            speaks_of_change(one) or _AMENDS.search(text) or any(map(speaks_of_change, before))
        ):
            return 0.0
        sign = self._ranking.sign(one)
        corrects = self._corrects(base, one) > 0
        holds = sign.holds >= _HELD or (corrects and self._answering.holds_kind(one))
        if self._kind is not None and not holds:
            return 0.0
        anchored = (self._anchored(base, one.text) + self._anchored(base, text)) / 2
        topic = not _topics(base).isdisjoint(_topics(one))
        enough = share >= _WHOLE and self._kind is not None
        if not (topic or enough or (anchored and share >= _ENOUGH)):
            return 0.0
        return share + _ANCHORED * anchored + _ANCHORED * topic + sign.covers

    def _anchored(self, base: Candidate, text: str) -> float:
        """Whether a text has a value of the base that the question has not."""
        question = self._ranking.question
        names = {one for one in _NAME.findall(base.text) if one not in _TIMES}
        values = (
            names
            if self._kind and self._kind.kind in _PERSONS
            else names.union(_NUMBER.findall(base.text))
        )
        return float(
            any(
                one not in question and re.search(rf"(?<!\w){re.escape(one)}(?!\d)", text)
                for one in values
            )
        )


def _sureness(pair: tuple[float, Candidate]) -> float:
    return pair[0]


def _topics(one: Candidate) -> set[str]:
    """What it stands under, and what it begins with before a colon, without numbers."""
    told = (one.under, one.label, one.text.partition(":")[0] if ":" in one.text else "")
    found = filter(None, map(_TOPIC.fullmatch, told))
    return {each[1].strip().casefold() for each in found}
