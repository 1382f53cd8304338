"""A page's source becomes one tree, which all that reads the page shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement, HTMLParser

_NO_MARKUP: Final = bytes(one for one in range(0x20) if one not in b"\t\n\r")
"""Control characters: lxml takes none of them in the text of an element."""
_OPENING: Final = 50
_HEAD: Final = 4_096
_SELF_CLOSED = re.compile(rb"(<html\b[^<>]*?)\s*/>", re.IGNORECASE)
_ODD_DOCTYPE = re.compile(rb"\A\s*<\s*!\s*doctype[^<>]*/[^<>]*>", re.IGNORECASE)
_DEEPEST: Final = 2_048
"""libxml2 leaves out, without a word, what stands deeper (`xmlParserMaxDepth`)."""
_DROPPED: Final = "dropped-by-codexity"
_LINKED_DATA: Final = "application/ld+json"
_NO_PROSE: Final = ("style", "svg", "iframe", "canvas", "object", "embed", "source", "track")


def parsed(source: str) -> HtmlElement | None:
    """The tree of a page; None where there is nothing in it.

    What is no whole page is taken for the body of one.

    Raises:
        ValueError: the parser gave up, as where it gets no more memory.
    """
    from lxml.etree import LxmlError, XMLSyntaxError
    from lxml.html import fromstring

    data = source.encode("utf-8", "replace").translate(None, _NO_MARKUP)
    if "\uffff" in source or "\ufffe" in source:
        data = data.replace(b"\xef\xbf\xbf", b"").replace(b"\xef\xbf\xbe", b"")
    # libxml2 stumbles over both.
    head = _ODD_DOCTYPE.sub(b"", _SELF_CLOSED.sub(rb"\1>", data[:_HEAD], count=1), count=1)
    data = head + data[_HEAD:]
    try:
        tree = fromstring(data, parser=_parser())
        if len(tree) < 2 and b"html" not in data[:_OPENING].lower():
            tree = fromstring(b"<html><body>" + data, parser=_parser())
    except XMLSyntaxError as error:
        raise ValueError("the parser gave up") from error
    except (LxmlError, ValueError):
        return None
    return tree


def is_cut_off(source: str) -> bool:
    """Whether a page is nested so deeply that the parser has left out what stands deepest."""
    from lxml.etree import iterwalk

    tree = parsed(source)
    depth = deepest = 0
    for event, _ in iterwalk(tree, events=("start", "end")) if tree is not None else ():
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest >= _DEEPEST


def lighten(tree: HtmlElement) -> None:
    """Takes out what no extractor reads: scripts, styles, drawings, frames.

    The tree is copied several times on the way to its main text, and each copy costs what it holds.
    """
    from lxml.etree import strip_elements

    for script in tree.iter("script"):
        if script.get("type") != _LINKED_DATA:
            script.tag = "style"
    strip_elements(tree, *_NO_PROSE, with_tail=False)


def drop(top: Element, elements: Iterable[Element]) -> None:
    """Takes elements out from below this one, but not the text behind them."""
    from lxml.etree import strip_elements

    for element in elements:
        if element.tail:
            element.tail = f" {element.tail}"
        element.tag = _DROPPED
    # All at once: one by one, the text behind each would be copied with each.
    strip_elements(top, _DROPPED, with_tail=False)


def text_length(tree: HtmlElement) -> int:
    """How many characters of text a page has, spaces and its title not counted."""
    others = (element.text or "" for element in tree.iter("script", "title"))
    return letters(tree.text_content()) - sum(map(letters, others))


def letters(text: str) -> int:
    """How many characters a text has, spaces not counted."""
    return len("".join(text.split()))


def written(tree: HtmlElement) -> str:
    """The source that a tree would have."""
    from lxml.html import tostring

    return tostring(tree, encoding="unicode")


@cache
def _parser() -> HTMLParser:
    """The parser of `lxml.html`, but that each element is of one class.

    That of each tag is looked for in Python, which takes a twelfth of an extraction's time.
    """
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlElement, HTMLParser

    parser = HTMLParser(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser
