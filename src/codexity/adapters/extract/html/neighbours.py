"""What stands right before and behind an element on its line, and in its place."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

INLINE: Final = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output
    q rp rt ruby s samp small span strike strong sub sup time tt u var wbr""".split()
)
_LOOKED_AT: Final = 60
_STEPS: Final = 12


def has_few(element: Element, most: int) -> bool:
    """Whether an element has no more children than so many; counting all of many takes long."""
    return next(islice(element, most, None), None) is None


def text_before(element: Element) -> str:
    """The last characters before an element on its line; empty where it begins one."""
    current = element
    for _ in range(_STEPS):
        sibling, parent = current.getprevious(), current.getparent()
        if sibling is not None:
            found = sibling.tail or (_last_text(sibling) if sibling.tag in INLINE else "")
            over = sibling.tag not in INLINE
        else:
            found = (parent.text or "") if parent is not None else ""
            over = parent is None or parent.tag not in INLINE
        if found or over:
            return found[-_LOOKED_AT:]
        following = sibling if sibling is not None else parent
        current = current if following is None else following
    return ""


def text_behind(element: Element) -> str:
    """The first characters behind an element on its line; empty where it ends one."""
    current = element
    for _ in range(_STEPS):
        if current.tail:
            return current.tail[:_LOOKED_AT]
        sibling = current.getnext()
        if sibling is None:
            parent = current.getparent()
            if parent is None or parent.tag not in INLINE:
                return ""
            current = parent
            continue
        if sibling.tag not in INLINE:
            return ""
        found = _first_text(sibling)
        if found:
            return found
        current = sibling
    return ""


def replace_text(element: Element, text: str) -> None:
    """Has an element hold a text and nothing else, inside its line."""
    del element[:]
    element.text = text
    element.tag = "span"
    for name in ("aria-hidden", "class", "style"):
        element.attrib.pop(name, None)


def _last_text(element: Element) -> str:
    current = element
    for _ in range(_STEPS):
        if len(current) == 0:
            return (current.text or "")[-_LOOKED_AT:]
        last = current[-1]
        if last.tail:
            return last.tail[-_LOOKED_AT:]
        current = last
    return ""


def _first_text(element: Element) -> str:
    current = element
    for _ in range(_STEPS):
        if current.text:
            return current.text[:_LOOKED_AT]
        if len(current) == 0:
            return ""
        current = current[0]
    return ""
