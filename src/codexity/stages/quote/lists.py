"""Lists and steps that answer as a whole, and the lists that a sentence announces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from codexity.analysis.asking_words import WEAK
from codexity.model import Block, Evidence, Page
from codexity.outline import COLON, itemised
from codexity.records import covered, stems_of_words
from codexity.synonyms import synonyms
from codexity.text import STOP_WORDS, is_label, is_prose, stemmed_in, stems, told
from codexity.text import words as words_of

from .denial import denies
from .kinds import action, asks_for_many, asks_for_one_of, asks_for_steps

_ENGLISH = "en"
_COVER_STEPS = 0.5
_COVER_MANY = 0.7
MOST_ITEMS = 20
_TELLING = frozenset({"pair", "row", "code"})
"""Blocks that tell something of their own, and announce nothing."""
_NUMBER = re.compile(r"\d{1,3}[.)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The items of a list, in their order, and where the line stands that announces them, if any.

    `cover` is the share of what is asked that its headings and that line hold.
    """

    index: int
    page: Page
    cover: float
    lead: tuple[int, int] | None
    items: tuple[Block, ...]

    @property
    def led_by(self) -> str:
        """The line that announces it."""
        return self.page.text[slice(*self.lead)] if self.lead else ""

    @property
    def numbered(self) -> bool:
        """Whether its items are said by their numbers."""
        return all(_NUMBER.fullmatch(one.marker) for one in self.items)


def listing(question: str, evidence: Sequence[Evidence]) -> Listing | None:
    """The list that answers a question for steps or for many things, if one does."""
    steps, many = asks_for_steps(question), asks_for_many(question)
    if not steps and not many:
        return None
    found = [
        one
        for source in evidence
        for one in _Lists(source.page).within(question, source)
        if one.cover >= (_COVER_STEPS if steps and one.numbered else _COVER_MANY)
        and (many or one.numbered)
    ]
    alike = [one for one in found if denies(one.led_by) == denies(question)]
    return max(
        alike,
        key=lambda one: (one.cover, one.numbered == (steps and not many), -one.index),
        default=None,
    )


def announced(source: Evidence, end: int) -> Listing | None:
    """The list right behind a line that announces it, which ends there."""
    return _Lists(source.page).behind(source, end)


