"""A page out of its blocks, named by its title, else by its address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from codexity.adapters.extract.blocks import Draft, laid_out
from codexity.links import site
from codexity.model import DateOrigin, Page

_MOST_BLOCKS: Final = 50_000
"""Of a text of more blocks (a log of a million lines) it is not told what they are."""


def page_of(
    drafts: Sequence[Draft],
    url: str,
    *,
    title: str = "",
    published: str | None = None,
    published_from: DateOrigin = "text",
    modified: str | None = None,
) -> Page:
    """The page of a document that is no HTML; the days are ISO 8601."""
    text, blocks = laid_out(drafts)
    return Page(
        url=url,
        title=title or unquote(PurePosixPath(urlsplit(url).path).name) or site(url),
        text=text,
        site=site(url),
        published=published,
        published_from=published_from if published else None,
        modified=modified,
        modified_from="meta" if modified else None,
        blocks=blocks if len(blocks) <= _MOST_BLOCKS else (),
    )
