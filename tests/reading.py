"""Documents of one's own as the worker reads them."""

from __future__ import annotations

from codexity.adapters.extract.worker import _read  # pyright: ignore[reportPrivateUsage]
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched


def outcome(body: bytes | str, media_type: str) -> Page | Unreadable:
    """The page of a document, or why it has none."""
    raw = body.encode() if isinstance(body, str) else body
    url = "/library/own/paper-1a2b"
    return _read(Fetched(url=url, media_type=media_type, charset=None, body=raw))


def page(body: bytes | str, media_type: str) -> Page:
    """The page of a document that can be read."""
    found = outcome(body, media_type)
    assert isinstance(found, Page), found
    return found


def refusal(body: bytes | str, media_type: str) -> str:
    """Why a document cannot be read."""
    found = outcome(body, media_type)
    assert isinstance(found, Unreadable), found
    return found.message


def told(page: Page) -> list[tuple[str, str]]:
    """The blocks of a page: of which kind, and their text."""
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


def rows(page: Page) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The rows of a page: the heads of their columns, and their cells."""
    return [
        (one.header, tuple(page.text[start:end] for start, end in one.cells))
        for one in page.blocks
        if one.kind == "row"
    ]
