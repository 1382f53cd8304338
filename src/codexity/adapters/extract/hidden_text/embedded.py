"""Text that a page holds as data, in scripts and attributes, and that extractors fall back on."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, cast

from codexity.adapters.extract.marked import holders, values
from codexity.adapters.extract.word_count import word_count

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]*>")
_HOOKS = re.compile(
    "articleBody|reviewBody|recipeInstructions|acceptedAnswer|Product|VideoObject|HowTo"
)
"""What trafilatura reads of linked data."""
_SENTENCE_WORDS: Final = 8
_SHOWN_SHARE: Final = 0.95
_DEEPEST: Final = 40


def words_of(text: str) -> frozenset[str]:
    """The words of a text, in lower case."""
    return frozenset(_WORD.findall(text.lower()))


def words_shown(tree: HtmlElement) -> frozenset[str]:
    """The words of a page's text: scripts and titles, which stand elsewhere, not counted."""
    held = [(element, element.text) for element in tree.iter("script", "title")]
    for element, _ in held:
        element.text = None
    words = words_of(tree.text_content())
    for element, text in held:
        element.text = text
    return words


def strip_embedded(tree: HtmlElement) -> None:
    """Takes out the text of linked data that the page does not show, and forums' preloaded posts.

    Where a page shows hardly any text, trafilatura takes that of its data: which is right where a
    page says the same to readers and to search engines, or is blank until its scripts show that.
    """
    scripts = [script for script in tree.iter("script") if _HOOKS.search(script.text or "")]
    preloaded = holders(values(tree, ("data-preloaded",)))
    if not scripts and not preloaded:
        return
    shown = words_shown(tree)
    if not shown:
        return
    for script in scripts:
        if not _says_the_same(script.text or "", shown):
            script.text = None
    for holder in preloaded:
        del holder.attrib["data-preloaded"]


def _says_the_same(data: str, shown: frozenset[str]) -> bool:
    try:
        sentences = list(_sentences(json.loads(data, strict=False)))
    except (ValueError, RecursionError):
        return False
    return all(
        len(words & shown) >= _SHOWN_SHARE * len(words) for words in map(words_of, sentences)
    )


def _sentences(said: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(said, str):
        text = _TAG.sub(" ", html.unescape(said))
        if word_count(text) >= _SENTENCE_WORDS:
            yield text
    elif isinstance(said, dict | list) and depth < _DEEPEST:
        held = cast("dict[str, Any] | list[Any]", said)
        for part in held.values() if isinstance(held, dict) else held:
            yield from _sentences(part, depth + 1)
