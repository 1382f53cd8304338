"""The main text of an HTML page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from codexity.adapters.extract import blocks
from codexity.adapters.extract.hidden_text.embedded import strip_embedded, words_of, words_shown
from codexity.adapters.extract.hidden_text.hidden import strip_hidden
from codexity.adapters.extract.hidden_text.sheets import own_sheets
from codexity.adapters.extract.html.dates import dates_of
from codexity.adapters.extract.html.layout import laid_out
from codexity.adapters.extract.html.linked_data import linked_data
from codexity.adapters.extract.html.looks import write_looks
from codexity.adapters.extract.html.main_text import all_text, is_product, main_text
from codexity.adapters.extract.html.markup import is_cut_off, lighten, parsed, written
from codexity.adapters.extract.html.spelling import spell_out, spell_pictures
from codexity.adapters.extract.walls.banners import strip_banners
from codexity.adapters.extract.walls.walls import Seen, check_content
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
        Unreadable: `empty` when there are fewer than 20 words, `bad_content` when they stand too
            deep; as `check_content` does.
    """
    source = _DECLARATION.sub("", text)
    tree = parsed(source)
    if tree is None:
        raise Unreadable("The page holds hardly any text.", code="empty")
    css = own_sheets(tree)
    data = linked_data(tree)
    spell_pictures(tree)
    lighten(tree)
    window = tree.findtext(".//title") or ""
    strip_hidden(tree, source, css)
    strip_embedded(tree)
    asked = strip_banners(tree)
    write_looks(tree, css)
    spell_out(tree, source)
    rest = partial(written, tree)
    found = main_text(tree, source, rest)
    titles = tuple(_titles(source))
    if found.words < _FEWEST_WORDS and is_cut_off(source):
        raise Unreadable("The page is nested too deeply to be read.", code="bad_content")
    # A page that only asks for consent is to be told as that.
    shown = (
        " ".join(found.blocks) if found.words >= _FEWEST_WORDS else f"{asked} {all_text(rest())}"
    )
    seen = Seen(url=url, titles=titles, text=shown, words=found.words, markup=source)
    check_content(seen, fewest=_FEWEST_WORDS)
    if found.words < _FEWEST_WORDS:
        raise Unreadable("The page holds hardly any text.", code="empty")
    dates = dates_of(tree, data, url)
    shown, known = blocks.laid_out(laid_out(tree, found.blocks, sells=is_product(source)))
    return Page(
        url=url,
        title=_title(titles, window, tree) or found.blocks[0][:_LONGEST_TITLE],
        text=shown,
        blocks=known,
        site=site(url),
        published=dates.published,
        published_from=dates.published_from,
        modified=dates.modified,
        modified_from=dates.modified_from,
    )


def _title(titles: Sequence[str], window: str, tree: HtmlElement) -> str:
    """The first title whose words can be seen, in the title of the window or on the page."""
    named = words_of(window)
    if titles and words_of(titles[0]) <= named:
        return titles[0]
    shown = named | words_shown(tree)
    return next((title for title in titles if words_of(title) <= shown), "")


def _titles(source: str) -> Iterator[str]:
    """The title that the page gives itself for sharing, that of its window, its first heading."""
    shown = _COMMENT.sub("", source[:_TITLE_WITHIN])
    for pattern in _TITLES:
        match = pattern.search(shown)
        title = blocks.prose(html.unescape(_TAG.sub("", match.group("title")))) if match else ""
        if title:
            yield title
