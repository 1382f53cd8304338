"""The blocks of a page's text: runs of plain text as a browser would find them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codexity.adapters.extract.alterations import told_apart, unmarked
from codexity.model import Block, BlockKind

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
"""Control characters, soft hyphens, zero-width, bidi and tag characters, lone surrogates.

Joiners (U+200C, U+200D) stay: Persian words and emoji are spelt with them.
"""
_PARTING = "\n\n"
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What parts lines; among them the separators of files, groups and records of ASCII."""
_UNITS = "\x1f"
"""It parts the fields of a record, as a tab does."""


def visible(text: str) -> str:
    r"""The text without what no reader sees, with `\n` for every kind of line break."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Nothing that goes is printable: this look takes a tenth of the time of the two searches.
    if text.replace("\n", "").replace("\t", "").replace("\xa0", "").isprintable():
        return text
    return _INVISIBLE.sub("", _BREAKS.sub("\n", text.replace(_UNITS, "\t")))


def prose(text: str) -> str:
    """One block of running text: every run of white space is one space, as a browser shows it."""
    spaced = " ".join(text.split())
    # Of what is taken out, nothing is printable: most blocks need no second look.
    return spaced if spaced.isprintable() else " ".join(visible(text).split())


def code(text: str) -> str:
    """One block of code: its line breaks and indentation stay, its blank lines go."""
    lines = visible(text).replace("\xa0", " ").split("\n")
    return textwrap.dedent("\n".join(line.rstrip() for line in lines if line.strip()))


def joined(blocks: Iterable[str]) -> str:
    """A page's text out of its blocks; the empty ones go."""
    return "\n\n".join(block for block in blocks if block.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A block that has no place in a text yet; all else is as in `Block`.

    `cells` are the texts of its cells, in their order, each of which is found in `text`; `altered`
    are places in `text`.
    """

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    altered: tuple[tuple[int, int], ...] = ()


def pair(key: str, value: str) -> Draft:
    """A key and its value, as people write them: `Phone: 555 0182`."""
    return Draft(text=f"{key}: {value}", kind="pair", cells=(key, value))


def row(cells: Sequence[str], header: tuple[str, ...] = ()) -> Draft:
    """A row of a table; headers are left out that do not fit its cells, or say nothing."""
    fits = len(header) == len(cells) and any(header)
    text = " ".join(one for one in cells if one)
    return Draft(text=text, kind="row", cells=tuple(cells), header=header if fits else ())


def told(draft: Draft) -> Draft:
    """A draft of running text without the marks of what is altered in it, which it then tells."""
    if unmarked(draft.text) == draft.text:
        return draft
    text, spans = told_apart(draft.text)
    return replace(
        draft,
        text=text,
        altered=spans,
        cells=tuple(unmarked(one).strip() for one in draft.cells),
        header=tuple(unmarked(one).strip() for one in draft.header),
    )


def laid_out(drafts: Iterable[Draft]) -> tuple[str, tuple[Block, ...]]:
    """A page's text and its blocks; the empty ones go."""
    pieces: list[str] = []
    done: list[Block] = []
    start = 0
    for one in drafts:
        if not one.text.strip():
            continue
        end = start + len(one.text)
        done.append(
            Block(
                kind=one.kind,
                start=start,
                end=end,
                level=one.level,
                marker=one.marker,
                cells=tuple(_places(one, start)),
                header=one.header,
                altered=tuple((start + first, start + last) for first, last in one.altered),
            )
        )
        pieces.append(one.text)
        start = end + len(_PARTING)
    return _PARTING.join(pieces), tuple(done)


def _places(draft: Draft, start: int) -> Iterator[tuple[int, int]]:
    """Raises `ValueError` where a cell is not in the text."""
    at = 0
    for cell in draft.cells:
        at = draft.text.index(cell, at)
        yield start + at, start + at + len(cell)
        at += len(cell)
