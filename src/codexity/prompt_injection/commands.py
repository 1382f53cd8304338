"""Sentences of a page that give orders to the model which reads it, and the page without them.

Speaking *of* such sentences is not giving orders: what stands in quotation marks within a sentence,
what is reported, and examples that are announced stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from codexity.model import Block, Page
from codexity.prompt_injection.command_patterns import (
    BARE_LABEL,
    BOT,
    CAPITALS,
    GOES_ON,
    LABEL,
    LATIN,
    REPORTED,
    TRIGGERS,
)
from codexity.prompt_injection.command_scripts import OTHERS, SCRIPT, WORDS
from codexity.prompt_injection.invisible import skeleton
from codexity.text import blocks, sentences

Span = tuple[int, int]

_FOLDED: Final = re.compile("[\uff21-\uff5a\U0001d400-\U0001d7ff]")
_LONGEST: Final = 2_000
"""A sentence is looked at so far from its start, and from each such piece of it on."""
_QUOTES: Final = (("“", "”"), ("‘", "’"), ("«", "»"), ("„", "“"), ("「", "」"), ("『", "』"))
_STRAIGHT: Final = ('"', "`", "''")
_EXAMPLES: Final = re.compile(
    r"example|prompt|attack|inject|payload|such as|look|write|phrase|hidden|says?|model|beispiel|"
    r"ejemplo|exemple|exemplo|пример|例|مثال|उदाहरण|উদাহরণ|text|message",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(
    r"prompt.injection|jailbreak|red.team|system prompts?\b|chat template|提示注入|"
    r"プロンプトインジェクション",
    re.IGNORECASE,
)
_OF_ABOUT: Final = ("prompt", "jailbreak", "team", "chat template", "提示注入", "プロンプト")
"""One of these is in all that `_ABOUT` finds."""
_SHOWN: Final = frozenset({"code", "quotation", "item", "row", "pair"})


def without_commands(page: Page) -> Page:
    """The page itself, or, where it gives orders to a model, the page with blanks in their place.

    All its places stay what they were; blocks end before what was left out and begin behind it.
    """
    title = "" if commands(page.title) else page.title
    told = _Words.of(page.text)
    spans = list(_spans(page, told)) if told else []
    if not spans and title == page.title:
        return page
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        # Line breaks, so that no quotation runs across.
        pieces += (page.text[done:start], "\n" * (end - start))
        done = end
    text = "".join((*pieces, page.text[done:]))
    kept = tuple(part for one in page.blocks for part in _parts(one, spans, text))
    return replace(page, title=title or page.site or page.url, text=text, blocks=kept)


def commands(sentence: str) -> bool:
    """Whether a sentence that stands alone gives orders to a model."""
    return _may(sentence) and _start(sentence) is not None


def _may(text: str) -> bool:
    """The one test that nearly every page ends with: whether any of the words is there at all."""
    return bool(_Words.of(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Those of the words of commands that a text has: each of its blocks is asked for these only.

    `lower` stand in it in lower case, `exact` as they are written; `bot` and `folded` say whether
    any of theirs does.
    """

    lower: tuple[str, ...]
    exact: tuple[str, ...]
    bot: bool
    folded: bool

    @classmethod
    def of(cls, text: str) -> _Words:
        small = text.lower()
        is_other = not text.isascii() and SCRIPT.search(text) is not None
        return cls(
            lower=tuple(filter(small.__contains__, (*TRIGGERS, *(WORDS if is_other else ())))),
            exact=tuple(filter(text.__contains__, CAPITALS)),
            bot=BOT.search(small) is not None,
            folded=not text.isascii() and _FOLDED.search(text) is not None,
        )

    def are_in(self, text: str) -> bool:
        """Whether a part of the text has one of them."""
        small = text.lower()
        return (
            any(map(small.__contains__, self.lower))
            or any(map(text.__contains__, self.exact))
            or (self.bot and BOT.search(small) is not None)
            or (self.folded and _FOLDED.search(text) is not None)
        )

    def __bool__(self) -> bool:
        return bool(self.lower or self.exact or self.bot or self.folded)


def _spans(page: Page, told: _Words) -> Iterator[Span]:
    """Where commands stand in the text, in order."""
    about: bool | None = None
    kinds = {one.start: one.kind for one in page.blocks}
    cells = sorted(start for one in page.blocks for start, _ in one.cells)
    before = ""
    for start, end in blocks(page.text):
        block = page.text[start:end]
        if told.are_in(block):
            if about is None:
                about = _is_about(page.title) or _is_about(page.text)
            if not _is_shown(kinds.get(start), block, before, about=about):
                parts = _pieces(page.text, start, end, cells)
                yield from _in_block(page.text, parts, before, told)
        before = block[-_LONGEST:]


