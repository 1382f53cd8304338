"""The shortening step: as few of what is ranked as answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codexity.analysis.unspaced import alone
from codexity.likeness import says_otherwise
from codexity.model import Evidence
from codexity.naming import led_to
from codexity.question_kind import asked_for

from .amending import amended
from .answering import Answering
from .bridging import led_on, other_part, reached
from .candidates import Candidate
from .favouring import apposes
from .kinds import asks_how, asks_no_number
from .newest import newest
from .ranking import Ranking

_MEANT = 0.7
"""What is as near as this in meaning speaks of what is asked, whatever words it has."""
_FULL_STOPS = (".", "!", "。")
_FEW_WORDS = 2
_ALIKE = 0.7
"""Two sentences that share more of their stems say the same."""
_NAME = re.compile(r"\b[A-Z][\w’-]{2,}")
_MOST = 3
_NAMED = 0.6
_LOOKED_AT = 30
_NEAR = 0.92
_NEAR_UNSURE = 0.65
_SURE = 0.75
_ADDS = 0.3
_SPEAKS = 0.4
_RELATED = 0.25
_OR = re.compile(r"\b(?:or|oder|ou|o)\b|或|还是", re.IGNORECASE)
_WHETHER = re.compile(
    r"^\W*(?:is|are|am|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have"
    r"|ist|sind|darf|kann|muss|est-ce|peut-on|puedo|hay)\b|\b(?:or|oder|ou)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:no|not|none|never|nobody|nothing|without|cannot)\b|n['’]t\b", re.IGNORECASE
)
_WHICH_YEAR = re.compile(r"\b(?:next|last|this|coming) (?:year|season|month)\b", re.IGNORECASE)
_PERSONS = frozenset(("doer", "person", "named"))
_NUMBERING = "0123456789.) "
_MOSTLY = 0.5
_HELD = 0.95
_NUMBERED = re.compile(r"\d{1,2}[.)]? (?=[^\W\d_]+ [^\W\d_])")
"""The number of a paragraph before its name: `4 spring market`."""
_SAYS = 0.05
"""What is said second holds so much of the question itself, without its headings and title."""


def sayable(ranking: Ranking) -> list[Candidate]:
    """What an answer may say, the best first, nothing twice: what tells, and what speaks of it."""
    looked_for = ranking.asked
    if not any(looked_for.intersection(one.stems) for one in ranking.every):
        looked_for = frozenset(alone(ranking.question))
    fits = [
        one
        for one in ranking.best
        if one.tells
        or ((_is_said(one) or one.shown) and ranking.sign(one).near >= _MEANT)
        or (_is_said(one) and looked_for.intersection((*one.stems, *one.heading)))
        or (one.shown and looked_for.intersection(one.shown))
        or _tells_kind(ranking, one)
    ]
    headings = {one.under for one in ranking.every}
    fits = [one for one in fits if not _only_names(ranking, one, headings)] or fits
    return _spread(ranking, fits or [one for one in ranking.best if one.prose] or ranking.best)


def _is_said(one: Candidate) -> bool:
    """Whether it is a sentence, be it of few words, such as `Herons eat fish`."""
    return one.prose or (one.text.endswith(_FULL_STOPS) and len(one.stems) >= _FEW_WORDS)


def _tells_kind(ranking: Ranking, one: Candidate) -> bool:
    """Whether a line that is no sentence has most of the question, and what it asks for.

    A title only names its page, and no line tells which of two years it is of.
    """
    sign = ranking.sign(one)
    return (
        asked_for(ranking.question) is not None
        and not one.shown
        and sign.covers >= _MOSTLY
        and sign.holds >= _HELD
        and len(one.stems) > _FEW_WORDS
        and not ranking.is_title(one)
        and not _WHICH_YEAR.search(ranking.question)
    )


def _heads_and_tells(ranking: Ranking, one: Candidate, bare: str) -> bool:
    """Whether a line that heads others tells more than of what they are: a figure, what is not."""
    kind = asked_for(ranking.question)
    if kind is None or not _tells_kind(ranking, one):
        return False
    if kind.kind in _PERSONS:
        return apposes(ranking.question, one.text)
    return any(map(str.isdigit, bare)) or ": " in bare or _DENIES.search(bare) is not None


def _spread(ranking: Ranking, fits: Sequence[Candidate]) -> list[Candidate]:
    """The same, the best first, nothing twice; what speaks of those that the best names comes up.

    That is the second document of a question which takes two.
    """
    if not fits:
        return []
    first = fits[0]
    names = ranking.stems_of(" ".join(_NAME.findall(first.text))) - ranking.asked_plain
    rest = sorted(
        fits[1:_LOOKED_AT],
        key=lambda one: (
            -ranking.weight(one)
            - _NAMED * (one.index != first.index and not names.isdisjoint(one.stems))
        ),
    )
    chosen = [first]
    for one in rest:
        if not said(one, chosen):
            chosen.append(one)
    return chosen


def _only_names(ranking: Ranking, one: Candidate, headings: set[str]) -> bool:
    """Whether a candidate says nothing but what is asked, or heads others.

    Whether it is so, or which of two, may be answered in the words of the question alone.
    """
    bare = one.text.lstrip(_NUMBERING)
    if one.text in headings or bare in headings:
        return not _heads_and_tells(ranking, one, bare)
    confirms = _WHETHER.search(ranking.question) and (
        len(one.stems) > _FEW_WORDS or _DENIES.search(one.text)
    )
    numbered = _NUMBERED.match(one.text) if asks_no_number(ranking.question) else None
    stems = ranking.stems_of(one.text[numbered.end() :]) if numbered else one.stems
    return not confirms and ranking.asked_plain.issuperset(stems)


def said(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether what is chosen says it already."""
    mine = set(one.stems)
    for other in chosen:
        theirs = set(other.stems)
        if one.text == other.text or one.text.rstrip(":：") == other.label:
            return True
        if one.index == other.index and one.start < other.end and other.start < one.end:
            return True
        near = len(mine & theirs) > _ALIKE * len(mine | theirs)
        if near and not says_otherwise(one.text, other.text):
            return True
    return False


