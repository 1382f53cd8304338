"""What extractors leave out and readers see: what is not read aloud, questions that are buttons."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.html.markup import letters
from codexity.adapters.extract.word_count import word_count

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_LABEL_WORDS: Final = 4
_LOOKED_AT: Final = 500
"""Texts, characters and controls of one element; more would not say anything else."""
_WITHIN_LINES: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "dt", "span"})
_CLICKED: Final = ("a", "button", "option", "label")


def unmute(tree: HtmlElement) -> None:
    """Takes off `aria-hidden` where it stands at text, since extractors leave out what has it.

    It hides nothing from the eye. Icons that are spelt as words, labels of controls and menus keep
    it: they are no main text, and extractors tell them by it.
    """
    for element in _muted()(tree):
        if _is_text(element):
            del element.attrib["aria-hidden"]


def spell_questions(tree: HtmlElement) -> None:
    """Makes text of the buttons that open something and say what: the questions of an FAQ.

    Extractors leave out buttons, and answers would stand there without what they answer.
    """
    for button in _openers()(tree):
        if word_count("".join(islice(button.itertext(), _LOOKED_AT))) >= _LABEL_WORDS:
            parent = button.getparent()
            button.tag = "p" if parent is None or parent.tag not in _WITHIN_LINES else "span"


@cache
def _openers() -> XPath:
    from lxml.etree import XPath

    opens = "@aria-expanded or @data-bs-toggle='collapse' or @data-toggle='collapse'"
    return XPath(f"descendant::button[{opens}][not(ancestor::nav or ancestor::aside)]")


@cache
def _muted() -> XPath:
    from lxml.etree import XPath

    icon = "self::i or contains(@class, 'icon') or contains(@class, 'material-symbols')"
    around = "ancestor::button or ancestor::nav or ancestor::aside"
    return XPath(f"descendant::*[@aria-hidden][not({icon} or self::label or {around})]")


def _is_text(element: Element) -> bool:
    whole = "".join(islice(element.itertext(), _LOOKED_AT))[:_LOOKED_AT]
    if not whole.strip():
        return False
    controls = islice(element.iter(*_CLICKED), _LOOKED_AT)
    clicked = ("".join(islice(one.itertext(), _LOOKED_AT))[:_LOOKED_AT] for one in controls)
    if 2 * sum(map(letters, clicked)) >= letters(whole):
        return False
    return word_count(whole) >= _LABEL_WORDS or _stands_in_text(element)


def _stands_in_text(element: Element) -> bool:
    """Whether an element is part of a text, and not one word by itself."""
    parent = element.getparent()
    if parent is None:
        return False
    if (parent.text or "").strip():
        return True
    return any((child.tail or "").strip() for child in islice(parent, _LOOKED_AT))
