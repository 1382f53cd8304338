"""What a page says without sentences: rows, list items, pairs, lines of code, and their heads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from codexity.analysis.stemming import has_stemmer
from codexity.model import Block, Page
from codexity.outline import COLON, outlined
from codexity.record import Record
from codexity.text import is_label, is_prose, spelled, stems, told, unlinked

_LEAD_CHARS = 200
_CODE_LINE = 400
_ENGLISH = "en"
_COVER = 0.6
_COVER_WHOLE = 0.75
_COVER_NAMED = 0.5
"""Enough for a record whose whole name is asked for: `Water: 22 crowns`."""
_NAME_CHARS = 80
_ALIKE = 3
"""Of more records that fit as well as each other none is the answer, but all."""
_DEGREE = re.compile(r"\bhow (many|much|long|old|far|tall|high|large|big|often|fast|deep|wide)\b")
_FENCE = re.compile(r"`+")
_PLAIN = frozenset({"heading", "paragraph", "quotation"})


def records(page: Page) -> list[Record]:
    """The records of a page, in their order.

    What each stands under (headings, the line that announces it, the item above, the heads of its
    columns) is in `under`; `lead` is the nearest of these, as an answer says it. Where it is not
    known what a page's blocks are, short lines that follow one another are taken for a list.
    """
    return list(_Reading(page).records())


class _Reading:
    """One walk through the blocks of a page, with what they stand under so far."""

    def __init__(self, page: Page) -> None:
        self._text = page.text
        self._title = page.title
        self._known = bool(page.blocks)
        self._blocks = outlined(page)
        self._path: list[Block] = []
        self._items: list[Block] = []
        self._lead = ""
        self._noted: Block | None = None
        self._group = 0

    def records(self) -> Iterator[Record]:
        before: Block | None = None
        for block, following in zip(self._blocks, [*self._blocks, None][1:], strict=True):
            if block.kind in _PLAIN:
                self._note(block)
            elif not self._is_head(block, following):
                self._continue(before, block)
                yield from self._of(block)
            before = block

    def _note(self, block: Block) -> None:
        self._items.clear()
        self._noted = block
        if block.kind == "heading":
            self._path = [one for one in self._path if one.level < block.level]
            self._path.append(block)

    def _announced(self, block: Block) -> str:
        """What a block says, if it announces what follows it."""
        said = self._said(block)
        short = block.kind != "heading" and len(said) <= _LEAD_CHARS
        leads = short and (said.endswith(COLON) or (is_label(said) and not is_prose(said)))
        return said if leads else ""

    def _continue(self, before: Block | None, block: Block) -> None:
        if self._noted is not None:  # most paragraphs have no record behind them
            self._lead, self._noted = self._announced(self._noted), None
        elif before is not None and before.kind == "row" != block.kind:
            self._lead = ""  # what announces a table says nothing of what follows it
        same = before is not None and before.kind == block.kind and before.header == block.header
        if not same or block.kind == "code":
            self._group += 1
        if not same and block.kind != "item":
            self._items.clear()
        if block.kind == "item":
            self._items = [one for one in self._items if one.level < block.level]

    def _is_head(self, block: Block, following: Block | None) -> bool:
        """Whether it is the row of the heads that the rows behind it have."""
        if block.kind != "row":
            return False
        behind = following.header if following is not None and following.kind == "row" else ()
        return bool(behind and not block.header) or tuple(self._cells(block)) == block.header

    def _of(self, block: Block) -> Iterator[Record]:
        if block.kind == "code":
            yield from self._lines(block)
            return
        said = self._said(block)
        if block.kind == "item":
            announced = self._lead.endswith(COLON) or bool(self._items)
            if not is_prose(said) or announced:
                told = f"{block.marker} {said}" if block.marker else said
                yield self._record(block, block.start, told)
            self._items.append(block)
            return
        cells = tuple(self._cells(block))
        if block.kind == "pair" and len(cells) == 2:
            said = headed(cells[:1], cells[1:])
        elif block.header and cells:
            said = headed(block.header, cells)
        yield self._record(block, block.start, said)

    def _lines(self, block: Block) -> Iterator[Record]:
        if not self._known:
            return
        start = block.start
        for line in self._text[block.start : block.end].split("\n"):
            if (bare := line.strip()) and len(bare) <= _CODE_LINE:
                shown = bare.removeprefix("$ ").removeprefix(">>> ")
                fence = "`" * (max(map(len, _FENCE.findall(shown)), default=0) + 1)
                told = f"{fence}{shown}{fence}" if len(fence) == 1 else f"{fence} {shown} {fence}"
                yield self._record(block, start + len(line) - len(line.lstrip()), told, text=bare)
            start += len(line) + 1

    def _record(self, block: Block, start: int, said: str, text: str = "") -> Record:
        headings = [unlinked(self._said(one)) for one in self._path]
        above = [self._said(one) for one in self._items if one is not block]
        nearest = next(
            (one for one in reversed((*headings, self._lead, *above)) if one), self._title
        )
        lead = "" if block.kind == "row" and block.header else nearest.rstrip(":： ")
        return Record(
            kind=block.kind,
            start=start,
            text=text or self._text[block.start : block.end],
            said=said,
            lead="" if lead == said else lead,
            under=" ".join((self._title, *headings, self._lead, *above, *block.header)),
            name=self._name(block),
            entry=above[-1] if above else "",
            group=self._group,
            known=self._known,
        )

    def _said(self, block: Block) -> str:
        return " ".join(self._text[block.start : block.end].split())

    def _name(self, block: Block) -> str:
        if block.kind == "code":
            return ""
        if block.cells:
            return next(iter(self._cells(block)))
        name, colon, _ = self._said(block).replace("：", ":").partition(":")
        return name if colon and len(name) <= _NAME_CHARS else ""

    def _cells(self, block: Block) -> Iterable[str]:
        return (" ".join(self._text[start:end].split()) for start, end in block.cells)


def headed(heads: Sequence[str], cells: Sequence[str]) -> str:
    """Cells behind their heads, empty ones left out: `Name: Per Holm, Room: 2.09`."""
    named = (*heads, *[""] * len(cells))
    return ", ".join(
        f"{head.rstrip(':： ')}: {cell}" if head.strip() else cell
        for head, cell in zip(named, cells, strict=False)
        if cell.strip()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Records that may answer a question: one or a few, or a `whole` list or table.

    `cover` is the share of what is asked that they and what they stand under hold; `own` how many
    stems of it stand in one of them.
    """

    records: tuple[Record, ...]
    cover: float
    own: int
    whole: bool


