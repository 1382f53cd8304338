"""Step: an address becomes a page."""

from __future__ import annotations

from dataclasses import replace

import anyio

from codexity.errors import CodexityError, UnknownDocument, Unreadable
from codexity.links import site
from codexity.model import Limits, Page
from codexity.ports import Toolbox


async def read(url: str, *, tools: Toolbox, limits: Limits) -> Page:
    """The readable text behind an address, from the library or from the web.

    Raises:
        Unreadable: it cannot be used; within `limits.read_seconds` in any case.
    """
    if tools.library.owns(url):
        try:
            page = await tools.library.page(url)
        except UnknownDocument as error:
            raise Unreadable(error.message, code="http_status") from error
        except CodexityError as error:
            raise Unreadable(error.message, code="unreachable", detail=error.detail) from error
    else:
        try:
            with anyio.fail_after(limits.read_seconds):
                page = await tools.extractor.extract(await tools.fetcher.fetch(url))
        except TimeoutError as error:
            message = f"The page was not read within {limits.read_seconds:g} seconds."
            raise Unreadable(message, code="timeout") from error
    if not page.text.strip():
        raise Unreadable("The page holds no readable text.", code="empty")
    return replace(page, text=page.text[: limits.max_page_chars], site=page.site or site(page.url))
