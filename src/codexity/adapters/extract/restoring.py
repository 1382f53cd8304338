"""What extractors drop although it stands in the midst of what they take: short blocks, lists, rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.leaves import Leaf

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_NEAR: Final = 3
"""How many elements up from what was taken, and from what was not, both have to meet."""
_MOSTLY_LINKS: Final = 0.5
_BESIDE: Final = frozenset({"nav", "footer", "header", "form", "aside", "noscript", "dialog", "menu"})
_ROLES: Final = frozenset(
    """navigation banner contentinfo complementary search menu menubar toolbar dialog alert tablist
    form""".split()
)
_BOILERPLATE = re.compile(
    r"""(?:^|[\s_-])(?:share|sharing|social|related|recommend\w*|promo\w*|advert\w*|ads?|banner|
    newsletter|subscri\w+|sign-?up|sidebar|breadcrumbs?|tags?|byline|meta|author\w*|bio|comments?|
    repl(?:y|ies)|menu|nav\w*|widgets?|cookies?|consent|toc|pagination|pager|footer|rating|votes?|
    toolbar|buttons?|btn|cta|popup|modal|teaser|cards?|more|login|print|rate|follow|trending|
    sponsor\w*|copyright|license|disclaimer|edit\w*|actions?|controls?|user\w*|avatar|carousel|
    slider|gallery|skip|sr-only|feedback|timestamp|date|time|posted|hatnote|navbox|infobox-\w+)
    (?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTES = re.compile(r"\b(?:note|admonition|warning|tip|caution|info|callout|important|hint|example)", re.I)


def restored(leaves: Sequence[Leaf], taken: Sequence[bool]) -> list[bool]:
    """The leaves that were taken, and those that stand among them and are no menu or the like."""
    kept = list(taken)
    if not any(taken):
        return kept
    first = kept.index(True)
    last = len(kept) - 1 - kept[::-1].index(True)
    near = _near(leaf.element for leaf, one in zip(leaves, taken, strict=True) if one)
    for at in range(first, last + 1):
        if not kept[at] and _belongs(leaves[at], near):
            kept[at] = True
    return kept


def _near(elements):
    near = set()
    for element in elements:
        for _ in range(_NEAR):
            element = element.getparent()
            if element is None or element in near:
                break
            near.add(element)
    return near


def _belongs(leaf: Leaf, near) -> bool:
    if leaf.linked >= _MOSTLY_LINKS * len(leaf.draft.text):
        return False
    if KINDS is not None and leaf.draft.kind not in KINDS: return False
    current = leaf.element
    for _ in range(_NEAR + 1):
        if current is None: return False
        if current in near: return True
        if _is_beside(current):
            return False
        current = current.getparent()
    return False


def _is_beside(element: Element) -> bool:
    name = f"{element.get('class', '')} {element.get('id', '')}"
    if element.tag in _BESIDE or element.get("role") in _ROLES:
        return element.tag != "aside" or not _NOTES.search(name)
    return _BOILERPLATE.search(name) is not None
import os
KINDS = os.environ["KINDS"].split(",") if os.environ.get("KINDS") else None
