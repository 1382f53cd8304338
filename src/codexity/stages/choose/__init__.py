"""From passages to numbered sources: the best of each page, within the budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import anyio.to_thread

from codexity import links
from codexity.events import Skipped
from codexity.likeness import differ
from codexity.model import Evidence, Limits, Page, Passage, Source
from codexity.naming import led_to
from codexity.ports import Emit, Ranker
from codexity.records import Telling, telling
from codexity.text import is_prose, stemmed_in, tokens

from .quoting import quotable, quoted

__all__ = ["choose"]

_NEIGHBOUR = 0.3
_GAP = 3
"""Passages with no more characters between them are neighbours: the blank line between blocks."""
_WEAKEST = 0.25
"""A page whose best passage scores less than this part of the best page's is left out."""

_LEADING = 2
"""So many of the best pages may lead to another."""

_MIRROR = 0.9
_TELLS = 0.5
"""A row, an item or a line of code that answers makes its page worth so much more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    passage: Passage
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The passages of one page, the best first; what of its lists and tables answers, if any."""

    passages: tuple[_Ranked, ...]
    told: Telling | None

    @property
    def page(self) -> Page:
        return self.passages[0].passage.page

    @property
    def score(self) -> float:
        return self.passages[0].score


async def choose(  # noqa: PLR0913 - what it chooses from, by what, and within what
    question: str,
    passages: Sequence[Passage],
    *,
    ranker: Ranker,
    limits: Limits,
    max_sources: int,
    emit: Emit | None = None,
) -> tuple[Evidence, ...]:
    """The evidence for a question, best first, its sources numbered from 1 in that order.

    At most `max_sources` pages with at most `limits.max_passages_per_source` passages each, within
    `limits.evidence_tokens` in all (one passage is given in any case). A page far weaker than the
    best one is left out, and so is what has nothing in common with the question: where nothing
    is left, the result is empty. A copy of a better page is left out too, and told through `emit`.
    """
    scores = await ranker.scores(question, passages)
    chosen = partial(_chosen, question, passages, scores, limits, max_sources)
    evidence, copies = await anyio.to_thread.run_sync(chosen)
    if emit is not None and copies:
        why = "What it says of the question, another source says in the same words."
        told = (Skipped(stage="read", what=one.url, why=why, code="duplicate") for one in copies)
        await emit(*told)
    return evidence


def _chosen(
    question: str,
    passages: Sequence[Passage],
    scores: Sequence[float],
    limits: Limits,
    max_sources: int,
) -> tuple[tuple[Evidence, ...], list[Page]]:
    by_page: dict[str, list[_Ranked]] = defaultdict(list)
    for passage, score in zip(passages, scores, strict=True):
        if score > 0:
            by_page[passage.page.url].append(_Ranked(passage=passage, score=score))
    most = limits.max_passages_per_source
    pages = [_found(question, _in_order_of_worth(one)[:most]) for one in by_page.values()]
    pages.sort(key=lambda found: -found.score)
    strong = [found for found in pages if found.score >= _WEAKEST * pages[0].score]
    best, copies = _without_copies(strong)
    informing = _informing(best)
    taken = _with_led_to(
        question, informing[:max_sources], [*informing[max_sources:], *pages[len(strong) :]]
    )
    packed = _packed(taken, limits.evidence_tokens)
    evidence = (_evidence(question, at, found) for at, found in enumerate(packed, start=1))
    return tuple(evidence), copies


def _with_led_to(
    question: str, best: Sequence[_Found], others: Sequence[_Found]
) -> Sequence[_Found]:
    """The best pages; for the last of them one of the others to which the first ones lead."""
    texts = (one.passages[0].passage.text for one in best[:_LEADING])
    titles = [one.page.title for one in others]
    found = (led_to(text, titles, question) for text in texts)
    at = next((at for at in found if at is not None), None)
    if at is None or len(best) <= _LEADING:
        return best
    return [*best[:-1], others[at]]


