"""Which of two extractors found the main text of an HTML page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.alterations import unmarked
from codexity.adapters.extract.html.markup import letters, text_length
from codexity.adapters.extract.html.tree import blocks_of
from codexity.adapters.extract.word_count import word_count

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PRE = re.compile(r"(<pre[^>]*>.*?</pre>)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_KINDS: Final = {
    "Product": (
        ('"@type":', re.compile(r'"@type":\s*"?Product"')),
        ("schema.org/Product", re.compile(r"""schema\.org/Product["']""")),
    ),
    "og:type": (("og:type", re.compile(r"""og:type["']?\s+content=["']?(?:og:)?product""")),),
    "DiscussionForumPosting": (
        ('"@type"', re.compile(r'"@type"\s*:\s*(?:\[[^\]]{0,80})?"Discussion')),
    ),
    "QAPage": (
        ('"@type"', re.compile(r'"@type"\s*:\s*"QAPage"')),
        ("schema.org/QAPage", re.compile(r"""schema\.org/QAPage["']""")),
    ),
}
"""What a page says it is, and how that begins: a word alone is found in a tenth of the time."""
_PROSE_WORDS: Final = 12
"""Blocks below this are taken for menus, names and prices."""
_SCARCE_WORDS: Final = 300
_HARDLY_ANY: Final = 20
_SHORT_WORDS: Final = 400
_LITTLE_MORE: Final = 1.25
_MOSTLY_PROSE: Final = 2
_SHARE_OF_PAGE: Final = 0.1
_SHARE_OF_WORDS: Final = 0.5
_SHARE_OF_PROSE: Final = 0.6
_SHARE_OF_PRODUCT: Final = 0.3
"""What follows a product is prose as well: reviews, and what else is sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an extractor found, with its words, and those in blocks as long as prose has them."""

    blocks: list[str]
    words: int
    prose: int


def main_text(tree: HtmlElement, source: str, shown: Callable[[], str]) -> Found:
    """The main text of a page: its tree and what is shown of it; its source tells its kind.

    trafilatura's fast mode reads it. Unless that has most of the words of a page that is not short,
    resiliparse reads it too, and is taken where the former has less than half of its words and less
    than 0.6 of its prose (0.3 on a product's page), and where it has a little more prose of a short
    page, and little else, which is what the former passes over. Where both find a small part of a
    page that is full of prose, trafilatura reads it again with all that it knows. What stands where
    others have comments is the text of a forum's page, and what is said about questions and answers
    is not that of a page of these. The shares were tuned on half of WCXB's sample;
    `docs/benchmarks.md` has what that gives on the other half.
    """
    comments = _is("DiscussionForumPosting", source)
    found = _measured(_by_trafilatura(tree, fast=True, comments=comments))
    if found.words >= _SHORT_WORDS and _length(found) >= _SHARE_OF_WORDS * text_length(tree):
        return found
    rest = shown()
    other = _measured(_by_resiliparse(rest, comments=not _is("QAPage", source)))
    if _too_little(found, other, rest):
        slow = _measured(_by_trafilatura(tree, fast=False, comments=True))
        return next((one for one in (slow, found, other) if one.words), slow)
    return other if _has_less(found, other, source) else found


def all_text(source: str) -> str:
    """What stands anywhere on the page, navigation too."""
    from resiliparse.extract.html2text import extract_plain_text

    return unmarked(blocks.visible(extract_plain_text(source, main_content=False, alt_texts=False)))


def _measured(marked: list[str]) -> Found:
    found = [unmarked(block) for block in marked]
    lines = "\n".join(found).split("\n")
    counts = {line: word_count(line) for line in lines}
    prose = sum(count for count in counts.values() if count >= _PROSE_WORDS)
    return Found(blocks=found, words=sum(map(counts.__getitem__, lines)), prose=prose)


def _length(found: Found) -> int:
    return sum(map(letters, found.blocks))


def _too_little(found: Found, other: Found, source: str) -> bool:
    prose = max(found.prose, other.prose)
    if prose >= _SCARCE_WORDS:
        return False
    everywhere = _measured([line.strip() for line in all_text(source).split("\n")])
    return prose < _SHARE_OF_PAGE * everywhere.prose


def _has_less(found: Found, other: Found, source: str) -> bool:
    if found.words < _HARDLY_ANY:
        return other.words > found.words
    if found.words < _SHORT_WORDS and found.prose < other.prose <= _LITTLE_MORE * found.prose:
        return other.words - found.words <= _MOSTLY_PROSE * (other.prose - found.prose)
    if found.words >= _SHARE_OF_WORDS * other.words:
        return False
    if found.prose >= _SHARE_OF_PROSE * other.prose:
        return False
    return not is_product(source) or found.prose < _SHARE_OF_PRODUCT * other.prose


def is_product(source: str) -> bool:
    """Whether a page says of itself that it is of a product."""
    return _is("Product", source) or _is("og:type", source)


def _is(kind: str, source: str) -> bool:
    if kind not in source:
        return False
    starts = ((source.find(head), said) for head, said in _KINDS[kind])
    return any(at >= 0 and said.search(source, at) for at, said in starts)


def _by_trafilatura(tree: HtmlElement, *, fast: bool, comments: bool) -> list[str]:
    from trafilatura.core import bare_extraction

    # As "python" it would write the text as well.
    try:
        found = bare_extraction(tree, fast=fast, include_comments=comments, output_format="txt")
    except RecursionError:
        # It goes down lists by calling itself; the other one reads what stands in hundreds of them.
        return []
    if found is None or isinstance(found, dict):
        return []
    return blocks_of(found.body) + blocks_of(found.commentsbody)


def _by_resiliparse(source: str, *, comments: bool) -> list[str]:
    """Its minimal HTML holds a block a line, but for `<pre>` and what `<br>` continues."""
    from resiliparse.extract.html2text import extract_plain_text

    found = extract_plain_text(
        source,
        main_content=True,
        preserve_formatting="minimal_html",
        alt_texts=False,
        comments=comments,
    )
    done: list[str] = []
    for piece in _PRE.split(found):
        if piece.startswith("<pre"):
            done.append(blocks.code(html.unescape(_TAG.sub("", piece))))
        else:
            lines = piece.replace("<br>\n", " ").split("\n")
            done += [blocks.prose(html.unescape(_TAG.sub("", line))) for line in lines]
    return [block for block in done if block]
