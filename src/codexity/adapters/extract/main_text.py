"""Which of two extractors found the main text of an HTML page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.tree import blocks_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = re.compile(r"\w+")
_PRE = re.compile(r"(<pre[^>]*>.*?</pre>)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_PRODUCT = (
    re.compile(r""""@type":\s*"?Product\""""),
    re.compile(r"""\bschema\.org/Product["']"""),
    re.compile(r"""\bog:type["']?\s+content=["']?(?:og:)?product"""),
)
_PROSE_WORDS: Final = 12
"""Blocks below this are taken for menus, names and prices."""
_SCARCE_WORDS: Final = 300
_HARDLY_ANY: Final = 20
_SHORT_WORDS: Final = 400
_LITTLE_MORE: Final = 1.25
_SHARE_OF_PAGE: Final = 0.1
_SHARE_OF_WORDS: Final = 0.5
_SHARE_OF_PROSE: Final = 0.6
_SHARE_OF_PRODUCT: Final = 0.3
"""What follows a product is prose as well: reviews, and what else is sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What an extractor found, with its words, and those in blocks as long as prose has them."""

    blocks: list[str]
    words: int
    prose: int


def main_blocks(tree: HtmlElement | None, source: str) -> list[str]:
    """The blocks of a page's main text.

    trafilatura's fast mode reads it, and resiliparse: the latter is taken where the former has less
    than half of its words and less than 0.6 of its prose (0.3 on a product's page), and where it
    has a little more prose of a short page, which is what the former passes over. Where both find
    a small part of a page that is full of prose, trafilatura reads it again with all that it knows.
    The shares were tuned on half of WCXB's sample; `docs/benchmarks.md` has what that gives on the
    other half.
    """
    found = _measured([] if tree is None else _by_trafilatura(tree, fast=True))
    other = _measured(_by_resiliparse(source))
    if tree is not None and _too_little(found, other, source):
        slow = _measured(_by_trafilatura(tree, fast=False))
        return next((one for one in (slow, found, other) if one.words), slow).blocks
    return other.blocks if _has_less(found, other, source) else found.blocks


def count_words(found: list[str]) -> int:
    """How many words some blocks hold."""
    return sum(len(_WORD.findall(block)) for block in found)


def all_text(source: str) -> str:
    """What stands anywhere on the page, navigation too."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(source, main_content=False, alt_texts=False)


def _measured(found: list[str]) -> _Found:
    return _Found(blocks=found, words=count_words(found), prose=_prose(found))


def _prose(found: list[str]) -> int:
    counts = (len(_WORD.findall(line)) for line in dict.fromkeys("\n".join(found).split("\n")))
    return sum(count for count in counts if count >= _PROSE_WORDS)


def _too_little(found: _Found, other: _Found, source: str) -> bool:
    prose = max(found.prose, other.prose)
    if prose >= _SCARCE_WORDS:
        return False
    return prose < _SHARE_OF_PAGE * _prose([line.strip() for line in all_text(source).split("\n")])


def _has_less(found: _Found, other: _Found, source: str) -> bool:
    if found.words < _HARDLY_ANY:
        return other.words > found.words
    if found.words < _SHORT_WORDS and found.prose < other.prose <= _LITTLE_MORE * found.prose:
        return True
    if found.words >= _SHARE_OF_WORDS * other.words:
        return False
    if found.prose >= _SHARE_OF_PROSE * other.prose:
        return False
    product = any(sign.search(source) for sign in _PRODUCT)
    return not product or found.prose < _SHARE_OF_PRODUCT * other.prose


def _by_trafilatura(tree: HtmlElement, *, fast: bool) -> list[str]:
    from trafilatura.core import bare_extraction

    found = bare_extraction(tree, fast=fast, include_comments=not fast)
    if found is None or isinstance(found, dict):
        return []
    return blocks_of(found.body) + blocks_of(found.commentsbody)


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
