"""How the answer stands: what leads a sentence, and what is in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codexity.model import Sentence

from .candidates import BRACKETED, Candidate


def laid_out(chosen: Sequence[Candidate]) -> Iterator[Sentence]:
    """The sentences of an answer; a number in brackets that is the page's own is spaced out."""
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
