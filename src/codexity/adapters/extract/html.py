"""The main text of an HTML page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codexity.adapters.extract import blocks
from codexity.adapters.extract.dates import dates_of
from codexity.adapters.extract.hidden import may_hide, strip_hidden
from codexity.adapters.extract.main_text import all_text, count_words, main_blocks
from codexity.adapters.extract.walls import Seen, check_content
from codexity.errors import Unreadable
from codexity.links import site
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FEWEST_WORDS = 20
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TITLES = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"""<meta\b[^>]{0,300}\bog:title["']?\s[^>]{0,300}?\bcontent=(["'])(?P<title>.*?)\1""",
        r"""<meta\b[^>]{0,300}?\bcontent=(["'])(?P<title>[^>]*?)\1[^>]{0,300}\bog:title\b""",
        r"<title\b[^>]*>(?P<title>.{0,2000}?)</title",
        r"<h1\b[^>]*>(?P<title>.{0,2000}?)</h1",
    )
)
_TITLE_WITHIN = 300_000
_LONGEST_TITLE = 120
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_html(text: str, url: str) -> Page:
    """The page's main text, without navigation and the like, with its title and dates.

    Raises:
        Unreadable: `empty` when there are fewer than 20 words; as `check_content` does.
    """
    from trafilatura.utils import load_html

    source = markup = _DECLARATION.sub("", blocks.visible(text))
    tree = load_html(source)
    if may_hide(source):
        source = _stripped(source, tree)
    found = main_blocks(tree, source)
    words = count_words(found)
    titles = tuple(_titles(source))
    shown = " ".join(found) if words >= _FEWEST_WORDS else all_text(source)
    seen = Seen(url=url, titles=titles, text=shown, words=words, markup=markup)
    check_content(seen, fewest=_FEWEST_WORDS)
    if words < _FEWEST_WORDS:
        raise Unreadable("The page holds hardly any text.", code="empty")
    dates = dates_of(tree, source, url)
    return Page(
        url=url,
        title=next(iter(titles), "") or found[0][:_LONGEST_TITLE],
        text=blocks.joined(found),
        site=site(url),
        published=dates.published,
        published_from=dates.published_from,
        modified=dates.modified,
        modified_from=dates.modified_from,
    )


def _stripped(source: str, tree: HtmlElement | None) -> str:
    """The source without what it hides, which is taken out of its tree as well."""
    from lxml.html import tostring
    from trafilatura.utils import load_html

    # What is no whole page has no tree as yet, and may hide text all the same.
    whole = load_html(f"<html><body>{source}") if tree is None else tree
    if whole is None or not strip_hidden(whole):
        return source
    return tostring(whole, encoding="unicode")


def _titles(source: str) -> Iterator[str]:
    """The title that the page gives itself for sharing, that of its window, its first heading."""
    shown = _COMMENT.sub("", source[:_TITLE_WITHIN])
    for pattern in _TITLES:
        match = pattern.search(shown)
        title = blocks.prose(html.unescape(_TAG.sub("", match.group("title")))) if match else ""
        if title:
            yield title
