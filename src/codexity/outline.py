"""The kind of each block of a page, where the page itself does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codexity.model import Block, Page
from codexity.text import blocks, is_label, is_prose, is_wrapped

COLON = (":", "：")


def outlined(page: Page) -> tuple[Block, ...]:
    """The blocks of a page; where only their places are known, each of its likely kind."""
    return tuple(itemised(page) if page.blocks else _guessed(page.text))


def _guessed(text: str) -> Iterator[Block]:
    """The blocks of a text of which only their places are known, each of its likely kind."""
    spans = list(blocks(text))
    labels = [
        is_label(block) and not is_prose(block)
        for block in (text[start:end] for start, end in spans)
    ]
    for at, (start, end) in enumerate(spans):
        if labels[at]:
            alone = at + 1 < len(spans) and not labels[at + 1]
            kind = "heading" if at == 0 or alone else "item"
            yield Block(kind=kind, start=start, end=end, level=1)
        elif text.find("\n", start, end) >= 0 and not is_wrapped(text[start:end]):
            yield Block(kind="code", start=start, end=end)
        else:
            yield Block(kind="paragraph", start=start, end=end)


def itemised(page: Page) -> Iterator[Block]:
    """The blocks of a page; short lines that are announced, or follow one another, as items.

    Plain text has no marks for them: a command below `Clear the cache:`, a variable a line. So is
    a line that is all that a heading has below it: `Monday to Friday` of `Opening times`.
    """
    said = [page.text[one.start : one.end].rstrip() for one in page.blocks]
    kinds = ["", *(one.kind for one in page.blocks), "heading"]
    words = [kind == "paragraph" for kind in kinds[1:-1]]
    short = [
        paragraph and not text.endswith(COLON) and is_label(text) and not is_prose(text)
        for paragraph, text in zip(words, said, strict=True)
    ]
    for at, one in enumerate(page.blocks):
        announced = at > 0 and words[at - 1] and said[at - 1].endswith(COLON)
        listed = any(short[max(0, at - 1) : at]) or any(short[at + 1 : at + 2])
        heads = at + 1 < len(short) and words[at + 1] and not short[at + 1]
        alone = all(kinds[one] == "heading" for one in (at, at + 2))
        is_item = short[at] and (announced or alone or (listed and not heads))
        yield replace(one, kind="item", level=1) if is_item else one
