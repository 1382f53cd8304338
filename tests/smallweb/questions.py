"""The questions fixed beforehand, each with the page that answers it and words of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the path of its page below the documentation's root, and words of the answer."""

    question: str
    path: str
    words: str


def cases() -> tuple[Case, ...]:
    """All of them, in their order."""
    lines = Path(__file__).with_name("questions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return tuple(Case(question=one, path=path, words=words) for one, path, words in rows)
