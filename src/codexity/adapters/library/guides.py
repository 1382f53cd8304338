"""Codexity's own guides, Markdown files of one folder, as documents of the starter collection."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codexity.adapters.library.reference import Entry

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_GUIDE_BYTES = 1_000_000


def guides(folder: Path | None) -> Iterator[Entry]:
    """Every `*.md` of the folder; its title is its first heading, else its name."""
    for path in _files(folder):
        blocks, title = _read(path)
        if blocks:
            yield Entry(
                slug=f"guide-{path.stem.lower()}",
                title=title or path.stem,
                text="\n\n".join(blocks),
            )


def fingerprint(folder: Path | None) -> str:
    """Changes when a guide comes, goes or changes its length."""
    names = "".join(f"{path.name}\0{path.stat().st_size}\0" for path in _files(folder))
    return f"{zlib.crc32(names.encode()):08x}"


def _files(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.glob("*.md"))
        if path.is_file() and path.stat().st_size <= MAX_GUIDE_BYTES
    ]


def _read(path: Path) -> tuple[list[str], str]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only a build needs it

    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .parse(path.read_text(encoding="utf-8", errors="replace"))
    )
    blocks: list[str] = []
    cells: list[str] = []
    title = opened = ""
    in_row = False
    for token in tokens:
        if token.type in {"tr_open", "tr_close"}:
            in_row = token.type == "tr_open"
            if cells:
                blocks.append(": ".join(cells))
                cells = []
        elif token.type == "inline":
            text = _spoken(token.children or [])
            if opened == "heading_open" and not title:
                title = text
            if text:
                (cells if in_row else blocks).append(text)
        elif token.type in {"fence", "code_block"}:
            code = [line.rstrip() for line in token.content.splitlines() if line.strip()]
            blocks.append("\n".join(code))
        opened = token.type
    return [block for block in blocks if block], title


def _spoken(children: Sequence[Token]) -> str:
    """The words of one block without its markup, in one line."""
    pieces = [
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in children
        if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
    ]
    return " ".join("".join(pieces).split())