def telling(question: str, every: Sequence[Record], language: str | None = None) -> list[Telling]:
    """The records that may answer a question, the best first; `language` is that of their page.

    They and what they stand under hold most of what is asked, and all of its numbers, and say
    something besides; half is enough where all that a record is about is asked for. A list or a
    table of which no part is asked for tells as a whole.
    """
    language = language or told(question) or _ENGLISH
    every = of_what_is_named(question, every, language)
    if not every:
        return []
    asked = _Asked(question, language)
    found = [
        one
        for _, run in groupby(every, key=lambda record: (record.group, record.known))
        if (one := asked.of(list(run)))
    ]
    return sorted(found, key=lambda one: (-one.cover, one.whole, -one.own))


def of_what_is_named(question: str, every: Sequence[Record], language: str) -> Sequence[Record]:
    """The records without those of another entry of a list than the question names.

    Of a list of people a question for one is not answered by what stands below the other.
    """
    entries = (stems(entry, language) for entry in {one.entry for one in every if one.entry})
    asked = frozenset(stems(question, language))
    named = asked.intersection(chain.from_iterable(entries))
    if not named:
        return every
    return [
        one
        for one in every
        if not one.entry or not named.isdisjoint(stems(f"{one.under} {one.text}", language))
    ]


class _Asked:
    """A question's stems and numbers, to hold records against."""

    def __init__(self, question: str, language: str) -> None:
        degrees = {stem for one in _DEGREE.findall(question.lower()) for stem in stems(one)}
        self._language = language
        self._words = [word for word in stems_of_words(question, language) if not word <= degrees]
        self._stems = frozenset(chain.from_iterable(self._words))
        self._numbers = frozenset(one for one in self._stems if one.isdigit())
        self._above: dict[str, frozenset[str]] = {}

    def of(self, run: Sequence[Record]) -> Telling | None:
        """What of records that stand together tells, if anything does."""
        if not self._stems:
            return None
        ranks = [(self._rank(one), one) for one in run]
        top = max(rank for rank, _ in ranks)
        best = [one for rank, one in ranks if rank == top and any(top)]
        cover, beside, own = top
        alone = beside > 0 or run[0].kind != "code"  # commands belong together
        enough = _COVER_NAMED if all(map(self._is_named, best)) else _COVER
        if best and alone and cover >= enough and len(best) <= _ALIKE:
            return Telling(records=tuple(best), cover=cover, own=own, whole=False)
        above = self._under(run[0])
        cover = self._cover(above)
        if cover < _COVER_WHOLE or not self._numbers <= above or not run[0].known:
            return None
        return Telling(
            records=tuple(best if alone and best else run), cover=cover, own=0, whole=True
        )

    def _rank(self, one: Record) -> tuple[float, int, int]:
        """How much of what is asked it holds, in all, beside what it stands under, and itself."""
        own, above = frozenset(stems(one.text, self._language)), self._under(one)
        asked = own & self._stems
        if not asked or not own - self._stems or not self._numbers <= own | above:
            return 0.0, 0, 0
        return self._cover(own | above), len(asked - above), len(asked)

    def _under(self, one: Record) -> frozenset[str]:
        if one.under not in self._above:
            self._above[one.under] = frozenset(stems(one.under, self._language))
        return self._above[one.under]

    def _cover(self, held: frozenset[str]) -> float:
        return covered(self._words, held)

    def _is_named(self, one: Record) -> bool:
        """Whether all that it is about is asked for."""
        name = stems_of_words(one.name, self._language)
        return bool(name) and not any(map(self._stems.isdisjoint, name))


def covered(asked: Sequence[frozenset[str]], held: Iterable[str]) -> float:
    """The share of the words asked for that are held, each in any of its stems."""
    every = frozenset(held)
    return sum(not word.isdisjoint(every) for word in asked) / max(1, len(asked))


def stems_of_words(text: str, language: str) -> list[frozenset[str]]:
    """The stems of each word: where those of another language follow English's, one is enough."""
    if not has_stemmer(language):
        return [frozenset((one,)) for one in dict.fromkeys(stems(text, language))]
    every = (frozenset(stems(word, language)) for word in spelled(text))
    return [word for word in dict.fromkeys(every) if word]
