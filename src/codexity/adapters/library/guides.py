"""Codexity's README and guides, Markdown files, as documents of the starter collection."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from codexity.adapters.library.documents import address
from codexity.adapters.library.reference import Entry
from codexity.errors import Unreadable
from codexity.model import STARTER
from codexity.ports import Fetched

MAX_GUIDE_BYTES = 1_000_000

_README: Final = "README.md"
_NO_GUIDES: Final = frozenset({"benchmarks", "from-the-series"})
"""They speak of everything, and are for those who build it: figures, and where a part lives."""


def guides(folder: Path | None) -> Iterator[Entry]:
    """The README and every guide of the folder that can be read; the title is the first heading."""
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
    """Changes when a guide comes, goes or is written otherwise."""
    found = b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in _files(folder))
    return f"{zlib.crc32(found):08x}"


def _files(folder: Path | None) -> list[Path]:
    """What stands in the folder; the README is there in a package, and beside it in a checkout."""
    if folder is None or not folder.is_dir():
        return []
    found = {path.name: path for path in sorted(folder.glob("*.md"))}
    if folder.name == "docs":
        found.setdefault(_README, folder.parent / _README)
    return [
        path
        for path in found.values()
        if path.stem not in _NO_GUIDES and path.is_file() and path.stat().st_size <= MAX_GUIDE_BYTES
    ]
