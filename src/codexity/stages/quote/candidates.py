"""What of the sources an answer could say: their sentences, and what each of them stands under."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from codexity.memo import Memo
from codexity.model import Block, Evidence, Page, Passage
from codexity.record import Record
from codexity.records import Telling, of_what_is_named, telling
from codexity.text import stemmed_in, stems, told, unlinked

from .kinds import asks_what_it_is
from .runs import LONGEST, cut, runs

_ENGLISH = "en"
_MOST_TOLD = 3
WHOLE = 0.01
"""A whole list comes behind the one item that fits as well."""
BRACKETED = re.compile(r"\[\s*(\d[\d\s,;:–-]*?)\s*\]")
"""A number in brackets in a page: a footnote of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One run of a source's text that an answer may hold.

    `index` is its source's number, `passage` its passage's place among all that were given, `start`
    and `end` where it stands in the page's text; `label` is the definition that it explains, or
    what leads a record; `heading` are the stems of the headings above it, `under` the nearest of
    them, `shown` the stems of a record with what leads it. `prose` says that it is a sentence,
    `leaning` that it wants one before it which is not there. `tells` is above 0 for rows, items and
    lines of code that may answer: how much of what is asked they and their heads hold. `items` are
    the records of a list or table that answers as a whole.
    """

    index: int
    passage: int
    start: int
    end: int
    label: str
    text: str
    stems: tuple[str, ...]
    heading: frozenset[str]
    prose: bool
    under: str = ""
    shown: frozenset[str] = frozenset()
    leaning: bool = False
    tells: float = 0.0
    items: tuple[Record, ...] = ()

    @property
    def under_heading(self) -> str:
        """What it says, behind what leads or heads it."""
        return ": ".join(dict.fromkeys(filter(None, (self.under, self.label, self.text))))


_SAID: Final = Memo[tuple[Candidate, ...]](8_000_000)
"""The sentences of passages; each counts as much as its whole page."""


class _Headings:
    """The headings of a page whose blocks are known: those that a place stands below."""

    def __init__(self, page: Page) -> None:
        self._text = page.text
        self._every = [one for one in page.blocks if one.kind == "heading"]
        self._starts = [one.start for one in self._every]

    def is_one(self, start: int) -> bool:
        at = bisect_right(self._starts, start)
        return at > 0 and self._starts[at - 1] == start

    def above(self, start: int) -> list[str]:
        """The highest first."""
        path: list[Block] = []
        for at in range(bisect_right(self._starts, start) - 1, -1, -1):
            one = self._every[at]
            if not path or one.level < path[-1].level:
                path.append(one)
            if one.level <= 1:
                break
        return [unlinked(self._text[one.start : one.end]) for one in reversed(path)]


def candidates(question: str, evidence: Sequence[Evidence]) -> Iterator[Candidate]:
    """The runs of all passages, and the records that may answer, in their order."""
    at = 0
    for one in evidence:
        language = stemmed_in(one.page.text, one.page.language)
        every = of_what_is_named(
            question,
            [own for passage in one.passages for own in passage.records],
            language or told(question) or _ENGLISH,
        )
        answering = _few(telling(question, every, language))
        named = frozenset(own.start for own in every)
        if not any(map(str.isspace, question.strip())) or asks_what_it_is(question):
            answering = [found for found in answering if not found.whole]
        headings = _Headings(one.page)
        for passage in one.passages:
            # A sentence alone is too short to tell its language.
            spoken = language or told(passage.text) or _ENGLISH
            sayable = [own for own in passage.records if own.start in named]
            found = (
                *_sentences(one, passage, at, headings, spoken),
                *_records(one, sayable, at, answering, spoken),
            )
            yield from sorted(found, key=lambda run: run.start)
            at += 1


def _few(every: Sequence[Telling]) -> list[Telling]:
    """The best of them, and of whole lists and tables but the best one."""
    whole = [found for found in every if found.whole]
    return [found for found in every if not found.whole or found is whole[0]][:_MOST_TOLD]


def _sentences(
    one: Evidence, passage: Passage, at: int, headings: _Headings, language: str
) -> Iterator[Candidate]:
    """The sentences and lines of a passage, which are the same for each question."""
    said = _SAID.of(
        one.page,
        lambda: tuple(_said(one.page, passage, headings, language)),
        given=(passage.start, len(passage.text), language),
    )
    return (replace(run, index=one.source.index, passage=at) for run in said)


def _said(page: Page, passage: Passage, headings: _Headings, language: str) -> Iterator[Candidate]:
    under, heading = "", frozenset[str]()
    # The head of a table is none of its rows, nor does it head what follows the table.
    known = {block.start: block.kind for block in page.blocks if block.kind == "row"}
    known |= {own.start: own.kind for own in passage.records if own.known}
    every = list(runs(passage.text, page.language or language))
    kinds = [known.get(passage.start + run.start, "") for run in every]
    if page.blocks:
        path = headings.above(passage.start)
        under, heading = path[-1] if path else "", frozenset(stems(" ".join(path), language))
    of_pair = False
    for number, run in enumerate(every):
        place = passage.start + run.start
        if run.heads:
            # A pair tells something of its own: what follows it is not what it means.
            of_pair = kinds[number] == "pair"
        named = headings.is_one(place)
        if named:
            path = headings.above(place)
            under, heading = path[-1], frozenset(stems(" ".join(path), language))
        elif _asks(run.text) or (run.heads and run.text[0].isalnum() and _heads(kinds, number)):
            path = headings.above(place)
            under = unlinked(run.text)
            heading = frozenset(stems(" ".join((*path, run.text)), language))
        if place in known:
            continue
        label = "" if of_pair else run.label
        yield Candidate(
            index=0,
            passage=0,
            start=place,
            end=passage.start + run.end,
            label=label,
            text=run.text,
            stems=stems(f"{label} {run.text}", language),
            heading=heading,
            prose=run.prose and not named and not _asks(run.text) and run.text != page.title,
            under="" if named else under,
            leaning=run.leaning,
        )


def _heads(kinds: Sequence[str], at: int) -> bool:
    """Whether a label heads what follows it: no row, and no item of a list of several."""
    beside = (*kinds[max(0, at - 1) : at], *kinds[at + 1 : at + 2])
    return not kinds[at] or (kinds[at] == "item" and "item" not in beside)


def _records(
    one: Evidence, every: Sequence[Record], at: int, tellings: Sequence[Telling], language: str
) -> Iterator[Candidate]:
    """A passage's records; a list or table that answers as a whole is one."""
    answering = {own.start for found in tellings for own in found.records}
    for found in tellings:
        within = [own for own in found.records if own in every]
        if found.whole and within:
            yield _candidate(one, within, at, found.cover - WHOLE, language)
        elif not found.whole:
            yield from (_candidate(one, (own,), at, found.cover, language) for own in within)
    for own in every:
        if own.known and own.start not in answering:
            yield _candidate(one, (own,), at, 0.0, language)


def _candidate(
    one: Evidence, said: Sequence[Record], at: int, tells: float, language: str
) -> Candidate:
    first, shown = said[0], list(_shown(said))
    text = cut("; ".join(own.said for own in shown))
    return Candidate(
        index=one.source.index,
        passage=at,
        start=first.start,
        end=shown[-1].start + len(shown[-1].text),
        label=first.lead,
        text=text,
        stems=stems(text, language),
        heading=frozenset(stems(first.under, language)),
        prose=False,
        under=first.lead,
        shown=frozenset(stems(f"{text} {first.lead}", language)),
        tells=tells,
        items=tuple(said) if len(said) > 1 else (),
    )


def _shown(said: Sequence[Record]) -> Iterator[Record]:
    """The first records, as many as an answer says of them."""
    chars = 0
    for own in said:
        if chars > LONGEST:
            break
        chars += len(own.said)
        yield own


def _asks(text: str) -> bool:
    """Whether it is a question itself: a heading of an FAQ, a title of a forum's page."""
    return unlinked(text).endswith("?")
