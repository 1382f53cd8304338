"""What amends an answer: it says later that something has changed, and names it only in part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
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
_MOST_VALUES: Final = 24
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
_NO_LONGER: Final = re.compile(r"\b(?:no longer|not any ?more|no more|abolished)\b", re.IGNORECASE)
_VERSIONS: Final = 2
_SPEAKS: Final = 0.25
"""So much of the question a sentence holds that says what is so instead."""
_NUMBER: Final = re.compile(r"(?<![\d.,])\d[\d.,:]*(?<![.,:])")
_NAME: Final = re.compile(r"\b[A-ZÀ-Þ][^\W\d_]{2,}\b(?!:)")
_TOPIC: Final = re.compile(r"\W{0,4}(?:\d{1,3}[.)]?\s+)?([^.:!?\n]{3,60})\W{0,2}")
_AUTHOR: Final = re.compile(r"\[[^\]\n]{1,40}\] {1,2}([^:\n]{1,40}): ")
_GAP: Final = 20
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
    amending = _Amending(ranking, answering, pages, chosen)
    best = max(amending.found(), key=_sureness, default=None)
    every = list(chosen) if best is None else [best[1], *chosen]
    if best is not None:
        amending = _Amending(ranking, answering, pages, every)
    before = amending.denied_before()
    return every if before is None else [before, *every]


class _Amending:
    """What was said later, held against the best of what is chosen."""

    def __init__(
        self,
        ranking: Ranking,
        answering: Answering,
        pages: Mapping[int, Page],
        chosen: Sequence[Candidate],
    ) -> None:
        self._ranking = ranking
        self._answering = answering
        self._pages = pages
        self._chosen = chosen
        self._base = base = chosen[0]
        self._kind = asked_for(ranking.question)
        self._when = moment(base, pages[base.index])
        self._said = ranking.mass.row(ranking.above(base))
        self._whole = ranking.mass.of_row(self._said)
        self._shares: dict[frozenset[str], float] = {}

    def found(self) -> Iterator[tuple[float, Candidate]]:
        """What amends it, each with how surely."""
        later = {at for at, page in self._pages.items() if self._may_be_later(at, page)}
        if not later or self._whole <= 0:
            return
        reach = self._ranking.mass.reach
        before: list[Candidate] = []
        for one in self._ranking.every:
            if one.index not in later:
                continue
            before = [*self._same_paragraph(before, one), one]
            if any(one is other for other in self._chosen) or one.items:
                continue
            around = frozenset[str]().union(*map(self._ranking.held, before[:-1]))
            share = self._share((around | self._ranking.above(one)) & reach)
            if self._corrects(one):
                share = max(share, _ENOUGH)
            if share < _ENOUGH_OF_TOPIC or not self._is_later(one):
                continue
            sure = self._sureness(one, before[:-1], share)
            if sure > 0:
                yield sure, one

    def denied_before(self) -> Candidate | None:
        """The sentence before the newer of two versions, where one of the two says `no longer`.

        The one says then what is so no more, and the other what is so instead.
        """
        if (
            len(self._chosen) < _VERSIONS
            or moment(self._chosen[1], self._pages[self._chosen[1].index]) >= self._when
        ):
            return None
        before: list[Candidate] = []
        for one in self._ranking.every:
            if one is self._base:
                break
            before = [*self._same_paragraph(before, one), one]
        before = self._same_paragraph(before, self._base)
        last = before[-1] if before else None
        if last is None or self._ranking.mass.share(self._ranking.held(last)) < _SPEAKS:
            return None
        denies = [_NO_LONGER.search(one.text) is not None for one in (last, self._base)]
        return last if any(denies) and not all(denies) else None

    def _share(self, stems: frozenset[str]) -> float:
        """How much of what the answer says of the question these stems say."""
        if stems not in self._shares:
            mass = self._ranking.mass
            row = list(map(min, mass.row(stems), self._said))
            self._shares[stems] = mass.of_row(row) / self._whole
        return self._shares[stems]

    def _may_be_later(self, at: int, page: Page) -> bool:
        if at == self._base.index:
            return True
        return bool(self._when) and (day(page) > self._when[:10] or has_messages(page.text))

    def _is_later(self, one: Candidate) -> bool:
        told = moment(one, self._pages[one.index])
        if one.index == self._base.index and told == self._when:
            return one.start > self._base.start and _CORRECTS.match(one.text) is not None
        return bool(self._when) and told > self._when

    def _corrects(self, one: Candidate) -> bool:
        """Whether it is the next message of the same author, and begins as a correction does."""
        base = self._base
        if base.index != one.index or one.start < base.end:
            return False
        author, other = _AUTHOR.match(base.text), _AUTHOR.match(one.text)
        if not author or not other or author[1] != other[1]:
            return False
        between = self._pages[one.index].text[base.end : min(one.start, base.end + _BETWEEN)]
        next_one = one.start - base.end < _BETWEEN and f"] {author[1]}:" not in between
        return next_one and _CORRECTS.match(one.text, other.end()) is not None

    def _same_paragraph(self, before: Sequence[Candidate], one: Candidate) -> list[Candidate]:
        """The sentences right before it, of its own paragraph or message."""
        if not before:
            return []
        last = before[-1]
        text = self._pages[one.index].text
        if last.index != one.index or not 0 <= one.start - last.end <= _GAP:
            return []
        gap = text[last.end : one.start]
        if gap.strip(" \n.;*_-") or "\n\n" in gap or ("\n" in gap and has_messages(text)):
            return []
        return list(before[-_MOST_BEFORE:])

    def _sureness(self, one: Candidate, before: Sequence[Candidate], share: float) -> float:
        """How surely it amends the answer; 0 where it does not."""
        text = " ".join(part.text for part in (*before, one))
        changes = speaks_of_change(one) or _AMENDS.search(text)
        if not (changes or any(map(speaks_of_change, before))):
            return 0.0
        sign = self._ranking.sign(one)
        holds = sign.holds >= _HELD or (self._corrects(one) and self._answering.holds_kind(one))
        if self._kind is not None and not holds:
            return 0.0
        anchored = (_has(self._values, one.text) + _has(self._values, text)) / 2
        topic = not _topics(self._base).isdisjoint(_topics(one))
        enough = share >= _WHOLE and self._kind is not None
        if not (topic or enough or (anchored and share >= _ENOUGH)):
            return 0.0
        return share + _ANCHORED * anchored + _ANCHORED * topic + sign.covers

    @cached_property
    def _values(self) -> re.Pattern[str] | None:
        """What finds a name or an amount of the answer that the question has not; None without."""
        question, said = self._ranking.question, self._base.text
        found = {one for one in _NAME.findall(said) if one not in _TIMES}
        if self._kind is None or self._kind.kind not in _PERSONS:
            found.update(_NUMBER.findall(said))
        new = [re.escape(one) for one in sorted(found)[:_MOST_VALUES] if one not in question]
        return re.compile(rf"(?<!\w)(?:{'|'.join(new)})(?!\d)") if new else None


def _has(values: re.Pattern[str] | None, text: str) -> float:
    return float(values is not None and values.search(text) is not None)


def _sureness(pair: tuple[float, Candidate]) -> float:
    return pair[0]


def _topics(one: Candidate) -> set[str]:
    """What it stands under, and what it begins with before a colon, without numbers."""
    told = (one.under, one.label, one.text.partition(":")[0] if ":" in one.text else "")
    found = filter(None, map(_TOPIC.fullmatch, told))
    return {each[1].strip().casefold() for each in found}
