"""What of the sources an answer could say: their sentences, and what each of them stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codexity.model import Evidence, Passage
from codexity.record import Record
from codexity.records import Telling, telling
from codexity.text import (
    blocks,
    is_label,
    is_prose,
    is_wrapped,
    sentences,
    stemmed_in,
    stems,
    told,
    unlinked,
)

_LONGEST = 600
_ENGLISH = "en"
_EXAMPLE = 160
_MOST_TOLD = 3
WHOLE = 0.01
"""A whole list comes behind the one item that fits as well."""

_DEFINITION = re.compile(
    r"@?(?:(?:class|exception|static|async|abstract|property|classmethod|staticmethod|function"
    r"|method|coroutine|awaitable) )*(?:[\w.]+\(.*\)|[a-z_]\w*|\w*[._][\w.]*)(?: ?->.*|:.*)?"
)
_CODE = re.compile(r"[(=\[{<>/$]|\w_\w| -{1,2}\w")
BRACKETED = re.compile(r"\[\s*(\d[\d\s,;:–-]*?)\s*\]")
"""A number in brackets in a page: a footnote of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One run of a source's text that an answer may hold.

    `index` is its source's number, `passage` its passage's place among all that were given, `start`
    its offset in the page; `label` is the definition that it explains, `heading` the stems of the
    heading above it. `prose` says that it is a sentence, `quoted` that it stands in the source's
    quote as well. `tells` is above 0 for rows, items and lines of code that may answer: how much of
    what is asked they and their heads hold.
    """

    index: int
    passage: int
    start: int
    label: str
    text: str
    stems: tuple[str, ...]
    heading: frozenset[str]
    prose: bool
    quoted: bool
    tells: float = 0.0


def candidates(question: str, evidence: Sequence[Evidence]) -> Iterator[Candidate]:
    """The runs of all passages, and the records that may answer, in their order."""
    at = 0
    for one in evidence:
        every = [own for passage in one.passages for own in passage.records]
        language = stemmed_in(one.page.text, one.page.language)
        answering = _few(telling(question, every, language))
        for passage in one.passages:
            # A sentence alone is too short to tell its language.
            spoken = language or told(passage.text) or _ENGLISH
            runs = (
                *_sentences(one, passage, at, spoken),
                *_records(one, passage, at, answering, spoken),
            )
            yield from sorted(runs, key=lambda run: run.start)
            at += 1


def _few(every: Sequence[Telling]) -> list[Telling]:
    """The best of them, and of whole lists and tables but the best one."""
    whole = [found for found in every if found.whole]
    return [found for found in every if not found.whole or found is whole[0]][:_MOST_TOLD]


def _sentences(one: Evidence, passage: Passage, at: int, language: str) -> Iterator[Candidate]:
    heading = frozenset[str]()
    known = {own.start for own in passage.records if own.known}
    for start, label, text, prose in _runs(passage.text, one.page.language or language):
        if passage.start + start in known:
            continue
        if _asks(text) or is_label(text):
            heading = frozenset(stems(text, language))
        yield Candidate(
            index=one.source.index,
            passage=at,
            start=passage.start + start,
            label=label,
            text=text,
            stems=stems(f"{label} {text}", language),
            heading=heading,
            prose=prose and not _asks(text),
            quoted=prose and text in one.source.quote,
        )


def _records(
    one: Evidence, passage: Passage, at: int, tellings: Sequence[Telling], language: str
) -> Iterator[Candidate]:
    """The passage's records; a list or table that answers as a whole is one."""
    answering = {own.start for found in tellings for own in found.records}
    for found in tellings:
        within = [own for own in found.records if own in passage.records]
        if found.whole and within:
            yield _candidate(one, within, at, found.cover - WHOLE, language)
        elif not found.whole:
            yield from (_candidate(one, (own,), at, found.cover, language) for own in within)
    for own in passage.records:
        if own.known and own.start not in answering:
            yield _candidate(one, (own,), at, 0.0, language)


def _candidate(
    one: Evidence, said: Sequence[Record], at: int, tells: float, language: str
) -> Candidate:
    text = _cut("; ".join(own.said for own in said))
    first = said[0]
    return Candidate(
        index=one.source.index,
        passage=at,
        start=first.start,
        label=first.lead,
        text=text,
        stems=stems(text, language),
        heading=frozenset(stems(first.under, language)),
        prose=False,
        quoted=first.text in one.source.quote,
        tells=tells,
    )


def _runs(text: str, language: str) -> Iterator[tuple[int, str, str, bool]]:
    """Where a sentence starts, the definition that it explains, and the sentence on one line."""
    label = ""
    for start, end in blocks(text):
        block = " ".join(text[start:end].split())
        if is_label(text[start:end]) and not is_prose(block):
            name = unlinked(block)
            label = name if _DEFINITION.fullmatch(name) else ""
            yield start, "", block, False
            continue
        if "\n" in text[start:end] and not is_wrapped(text[start:end]):
            yield start, label, _cut(block), False
            continue
        shown = _example(text, end) if block.endswith(":") else ""
        for first, last in sentences(block, language=language):
            run = _cut(block[first:last]) + (shown if last == len(block) else "")
            yield start + first, label, run, is_prose(block[first:last])
        label = ""


def _example(text: str, start: int) -> str:
    """The single line of code that stands right behind this place, as the colon before it says."""
    for first, last in blocks(text[start:]):
        line = text[start + first : start + last]
        bare = line.removeprefix(">>> ").removeprefix("$ ")
        short = "\n" not in line and "`" not in line and len(line) <= _EXAMPLE
        return f" `{bare}`" if short and _CODE.search(line) and not is_prose(line) else ""
    return ""


def _cut(run: str) -> str:
    if len(run) <= _LONGEST:
        return run
    return f"{run[: max(run.rfind(' ', 0, _LONGEST), _LONGEST // 2)]} …"


def _asks(text: str) -> bool:
    """Whether it is a question itself: a heading of an FAQ, a title of a forum's page."""
    return unlinked(text).endswith("?")
