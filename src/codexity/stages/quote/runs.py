"""The sentences and lines of a passage, each with where it stands and what it leans on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from codexity.analysis.abbreviations import ORDINAL
from codexity.leaning import leans
from codexity.text import blocks, is_label, is_prose, is_wrapped, sentences, unlinked

LONGEST = 600
_EXAMPLE = 160
_MOST_BEFORE = 2
"""So many sentences are brought by one that leans on them."""
_WORD = re.compile(r"\S+")
_NUMBERED = re.compile(r"\d{1,3}[.)] (?=[A-Z])")
"""The number of a step that stands within prose: alone it counts nothing."""
_NAMED_PARAGRAPH = re.compile(r"\d{1,3}[.)] ((?:[^\s.:!?]+ ){0,7}[^\s.:!?]+)[.:]")
"""A paragraph of minutes or rules that begins with its number and its name: `4. Parking. ...`"""
_RUN_IN = re.compile(r"(?=[A-ZÀ-Þ])((?:[^\s.:!?]+ ){0,3}[^\s.:!?]{3,})\.")
"""A paragraph that begins with what it is about: `Summer fair. Saturday, 13:00 to 16:00.`"""
_FAULT = re.compile(
    r"((?:[Ee]rror|[Ff]ault|[Aa]larm|[Ww]arning|[Cc]ode|[Mm]essage)(?: [^\s.:!?]+){1,6})\.(?=\s)"
)
"""The same of what a device shows: `Error E7 on the display. The fan is stuck.`"""
_DEFINITION = re.compile(
    r"@?(?:(?:class|exception|static|async|abstract|property|classmethod|staticmethod|function"
    r"|method|coroutine|awaitable) )*(?:[\w.]+\(.*\)|[a-z_]\w*|\w*[._][\w.]*)(?: ?->.*|:.*)?"
)
_CODE = re.compile(r"[(=\[{<>/$]|\w_\w| -{1,2}\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A sentence or a short line of a text, on one line, and where it stands in the text.

    `label` is the definition that it explains. `leaning` says that it wants what stands before it,
    which nothing does; where something does, the run begins with that. `heads` says that it is
    a line that names what follows it.
    """

    start: int
    end: int
    label: str
    text: str
    prose: bool
    leaning: bool = False
    heads: bool = False


def runs(text: str, language: str | None = None) -> Iterator[Run]:
    """The sentences and lines of a text in their order, each that leans with what it leans on."""
    label = ""
    for start, end in blocks(text):
        block = " ".join(text[start:end].split())
        if is_label(text[start:end]) and not is_prose(block):
            name = unlinked(block)
            label = name if _DEFINITION.fullmatch(name) else ""
            yield Run(start=start, end=end, label="", text=block, prose=False, heads=True)
            continue
        if "\n" in text[start:end] and not is_wrapped(text[start:end]):
            yield from _lines(text, start, end, label)
            continue
        yield from _sentences(text, (start, end), label, language)
        label = ""


def _lines(text: str, start: int, end: int, label: str) -> Iterator[Run]:
    block = " ".join(text[start:end].split())
    place = _places(text, start, block)
    yield Run(start=start, end=place(_cut_at(block)), label=label, text=cut(block), prose=False)


def _sentences(text: str, span: tuple[int, int], label: str, language: str | None) -> Iterator[Run]:
    start, end = span
    block = " ".join(text[start:end].split())
    shown, behind = _example(text, end) if block.endswith(":") else ("", end)
    place = _places(text, start, block)
    spans = list(sentences(block, language=language))
    named = _named(block) if len(spans) > 1 else None
    if named is not None and named.end() == spans[0][1]:
        yield Run(start=start, end=place(named.end()), label="", text=named[0], prose=False)
        spans, label = spans[1:], named[1]
    for at, (first, last) in enumerate(spans):
        begin = spans[_leaned_on(block, spans, at)][0]
        if begin and language not in ORDINAL and (numbered := _NUMBERED.match(block, begin)):
            begin = numbered.end()
        run = cut(block[begin:last])
        stop = place(begin + _cut_at(block[begin:last]))
        if last == len(block) and shown:
            run, stop = run + shown, behind
        yield Run(
            start=place(begin + 1) - 1,
            end=stop,
            label=label,
            text=run,
            prose=is_prose(block[first:last]) or (begin < first and is_prose(block[begin:last])),
            leaning=leans(run),
        )


def _named(block: str) -> re.Match[str] | None:
    """The name that a paragraph begins with, where it has one."""
    run_in = _RUN_IN.match(block)
    if run_in is not None and not is_prose(run_in[0]) and not leans(run_in[0]):
        return run_in
    return _NAMED_PARAGRAPH.match(block) or _FAULT.match(block)


def _leaned_on(block: str, spans: Sequence[tuple[int, int]], at: int) -> int:
    """The first of the sentences that this one wants before it, within its block."""
    first = at
    while first > max(0, at - _MOST_BEFORE) and leans(block[spans[first][0] : spans[first][1]]):
        first -= 1
    return first if not leans(block[spans[first][0] : spans[first][1]]) or first == 0 else at


def _places(text: str, start: int, block: str) -> Callable[[int], int]:
    """Where in the text ends what ends there in the block, which is it with white space joined."""
    if text.startswith(block, start):
        return lambda at: start + at
    words = [one.span() for one in islice(_WORD.finditer(text, start), block.count(" ") + 1)]
    ends = [*accumulate(last - first + 1 for first, last in words)]

    def place(at: int) -> int:
        word = bisect_left(ends, at)
        return words[word][1] - (ends[word] - 1 - at)

    return place


def _example(text: str, start: int) -> tuple[str, int]:
    """The single line of code right behind this place, as the colon before it says; its end."""
    for first, last in blocks(text[start:]):
        line = text[start + first : start + last]
        bare = line.removeprefix(">>> ").removeprefix("$ ")
        short = "\n" not in line and "`" not in line and len(line) <= _EXAMPLE
        if short and _CODE.search(line) and not is_prose(line):
            return f" `{bare}`", start + last
        break
    return "", start


def cut(run: str) -> str:
    """It, or as much of it as an answer says."""
    return run if len(run) <= LONGEST else f"{run[: _cut_at(run)]} …"


def _cut_at(run: str) -> int:
    if len(run) <= LONGEST:
        return len(run)
    return max(run.rfind(" ", 0, LONGEST), LONGEST // 2)