def _found(question: str, passages: Sequence[_Ranked]) -> _Found:
    """The passages of a page; what holds a record that answers comes first, and is worth more."""
    page = passages[0].passage.page
    language = stemmed_in(page.text, page.language)
    every = [
        (told, one)
        for one in passages
        for told in telling(question, one.passage.records, language)[:1]
    ]
    if not every:
        return _Found(passages=tuple(passages), told=None)
    told, first = max(every, key=lambda pair: (pair[0].cover, not pair[0].whole, pair[0].own))
    score = passages[0].score * (1 + _TELLS * told.cover)
    others = (one for one in passages if one is not first)
    return _Found(
        passages=(_Ranked(passage=first.passage, score=score), *others),
        told=told,
    )


def _in_order_of_worth(found: Sequence[_Ranked]) -> list[_Ranked]:
    """The passages of a page: the best, then the others by score, with a share of a neighbour's.

    What stands beside a passage that fits goes on about the same: measured on 70 questions of an
    FAQ, its answer was in the evidence for 63 instead of 60.
    """
    shared = [one.score for one in found]
    for at, (first, second) in enumerate(pairwise(found)):
        if second.passage.start - first.passage.start - len(first.passage.text) <= _GAP:
            shared[at] = max(shared[at], first.score + _NEIGHBOUR * second.score)
            shared[at + 1] = max(shared[at + 1], second.score + _NEIGHBOUR * first.score)
    best = min(found, key=_best_first)
    others = [
        _Ranked(passage=one.passage, score=score)
        for one, score in zip(found, shared, strict=True)
        if one is not best
    ]
    return [best, *sorted(others, key=_best_first)]


def _best_first(ranked: _Ranked) -> tuple[float, int]:
    return -ranked.score, ranked.passage.start


def _without_copies(pages: Sequence[_Found]) -> tuple[list[_Found], list[Page]]:
    """The pages without copies of a better one, and these; what differs in facts is no copy."""
    told: list[_Found] = []
    copies: list[Page] = []
    seen: list[tuple[frozenset[str], str]] = []
    for found in pages:
        text = found.passages[0].passage.text
        held = frozenset(found.passages[0].passage.stems)
        if any(
            len(held & other) > _MIRROR * len(held | other) and not differ(text, theirs)
            for other, theirs in seen
        ):
            copies.append(found.page)
        else:
            told.append(found)
            seen.append((held, text))
    return told, copies


def _informing(pages: Sequence[_Found]) -> Sequence[_Found]:
    """The pages without mere indexes, where others say more."""
    return [found for found in pages if found.told or _has_prose(found)] or pages


def _has_prose(found: _Found) -> bool:
    return any(
        is_prose(run)
        for one in found.passages
        for run in quotable(one.passage.text, found.page.language)
    )


def _packed(pages: Sequence[_Found], budget: int) -> list[_Found]:
    """The best passage of each page first, then the others by score, as long as they fit."""
    kept: dict[str, list[_Ranked]] = {}
    for found in pages:
        first = found.passages[0]
        cost = tokens(first.passage.text)
        if not kept or cost <= budget:
            kept[found.page.url] = [first]
            budget -= cost
    for ranked in sorted((one for found in pages for one in found.passages[1:]), key=_best_first):
        cost = tokens(ranked.passage.text)
        held = kept.get(ranked.passage.page.url)
        if held is not None and cost <= budget:
            held.append(ranked)
            budget -= cost
    return [
        replace(found, passages=tuple(kept[found.page.url]))
        for found in pages
        if found.page.url in kept
    ]


def _evidence(question: str, index: int, found: _Found) -> Evidence:
    passages = tuple(sorted((one.passage for one in found.passages), key=lambda one: one.start))
    page = found.page
    record = found.told.records[0] if found.told else None
    quote, start = quoted(question, page, passages, record)
    return Evidence(
        source=Source(
            index=index,
            title=page.title,
            url=page.url,
            site=page.site or links.site(page.url),
            published=page.published,
            quote=quote,
            link=links.at_slice(page, start, start + len(quote)),
        ),
        page=page,
        passages=passages,
        score=found.score,
    )