def shortened(ranking: Ranking, evidence: Sequence[Evidence], most: int) -> list[Candidate]:
    """The best, and what adds to it: a newer value, another part of the question.

    Where the best holds little of what is asked, what comes near it is said as well.
    """
    pages = {one.source.index: one.page for one in evidence}
    answering = Answering(ranking, evidence)
    ranked = sayable(ranking)
    chosen = amended(ranking, newest(ranking, ranked, answering, pages), answering, pages)
    if not chosen:
        return reached(ranking, answering)[:most]
    if len(chosen) < min(_MOST, most) and (one := led_on(ranking, chosen, answering)):
        title = pages[one.index].title
        about = led_to(chosen[0].text, [title], ranking.question) is not None
        chosen.insert(0 if about else len(chosen), one)  # the page about it tells of it first
    if len(chosen) < min(_MOST, most) and (one := other_part(ranking, chosen, answering)):
        chosen.append(one)
    if asks_how(ranking.question):
        chosen = [ranking.going_on(one) for one in chosen]
    for one in ranked:
        if len(chosen) >= min(_MOST, most):
            break
        if not said(one, chosen) and _adds(ranking, one, chosen, answering):
            chosen.append(one)
    return chosen[:most]


def _adds(
    ranking: Ranking, one: Candidate, chosen: Sequence[Candidate], answering: Answering
) -> bool:
    """Whether a candidate says of what is asked what those that are chosen do not."""
    best = chosen[0]
    share = ranking.weight(one) / (ranking.weight(best) or 1.0)
    told = frozenset[str]().union(*(ranking.held(other) for other in chosen))
    new = ranking.mass.share(ranking.held(one) | told) - ranking.mass.share(told)
    own = ranking.sign(one).within
    if best.shown and one.shown and best.index == one.index and _OR.search(ranking.question):
        return False  # which of two rows it is, is asked
    if new >= _ADDS and own >= _SPEAKS:
        return answering.may_complete(one)
    if own < _RELATED or (best.tells and one.shown and not one.tells):
        return False
    if ranking.sign(one).covers < _SAYS or not answering.may_add(one, best):
        return False
    sure = ranking.sign(best).within >= _SURE and ranking.sign(best).holds > 0
    return share >= (_NEAR if sure else _NEAR_UNSURE)
