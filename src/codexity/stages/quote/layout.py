"""How the answer stands: what leads a sentence, and what is in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codexity.model import Block, Evidence, Sentence
from codexity.records import headed

from .candidates import BRACKETED, Candidate
from .kinds import holds
from .lists import Listing
from .ranking import Ranking
from .runs import cut
from .versions import day

_LED_CHARS = 100
_COLONS = ":： "


def laid_out(
    ranking: Ranking, chosen: Sequence[Candidate], evidence: Sequence[Evidence]
) -> Iterator[Sentence]:
    """The sentences of an answer, one paragraph for each source, led by what they stand under.

    Where documents of several times are said, each is led by its title, with its day.
    """
    pages = {one.source.index: one.page for one in evidence}
    days = {day(pages[one.index]) for one in chosen}
    dated = len({one.index for one in chosen}) > 1 and len(days) > 1 and "" not in days
    lead = ""
    for at, one in enumerate(chosen):
        new = at == 0 or chosen[at - 1].index != one.index
        above = _lead(ranking, one)
        title = _dated(pages[one.index].title, day(pages[one.index])) if dated and new else ""
        again = above == lead or above.casefold() in title.casefold()
        lead = above
        led = (title, "" if again else above, one.text)
        yield Sentence(
            text=cleaned(": ".join(part for part in led if part)),
            index=one.index,
            start=one.start,
            end=one.end,
            before="" if at == 0 else "\n\n" if new else " ",
        )


def _dated(title: str, told: str) -> str:
    shown = cut(title)[:_LED_CHARS]
    return shown if told[:4] in shown else f"{shown} ({told})"


def _lead(ranking: Ranking, one: Candidate) -> str:
    """What a candidate is led by: its definition, or a heading that says what it is about."""
    if one.label:
        return one.label.rstrip(_COLONS)
    if not one.under or len(one.under) > _LED_CHARS or "?" in one.under:
        return ""
    new = ranking.asked_plain & ranking.stems_of(one.under) - frozenset(one.stems)
    found = holds(ranking.question)
    return one.under.rstrip(_COLONS) if new or (found(one.under) and not found(one.text)) else ""


def listed(one: Listing) -> Iterator[Sentence]:
    """The sentences of a list: what announces it, and each item on a line of its own."""
    text = one.page.text
    if one.lead is not None:
        start, end = one.lead
        said = " ".join(text[start:end].split()).rstrip(_COLONS)
        yield Sentence(text=cleaned(f"{said}:"), index=one.index, start=start, end=end)
    for at, item in enumerate(one.items):
        mark = item.marker if one.numbered else "-"
        yield Sentence(
            text=cleaned(cut(_said(one, item))),
            index=one.index,
            start=item.start,
            end=item.end,
            before=f"{mark} " if at == 0 and one.lead is None else f"\n{mark} ",
        )


def _said(one: Listing, item: Block) -> str:
    if not item.header:
        return " ".join(one.page.text[item.start : item.end].split())
    cells = [" ".join(one.page.text[start:end].split()) for start, end in item.cells]
    return headed(item.header, cells)


def cleaned(text: str) -> str:
    """The text, with a number in brackets that is the page's own spaced out: it is no citation."""
    return BRACKETED.sub(r"[ \1 ]", text)
