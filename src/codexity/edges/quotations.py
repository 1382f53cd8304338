"""What of its sources an answer rests on: behind each of its citations, and source by source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from codexity.events import ClaimChecked
from codexity.model import Answer, Claim, Quotation, Source

Checked: TypeAlias = Claim | ClaimChecked

CITATION: Final = re.compile(r"\[(\d{1,3})\]")
"""The number of a source in an answer: there is no other number in such brackets."""


def parted(answer: Answer) -> tuple[list[Source], list[Source]]:
    """The sources that the answer cites (all, where it cites none), and what was only read."""
    numbers = {int(one[1]) for one in CITATION.finditer(answer.text)}
    of_answer = [one for one in answer.sources if one.index in numbers]
    if not of_answer:
        return [*answer.sources], []
    return of_answer, [one for one in answer.sources if one.index not in numbers]


def cited(text: str, claims: Sequence[Checked]) -> Iterator[tuple[Quotation, ...]]:
    """The quotations behind each citation of the text, in their order."""
    for mark in CITATION.finditer(text):
        yield quotations_at(mark.start(), int(mark[1]), claims)


def quotations_at(place: int, index: int, claims: Sequence[Checked]) -> tuple[Quotation, ...]:
    """What the claim that stands at a place of the answer has of a source; none without a claim."""
    claim = next((one for one in claims if one.start <= place < one.end), None)
    return tuple(one for one in (claim.quotes if claim else ()) if one.index == index)


def quotations_of(source: Source, claims: Sequence[Claim]) -> tuple[Quotation, ...]:
    """What the claims say of a source, each once; its own quote where they say nothing of it."""
    said = (one for claim in claims for one in claim.quotes if one.index == source.index)
    own = Quotation(index=source.index, text=source.quote, link=source.link)
    return tuple(dict.fromkeys(said)) or (own,)
