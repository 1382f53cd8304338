"""Pages that hold their text only once a browser has run their scripts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from codexity.adapters.extract.word_count import word_count
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Extractor, Fetched

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_SHELLS: Final = frozenset({"needs_javascript", "empty"})
_THIN_WORDS: Final = 60


class RenderedExtractor:
    """The `Extractor` that has a browser show what another one found to be a shell, or thin.

    A page with text of its own is left as it was where the browser has no more, or fails.
    """

    def __init__(self, extractor: Extractor, render: Callable[[str], Awaitable[Fetched]]) -> None:
        self._extractor = extractor
        self._render = render

    async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
        """See the port; `via` of what the browser showed is `browser`.

        Raises:
            Unreadable: also as the browser does, where the page has no text without it.
        """
        try:
            plain = await self._extractor.extract(fetched, worth=worth)
        except Unreadable as error:
            if error.code not in _SHELLS or not _scripted(fetched):
                raise
            return await self._shown(fetched, worth)
        if not _scripted(fetched) or _words(plain) >= _THIN_WORDS:
            return plain
        try:
            shown = await self._shown(fetched, worth)
        except Unreadable:
            return plain
        return shown if _words(shown) > _words(plain) else plain

    async def _shown(self, fetched: Fetched, worth: float) -> Page:
        page = await self._extractor.extract(await self._render(fetched.url), worth=worth)
        return replace(page, via="browser")


def _scripted(fetched: Fetched) -> bool:
    return fetched.media_type in _HTML and b"<script" in fetched.body.lower()


def _words(page: Page) -> int:
    return word_count(page.text)
