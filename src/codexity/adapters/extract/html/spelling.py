"""What a page says by its markup alone becomes text: addresses of links, pictures, strokes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from codexity.adapters.extract.alterations import altered
from codexity.adapters.extract.html.mathml import spell_formulas
from codexity.adapters.extract.html.neighbours import replace_text
from codexity.adapters.extract.html.raised import RAISED_BY, spell_raised

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_CONTACT = re.compile(
    r"\s*(mailto|tel|callto|sms|fax|sip|sips|xmpp):/{0,2}(?:\?to=)?([^?#&]{3,200})", re.IGNORECASE
)
_MAIL: Final = frozenset({"mailto", "sip", "sips", "xmpp"})
_MAILBOX = re.compile(r"[^\s@,;<>]{1,80}@[^\s@,;<>]{1,120}")
_NUMBER = re.compile(r"\+?[\d\s()./-]{3,40}")
_LONGEST_NAME: Final = 60
_CELLS: Final = frozenset({"td", "th"})
_CLOSE: Final = 5
_LOOKED_AT: Final = 40
_MOST_STRUCK: Final = 0.5
_STRUCK_BY: Final = ("line-through", "strikethrough", "deletion")
_STRUCK_CLASSES: Final = frozenset(
    {"line-through", "text-decoration-line-through", "strikethrough", "strike", "struck"}
)
_STRUCK = re.compile(r"text-decoration(?:-line)?:[^;]*line-through")


def spell_pictures(tree: HtmlElement) -> None:
    """Has a cell without any text hold that of its picture: `yes`, `no`, four stars.

    To be done while drawings still stand in the tree.
    """
    if next(tree.iter(*_CELLS), None) is None:
        return
    for picture in _pictures()(tree):
        name = _name(picture)
        if name and len(name) <= _LONGEST_NAME and _stands_alone(picture):
            del picture[:]
            picture.tag = "span"
            picture.text = altered(f" {name} ")
            picture.attrib.pop("aria-hidden", None)


def spell_out(tree: HtmlElement, source: str) -> None:
    """Writes into a tree what readers gather from how it looks, and leaves out what is struck.

    Whether there can be any of it is asked of the source first, which takes far less time.
    """
    _take_out_struck(tree, styled=any(sign in source for sign in _STRUCK_BY))
    spell_formulas(tree)
    spell_raised(tree, styled=any(sign in source for sign in RAISED_BY))
    _spell_addresses(tree)


@cache
def _pictures() -> XPath:
    from lxml.etree import XPath

    drawn = "self::img[@alt] or self::svg"
    named = "self::*[self::i or self::span][(@aria-label or @title) and not(node())]"
    return XPath(f"descendant::*[({drawn} or {named}) and (ancestor::td or ancestor::th)]")


def _stands_alone(picture: Element) -> bool:
    """Whether the cell around a picture is close, and holds nothing that can be read."""
    cell = next((one for one in islice(picture.iterancestors(), _CLOSE) if one.tag in _CELLS), None)
    if cell is None:
        return False
    held = list(islice(cell.iter(), _LOOKED_AT + 1))
    drawn = {part for one in held if one.tag == "svg" for part in islice(one.iter(), _LOOKED_AT)}
    shown = [one.text for one in held if one not in drawn or one.tag == "span"]
    shown += [
        one.tail for one in held if one is not cell and (one.tag == "svg" or one not in drawn)
    ]
    return len(held) <= _LOOKED_AT and not any(text and text.strip() for text in shown)


def _name(picture: Element) -> str:
    said = picture.get("alt") or picture.get("aria-label") or picture.get("title")
    return " ".join((said or picture.findtext("title") or "").split())


@cache
def _struck() -> XPath:
    from lxml.etree import XPath

    said = "contains(@style,'line-through') or contains(@class,'str') or contains(@class,'line-th')"
    tags = "self::del or self::s or self::strike"
    return XPath(f"descendant::*[{tags} or {said} or @role='deletion']")


def _take_out_struck(tree: HtmlElement, *, styled: bool) -> None:
    """Empties what is struck out, unless that is most of the page: then a tag was not closed."""
    candidates = _struck()(tree) if styled else tree.iter("del", "s", "strike")
    found = [one for one in candidates if _is_struck(one)]
    if not found:
        return
    outer = _outermost(found)
    whole = len(tree.text_content())
    if sum(len("".join(one.itertext())) for one in outer) > _MOST_STRUCK * whole:
        return
    for one in outer:
        replace_text(one, altered(""))


def _outermost(elements: Sequence[Element]) -> list[Element]:
    """Of elements in the order of the page those that stand in no other one of them."""
    held: set[Element] = set()
    for one in elements:
        if one not in held:
            held.update(one.iterdescendants())
    return [one for one in elements if one not in held]


def _is_struck(element: Element) -> bool:
    """Whether an element is struck out, and none of the lines of a patch."""
    if any(one.tag == "pre" for one in islice(element.iterancestors(), _CLOSE)):
        return False
    if element.tag in {"del", "s", "strike"} or element.get("role") == "deletion":
        return True
    if not _STRUCK_CLASSES.isdisjoint(element.get("class", "").split()):
        return True
    return _STRUCK.search("".join(element.get("style", "").lower().split())) is not None


@cache
def _contacts() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::a[not(starts-with(@href, 'http') or starts-with(@href, '/'))]")


def _spell_addresses(tree: HtmlElement) -> None:
    """Puts the address behind the words of a link that opens a mail or a call."""
    for link in _contacts()(tree):
        found = _CONTACT.match(link.get("href", ""))
        if found is None:
            continue
        shown = "".join(islice(link.itertext(), _LOOKED_AT))
        address = _address(found[1].lower(), unquote(found[2]).strip(), shown)
        if address:
            # It is text now, and no menu that extractors would leave out.
            link.tag = "span"
            _append(link, f" {altered(f'({address})')}" if shown.strip() else altered(address))


def _address(scheme: str, said: str, shown: str) -> str:
    if scheme in _MAIL:
        found = [one for one in _MAILBOX.findall(said) if one.lower() not in shown.lower()]
        return ", ".join(found[:3])
    number = _NUMBER.fullmatch(said)
    if number is None:
        return ""
    digits = _digits(said)
    known = _digits(shown)
    # The same number may be shown without its country's code.
    return "" if known and (digits.endswith(known.lstrip("0")) or digits in known) else said


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


def _append(element: Element, text: str) -> None:
    if len(element):
        last = element[-1]
        last.tail = (last.tail or "") + text
    else:
        element.text = (element.text or "") + text
