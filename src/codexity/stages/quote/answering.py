"""The last gate: whether a sentence that fits best answers, or only speaks of the subject."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from codexity.model import LIBRARY, STARTER, Evidence, Page
from codexity.question_kind import AskedFor, asked_for

from .candidates import Candidate
from .contrary import Contrary
from .denial import asks_what_is_not, denies_anything
from .favouring import apposes, asks_whether, is_exact
from .ranking import Ranking
from .reasons import gives_reason
from .straying import does_something_else, names_only_the_subject, strays
from .weights import LEAST_HELD

_HELD: Final = 0.95
_NAMED: Final = 1.5
_MAIN: Final = 0.5
"""What names and code of a question weigh, and what its other telling words do, at least."""
_SAID: Final = 0.5
_ROLE: Final = 0.85
_ABOVE: Final = 0.8
_TOLD_OTHERWISE: Final = frozenset(("date", "doer"))
"""Kinds of which an answer need not have one: `when` may be answered by what comes before it."""
_LOOSE: Final = frozenset(("doer",))
"""Kinds that much may stand for."""
_FEW: Final = 3
_REPEATED: Final = 0.6
"""A sentence that says so much of the question speaks of the very thing."""
_LONG: Final = 8
_WHO_IS: Final = re.compile(r"\bwho(?:['’]s| (?:is|are|was|were))\b", re.IGNORECASE)
_OR: Final = re.compile(r"\b(?:or|and|oder|und|ou|et|o|y)\b|或|还是|和|か", re.IGNORECASE)
_WHY: Final = re.compile(r"\bwhy\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What speaks for a candidate's being the answer, each from 0 to 1.

    `own` is the share of the question that it says, `led` with the nearest heading, `above` with
    all headings and the title, `beside` with its neighbours as well; `every` the share of the
    telling words, by number. `fits`, `passage`, `source`, `agrees`, `tells`, `leans` and
    `elsewhere` are those of `Signs`. Of what the question asks for it `holds` one, or what is
    `vague`, or it `lacks` one; `suits` where no kind is told, or a loose one. `unnamed`: a name, a
    number or a word of code is nowhere near; `unroled`: it does not say all of the role;
    `reasoned`, `unreasoned`: asked why it gives a reason, or none; `repeats`: it says what is asked
    about again, without what is asked for; `strays`, `undone` and `bare`: it is about something
    else, or only names the thing that is asked about, see `straying`; `contrary`: it is about
    another number or time, or the contrary. `headed`: what it stands under says all of the
    question, and it has what is asked for, of an exact kind; `whether` is asked if something is
    so; `apposed`: a name stands beside the role that is asked for. Where it is asked what is not
    so, it `denies` something, or only `affirms`. `long` is the question, of which one sentence says
    less then.
    """

    own: float
    led: float
    above: float
    beside: float
    every: float
    fits: float
    passage: float
    source: float
    agrees: float
    tells: float
    leans: float
    elsewhere: float
    holds: float
    vague: float
    lacks: float
    suits: float
    unnamed: float
    unroled: float
    reasoned: float
    unreasoned: float
    repeats: float
    strays: float
    undone: float
    bare: float
    headed: float
    whether: float
    apposed: float
    denies: float
    affirms: float
    contrary: float
    long: float


NAMES: Final = tuple(one.name for one in fields(Grounds))
FITTED: Final = {
    "own": 0.83,
    "led": 1.02,
    "above": 1.11,
    "beside": 0.61,
    "every": 1.33,
    "fits": 2.79,
    "passage": 1.96,
    "source": 2.03,
    "agrees": 0.04,
    "tells": 1.53,
    "leans": 0.85,
    "elsewhere": -0.04,
    "holds": 0.11,
    "vague": -3.09,
    "lacks": -3.74,
    "suits": 0.63,
    "unnamed": -0.71,
    "unroled": -0.52,
    "reasoned": 1.0,
    "unreasoned": -7.0,
    "repeats": -5.0,
    "strays": -2.5,
    "undone": -2.5,
    "bare": -3.0,
    "headed": 1.0,
    "whether": 0.2,
    "apposed": 1.5,
    "denies": 0.5,
    "affirms": -2.5,
    "contrary": -6.0,
    "long": 1.18,
}
"""What each counts, fitted by bench/fit_answering.py on the tuned halves."""
BIAS: Final = -8.69
_SURE: Final = 0.0
"""A sentence of somebody's own documents or of the starter has to be surer than even odds."""
_SURE_OF_STARTER: Final = 1.4
"""One of the starter collection more so: it is asked whatever the question is about."""
_BEHIND: Final = 1.5
_FAR_BEHIND: Final = 2.0
_NEARLY: Final = 1.3
"""Of 128 sentences behind a right one some 80 are left out, of 23 that it needs 4."""
_FOUND: Final = -2.0
"""One of a page of the web less so: a search engine has chosen the page for this question."""


