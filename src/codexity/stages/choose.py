"""From passages to numbered sources: the best of each page, within the budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise

import anyio.to_thread

from codexity import links
from codexity.model import Evidence, Limits, Page, Passage, Source
from codexity.ports import Ranker
from codexity.text import (
    asked,
    blocks,
    is_prose,
    points_elsewhere,
    relevance,
    sentences,
    stems,
    tokens,
)

_QUOTE_AT_LEAST = 40
_QUOTE_AT_MOST = 300
_COVER = 0.5
_LOOKED_AT = 200
"""A page whose passages hold no run so long is looked at only as far as this many that are."""
_NEIGHBOUR = 0.3
_GAP = 3
"""Passages with no more characters between them are neighbours: the blank line between blocks."""
_WEAKEST = 0.25
"""A page whose best passage scores less than this part of the best page's is left out."""

_MIRROR = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    passage: Passage
    score: float


async def choose(
    question: str,
    passages: Sequence[Passage],
    *,
    ranker: Ranker,
    limits: Limits,
    max_sources: int,
) -> tuple[Evidence, ...]:
    """The evidence for a question, best first, its sources numbered from 1 in that order.

    At most `max_sources` pages with at most `limits.max_passages_per_source` passages each, within
    `limits.evidence_tokens` in all (one passage is given in any case). A page far weaker than the
    best one is left out, and so is what has nothing in common with the question: where nothing
    is left, the result is empty.
    """
    scores = await ranker.scores(question, passages)
    chosen = partial(_chosen, question, passages, scores, limits, max_sources)
    return await anyio.to_thread.run_sync(chosen)


def _chosen(
    question: str,
    passages: Sequence[Passage],
    scores: Sequence[float],
    limits: Limits,
    max_sources: int,
) -> tuple[Evidence, ...]:
    by_page: dict[str, list[_Ranked]] = defaultdict(list)
    for passage, score in zip(passages, scores, strict=True):
        if score > 0:
            by_page[passage.page.url].append(_Ranked(passage=passage, score=score))
    pages = [_in_order_of_worth(found) for found in by_page.values()]
    pages.sort(key=lambda found: -found[0].score)
    best = [
        found[: limits.max_passages_per_source]
        for found in pages
        if found[0].score >= _WEAKEST * pages[0][0].score
    ]
    packed = _packed(_telling(best)[:max_sources], limits.evidence_tokens)
    return tuple(_evidence(question, at, found) for at, found in enumerate(packed, start=1))


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


def _telling(pages: Sequence[Sequence[_Ranked]]) -> list[Sequence[_Ranked]]:
    """The pages without mirrors of a better one, and without mere indexes where others say more."""
    told: list[Sequence[_Ranked]] = []
    seen: list[frozenset[str]] = []
    for found in pages:
        held = frozenset(found[0].passage.stems)
        if not any(len(held & other) > _MIRROR * len(held | other) for other in seen):
            told.append(found)
            seen.append(held)
    prose = [found for found in told if any(_has_prose(one.passage.text) for one in found)]
    return prose or told


def _has_prose(text: str) -> bool:
    return any(is_prose(run) for run in _runs(text))


def _packed(pages: Sequence[Sequence[_Ranked]], budget: int) -> list[list[_Ranked]]:
    """The best passage of each page first, then the others by score, as long as they fit."""
    kept: dict[str, list[_Ranked]] = {}
    for found in pages:
        cost = tokens(found[0].passage.text)
        if not kept or cost <= budget:
            kept[found[0].passage.page.url] = [found[0]]
            budget -= cost
    for ranked in sorted((one for found in pages for one in found[1:]), key=_best_first):
        cost = tokens(ranked.passage.text)
        held = kept.get(ranked.passage.page.url)
        if held is not None and cost <= budget:
            held.append(ranked)
            budget -= cost
    return list(kept.values())


def _evidence(question: str, index: int, found: Sequence[_Ranked]) -> Evidence:
    passages = tuple(sorted((one.passage for one in found), key=lambda one: one.start))
    page = passages[0].page
    quote = _quote(question, page, passages)
    at = _place(quote, page, passages)
    runs = links.runs(page, at, at + len(quote))
    return Evidence(
        source=Source(
            index=index,
            title=page.title,
            url=page.url,
            site=page.site or links.site(page.url),
            published=page.published,
            quote=quote,
            link=links.at_quote(page.url, quote, page.number_at(at), runs=runs),
        ),
        page=page,
        passages=passages,
        score=found[0].score,
    )


def _quote(question: str, page: Page, passages: Sequence[Passage]) -> str:
    """The run of the passages that fits best; of the whole page where they have none so long."""
    runs = [run for passage in passages for run in _runs(passage.text)]
    if not any(len(run) >= _QUOTE_AT_LEAST for run in runs):
        runs = list(islice(_long_runs(page.text), _LOOKED_AT)) or runs
    long = [run for run in runs if len(run) >= _QUOTE_AT_LEAST]
    if not long:
        return _shortened(max(runs, key=len))
    bags = [stems(run) for run in long]
    fits = relevance(asked(question), bags)
    most = max(fits) or 1.0
    plain = frozenset(stems(question))

    def worth(at: int) -> tuple[float, bool]:
        prose = is_prose(long[at])
        cover = len(plain.intersection(bags[at])) / max(1, len(plain))
        weight = fits[at] / most + _COVER * cover
        poor = (1.0 if prose else 0.5) * (0.5 if points_elsewhere(long[at]) else 1.0)
        return weight * poor, prose

    return _shortened(long[max(range(len(long)), key=worth)])


def _place(quote: str, page: Page, passages: Sequence[Passage]) -> int:
    """Where the quote stands in the page's text: in the passages, if it is of them."""
    for passage in passages:
        at = passage.text.find(quote)
        if at >= 0:
            return passage.start + at
    return max(0, page.text.find(quote))


def _long_runs(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if len(line.strip()) >= _QUOTE_AT_LEAST:
            yield from _runs(line)


def _runs(text: str) -> Iterator[str]:
    """Runs of text without a line break that may be quoted: lines of code, sentences of prose."""
    for start, end in blocks(text):
        if "\n" in text[start:end]:
            yield from (line.strip() for line in text[start:end].splitlines() if line.strip())
        else:
            yield from _long_enough(text, tuple(sentences(text, start, end)))


def _long_enough(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Sentences of one block, each with so many of its neighbours as it needs to be quoted."""
    for at, (start, end) in enumerate(spans):
        begin, stop, after, before = start, end, at + 1, at - 1
        while stop - begin < _QUOTE_AT_LEAST and after < len(spans):
            stop = spans[after][1]
            after += 1
        while stop - begin < _QUOTE_AT_LEAST and before >= 0:
            begin = spans[before][0]
            before -= 1
        yield text[begin:stop]


def _shortened(run: str) -> str:
    if len(run) <= _QUOTE_AT_MOST:
        return run
    space = run.rfind(" ", _QUOTE_AT_LEAST, _QUOTE_AT_MOST)
    return run[: space if space > 0 else _QUOTE_AT_MOST].rstrip()
