"""What of the sources an answer could say: their sentences, and what each of them stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codexity.model import Evidence
from codexity.text import blocks, is_label, is_prose, is_wrapped, sentences, stems, unlinked

_LONGEST = 600
_EXAMPLE = 160

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
    quote as well.
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


def candidates(evidence: Sequence[Evidence]) -> Iterator[Candidate]:
    """The runs of all passages, in their order."""
    at = 0
    for one in evidence:
        for passage in one.passages:
            heading = frozenset[str]()
            for start, label, text, prose in _runs(passage.text):
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
            at += 1


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