def _is_about(text: str) -> bool:
    """Whether a text speaks of such commands; to search without regard to case takes long."""
    lower = text.lower()
    return any(map(lower.__contains__, _OF_ABOUT)) and _ABOUT.search(text) is not None


def _is_shown(kind: str | None, block: str, before: str, *, about: bool) -> bool:
    """Whether a block only shows what such commands look like."""
    if kind in _SHOWN or "\n" in block:
        if about and kind in {"code", "quotation"}:
            return True
        return before.rstrip().endswith((":", "：")) and bool(_EXAMPLES.search(before) or about)
    announced = before.rstrip().endswith((":", "："))
    return announced and about


def _in_block(text: str, parts: Iterable[Span], before: str, told: _Words) -> Iterator[Span]:
    held: Span | None = None
    last = before
    for first, stop in parts:
        said = text[first:stop]
        goes_on = held is not None and GOES_ON.match(said.lstrip()) is not None
        announced = last.rstrip().endswith((":", "：")) and REPORTED.search(last) is not None
        if goes_on or (not announced and told.are_in(said) and _start(said) is not None):
            held = (held[0] if held else first, stop)
        elif held is not None:
            yield held
            held = None
        last = said
    if held is not None:
        yield held


def _pieces(text: str, start: int, end: int, cells: Sequence[int]) -> Iterator[Span]:
    """The sentences of a block, line by line and cell by cell; one that is too long in pieces.

    `cells` are where those of the page's tables begin.
    """
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        inner = cells[bisect_right(cells, start) : bisect_left(cells, stop)]
        for begin, behind in pairwise((start, *inner, stop)):
            for first, last in sentences(text, begin, behind):
                for at in range(first, last, _LONGEST):
                    yield at, min(last, at + _LONGEST)
        start = stop + 1


def _start(sentence: str) -> int | None:
    """Where in a sentence an order to a model begins, if one is given and not told about."""
    plain = skeleton(sentence)
    patterns = (LATIN, LABEL) if plain.isascii() else (LATIN, LABEL, OTHERS)
    for pattern in patterns:
        for found in pattern.finditer(plain):
            if pattern is LABEL and _is_data(found):
                continue
            if not _is_mentioned(plain, *found.span()):
                return found.start()
    return None


def _is_data(found: re.Match[str]) -> bool:
    """Whether a role that is not in capitals is the name of a field: `System: use of steam`."""
    return BARE_LABEL.match(found.group()) is not None and "SYSTEM" not in found.group()


def _is_mentioned(sentence: str, start: int, end: int) -> bool:
    """Whether a part of a sentence is quoted in it, or reported by what stands before it."""
    before, behind = sentence[:start], sentence[end:]
    found = sentence[start:end]
    lead = len(found) - len(found.lstrip(" \t\"'“‘«„「『`.,:;!?—–-"))
    opened = before + found[:lead]
    bare = sentence.strip().strip("\"'“”‘’«»„「」『』`.!?。！？ ")
    is_part = len(bare) > len(found) - lead and opened.strip("\"'“‘«„「『` ") != ""
    quoted = any(
        opened.rfind(one) > opened.rfind(other) and other in behind + found
        for one, other in _QUOTES
    ) or any(opened.count(one) % 2 == 1 and one in behind + found[lead:] for one in _STRAIGHT)
    if quoted and (is_part or _speaks_on(behind)):
        return True
    return REPORTED.search(opened) is not None


def _speaks_on(behind: str) -> bool:
    """Whether a sentence goes on behind the quotation: `"Ignore ..." is what they write`."""
    rest = re.split('["”’»“」』`]', behind, maxsplit=1)[-1]
    return len(rest.strip(" .!?。！？")) > 3


def _parts(block: Block, spans: Sequence[Span], text: str) -> Iterator[Block]:
    """What is left of a block; a row or a pair only where nothing of it was left out."""
    header = tuple("" if commands(one) else one for one in block.header)
    block = block if header == block.header else replace(block, header=header)
    within = [one for one in spans if one[0] < block.end and block.start < one[1]]
    if not within:
        yield block
        return
    if block.cells:
        return
    starts = [block.start, *(end for _, end in within)]
    ends = [*(start for start, _ in within), block.end]
    for start, end in zip(starts, ends, strict=True):
        piece = text[start:end]
        low = start + len(piece) - len(piece.lstrip())
        high = low + len(piece.strip())
        if low < high:
            inside = tuple(one for one in block.altered if low <= one[0] and one[1] <= high)
            yield replace(block, start=low, end=high, altered=inside)
