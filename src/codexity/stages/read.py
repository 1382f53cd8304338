"""Step: an address becomes a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import anyio

from codexity.errors import CodexityError, UnknownDocument, Unreadable
from codexity.filters import elsewhere, outside, unfit
from codexity.links import site
from codexity.model import Filters, Limits, Page
from codexity.ports import Toolbox

_EVERYTHING: Final = Filters()


def _no_matter() -> float:
    return 0.0


async def read(  # noqa: PLR0913 - what is read, how, and within what
    url: str,
    arrived: Callable[[], float] = _no_matter,
    published: str | None = None,
    *,
    tools: Toolbox,
    limits: Limits,
    filters: Filters = _EVERYTHING,
) -> Page:
    """The readable text behind an address, from the library or from the web.

    It arrives within `limits.read_seconds`; then `arrived` is told, and says what the page is
    worth: of those that wait for the extractor, what is worth most is next. What the filters leave
    out is `filtered`: an address, and the day on which whoever named it says that it was
    `published`, before anything is fetched from there, and a page for what it turns out to be. That
    day is the date of a page that has none.

    Raises:
        Unreadable: it cannot be used.
    """
    _keep_to(elsewhere(url, filters) or outside(published, filters))
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
                fetched = await tools.fetcher.fetch(url)
        except TimeoutError as error:
            message = f"The page did not arrive within {limits.read_seconds:g} seconds."
            raise Unreadable(message, code="timeout") from error
        page = await tools.extractor.extract(fetched, worth=arrived())
        if page.via != "browser":
            page = replace(page, via=fetched.via)
    if not page.text.strip():
        raise Unreadable("The page holds no readable text.", code="empty")
    if page.published is None and published is not None:
        page = replace(page, published=published, published_from="search")
    _keep_to(unfit(page, filters))
    return replace(page, text=page.text[: limits.max_page_chars], site=page.site or site(page.url))


def _keep_to(reason: str) -> None:
    if reason:
        raise Unreadable(reason, code="filtered")
