"""Codexity's own guides, Markdown files of one folder, as documents of the starter collection."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from codexity.adapters.library.documents import address
from codexity.adapters.library.reference import Entry
from codexity.errors import Unreadable
from codexity.model import STARTER
from codexity.ports import Fetched

MAX_GUIDE_BYTES = 1_000_000


def guides(folder: Path | None) -> Iterator[Entry]:
    """Every `*.md` of the folder that can be read; its title is its first heading."""
    from codexity.adapters.extract.document import read_document

    for path in _files(folder):
        slug = f"guide-{path.stem.lower()}"
        fetched = Fetched(
            url=address(STARTER, slug),
            media_type="text/markdown",
            charset="utf-8",
            body=path.read_bytes(),
        )
        try:
            page = read_document(fetched)
        except Unreadable:
            continue
        yield Entry(slug=slug, title=page.title, text=page.text, blocks=page.blocks)


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
