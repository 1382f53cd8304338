"""What of the sources an answer could say: their sentences, and what each of them stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codexity.model import Evidence, Passage
from codexity.records import Telling, telling
from codexity.text import blocks, is_label, is_prose, is_wrapped, sentences, stems, unlinked

_LONGEST = 600
_EXAMPLE = 160
_WHOLE = 0.01
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
        told = telling(question, [own for passage in one.passages for own in passage.records])
        for passage in one.passages:
            every = (*_sentences(one, passage, at), *_records(one, passage, at, told))
            yield from sorted(every, key=lambda one: one.start)
            at += 1


def _sentences(one: Evidence, passage: Passage, at: int) -> Iterator[Candidate]:
    heading = frozenset[str]()
    known = {own.start for own in passage.records if own.known}
    for start, label, text, prose in _runs(passage.text):
        if passage.start + start in known:
            continue
        if _asks(text) or is_label(text):
            heading = frozenset(stems(text))
        yield Candidate(
            index=one.source.index,
            passage=at,
            start=passage.start + start,
            label=label,
            text=text,
            stems=stems(f"{label} {text}"),
            heading=heading,
            prose=prose and not _asks(text),
            quoted=prose and text in one.source.quote,
        )


def _records(
    one: Evidence, passage: Passage, at: int, told: Sequence[Telling]
) -> Iterator[Candidate]:
    """What of the passage's records may answer; a list or table that answers as a whole is one."""
    for found in told:
        within = [own for own in found.records if own in passage.records]
        for own in within[:1] if found.whole else within:
            text = "; ".join(part.said for part in within) if found.whole else own.said
            yield Candidate(
                index=one.source.index,
                passage=at,
                start=own.start,
                label=own.lead,
                text=_cut(text),
                stems=stems(text),
                heading=frozenset(stems(own.under)),
                prose=False,
                quoted=own.text in one.source.quote,
                tells=found.cover - (_WHOLE if found.whole else 0.0),
            )


def _runs(text: str) -> Iterator[tuple[int, str, str, bool]]:
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
        for first, last in sentences(block):
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
