"""What of a model's context the evidence and the answer may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from codexity.model import Evidence, Limits, Passage

ROOM: Final = 512
"""Tokens for the rules, the question, the titles of sources and the marks around them."""
_LEAST_EVIDENCE: Final = 200


def within(limits: Limits, context_tokens: int | None) -> Limits:
    """The limits, with less evidence and a shorter answer where the context does not hold both.

    The answer keeps what the evidence leaves of it, and at least a quarter; evidence is never less
    than a passage or two.
    """
    needed = limits.evidence_tokens + limits.answer_tokens + ROOM
    if context_tokens is None or needed <= context_tokens:
        return limits
    left = context_tokens - limits.evidence_tokens - ROOM
    answer = min(limits.answer_tokens, max(left, context_tokens // 4))
    evidence = min(limits.evidence_tokens, context_tokens - answer - ROOM)
    return replace(
        limits, evidence_tokens=max(_LEAST_EVIDENCE, evidence), answer_tokens=max(1, answer)
    )


def thinned(evidence: Sequence[Evidence], chars: int) -> tuple[Evidence, ...]:
    """The evidence within so many characters of passages; empty where not one passage fits.

    Each source's first passage before any second: no source is lost while others have several. The
    sources that are left are the first ones, so that their numbers are still 1, 2, 3.
    """
    kept: list[list[Passage]] = [[] for _ in evidence]
    most = max((len(one.passages) for one in evidence), default=0)
    for turn in range(most):
        for one, held in zip(evidence, kept, strict=True):
            if turn >= len(one.passages):
                continue
            passage = one.passages[turn]
            if len(passage.text) > chars:
                return _left(evidence, kept)
            chars -= len(passage.text)
            held.append(passage)
    return _left(evidence, kept)


def _left(evidence: Sequence[Evidence], kept: Sequence[Sequence[Passage]]) -> tuple[Evidence, ...]:
    return tuple(
        replace(one, passages=tuple(held)) for one, held in zip(evidence, kept, strict=True) if held
    )
