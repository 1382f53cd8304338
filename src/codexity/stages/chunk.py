"""From a page to its passages, each with its stems and records."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from codexity.analysis.parts import whole
from codexity.model import Block, Page, Passage
from codexity.passages import slices
from codexity.record import Record
from codexity.records import records
from codexity.text import stemmed_in, stems, told

_ENGLISH = "en"


def chunk(
    page: Page, *, words: int, checkpoint: Callable[[], None] | None = None
) -> tuple[Passage, ...]:
    """The page's passages of about `words` words, in order, each with its stems and records.

    Every passage is a verbatim slice, see `slices`. What goes on under a heading or a definition
    of the passage before has the stems of that as well, and so have rows those of their heads.

    `checkpoint` is called before each passage; what it raises ends the work.
    """
    passages: list[Passage] = []
    said = _Said(page)
    language = stemmed_in(page.text, page.language)
    for one in slices(page, words=words):
        if checkpoint is not None:
            checkpoint()
        text = page.text[one.start : one.end]
        own = said.records(one.start, one.end)
        # Labels and headings are too short to tell their language.
        spoken = language or told(text) or _ENGLISH
        known = (*stems(text, spoken), *(stems(one.label, spoken) if one.label else ()))
        if full := " ".join(whole(text, spoken)):
            known = (*known, *stems(full, spoken))
        over = " ".join((*one.headings, *said.heads(own)))
        if above := stems(over, spoken) if over else ():
            held = frozenset(known)
            known = (*known, *(stem for stem in dict.fromkeys(above) if stem not in held))
        passages.append(Passage(page=page, start=one.start, text=text, stems=known, records=own))
    return tuple(passages)


class _Said:
    """What a page says in rows, items and pairs."""

    def __init__(self, page: Page) -> None:
        self._kinds: Mapping[int, Block] = {one.start: one for one in page.blocks}
        self._records = records(page)
        self._starts = [one.start for one in self._records]

    def heads(self, own: Sequence[Record]) -> tuple[str, ...]:
        """The heads of the columns of these, each once."""
        rows = [self._kinds[one.start] for one in own if one.kind == "row" and one.known]
        return tuple(dict.fromkeys(head for row in rows for head in row.header))

    def records(self, start: int, end: int) -> tuple[Record, ...]:
        """Those that begin between two places."""
        return tuple(
            self._records[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        )
