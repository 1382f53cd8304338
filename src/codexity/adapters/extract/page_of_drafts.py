"""A page out of its blocks, named by its title, else by its address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from codexity.adapters.extract.blocks import Draft, joined, laid_out
from codexity.adapters.extract.html.dates import Dates
from codexity.adapters.extract.text.dateline import dateline, day_told, labelled
from codexity.adapters.extract.text.written_day import day
from codexity.links import site
from codexity.model import Page

_FIRST: Final = 6
"""Among so many blocks a dateline is looked for."""
MOST_BLOCKS: Final = 50_000
"""Of a text of more blocks (a log of a million lines) it is not told what they are."""


def page_of(
    drafts: Sequence[Draft],
    url: str,
    *,
    title: str = "",
    dates: Dates | None = None,
    is_cut: bool = False,
) -> Page:
    """The page of a document that is no HTML; `is_cut`: it goes on, and that was not read."""
    if len(drafts) > MOST_BLOCKS:
        text, blocks = joined(one.text for one in drafts), ()
    else:
        text, blocks = laid_out(drafts)
    known = dates or Dates()
    return Page(
        url=url,
        title=title or unquote(PurePosixPath(urlsplit(url).path).name) or site(url),
        text=text,
        site=site(url),
        published=known.published,
        published_from=known.published_from,
        modified=known.modified,
        modified_from=known.modified_from,
        blocks=blocks,
        unread=int(is_cut),
    )


def dates_of(drafts: Sequence[Draft], told: str = "", changed: str = "") -> Dates:
    """The dates of a document: what it tells of itself in so many words, else its dateline."""
    said, modified = day_told(told), day_told(changed)
    found = said or dateline_of(drafts)
    return Dates(
        published=found,
        published_from=("meta" if said else "text") if found else None,
        modified=modified,
        modified_from="meta" if modified else None,
    )


def dateline_of(drafts: Sequence[Draft]) -> str | None:
    """The day of a dateline among the first blocks; None where there is none.

    A row and a line of code are of what they show, an item and a pair of what is listed, unless
    they are a day and nothing else, or say that it is the document's.
    """
    for one in drafts[:_FIRST]:
        match one.kind:
            case "row" | "code":
                found = None
            case "item":
                found = day(one.text) or labelled(one.text)
            case "pair":
                found = labelled(one.text)
            case _:
                found = dateline([one.text])
        if found:
            return found
    return None
