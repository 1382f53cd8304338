"""The answer without a model: the sources' own sentences that fit the question best, cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from codexity.analysis.unspaced import alone
from codexity.likeness import says_otherwise
from codexity.model import Evidence, Limits, Sentence
from codexity.records import covered, stems_of_words
from codexity.text import asked, stemmed_in, told

from .candidates import BRACKETED, WHOLE, Candidate, candidates
from .weights import holds_number, weights

__all__ = ["quote"]

_ALIKE = 0.7
"""Two sentences that share more of their stems say the same."""
_BESIDES = 4
"""So many sentences are added when the sources use up the wanted number."""
_ENGLISH = "en"
_CONTINUES = re.compile(r"(?:This|These|Those|Such|They|It)\b")


def quote(question: str, evidence: Sequence[Evidence], *, limits: Limits) -> tuple[Sentence, ...]:
    """An answer of the sources' own sentences: the best source first, each in its page's order.

    About `limits.answer_sentences` of them, at least one of each source, none twice; what goes on
    with one (`These are ...`) comes besides. A sentence that explains a definition is led by it. A
    row, an item, a pair or a line of code that answers stands before sentences which hold less of
    the question, said so that it can be understood alone: a row with its heads. What differs in
    facts only (another number, a `not`) is not the same. A
    number in brackets that is the page's own is spaced out (`[ 12 ]`): it is no citation.

    Sentences are weighed by BM25, by their passage, by whether they hold what this kind of
    question asks for, by the heading above them, and by what other sources say as well.
    """
    language = told(question) or _language(evidence)
    every = _weighed(question, candidates(question, evidence), language)
    scores = weights(question, evidence, every, language)
    order = sorted(range(len(every)), key=lambda at: (-scores[at], at))
    ranked = [every[at] for at in order]
    looked_for = frozenset(asked(question, language))
    if not any(looked_for.intersection(one.stems) for one in every):
        looked_for = frozenset(alone(question))
    chosen = _one_of_each(evidence, ranked, looked_for)
    besides = min(_BESIDES, limits.answer_sentences - 1)
    wanted = max(limits.answer_sentences, len(chosen) + besides)
    for one in ranked:
        if len(chosen) >= wanted:
            break
        fits = one.prose and looked_for.intersection(one.stems)
        if (one.tells or fits) and not _said(one, chosen):
            chosen.append(one)
    chosen.extend(_continued(every, chosen))
    chosen.sort(key=lambda one: (one.index, one.start))
    return tuple(_told(chosen))


def _language(evidence: Sequence[Evidence]) -> str | None:
    """The language to look for a question in that does not tell its own: of the best such page."""
    every = (stemmed_in(one.page.text, one.page.language) for one in evidence)
    return next(filter(None, every), None)


def _weighed(question: str, every: Iterable[Candidate], language: str | None) -> list[Candidate]:
    """The candidates; of lists and tables only those that hold as much as the best sentence.

    A sentence without a number does not answer a question for one.
    """
    held = list(every)
    wanted = stems_of_words(question, language or _ENGLISH)
    numbers = holds_number(question)
    rivals = (one for one in held if one.prose and numbers(one.text))
    share = max((covered(wanted, one.stems) for one in rivals), default=0.0)
    return [one for one in held if not one.tells or one.tells + WHOLE >= share]


def _continued(every: Sequence[Candidate], chosen: Sequence[Candidate]) -> Iterator[Candidate]:
    """What goes on with a chosen sentence: `These arguments are ...`; once for a source."""
    told: set[int] = set()
    for one, following in pairwise(every):
        near = 0 <= following.start - one.start - len(one.text) <= 1
        new = one.index not in told and one in chosen and following not in chosen
        if new and near and following.prose and _CONTINUES.match(following.text):
            told.add(one.index)
            yield following


def _one_of_each(
    evidence: Sequence[Evidence], ranked: Sequence[Candidate], looked_for: frozenset[str]
) -> list[Candidate]:
    """The best of each source that is not said yet: what tells, or a sentence that speaks of it.

    A row or an item that speaks of what is asked comes before a sentence that does not.
    """
    chosen: list[Candidate] = []
    for source in evidence:
        own = [one for one in ranked if one.index == source.source.index]
        new = [one for one in own if not _said(one, chosen)] or own
        telling = [one for one in new if one.tells]
        speaking = [one for one in new if looked_for.intersection((*one.stems, *one.heading))]
        best = telling or _prose_of(speaking) or speaking or _prose_of(new) or new
        chosen.extend(best[:1])
    return chosen


def _prose_of(every: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in every if one.prose]


def _said(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    mine = set(one.stems)
    for other in chosen:
        theirs = set(other.stems)
        if one.text == other.text or one.text.rstrip(":：") == other.label:
            return True
        near = len(mine & theirs) > _ALIKE * len(mine | theirs)
        if near and not says_otherwise(one.text, other.text):
            return True
    return False


def _told(chosen: Sequence[Candidate]) -> Iterator[Sentence]:
    label = ""
    for at, one in enumerate(chosen):
        led = f"{one.label}: {one.text}" if one.label and one.label != label else one.text
        label = one.label
        yield Sentence(
            text=BRACKETED.sub(r"[ \1 ]", led),
            index=one.index,
            start=one.start,
            end=one.end,
            before=" " if at else "",
        )
