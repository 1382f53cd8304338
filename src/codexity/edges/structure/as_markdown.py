"""A page's structure as Markdown (CommonMark, with the tables of GitHub)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from codexity.edges.structure.walk import Part, cells, parts, said, table
from codexity.model import Block, Page

_SIGNS: Final = re.compile(r"[\\`*\[\]<>|]|(?<!\w)_|_(?!\w)")
_AT_START: Final = re.compile(r"(?m)^([^\S\n]*)([#+~=-]|\d{1,9}(?=[.)]))")
_TICKS: Final = re.compile(r"`{3,}")
_DEEPEST: Final = 12


def markdown(page: Page) -> str:
    """The page with its title as the first heading; signs of Markdown in its text are escaped."""
    told = (_part(page, part) for part in parts(page))
    return "\n\n".join((f"# {_inline(page.title)}", *told)) + "\n"


def _part(page: Page, part: Part) -> str:
    block = part.blocks[0]
    text = said(page, block)
    match part.kind:
        case "heading":
            return f"{'#' * max(1, min(6, block.level))} {_inline(text)}"
        case "item" | "row" | "pair":
            return "\n".join(_LINES[part.kind](page, part.blocks))
        case "code":
            longest = max(map(len, _TICKS.findall(text)), default=2)
            fence = "`" * (longest + 1)
            return f"{fence}\n{text}\n{fence}"
        case "quotation":
            return "\n".join(f"> {line}".rstrip() for line in _escaped(text).split("\n"))
        case _:
            return _escaped(text)


def _list(page: Page, items: Sequence[Block]) -> Iterator[str]:
    above: list[tuple[int, int]] = []
    for item in items:
        level = min(item.level, _DEEPEST)
        while above and above[-1][0] >= level:
            above.pop()
        marker = item.marker if re.fullmatch(r"\d{1,9}[.)]", item.marker) else "-"
        indent = above[-1][1] if above else 0
        text = said(page, item)
        if item.marker and marker == "-":
            text = f"{item.marker} {text}"
        above.append((level, indent + len(marker) + 1))
        lines = _escaped(text).split("\n")
        yield f"{' ' * indent}{marker} " + f"\n{' ' * above[-1][1]}".join(lines)


def _table(page: Page, rows: Sequence[Block]) -> Iterator[str]:
    header, body = table(page, rows)
    wide = max((len(header), *map(len, body)))
    for at, row in enumerate((header, *body)):
        filled = (*row, *[""] * (wide - len(row)))
        yield f"| {' | '.join(map(_inline, filled))} |"
        if at == 0:
            yield f"|{' --- |' * wide}"


def _pairs(page: Page, pairs: Sequence[Block]) -> Iterator[str]:
    for one in pairs:
        key, *rest = map(_inline, cells(page, one))
        yield f"- {key.rstrip(':')}: {', '.join(rest)}" if rest else f"- {key}"


def _inline(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def _escaped(text: str) -> str:
    return _AT_START.sub(_behind_backslash, _SIGNS.sub(r"\\\g<0>", text))


def _behind_backslash(found: re.Match[str]) -> str:
    sign = found[2]
    return f"{found[1]}{sign}\\" if sign.isdigit() else f"{found[1]}\\{sign}"


_LINES: Final = {"item": _list, "row": _table, "pair": _pairs}