class _Lists:
    """The lists of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._blocks = tuple(itemised(page))
        self._starts = [one.start for one in self._blocks]

    def within(self, question: str, source: Evidence) -> Iterator[Listing]:
        """Those of which the passages have a part, with how much of the question they answer."""
        page = self._page
        language = stemmed_in(page.text, page.language) or told(question) or _ENGLISH
        words = stems_of_words(_without_weak(question), language)
        act = frozenset[str]().union(*stems_of_words(action(question), language))
        seen: set[int] = set()
        for passage in source.passages:
            first = bisect_left(self._starts, passage.start)
            last = bisect_left(self._starts, passage.start + len(passage.text))
            for at in range(first, last):
                if self._blocks[at].kind == "item" and at not in seen:
                    begin, end = self._run(at)
                    seen.update(range(begin, end))
                    if end - begin > 1:
                        under = f"{page.title} {self._under(begin)}"
                        held = frozenset[str]().union(*stems_of_words(under, language))
                        if (
                            not act
                            or self._is_named(begin, words, language)
                            or _does(act, held.union(*self._items(begin, end, language)))
                        ):
                            cover = covered(words, held)
                            if self._is_answer_of(begin, words, language):
                                cover = max(cover, _COVER_MANY)
                            yield self._listing(source, begin, end, cover)

    def _items(self, begin: int, end: int, language: str) -> Iterator[Sequence[str]]:
        for one in self._blocks[begin : min(end, begin + MOST_ITEMS)]:
            yield stems(self._page.text[one.start : one.end], language)

    def _is_named(self, begin: int, asked: Sequence[frozenset[str]], language: str) -> bool:
        """Whether all that the line which announces a list is about is asked for."""
        lead = self._lead(begin)
        name = stems_of_words(self._page.text[slice(*lead)], language) if lead else []
        every = frozenset[str]().union(*asked)
        return bool(name) and not any(map(every.isdisjoint, name))

    def _is_answer_of(self, begin: int, asked: Sequence[frozenset[str]], language: str) -> bool:
        """Whether it stands below a question of the page that is a part of what is asked."""
        heading = next(iter(self._page.headings_at(self._blocks[begin].start)[-1:]), "")
        name = stems_of_words(heading, language) if heading.endswith(("?", "？")) else []
        every = frozenset[str]().union(*asked)
        return bool(name) and not any(map(every.isdisjoint, name))

    def behind(self, source: Evidence, end: int) -> Listing | None:
        at = bisect_left(self._starts, end)
        if at == len(self._blocks) or self._blocks[at].kind not in ("item", "row", "pair"):
            return None
        begin, stop = self._run(at)
        return self._listing(source, begin, stop, 1.0)

    def _listing(self, source: Evidence, begin: int, end: int, cover: float) -> Listing:
        lead = self._lead(begin)
        if self._is_head(begin) and begin + 1 < end:
            begin += 1
        return Listing(
            index=source.source.index,
            page=self._page,
            cover=cover,
            lead=lead,
            items=self._blocks[begin : min(end, begin + MOST_ITEMS)],
        )

    def _is_head(self, at: int) -> bool:
        """Whether it is the row of a table that has the heads of those behind it."""
        behind = self._blocks[at + 1].header if at + 1 < len(self._blocks) else ()
        return self._blocks[at].kind == "row" and not self._blocks[at].header and bool(behind)

    def _under(self, begin: int) -> str:
        lead = self._lead(begin)
        above = self._page.headings_at(self._blocks[begin].start)
        return " ".join((*above, self._page.text[slice(*lead)] if lead else ""))

    def _run(self, at: int) -> tuple[int, int]:
        """The list that a block is in: from which block to which."""
        first = last = at
        while first > 0 and _go_together(self._blocks[first - 1], self._blocks[at]):
            first -= 1
        while last < len(self._blocks) and _go_together(self._blocks[at], self._blocks[last]):
            last += 1
        return first, last

    def _lead(self, first: int) -> tuple[int, int] | None:
        """Where the line stands that announces a list: with a colon, or a label of its own."""
        if first == 0:
            return None
        before = self._blocks[first - 1]
        text = self._page.text[before.start : before.end].rstrip()
        plain = before.kind not in _TELLING
        label = before.kind == "heading" or (plain and is_label(text) and not is_prose(text))
        return (before.start, before.end) if label or text.endswith(COLON) else None


def _without_weak(question: str) -> str:
    """The question without the words that only ask, where several others are left."""
    left = " ".join(one for one in question.split() if one.strip("?,.!").lower() not in WEAK)
    return left if sum(one not in STOP_WORDS for one in words_of(left)) > 1 else question


def _go_together(one: Block, other: Block) -> bool:
    """Whether two blocks are of one list: numbered steps right behind a list of things are not."""
    numbered = [_NUMBER.fullmatch(each.marker) is not None for each in (one, other)]
    return one.kind == other.kind and (one.level != other.level or numbered[0] == numbered[1])


def _does(act: frozenset[str], held: frozenset[str]) -> bool:
    """Whether a list with what stands above it speaks of what is to be done."""
    alike = act.union(*map(synonyms, act))
    return not alike.isdisjoint(held) or any(one.startswith(tuple(act)) for one in held)


_YES = frozenset("yes ja oui sí si x ✓ ✔ true 是".split())
_NO = frozenset("no nein non - – false ✗ ✘ 否".split()) | {""}


def ticked(question: str, evidence: Sequence[Evidence]) -> Listing | None:
    """The rows of a table whose column is named in the question and says yes: `which can do A3`."""
    if not asks_for_one_of(question):
        return None
    for source in evidence:
        page = source.page
        language = stemmed_in(page.text, page.language) or told(question) or _ENGLISH
        words = frozenset[str]().union(*stems_of_words(question, language))
        rows = [
            block
            for block in page.blocks
            if block.kind == "row"
            and block.header
            and any(one.start <= block.start < one.start + len(one.text) for one in source.passages)
        ]
        for header, run in groupby(rows, key=lambda one: one.header):
            if found := _yes(page, header, list(run), words, language):
                return Listing(
                    index=source.source.index, page=page, cover=1.0, lead=None, items=found
                )
    return None


def _yes(
    page: Page, header: tuple[str, ...], rows: Sequence[Block], words: frozenset[str], language: str
) -> tuple[Block, ...]:
    for at, head in enumerate(header):
        named = frozenset[str]().union(*stems_of_words(head, language))
        cells = [_cell(page, row, at) for row in rows]
        if at and named and named <= words and set(cells) <= _YES | _NO and set(cells) & _YES:
            return tuple(row for row, cell in zip(rows, cells, strict=True) if cell in _YES)
    return ()


def _cell(page: Page, row: Block, at: int) -> str:
    return page.text[slice(*row.cells[at])].strip().lower() if at < len(row.cells) else ""
