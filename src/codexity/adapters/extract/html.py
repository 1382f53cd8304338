"""The main text of an HTML page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codexity.adapters.extract import blocks
from codexity.adapters.extract.hidden import may_hide, strip_hidden
from codexity.adapters.extract.tree import blocks_of
from codexity.adapters.extract.walls import Seen, check_content
from codexity.errors import Unreadable
from codexity.links import site
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FEWEST_WORDS = 20
_ENOUGH_WORDS = 250
_SHARE_OF_OTHER = 0.7
_WORD = re.compile(r"\w+")
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
_PRE = re.compile(r"(<pre[^>]*>.*?</pre>)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_html(text: str, url: str) -> Page:
    """The page's main text, without navigation and the like, with its title and date.

    trafilatura reads it; where it finds little, on its own or beside what resiliparse finds, the
    latter is taken if it has more. Measured on the 210 pages of WCXB's sample: mean word F1 0.744,
    trafilatura's default 0.741; taken also where it has less: 0.738.

    Raises:
        Unreadable: `empty` when there are fewer than 20 words; as `check_content` does.
    """
    from trafilatura.utils import load_html

    source = markup = _DECLARATION.sub("", blocks.visible(text))
    tree = load_html(source)
    if may_hide(source):
        source = _stripped(source, tree)
    found = [] if tree is None else _by_trafilatura(tree)
    words = _count(found)
    other = _by_resiliparse(source)
    others = _count(other)
    if others > words and (words < _ENOUGH_WORDS or words < _SHARE_OF_OTHER * others):
        found, words = other, others
    titles = tuple(_titles(source))
    shown = " ".join(found) if words >= _FEWEST_WORDS else _all_text(source)
    seen = Seen(url=url, titles=titles, text=shown, words=words, markup=markup)
    check_content(seen, fewest=_FEWEST_WORDS)
    if words < _FEWEST_WORDS:
        raise Unreadable("The page holds hardly any text.", code="empty")
    return Page(
        url=url,
        title=next(iter(titles), "") or found[0][:_LONGEST_TITLE],
        text=blocks.joined(found),
        site=site(url),
        published=None if tree is None else _date(tree, url),
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


def _by_trafilatura(tree: HtmlElement) -> list[str]:
    from trafilatura.core import bare_extraction

    found = bare_extraction(tree, fast=True)
    return [] if found is None or isinstance(found, dict) else blocks_of(found.body)


def _by_resiliparse(source: str) -> list[str]:
    """Its minimal HTML holds a block a line, but for `<pre>` and what `<br>` continues."""
    from resiliparse.extract.html2text import extract_plain_text

    found = extract_plain_text(
        source, main_content=True, preserve_formatting="minimal_html", alt_texts=False
    )
    done: list[str] = []
    for piece in _PRE.split(found):
        if piece.startswith("<pre"):
            done.append(blocks.code(html.unescape(_TAG.sub("", piece))))
        else:
            lines = piece.replace("<br>\n", " ").split("\n")
            done += [blocks.prose(html.unescape(_TAG.sub("", line))) for line in lines]
    return [block for block in done if block]


def _count(found: list[str]) -> int:
    return sum(len(_WORD.findall(block)) for block in found)


def _titles(source: str) -> Iterator[str]:
    """The title that the page gives itself for sharing, that of its window, its first heading."""
    shown = _COMMENT.sub("", source[:_TITLE_WITHIN])
    for pattern in _TITLES:
        match = pattern.search(shown)
        title = blocks.prose(html.unescape(_TAG.sub("", match.group("title")))) if match else ""
        if title:
            yield title


def _all_text(source: str) -> str:
    """What stands anywhere on the page, navigation too."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(source, main_content=False, alt_texts=False)


def _date(tree: HtmlElement, url: str) -> str | None:
    # A tree, never text: text that looks like an address would be fetched from there.
    from htmldate import find_date

    return find_date(tree, extensive_search=False, original_date=True, url=url)