class Answering:
    """What is asked of a sentence before it may be the answer."""

    def __init__(self, ranking: Ranking, evidence: Sequence[Evidence]) -> None:
        self._needed = {one.source.index: _least(one.page) for one in evidence}
        self._ranking = ranking
        self._sure: dict[tuple[int, int, int, str], float] = {}
        self._kind = asked_for(ranking.question)
        self._loose = self._kind is not None and self._kind.kind in _LOOSE
        self._choice = _OR.search(ranking.question) is not None
        self._role = _WHO_IS.search(ranking.question) is not None
        self._denied = asks_what_is_not(ranking.question)
        self._whether = asks_whether(ranking.question)
        self._why = _WHY.search(ranking.question) is not None
        self._contrary = Contrary(ranking.question, ranking.mass.words)

    def answers(self, one: Candidate) -> bool:
        """Whether what speaks for it is enough to say it as the answer."""
        return self.sureness(one) > self._needed[one.index]

    def may_add(self, one: Candidate, best: Candidate) -> bool:
        """Whether it is sure enough to stand behind an answer: nearly as sure as that is."""
        least = max(self._needed[one.index] - _BEHIND, self.sureness(best) - _NEARLY)
        return self.sureness(one) > least

    def may_complete(self, one: Candidate) -> bool:
        """The same of what says a part of the question that the answer does not: less is enough."""
        return self.sureness(one) > self._needed[one.index] - _FAR_BEHIND

    def holds_kind_of(self, part: str, one: Candidate) -> bool:
        """Whether it has one of the kind that a part of the question asks for, if that tells it."""
        kind = asked_for(part)
        return kind is None or _holds(kind, one, self._ranking.question)

    def holds_kind(self, one: Candidate) -> bool:
        """Whether it has one of the kind that is asked for."""
        return self._kind is not None and _holds(self._kind, one, self._ranking.question)

    def sureness(self, one: Candidate) -> float:
        """What speaks for it, weighed; above 0 it more likely answers than not."""
        place = (one.index, one.start, one.end, one.label)
        if place not in self._sure:
            found = self.grounds(one)
            weighed = math.fsum(FITTED[name] * getattr(found, name) for name in NAMES)
            self._sure[place] = BIAS + weighed
        return self._sure[place]

    def grounds(self, one: Candidate) -> Grounds:
        """What speaks for a candidate's being the answer."""
        ranking, sign = self._ranking, self._ranking.sign(one)
        mass, words = ranking.said, ranking.said.words
        own, led, above, beside = ranking.rows(one)
        meant = ranking.meant(one)
        main = [at for at, word in enumerate(words) if word.weight >= _MAIN]
        named = [beside[at] >= _SAID for at, word in enumerate(words) if word.weight >= _NAMED]
        every = sum(above[at] >= _SAID for at in main) / max(1, len(main))
        asks = self._kind is not None
        names = [word.text.lower() for word in words]
        reasoned = self._why and self._gives_reason(one)
        own_said, said = (dict(zip(names, row, strict=True)) for row in (own, beside))
        return Grounds(
            own=_filled(mass.of_row(own), meant),
            led=_filled(mass.of_row(led), meant),
            above=_filled(mass.of_row(above), meant),
            beside=_filled(mass.of_row(beside), meant),
            every=_filled(every, meant),
            fits=max(sign.fits, meant),
            passage=max(sign.passage, meant),
            source=sign.source,
            agrees=sign.agrees,
            tells=sign.tells,
            leans=sign.leans,
            elsewhere=sign.elsewhere,
            holds=float(asks and sign.holds >= _HELD),
            vague=float(asks and LEAST_HELD <= sign.holds < _HELD),
            lacks=float(asks and sign.holds < LEAST_HELD),
            suits=0.0 if asks and not self._loose else sign.holds,
            unnamed=float(bool(named) and not (any if self._choice else all)(named)),
            unroled=float(self._role and mass.of_row(above) < _ROLE),
            reasoned=float(reasoned),
            unreasoned=float(self._why and not reasoned),
            repeats=float(mass.of_row(own) >= _REPEATED and self._only_repeats(one)),
            strays=float(strays(ranking.question, one.text, said, own_said)),
            undone=float(does_something_else(ranking.question, said)),
            bare=float(
                not self._why
                and names_only_the_subject(ranking.question, words, ranking.subject(one), beside)
            ),
            headed=float(every >= 1 and self._is_headed(one, mass.of_row(own), mass.of_row(above))),
            whether=float(self._whether),
            apposed=float(asks and sign.holds >= _HELD and apposes(ranking.question, one.text)),
            denies=float(self._denied and denies_anything(one.text)),
            affirms=float(
                self._denied and not denies_anything(f"{one.under} {one.label} {one.text}")
            ),
            contrary=float(self._is_contrary(one)),
            long=min(1.0, max(0, len(main) - _FEW) / _LONG),
        )

    def _is_headed(self, one: Candidate, own: float, above: float) -> bool:
        """Whether its headings say what is asked about, and it has that, of an exact kind."""
        exact = self._kind is not None and is_exact(self._kind.kind)
        holds = self._ranking.sign(one).holds >= _HELD
        return exact and holds and above >= _ABOVE and own < _SAID

    def _is_contrary(self, one: Candidate) -> bool:
        contrary = self._contrary
        return contrary.may_be and contrary.is_said(
            *self._ranking.texts(one), record=bool(one.shown)
        )

    def _gives_reason(self, one: Candidate) -> bool:
        ranking = self._ranking
        known = ranking.said.reach | ranking.asked_plain
        return gives_reason(
            ranking.question, one.text, known, ranking.stems_of, record=bool(one.shown)
        )

    def _only_repeats(self, one: Candidate) -> bool:
        """Whether what it says of the very thing holds nothing of the asked kind."""
        if self._kind is None or self._kind.kind in _TOLD_OTHERWISE:
            return False
        return self._ranking.sign(one).holds < LEAST_HELD


def _holds(kind: AskedFor, one: Candidate, question: str) -> bool:
    held = kind.held_by(f"{one.label}: {one.text}", question, record=bool(one.shown))
    return held >= _HELD


def _least(page: Page) -> float:
    """How sure a sentence of a page has to be."""
    if page.url.startswith(f"/library/{STARTER}/"):
        return _SURE_OF_STARTER
    return _SURE if page.via == LIBRARY else _FOUND


def _filled(share: float, meant: float) -> float:
    """A share of the question, with what the meaning stands for of the rest of it."""
    return share + (1 - share) * meant
